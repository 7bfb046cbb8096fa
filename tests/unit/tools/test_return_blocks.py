# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Return values that modules share have the same documentation in each of them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.meinberg.lantime.tools import return_blocks

DIRECTORY = Path(return_blocks.__file__).parents[1] / "plugins" / "modules"
MODULES = list(return_blocks.modules(DIRECTORY))
WRITING = ("lantime_backup", "lantime_config")


def returned(path: Path) -> dict[str, t.Any]:
    source = path.read_text(encoding="utf-8")
    text = source.split('RETURN = r"""\n')[1].split('"""\n')[0]
    return t.cast("dict[str, t.Any]", yaml.safe_load(text))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_shared_return_values_are_up_to_date(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert return_blocks.with_shared(path.stem, source) == source, "run make docs"


def test_every_shared_return_value_is_read_whole() -> None:
    text = return_blocks.SOURCE.read_text(encoding="utf-8")
    whole = {name: {name: value} for name, value in yaml.safe_load(text).items()}
    assert {name: yaml.safe_load(block) for name, block in return_blocks.shared().items()} == whole


def test_every_shared_return_value_is_in_two_modules_at_least() -> None:
    for name in return_blocks.shared():
        users = [path.stem for path in MODULES if name in returned(path)]
        assert len([user for user in users if name not in return_blocks.OWN.get(user, ())]) >= 2, name


def test_every_exception_is_in_its_module() -> None:
    for module, names in (*return_blocks.OWN.items(), *return_blocks.RETURNED.items()):
        assert set(names) <= set(returned(DIRECTORY / f"{module}.py")), module


def test_modules_that_write_share_all_that_the_transaction_returns() -> None:
    backup, config = (returned(DIRECTORY / f"{name}.py") for name in WRITING)
    # A restore lists the names that the device does not have in its member ignored, and takes no rules for modules and no plan files.
    of_config = {"not_applicable", "modules_resolved", "plan_path", "plan_difference"}
    assert set(config) - of_config <= set(backup)


def test_a_module_with_other_texts_is_corrected() -> None:
    source = 'RETURN = r"""\nerror:\n  description: Old.\n  returned: on failure\nown:\n  type: str\n"""\n'
    (block,) = [text for name, text in return_blocks.shared().items() if name == "error"]
    expected = f'RETURN = r"""\n{block}own:\n  type: str\n"""\n'
    assert return_blocks.with_shared("lantime_config", source) == expected
