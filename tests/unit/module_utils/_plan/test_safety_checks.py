# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes that would cut off the task's own access, or that restrict does not allow."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._base.errors import LantimeError
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.planner import Plan, PlanPolicy, make_plan
from ansible_collections.meinberg.lantime.plugins.module_utils._plan.safety_checks import Access, check_safety
from ansible_collections.meinberg.lantime.plugins.module_utils._tree.canonical import canonical

DEVICE: dict[str, t.Any] = {
    "network": {
        "interfaces": [
            {"object-id": "vif0", "ipv4": {"address": "192.0.2.1"}, "services": {"https": True, "http": True}},
            {"object-id": "vif1", "ipv4": {"address": "192.0.2.2"}, "services": {"https": True, "http": True}},
        ]
    },
    "security": {"users": [{"object-id": "ansible", "level": "admin"}, {"object-id": "guest", "level": "info"}]},
    "system": {"rest-api": True},
    "ntp": {"servers": [{"object-id": "1", "address": "a"}], "keys": [3, 1, 2]},
}


def checked_plan(
    desired: dict[str, t.Any],
    state: str = "merged",
    access: Access = Access("192.0.2.1", True, "ansible"),  # noqa: B008
    restrict: list[str] | None = None,
) -> Plan:
    made = make_plan(canonical(DEVICE), canonical(desired), PlanPolicy(state=state))
    check_safety(made, canonical(DEVICE).value, access, restrict)
    return made


def services(interface: str, **on: bool) -> dict[str, t.Any]:
    return {"network": {"interfaces": {interface: {"services": on}}}}


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif0", https=False), "merged"),
        ({"security": {"users": {"ansible": {"level": "info"}}}}, "merged"),
        ({"security": {"users": {"ansible": {}}}}, "deleted"),
        ({"security": {"users": {"guest": {}}}}, "overridden"),
        ({"system": {"rest-api": False}}, "merged"),
        ({"network": {"interfaces": {"vif0": {}}}}, "deleted"),
    ],
)
def test_a_change_that_cuts_off_the_task_is_refused(desired: dict[str, t.Any], state: str) -> None:
    with pytest.raises(LantimeError) as caught:
        checked_plan(desired, state)
    assert caught.value.code == "protected"


@pytest.mark.parametrize(
    ("desired", "state"),
    [
        (services("vif1", https=False), "merged"),
        (services("vif0", http=False), "merged"),
        ({"security": {"users": {"guest": {"level": "admin"}}}}, "merged"),
        ({"security": {"users": {"guest": {}}}}, "deleted"),
        ({"network": {"interfaces": {"vif1": {}}}}, "deleted"),
    ],
)
def test_access_of_others_may_change(desired: dict[str, t.Any], state: str) -> None:
    assert checked_plan(desired, state).changes


def test_no_interface_loses_the_service_if_the_own_one_is_unknown() -> None:
    for host, tls, service in (("ts1", True, "https"), ("198.51.100.1", False, "http")):
        for interface in ("vif0", "vif1"):
            with pytest.raises(LantimeError, match="is connected through"):
                checked_plan(services(interface, **{service: False}), access=Access(host, tls, None))


def test_restrict_names_what_may_change() -> None:
    desired = {"ntp": {"servers": {"1": {"address": "b"}}, "keys": [1]}}
    assert checked_plan(desired, restrict=["ntp"]).changes
    assert checked_plan(desired, restrict=["ntp/servers/*/address", "ntp/keys"]).changes
    with pytest.raises(LantimeError) as caught:
        checked_plan(desired, restrict=["ntp/servers"])
    assert (caught.value.code, caught.value.path) == ("restricted", "ntp/keys")
    with pytest.raises(LantimeError):
        checked_plan({"ntp": {"servers": {"1": {}}}}, "deleted", restrict=["snmp"])
