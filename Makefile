# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

NAME := meinberg/lantime
BUILD := $(CURDIR)/.build
STAGE := $(BUILD)/ansible_collections/$(NAME)
LINK := .build/link/ansible_collections/$(NAME)
VENV ?= .venv
# VENV="$UNSET" must not turn the checkout into the virtual environment.
ifeq ($(strip $(VENV)),)
override VENV := .venv
endif
# An absolute path, whatever VENV is, without abspath: that one breaks on blanks.
VENV_DIR = $(if $(filter /%,$(firstword $(VENV))),$(VENV),$(CURDIR)/$(VENV))
BIN = $(VENV_DIR)/bin
PYTHON ?= $(shell sh tools/find_python.sh)
VERSION = $(shell sed -n 's/^version: *//p' galaxy.yml)

# Everything runs in the staged copy, and nothing is read from or written to the user's home directory or ansible.cfg.
ENV = PATH="$(BIN):$$PATH" VIRTUAL_ENV="$(VENV_DIR)" PYTHONPATH="$(BUILD)" LC_ALL=C.UTF-8 \
	ANSIBLE_COLLECTIONS_PATH="$(BUILD)" ANSIBLE_CONFIG="$(BUILD)/ansible.cfg" ANSIBLE_HOME="$(BUILD)/ansible" \
	ANSIBLE_LOCAL_TEMP="$(BUILD)/ansible/tmp" ANSIBLE_REMOTE_TMP="$(BUILD)/ansible/tmp" \
	ANSIBLE_ASYNC_DIR="$(BUILD)/ansible/async" XDG_CACHE_HOME="$(BUILD)/cache" XDG_CONFIG_HOME="$(BUILD)/config" \
	RUFF_CACHE_DIR="$(BUILD)/cache/ruff" MYPY_CACHE_DIR="$(BUILD)/cache/mypy" \
	LANTIME_RECORDINGS="$${LANTIME_RECORDINGS:-$(CURDIR)/../shared/recordings}"
IN_STAGE = cd "$(STAGE)" && env $(ENV)
# For the tools that write straight into the home directory.
HOME_IN_BUILD = HOME="$(BUILD)/home"
ANSIBLE_TEST = $(IN_STAGE) $(HOME_IN_BUILD) "$(BIN)/ansible-test"
PY_VERSION = $$("$(BIN)/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

LINTS := lint-ansible lint-mypy lint-docs lint-changelog lint-format lint-ruff lint-yaml lint-shell lint-forge lint-reuse
STAGES := lint sanity molecule pytest integration reliability
# ansible-test sanity keeps one core busy for as long as molecule and the unit tests keep the other.
TESTS := lint,sanity+molecule,pytest integration reliability
THOROUGH := searches,pylint thorough-integration thorough-reliability

.PHONY: help venv stage home demo check test thorough test-all clean $(STAGES) searches pylint thorough-integration thorough-reliability examples long sequence unit units fuzz trust $(LINTS) browser editor build importer eda matrix version installed \
	bench bench-inventory changelog-release docs docs-site families figures format formats mutants

help: ## this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | while IFS=$$'\t' read -r name text; do \
		printf '  %-18s %s\n' "$$name" "$$text"; done

venv: $(VENV)/.stamp $(LINK) ## the virtual environment with all tools, made once

$(VENV)/.stamp: tests/requirements.txt
	@"$(BIN)/python" -m pip --version >/dev/null 2>&1 || { \
		python='$(PYTHON)'; test -n "$$python" || { echo "venv: no Python to make it with" >&2; exit 1; }; \
		test -e "$(VENV_DIR)/pyvenv.cfg" || test -z "$$(ls -A "$(VENV_DIR)" 2>/dev/null)" || { \
			echo "venv: $(VENV_DIR) has files and is no virtual environment" >&2; exit 1; }; \
		echo "venv: $(VENV_DIR) with $$python"; "$$python" -m venv --clear "$(VENV_DIR)"; }
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	@touch "$(VENV_DIR)/.stamp"

# Plain pytest imports the checkout by its full name through this link; ansible-test needs a real directory: the stage.
$(LINK):
	@mkdir -p "$(@D)" && ln -sfn ../../../.. "$@" && touch .build/ansible.cfg

stage: venv ## copy the checkout to .build/ansible_collections/meinberg/lantime
	@"$(BIN)/python" tools/stage.py

home: venv
	@"$(BIN)/python" tools/ansible_test_home.py "$(BUILD)/home"

demo: stage ## show the collection at work against the simulator; RECORDING=file plays a recorded device
	@recording='$(RECORDING)'; test -z "$$recording" || export RECORDING="$$(realpath -- "$$recording")"; \
	$(IN_STAGE) DEMO_REPORTS="$(BUILD)/demo" python -m tests.demo

check: stage ## the short loop: formatting, ruff, types, unit tests
	@MAKE_COMMAND="$(MAKE_COMMAND)" "$(BIN)/python" tools/stages.py lint-format,lint-ruff,lint-mypy+unit

test: stage ## the long loop: lint, sanity, molecule, pytest, integration, reliability; V=1 shows their output
	@MAKE_COMMAND="$(MAKE_COMMAND)" "$(BIN)/python" tools/stages.py $(TESTS)

thorough: stage ## what make test leaves out: long searches, rare combinations, sizes (see pyproject.toml)
	@STAGE_TIME_LIMIT=1800 MAKE_COMMAND="$(MAKE_COMMAND)" "$(BIN)/python" tools/stages.py $(THOROUGH)

lint: ## formatting, ruff, mypy, YAML, shell, licences, ansible-lint, changelog, documentation
	@$(MAKE_COMMAND) --no-print-directory --keep-going --jobs=2 --output-sync=target $(LINTS)

lint-format: stage
	@$(IN_STAGE) ruff format --check .

lint-ruff: stage
	@$(IN_STAGE) ruff check .

# From the directory above ansible_collections, so that every module has its one full name.
lint-mypy: stage
	@cd "$(BUILD)" && paths=(); for part in plugins extensions/eda/plugins \
		tests/simulator tests/demo tests/benchmark tests/eda tests/fuzz tests/unit tests/integration tests/examples \
		tests/browser tests/editor tools; do \
		path="ansible_collections/$(NAME)/$$part"; \
		if test -n "$$(find "$$path" -name '*.py' -print -quit 2>/dev/null)"; then paths+=("$$path"); fi; done; \
	env $(ENV) mypy --config-file "$(STAGE)/pyproject.toml" "$${paths[@]}"

lint-yaml: stage
	@$(IN_STAGE) yamllint --strict .

lint-shell: stage
	@$(IN_STAGE) shellcheck .ci/run tools/find_python.sh

# Against the schemas that check-jsonschema brings, without the network.
FORGE := vendor.github-workflows=.github/workflows/*.yml vendor.dependabot=.github/dependabot.yml \
	vendor.github-issue-config=.github/ISSUE_TEMPLATE/config.yml \
	vendor.github-issue-forms=.github/ISSUE_TEMPLATE/[!c]*.yml vendor.gitlab-ci=docs/gitlab-ci.yml

lint-forge: stage
	@cd "$(STAGE)"; for pair in $(FORGE); do \
		env $(ENV) check-jsonschema --quiet --builtin-schema "$${pair%%=*}" $${pair#*=}; done
	@$(IN_STAGE) zizmor --offline --quiet --persona auditor .github

# File by file: in a repository without commits reuse can't tell which files git ignores.
lint-reuse: stage
	@$(IN_STAGE) git ls-files --cached --others --exclude-standard -z | xargs -0 "$(BIN)/reuse" lint-file

lint-ansible: stage
	@$(IN_STAGE) ansible-lint --nocolor --offline --profile production

lint-changelog: stage home
	@$(IN_STAGE) $(HOME_IN_BUILD) antsibull-changelog lint

lint-docs: stage home
	@$(IN_STAGE) $(HOME_IN_BUILD) antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .

sanity: stage home ## ansible-test sanity, without pylint
	@$(ANSIBLE_TEST) sanity --local --color no --python "$(PY_VERSION)" --skip-test pylint

pylint: stage home ## pylint of ansible-test sanity, which takes longer than all others of it
	@$(ANSIBLE_TEST) sanity --local --color no --python "$(PY_VERSION)" --test pylint

units: stage home ## the unit tests as ansible-test runs them
	@$(ANSIBLE_TEST) units --local --color no --python "$(PY_VERSION)"

unit: stage
	@$(IN_STAGE) pytest -n 2 -m "not thorough and not long" tests/unit

pytest: stage ## the tests of the code and of the simulator, and a sample of mutated answers
	@$(IN_STAGE) pytest -n 2 -m "not thorough and not long" tests/unit tests/simulator/tests tests/fuzz

# A worker takes a file, so that fixtures of a module are made once; those that take longest come first (tests/integration/conftest.py).
integration: stage ## playbooks and modules against simulated devices
	@$(IN_STAGE) pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not thorough and not long" tests/integration tests/examples

reliability: stage ## crashes, faults and rival writers against the transaction
	@$(IN_STAGE) pytest -n 3 -m "not thorough and not long" tests/reliability

# Each program waits for the simulator and the proxy of the tests now and then, so that three of them keep two cores busy.
examples: stage ## every example of README, guides, roles and plugins, as it is pasted, on simulated devices of each generation
	@$(IN_STAGE) pytest -n 3 tests/examples

sequence: stage ## play one sequence of tests/reliability/test_sequences.py, as a failure names it: SEED=number
	@$(IN_STAGE) LANTIME_SEED="$(SEED)" pytest -p no:xdist -s tests/reliability/test_sequences.py

searches: stage
	@$(IN_STAGE) HYPOTHESIS_PROFILE=long pytest -n 2 -m "(thorough or hypothesis) and not long" tests/unit tests/simulator/tests

thorough-integration: stage
	@$(IN_STAGE) pytest -n 3 --dist loadfile -m "thorough and not long" tests/integration tests/examples

thorough-reliability: stage
	@$(IN_STAGE) HYPOTHESIS_PROFILE=long pytest -n 3 -m "(thorough or hypothesis) and not long" tests/reliability

long: stage ## the tests that take longer than all of make thorough: the other half of the crashes, a fleet of 200 under stress, the fault matrix in plays, 25,000 mutated recordings
	@$(IN_STAGE) pytest -n 2 --dist loadfile -m long tests/integration tests/reliability tests/simulator/tests

fuzz: stage ## 10,000 mutated answers through all that reads them; FUZZ="--seed 2 --count 500" for others, --only 7 for one
	@$(IN_STAGE) python -m tests.fuzz $(FUZZ)

trust: stage ## the fault matrix: run every row through all entry points, print the table and write its page
	@$(IN_STAGE) FAULT_MATRIX="$(CURDIR)/tests/reliability/matrix/outcomes.json" pytest -n 2 tests/reliability/matrix
	@$(MAKE_COMMAND) --no-print-directory docs

browser: stage ## the HTML report in headless Chromium (CHROMIUM, or chromium of the path), screenshots in tests/output/browser of the stage
	@$(IN_STAGE) pytest tests/browser

editor: stage ## the JSON Schema of golden configurations in yaml-language-server, which npm installs in .build/editor; needs Node.js
	@test -x "$(BUILD)/editor/node_modules/.bin/yaml-language-server" || HOME="$(BUILD)/home" npm install --silent --no-audit \
		--no-fund --prefix "$(BUILD)/editor" yaml-language-server@1.25.0
	@$(IN_STAGE) YAML_LANGUAGE_SERVER="$(BUILD)/editor/node_modules/.bin/yaml-language-server" pytest tests/editor

formats: stage .build/formats/.stamp ## reports, metrics, dashboard and schemas in programs of others, which npm, pip and apt-get install in .build/formats; needs Node.js and Java
	@$(IN_STAGE) FORMATS="$(BUILD)/formats" PYTHONPATH="$(BUILD):$(BUILD)/formats/python" pytest tests/formats

# pytest ships the JUnit schema of Jenkins in its source archive; promtool and node_exporter come from Debian where there is apt-get.
.build/formats/.stamp: tests/requirements-formats.txt | venv
	@rm -rf .build/formats && mkdir -p .build/formats/debian
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --target .build/formats/python \
		--requirement tests/requirements-formats.txt
	@"$(BIN)/python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pytest \
		--dest .build/formats pytest==9.2.0
	@tar --extract --gzip --file .build/formats/pytest-9.2.0.tar.gz --directory .build/formats
	@HOME="$(BUILD)/home" npm install --silent --no-audit --no-fund --ignore-scripts --prefix .build/formats ajv@8.20.0 \
		vnu-jar@26.9.27 @microsoft/sarif-multitool-linux@5.7.0
	@chmod +x .build/formats/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	@command -v apt-get >/dev/null && cd .build/formats/debian && get='apt-get -qq -o APT::Sandbox::User=root' \
		&& { $$get download prometheus prometheus-node-exporter 2>/dev/null \
			|| { $$get update && $$get download prometheus prometheus-node-exporter; }; } \
		&& for package in *.deb; do dpkg --extract "$$package" .; done \
		|| echo "formats: there is no Prometheus; its tests are skipped" >&2
	@touch .build/formats/.stamp

molecule: stage ## the roles, twice each, against simulated devices
	@$(IN_STAGE) molecule test --all

build: stage ## the archive for Galaxy in .build/dist, installed and documented from there
	@rm -rf "$(BUILD)/dist" "$(BUILD)/installed"
	@$(IN_STAGE) ansible-galaxy collection build --force --output-path "$(BUILD)/dist" .
	@$(IN_STAGE) ansible-galaxy collection install --offline --force --collections-path "$(BUILD)/installed" \
		"$(BUILD)"/dist/*.tar.gz
	@env $(ENV) python tools/check_installed.py "$(BUILD)/installed"

installed: build ## the archive installed in a virtual environment of its own and used on a device, with the oldest and the newest ansible-core
	@env $(ENV) python tools/use_installed.py "$(BUILD)/dist" $(MATRIX)

importer: build ## galaxy-importer on the archive, in a virtual environment of its own
	@test -x "$(BUILD)/importer/bin/python" || "$(BIN)/python" -m venv "$(BUILD)/importer"
	@"$(BUILD)/importer/bin/python" -m pip install --quiet --disable-pip-version-check \
		--requirement tests/requirements-importer.txt
	@printf '%s\n' '[galaxy-importer]' RUN_ANSIBLE_TEST=False RUN_ANSIBLE_LINT=True OFFLINE_ANSIBLE_LINT=True \
		CHECK_REQUIRED_TAGS=True RUN_FLAKE8=True CHECK_CHANGELOG=True >"$(BUILD)/importer/galaxy-importer.cfg"
	@cd "$(BUILD)/dist" && env $(ENV) PATH="$(BUILD)/importer/bin:$$PATH" \
		GALAXY_IMPORTER_CONFIG="$(BUILD)/importer/galaxy-importer.cfg" \
		"$(BUILD)/importer/bin/python" -m galaxy_importer.main *.tar.gz

eda: build ## the installed rulebook in a real ansible-rulebook, in a virtual environment of its own; needs Java 17
	@test -x "$(BUILD)/eda/bin/python" || "$(BIN)/python" -m venv "$(BUILD)/eda"
	@"$(BUILD)/eda/bin/python" -m pip install --quiet --disable-pip-version-check \
		--requirement tests/requirements-eda.txt
	@$(IN_STAGE) python -m tests.eda "$(BUILD)/eda/bin" "$(BUILD)/installed"

matrix: stage home ## every release of ansible-core on each of its Pythons that is here, to docs/tested.json; MATRIX="2.16 2.21-3.13 target" for some
	@env $(ENV) python tools/matrix.py $(MATRIX)

bench: stage ## times against rivals on a simulated fleet, to docs/benchmark.md; BENCH="--devices 50" for less
	@$(IN_STAGE) python -m tests.benchmark --output "$(CURDIR)/docs" $(BENCH)
	@$(MAKE_COMMAND) --no-print-directory docs

bench-inventory: stage ## the inventory plugin against a threaded script of the same requests
	@$(IN_STAGE) python -m tests.benchmark.inventory

test-all: stage ## test, thorough, long, fuzz, units, browser, editor, formats, build, installed, importer, eda, matrix
	@STAGE_TIME_LIMIT=7200 MAKE_COMMAND="$(MAKE_COMMAND)" "$(BIN)/python" tools/stages.py $(TESTS) \
		$(THOROUGH) long fuzz units browser editor formats build installed importer eda matrix

format: venv ## let ruff rewrite the Python files of the checkout
	@"$(BIN)/ruff" format . && "$(BIN)/ruff" check --fix .

docs: stage ## write the pages of docs/docsite/rst, the RETURN blocks and the tables of role READMEs that repeat data of the code
	@env $(ENV) python tools/generate_docs.py

families: stage ## settings and examples of every family of modules on every generation, as a Markdown table of what passed
	@rm -rf "$(BUILD)/families" && mkdir -p "$(BUILD)/families"
	@$(IN_STAGE) FAMILY_OUTCOMES="$(BUILD)/families" pytest -q -p no:xdist \
		tests/integration/test_module_settings.py tests/integration/test_module_examples.py
	@env $(ENV) python tools/families_table.py "$(BUILD)/families"

figures: venv ## size, layers, long functions and vocabulary of the code
	@PYTHONPATH="$(CURDIR)/.build/link" "$(BIN)/python" tools/figures.py

mutants: stage ## mutation testing of a sample of the core; MUTANTS="--seed 2 --count 100" for another one
	@env $(ENV) nice python tools/mutants.py $(MUTANTS)

docs-site: stage home ## the guides and the plug-in pages as one site in .build/docsite/html, with its links checked
	@rm -rf "$(BUILD)/docsite" && mkdir -p "$(BUILD)/docsite/rst" && chmod og-w "$(BUILD)/docsite/rst"
	@$(IN_STAGE) $(HOME_IN_BUILD) antsibull-docs collection --use-current --squash-hierarchy --fail-on-error \
		--dest-dir "$(BUILD)/docsite/rst" meinberg.lantime
	@$(IN_STAGE) sphinx-build --quiet --fail-on-warning --keep-going -b html -c tools/docsite \
		"$(BUILD)/docsite/rst" "$(BUILD)/docsite/html"
	@env $(ENV) python tools/check_links.py "$(BUILD)/docsite/html"

changelog-release: stage home ## write CHANGELOG.rst for VERSION (of galaxy.yml unless given) from the fragments
	@again=; grep -qsE '^  $(subst .,\.,$(VERSION)):' "$(STAGE)/changelogs/changelog.yaml" \
		&& again='--update-existing'; \
	$(IN_STAGE) $(HOME_IN_BUILD) antsibull-changelog release --reload-plugins $$again --version "$(VERSION)"
	@rm -rf changelogs/fragments
	@cp -R "$(STAGE)/changelogs" "$(STAGE)/CHANGELOG.rst" .
	@rm -f changelogs/.plugin-cache.yaml

version: ## the version in galaxy.yml
	@echo "$(VERSION)"

clean: ## delete .build and the virtual environment
	@rm -rf .build .venv
