# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner: results of failures, masked parameters, the packaged entry point."""

from __future__ import annotations

import json
import types
import typing as t

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import KINDS, LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs import lantime_facts, runner
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.context import JobContext
from ansible_collections.meinberg.lantime.plugins.module_utils._jobs.runner import (
    Spec,
    failure_result,
    masked_params,
    option_error,
    run_job,
    run_packaged,
)
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.redaction import Redactor

SPEC = Spec(
    options={"config": {"type": "dict"}, "state": {"type": "str", "default": "merged"}}, config_options=("config",)
)


def context_of(has_written: bool | None = None, http_log: bool = False) -> JobContext:
    """A context; unless has_written is None it has a client and a device."""
    context = JobContext({"host": "ts1"}, check_mode=False, diff=False, warn=lambda dummy: None)
    if has_written is not None:
        client = types.SimpleNamespace(
            settings=types.SimpleNamespace(http_log=http_log),
            http_sessions=[{"path": "/api"}],
            redactor=Redactor(),
        )
        context.client = t.cast("t.Any", client)
        context.device = t.cast("t.Any", types.SimpleNamespace(has_written=has_written))
    return context


@pytest.mark.parametrize("has_written", [None, False, True])
@pytest.mark.parametrize("code", sorted(KINDS))
def test_a_device_is_unreachable_only_if_nothing_was_written(code: str, has_written: bool | None) -> None:
    result = failure_result(LantimeError(code, "it broke", host="ts1"), context_of(has_written))
    unreachable = KINDS[code].unreachable and not has_written
    assert (result.get("unreachable"), result.get("failed")) == ((True, None) if unreachable else (None, True))
    assert result["error"]["code"] == code
    assert result["msg"].startswith("ts1: it broke; ")
    assert result["changed"] is bool(has_written)


@pytest.mark.parametrize(
    ("secret", "text"), [("canary-pass", "no ******** here"), ("ts1.canary", "no canary-pass here")]
)
def test_names_that_a_device_reports_do_not_carry_a_secret_into_a_message(secret: str, text: str) -> None:
    def run(_context: JobContext) -> dict[str, t.Any]:
        raise LantimeError("unknown_name", "no canary-pass here")

    context = context_of(False)
    context.params["host"] = "ts1.canary"
    assert context.client is not None
    context.client.redactor.add(secret)
    assert text in run_job(run, context)["msg"]
    assert run_job(run, context)["msg"].startswith("ts1.canary: ")


def test_members_of_an_error_are_in_the_result_of_a_job() -> None:
    def run(_context: JobContext) -> dict[str, t.Any]:
        raise LantimeError("not_applied", "it broke", extra={"changed": True, "operations": [1]})

    result = run_job(run, context_of())
    assert (result["changed"], result["operations"], result["failed"]) == (True, [1], True)


def test_an_unexpected_exception_shows_its_place_but_not_its_text() -> None:
    def run(_context: JobContext) -> dict[str, t.Any]:
        raise KeyError("canary")

    result = run_job(run, context_of())
    assert result["error"]["code"] == "internal"
    assert "KeyError in test_runner.py:" in result["msg"]
    assert "canary" not in str(result)


HOSTILE = "M600\x1b[2J\u202e\u2066\x9b\x07"
ESCAPED = "M600\\x1b[2J\\u202e\\u2066\\x9b\\x07"


@pytest.mark.parametrize("place", ["device", "diff", "config", "operations", "http_sessions", "anything"])
def test_no_control_character_leaves_a_job(place: str) -> None:
    def succeed(_context: JobContext) -> dict[str, t.Any]:
        return {"changed": False, place: [{"firmware": HOSTILE, HOSTILE: {"lines": f"a\n\t{HOSTILE}"}}]}

    def fail(_context: JobContext) -> dict[str, t.Any]:
        raise LantimeError("conflict", "it broke", extra=succeed(_context))

    for run in (succeed, fail):
        assert run_job(run, context_of())[place] == [{"firmware": ESCAPED, ESCAPED: {"lines": f"a\n\t{ESCAPED}"}}]


def test_trees_that_can_be_written_back_keep_what_json_writes_out() -> None:
    def run(context: JobContext) -> dict[str, t.Any]:
        context.exact_members = ("value", "config")
        return {"changed": False, "value": {HOSTILE: HOSTILE}, "device": HOSTILE}

    escaped = "M600\x1b[2J\\u202e\\u2066\\x9b\x07"
    assert run_job(run, context_of()) == {"changed": False, "value": {escaped: escaped}, "device": ESCAPED}


def test_warnings_carry_neither_control_characters_nor_secrets() -> None:
    warnings: list[str] = []
    context = JobContext({"host": "ts1"}, check_mode=False, diff=False, warn=warnings.append)
    context.warn(HOSTILE)
    context.client = context_of(False).client
    assert context.client is not None
    context.client.redactor.add("canary-word")
    context.warn("the device has canary-word")
    assert warnings == [ESCAPED, "the device has ********"]


@pytest.mark.parametrize("http_log", [True, False])
def test_http_sessions_are_in_results_and_failures_if_the_log_is_on(http_log: bool) -> None:
    def fail(_context: JobContext) -> dict[str, t.Any]:
        raise LantimeError("conflict", "it broke")

    for run in (fail, lambda dummy: {"changed": False}):
        result = run_job(run, context_of(False, http_log))
        assert result.get("http_sessions") == ([{"path": "/api"}] if http_log else None)


def test_the_value_of_an_unknown_option_is_not_in_the_invocation() -> None:
    inner = {"options": {"name": {"type": "str", "aliases": ["title"]}}}
    spec = Spec(options={"one": {"type": "dict", **inner}, "many": {"type": "list", "elements": "dict", **inner}})
    given = {
        "host": "ts1",
        "passwrd": "canary-1",
        "Password": ["canary-2"],
        "one": {"title": "a", "pass": {"x": "canary-3"}},
        "many": [{"name": "b"}, {"tokn": "canary-4"}, 7],
        "_ansible_verbosity": 3,
    }
    before = json.dumps(given)
    masked = masked_params(given, spec)
    assert "canary" not in str(masked)
    assert set(masked) == {*given} - {"_ansible_verbosity"}
    assert (masked["host"], masked["one"]["title"], masked["many"][0], masked["many"][2]) == (
        "ts1",
        "a",
        {"name": "b"},
        7,
    )
    assert set(masked["many"][1]) == {"tokn"}
    assert json.dumps(given) == before


def test_credentials_and_secrets_are_masked_in_the_invocation() -> None:
    params = {
        "host": "admin:canary@ts1",
        "username": "admin",
        "password": "canary",
        "token": "canary",
        "config": {"snmp": {"read-community": "canary"}},
        "state": "merged",
        "_ansible_debug": "canary",
    }
    masked = masked_params(params, SPEC)
    assert "canary" not in str(masked)
    assert (masked["username"], masked["state"], masked["host"]) == ("admin", "merged", "…@ts1")
    assert params["password"] == "canary"


def test_options_that_are_not_set_stay_empty_in_the_invocation() -> None:
    params = {"host": None, "password": None, "token": None, "config": None}
    assert masked_params(params, SPEC) == params


def test_only_modules_that_connect_have_options_of_the_connection() -> None:
    assert {"host", "password", "config"} <= set(SPEC.argument_spec())
    assert set(SPEC._replace(connection=False).argument_spec()) == set(SPEC.options)


def test_messages_on_arguments_are_bounded_and_printable() -> None:
    error = option_error("x\x1b" * 5000, "ts1")
    assert error.code == "option"
    assert len(str(error)) < 2000
    assert "\x1b" not in str(error)


@pytest.mark.parametrize(
    ("password", "message"),
    [(True, "quote it"), (["canary"], "quote it"), ("", "password None, port 443"), (83, "password 83, port 443")],
)
def test_the_packaged_module_reads_options_as_the_action_does(
    password: t.Any, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[dict[str, t.Any]] = []
    cautions: list[str] = []
    given = {"host": "ts1", "password": password, "port": "", "token": "", "_ansible_check_mode": False}
    monkeypatch.setattr(AnsibleModule, "_load_params", lambda self: setattr(self, "params", dict(given)))
    monkeypatch.setattr(AnsibleModule, "exit_json", lambda _self, **result: results.append(result))
    monkeypatch.setattr(AnsibleModule, "warn", lambda _self, text: cautions.append(text))
    monkeypatch.delenv("LANTIME_PASSWORD", raising=False)

    def run(context: JobContext) -> dict[str, t.Any]:
        return {"changed": False, "msg": f"password {context.params['password']}, port {context.params['port']}"}

    run_packaged(SPEC, run)
    assert message in results[0]["msg"]
    assert bool(cautions) is (password == 83)
    assert "canary" not in str(results)


@pytest.mark.parametrize(
    ("for_gathering", "code", "failed"), [(True, "refused", True), (False, "refused", None), (True, "conflict", True)]
)
def test_gathering_facts_fails_for_an_unreachable_device(
    for_gathering: bool, code: str, failed: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    results: list[dict[str, t.Any]] = []

    class Module:
        check_mode = False
        cautions = ()
        refusal = None
        _diff = False
        params: t.ClassVar[dict[str, t.Any]] = {"host": "ts1", "password": "canary"}

        def __init__(self, _spec: Spec) -> None:
            pass

        def warn(self, text: str) -> None:
            pass

        def exit_json(self, **result: t.Any) -> None:
            results.append({**result, "invocation": self.params})

    def run(_context: JobContext) -> dict[str, t.Any]:
        raise LantimeError(code, "it broke")

    monkeypatch.setattr(runner, "_JobModule", Module)
    run_packaged(SPEC, run, for_gathering=for_gathering)
    assert results[0].get("failed") is failed
    assert "canary" not in str(results)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"gather_subnet": ["all"]},
            "module: gather_subnet (did you mean gather_subset?); correct the task's options.",
        ),
        ({"pasword": "canary"}, "module: pasword (did you mean password?);"),
        ({"usernam": "a", "x9": 1}, "usernam (did you mean username?), x9 (known names: auth, "),
        ({"a.\nb": 1}, "a. b (known names: "),
    ],
)
def test_an_unknown_option_is_named_with_similar_ones(options: dict[str, t.Any], says: str) -> None:
    validator = ArgumentSpecValidator(lantime_facts.SPEC.argument_spec())
    text = f"Unsupported parameters for (meinberg.lantime.lantime_facts) module: {validator.validate(options).errors[0].msg}"
    message = str(option_error(text, "ts1"))
    assert says in message
    assert len(message) < 500
    assert "canary" not in message


def test_other_texts_of_ansible_stay() -> None:
    text = "missing required arguments: config"
    assert str(option_error(text, "ts1")) == "ts1: missing required arguments: config; correct the task's options."
