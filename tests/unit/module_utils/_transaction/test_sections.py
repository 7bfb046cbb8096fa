# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reader of sections: what is kept, what is requested again, and which errors are waited out."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._transaction.sections import SectionReader


class FakeApi:
    """Answers each request with its number, or with the error of that number. known: sections that were read before."""

    def __init__(self, known: t.Sequence[str] = (), **errors: str) -> None:
        self.known = known
        self.errors = errors
        self.requests: list[str] = []
        self.confirmed: list[int] = []

    def config_node(self, path: tuple[str, ...]) -> t.Any:
        self.requests.append(path[0])
        code = self.errors.get(f"n{len(self.requests)}")
        if code is not None:
            raise LantimeError(code, "failed")
        return {"number": len(self.requests)}

    def known_config_node(self, path: tuple[str, ...]) -> t.Any:
        return {"number": 0} if path[0] in self.known else self.config_node(path)

    def confirm_identity(self) -> None:
        """Note the request: it is always the same device."""
        self.confirmed.append(len(self.requests))


def reader(api: FakeApi, grace: float = 0.0) -> SectionReader:
    return SectionReader(t.cast("t.Any", api), grace)


def test_a_section_is_requested_once_until_it_is_forgotten() -> None:
    api = FakeApi()
    sections = reader(api)
    assert sections.read(["ntp"]).value == {"ntp": {"number": 1}}
    assert sections.read(["ntp", "snmp"]).value == {"ntp": {"number": 1}, "snmp": {"number": 2}}
    sections.forget(["snmp", "network"])
    assert sections.read(["ntp", "snmp"]).value == {"ntp": {"number": 1}, "snmp": {"number": 3}}
    sections.forget()
    assert sections.read(["ntp"]).value == {"ntp": {"number": 4}}
    assert api.requests == ["ntp", "snmp", "snmp", "ntp"]


def test_what_the_task_has_read_before_is_not_requested_until_it_is_forgotten() -> None:
    api = FakeApi(known=["ntp"])
    sections = reader(api)
    assert sections.read(["ntp", "snmp"]).value == {"ntp": {"number": 0}, "snmp": {"number": 1}}
    sections.forget(["ntp"])
    assert sections.read(["ntp", "snmp"]).value == {"ntp": {"number": 2}, "snmp": {"number": 1}}


def test_every_poll_requests_the_sections_anew() -> None:
    api = FakeApi()
    sections = reader(api)
    sections.read(["ntp"])
    assert [tree.value["ntp"]["number"] for tree in sections.poll(["ntp"], 0.0)] == [2]
    assert sections.read(["ntp"]).value["ntp"]["number"] == 2


@pytest.mark.parametrize("code", ["disconnected", "refused", "busy", "server_error", "incomplete"])
def test_after_an_outage_all_sections_are_requested_again(code: str) -> None:
    api = FakeApi(n2=code)
    assert reader(api, grace=5.0).read_patiently(["ntp", "snmp"]).value == {
        "ntp": {"number": 3},
        "snmp": {"number": 4},
    }
    assert api.requests == ["ntp", "snmp", "ntp", "snmp"]


@pytest.mark.parametrize("code", ["auth_failed", "not_found"])
def test_other_errors_are_raised_at_once(code: str) -> None:
    api = FakeApi(n1=code)
    with pytest.raises(LantimeError) as caught:
        reader(api, grace=60.0).read_patiently(["ntp"])
    assert (caught.value.code, len(api.requests)) == (code, 1)


def test_an_outage_that_lasts_is_raised() -> None:
    api = FakeApi(n1="refused", n2="disconnected")
    with pytest.raises(LantimeError) as caught:
        reader(api, grace=0.05).read_patiently(["ntp"])
    assert caught.value.code == "disconnected"


def test_the_identity_is_confirmed_after_each_read_that_requests_something() -> None:
    api = FakeApi()
    sections = reader(api)
    sections.read(["ntp", "snmp"])
    sections.read(["ntp"])
    assert api.confirmed == [2]
    sections.read(["ntp", "network"])
    assert api.confirmed == [2, 3]
