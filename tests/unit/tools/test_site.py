# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""README, role READMEs and guides say what the code and the checkout have, and the link check of the site finds dead ends."""

from __future__ import annotations

import importlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.plugins.module_utils._hardware import catalogue
from ansible_collections.meinberg.lantime.plugins.plugin_utils._report import sarif
from ansible_collections.meinberg.lantime.tests.paths import PAGES, PLUGINS, ROOT
from ansible_collections.meinberg.lantime.tools import check_links, role_readmes
from ansible_collections.meinberg.lantime.tools.plain_markup import plain

README = (ROOT / "README.md").read_text(encoding="utf-8")
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("lantime_*.py"))


def load(path: Path) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("role", role_readmes.roles(ROOT))
def test_the_table_of_a_role_is_that_of_its_argument_specification(role: str) -> None:
    directory = ROOT / "roles" / role
    assert (directory / "README.md").read_text(encoding="utf-8") == role_readmes.readme(directory), "run make docs"


@pytest.mark.parametrize("role", role_readmes.roles(ROOT))
def test_ansible_doc_has_the_example_of_the_readme_of_a_role(role: str) -> None:
    directory = ROOT / "roles" / role
    (example,) = re.findall(
        r"^```yaml\n(.*?)^```", (directory / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert role_readmes.specification(directory)["examples"] == example


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        (
            "Value of O(meinberg.lantime.lantime_config#module:state).",
            "Value of `state` of `meinberg.lantime.lantime_config`.",
        ),
        (
            "With O(drift_check_mode=consensus) or V(all\\)), see R(reports, a.b.docsite.report).",
            "With `drift_check_mode=consensus` or `all)`, see reports.",
        ),
        (["M(a.b.c) and P(a.b.d#filter).", "RV(before) is C(null)."], "`a.b.c` and `a.b.d`. `before` is `null`."),
        ("LANTIME(s) stay as they are", "LANTIME(s) stay as they are"),
    ],
)
def test_markup_becomes_plain_text(marked: str | list[str], text: str) -> None:
    assert plain(marked) == text


def test_the_readme_names_every_module_and_the_supported_releases() -> None:
    assert [name for name in MODULES if f"`{name}`" not in README] == []
    oldest = load(ROOT / "meta" / "runtime.yml")["requires_ansible"].removeprefix(">=").removesuffix(".0")
    assert f"ansible-core {oldest} or newer" in README
    *most, last = sorted(catalogue.GENERATIONS)
    assert f"REST API {', '.join(map(str, most))} and {last} are supported" in README


def test_every_address_of_the_forge_is_that_of_galaxy_yml_and_leads_to_a_file() -> None:
    galaxy = load(ROOT / "galaxy.yml")
    home = galaxy["repository"]
    assert galaxy["homepage"] == home
    assert galaxy["issues"] == f"{home}/issues"
    assert galaxy["documentation"] == f"{home}/tree/main/docs/docsite/rst"
    links = load(ROOT / "docs" / "docsite" / "links.yml")
    assert f"https://github.com/{links['edit_on_github']['repository']}" == home
    assert home == sarif._HOME
    sources = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "docs" / "docsite" / "links.yml", *PAGES.glob("*.rst")]
    for source in sources:
        for path in re.findall(
            re.escape(home) + r"/(?:blob|tree|raw)/main/([^)\s`>]+)", source.read_text(encoding="utf-8")
        ):
            assert (ROOT / path).exists(), f"{source.name}: {path}"
    for path in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", README):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/docsite/rst/developing.rst"])
def test_every_command_of_make_is_a_target(page: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"^make ([a-z-]+)$|`make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert {first or second for first, second in named} <= set(targets)


def test_documentation_of_plugins_links_pages_instead_of_naming_files() -> None:
    for path in sorted(PLUGINS.glob("*/lantime*.py")) + sorted(PLUGINS.glob("filter/*.py")):
        module = importlib.import_module(f"ansible_collections.meinberg.lantime.plugins.{path.parent.name}.{path.stem}")
        texts = [getattr(module, name, "") for name in ("DOCUMENTATION", "RETURN")]
        assert not re.search(r"docs/\w+\.(rst|md)|docs/docsite", "".join(texts)), path.name


def test_pages_link_files_of_the_repository_instead_of_naming_them() -> None:
    named = {
        page.name: re.findall(r"``docs/\S+\.(?:json|yml)``", page.read_text("utf-8")) for page in PAGES.glob("*.rst")
    }
    assert {name: paths for name, paths in named.items() if paths} == {}


def test_the_fragments_of_the_changelog_have_no_markup_of_module_documentation() -> None:
    fragments = sorted((ROOT / "changelogs" / "fragments").glob("*.yml"))
    marked = [path.name for path in fragments if re.search(r"\b(C|O|V|RV|M|P|R)\(", path.read_text(encoding="utf-8"))]
    assert marked == [], "the changelog is reStructuredText"


SITE = {
    "index.html": '<a href="guide.html#one">one</a><a href="docs/deep.html">deep</a><a href="https://example.com/">out</a>',
    "guide.html": '<h1 id="one">One</h1><a href="#one">up</a><a href="index.html?q=1">start</a><img src="picture.png">',
    "docs/deep.html": '<a href="../guide.html">up</a>',
}


def problems_of(directory: Path, **pages: str) -> list[str]:
    for name, text in {**SITE, **{key.replace("__", "/") + ".html": value for key, value in pages.items()}}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text, encoding="utf-8")
    (directory / "picture.png").touch()
    return check_links.check(directory).problems


def test_a_site_without_dead_ends_has_no_problems(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == []
    assert check_links.check(tmp_path).external == {"https://example.com/": {"index.html"}}


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ({"docs__deep": '<a href="gone.html">x</a>'}, "docs/deep.html: gone.html leads to no file"),
        (
            {"docs__deep": '<a href="../guide.html#two">x</a>'},
            "docs/deep.html: ../guide.html#two leads to no anchor of guide.html",
        ),
        ({"guide": '<img src="lost.png"><i id="one"></i>'}, "guide.html: lost.png leads to no file"),
        ({"alone": '<a href="index.html">x</a>'}, "alone.html: no page leads to it from index.html"),
    ],
)
def test_a_dead_end_is_a_problem(tmp_path: Path, pages: dict[str, str], problem: str) -> None:
    assert problems_of(tmp_path, **pages) == [problem]


def test_the_command_fails_for_a_dead_end_and_for_an_empty_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    assert check_links.main(str(site)) == 1
    problems_of(site)
    assert check_links.main(str(site)) == 0
    (site / "guide.html").unlink()
    assert check_links.main(str(site)) == 1
    assert "guide.html" in capsys.readouterr().err
    assert (tmp_path / "external-links.txt").read_text(encoding="utf-8") == "https://example.com/\tindex.html\n"
