# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dialects: the table of assumptions, the option dialect, packages."""

from __future__ import annotations

import pytest

from ansible_collections.meinberg.lantime.plugins.module_utils._api.dialect import (
    CHOICES,
    Dialect,
    make_dialect,
    package_of,
)


def test_the_dialect_table_has_every_open_question_once() -> None:
    assert [c.id for c in CHOICES] == [f"A{n}" for n in range(1, 20)] + [f"O{n}" for n in range(1, 15)]
    assert len({c.key for c in CHOICES}) == len(CHOICES)
    assert all(len(set(c.values)) == len(c.values) > 1 for c in CHOICES)


def test_the_record_starts_with_the_defaults_of_the_table() -> None:
    acting = {c.key: c.default for c in CHOICES if c.acts}
    assert {k: v for k, v in Dialect()._asdict().items() if k != "given"} == acting


def test_a_dialect_takes_known_keys_and_values_only() -> None:
    made = make_dialect({"set_target": "menu", "put_answer": "204"})
    assert made.set_target == "menu"
    assert made.given == {"set_target", "put_answer"}
    with pytest.raises(ValueError, match="did you mean set_target"):
        make_dialect({"set_taget": "menu"})
    with pytest.raises(ValueError, match="one of object, menu"):
        make_dialect({"set_target": "both"})


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("network/hostname", "network"),
        ("notification/snmp/trap-receivers/0", "snmp"),
        ("notification/syslog", "system"),
        ("security/ssh", "ssh"),
        ("security/users/guest", "system"),
        ("security/lock-front-panel", "all"),
        ("chassis0/slots/io1/module/ptp", "ptp2"),
        ("chassis0/slots/clk1", "ims"),
        ("invented", "all"),
    ],
)
def test_packages_by_area(path: str, package: str) -> None:
    assert package_of(path.split("/"), Dialect()) == package
    assert package_of(path.split("/"), Dialect(package_map="all")) == "all"
