# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments of the event source: types, limits, fallbacks, the filter of events, messages without credentials."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._client.settings import Settings
from ansible_collections.meinberg.lantime.plugins.plugin_utils._events.options import EventFilter, read_options

CANARY = "c4n4ry-4711"
Args = dict[str, t.Any]


def options(**args: t.Any) -> t.Any:
    return read_options({"hosts": ["ts1"], "username": "u", "password": "p", **args}, {})


def error_of(args: Args, environ: t.Mapping[str, str] | None = None) -> str:
    with pytest.raises(LantimeError) as caught:
        read_options(args, environ or {})
    assert caught.value.code == "option"
    return str(caught.value)


def test_entries_of_hosts() -> None:
    entry = {"name": "north", "host": "192.0.2.1", "port": "8443", "password": "q", "use_tls": "no"}
    found = options(hosts=[entry, "ts2"], port=444, dialect={"token_use": "raw-header"})
    north, other = found.targets
    assert (north.name, other.name) == ("north", "ts2")
    assert north.settings == Settings(host="192.0.2.1", port=8443, username="u", password="q", use_tls=False)
    assert other.settings == Settings(host="ts2", port=444, username="u", password="p")
    assert other.dialect.token_use == "raw-header"
    assert [target.name for target in options(hosts="ts1, ts2").targets] == ["ts1", "ts2"]


def test_an_argument_comes_before_the_environment_and_that_before_the_default() -> None:
    environ = {"LANTIME_PASSWORD": "e", "LANTIME_PORT": "99", "LANTIME_USE_PROXY": "false"}
    (target,) = read_options({"hosts": ["a"], "port": 7, "username": "u"}, environ).targets
    assert target.settings == Settings(host="a", port=7, username="u", password="e", use_proxy=False)


def test_an_empty_argument_or_variable_is_not_given() -> None:
    args = {"hosts": [{"host": "a", "token": "", "port": ""}], "password": "", "use_tls": "", "retries": ""}
    environ = {"LANTIME_PASSWORD": "e", "LANTIME_PORT": "", "LANTIME_USE_TLS": ""}
    settings = read_options(args, environ).targets[0].settings
    assert (settings.token, settings.port, settings.password, settings.use_tls) == (None, 443, "e", True)


def test_a_credential_that_is_a_number_is_a_text_with_a_warning() -> None:
    found = options(hosts=[{"host": "ts1", "password": 83}, "ts2"], token=7)
    assert [target.settings.password for target in found.targets] == ["83", "p"]
    assert [target.settings.token for target in found.targets] == ["7", "7"]
    assert [caution.partition(";")[0] for caution in found.cautions] == [
        "ts1: password is a number",
        "ts1: token is a number",
        "ts2: token is a number",
    ]
    assert not any("83" in caution.replace("without quotes is 83", "") for caution in found.cautions)
    assert options(password="83").cautions == ()
    assert read_options({"hosts": ["a"]}, {"LANTIME_USERNAME": "u", "LANTIME_PASSWORD": "83"}).cautions == ()


@pytest.mark.parametrize("value", [True, ["canary"], {"canary": 1}])
@pytest.mark.parametrize("name", ["password", "token"])
def test_a_credential_that_is_no_text_says_what_to_do(name: str, value: t.Any) -> None:
    message = error_of({"hosts": ["ts1"], "username": "u", "password": "p", name: value})
    assert f"{name} is " in message
    assert "quote it" in message
    assert "canary" not in message


def test_text_from_a_template_is_converted_to_its_type() -> None:
    found = options(interval="2.5", lost_after="3", workers=4.0, events='{"types": ["error"]}')
    assert (found.interval, found.lost_after, found.workers) == (2.5, 3, 4)
    assert found.event_filter == EventFilter(types=("error",))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "hosts has no device"),
        ({"hosts": []}, "hosts has no device"),
        ({"hosts": [7]}, "neither a name nor a mapping"),
        ({"hosts": [{"port": 7}]}, "has no host"),
        ({"hosts": ["a", {"host": "b", "name": "a"}]}, "has a twice"),
        ({"hosts": ["a"], "intervall": 3}, "did you mean interval"),
        ({"hosts": [{"host": "a", "interval": 3}]}, "hosts: interval"),
        ({"hosts": ["a"], "interval": 0}, "interval must be from 0.01 to 86400"),
        ({"hosts": ["a"], "interval": "soon"}, "interval must be of type float"),
        ({"hosts": ["a"], "port": 70000}, "port must be from 1 to 65535"),
        ({"hosts": ["a"], "initial": "all"}, "initial must be one of none, active"),
        ({"hosts": ["a"], "events": {"kinds": []}}, "events.kinds"),
        ({"hosts": ["a"], "events": {"include": [7]}}, "events.include"),
        ({"hosts": ["a"], "dialect": {"set_body": "x"}}, "dialect.set_body"),
    ],
)
def test_invalid_arguments(args: Args, message: str) -> None:
    assert message in error_of(args)


def test_no_message_shows_a_credential() -> None:
    for args in (
        {"password": [CANARY]},
        {"token": {"x": CANARY}},
        {"hosts": [{"host": "a", "password": [CANARY]}]},
        {"port": CANARY},
        {"auth": CANARY},
    ):
        assert CANARY not in error_of({"hosts": ["a"], **args})
    assert CANARY not in repr(options(password=CANARY))


@pytest.mark.parametrize(
    ("given", "is_wanted"),
    [
        ({}, True),
        ({"include": ["antenna-*"]}, True),
        ({"include": ["ntp-*"]}, False),
        ({"exclude": ["*-faulty"]}, False),
        ({"types": ["error"]}, True),
        ({"types": ["critical"]}, False),
        ({"severities": ["critical"]}, True),
        ({"severities": ["info"]}, False),
    ],
)
def test_which_events_are_wanted(given: Args, is_wanted: bool) -> None:
    event_filter = options(events=given).event_filter
    assert event_filter.matches("antenna-faulty", "error", "critical") is is_wanted
    assert EventFilter(types=("error",)).matches("x", None, None) is False
