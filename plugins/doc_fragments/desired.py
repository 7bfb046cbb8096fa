# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options that say what the configuration of a device is to be."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  config:
    description:
      - Desired configuration, starting at the root of the configuration tree. Settings that are not included are left unchanged.
      - Items of tables are identified by their C(object-id). A table is a mapping from C(object-id) to item, or a list of items with
        the member C(object-id).
      - A value of asterisks, the mask of the device for secrets, keeps the present value. In an item or name that the device does not
        have, it has no meaning, and the task fails with the code C(secret_needed) before anything is written.
      - Required unless O(modules) is given.
    type: dict
  modules:
    description:
      - Rules that say what modules of a family, model or slot are to be, wherever they are fitted. They add to O(config).
      - A rule applies to the fitted modules that fulfill all of its conditions. At least one of O(modules[].families), O(modules[].models),
        O(modules[].slots) and O(modules[].firmware) is required. The modules are read from the status of the device with one request.
      - If two rules, or a rule and O(config), want different values for the same setting, the task fails with the code C(rule_conflict)
        before anything is written, unless the later rule has O(modules[].override=true).
      - A rule that applies to no module is listed in C(not_applicable), and is an error only with O(modules[].when_absent=fail).
        C(modules_resolved) lists the modules of all other rules.
      - References (MRS) and antennas are settings of clocks, so that rules by the family of the clock set them.
      - It is assumed that the settings of a module have the path of its slot in the status tree.
    type: list
    elements: dict
    version_added: 2.0.0
    suboptions:
      families:
        description: Families of modules or their aliases, in any case, as in M(meinberg.lantime.lantime_module_info).
        type: list
        elements: str
      models:
        description: Models in any case. V(*) and V(?) match characters.
        type: list
        elements: str
      slots:
        description: Names of slots in any case. V(*) and V(?) match characters.
        type: list
        elements: str
      firmware:
        description:
          - Comparisons with the firmware version of the device, such as V(>=7.10) or V(>=7.06, <7.10). All of them have to be fulfilled.
          - The operators are V(>=), V(<=), V(==), V(!=), V(>) and V(<). As many numbers are compared as the comparison has, so
            that 7.10.008 fulfills V(==7.10) and V(<=7.10), but not V(>7.10).
          - An unknown version fulfills no comparison.
        type: str
      config:
        description: Desired configuration below the item of the slot.
        type: dict
        required: true
      when_absent:
        description:
          - What to do if the rule applies to no module, or the firmware does not fulfill O(modules[].firmware).
          - V(ignore) lists the rule in C(not_applicable). V(fail) stops with the code C(module_absent) before anything is written.
        type: str
        choices: [ignore, fail]
        default: ignore
      override:
        description: Whether the rule replaces different values of O(config) and of former rules.
        type: bool
        default: false
  state:
    description:
      - V(merged) sets the values in O(config) and leaves everything else unchanged.
      - V(overridden) also removes items that O(config) does not contain from the tables in O(config) that can grow. Items that hardware
        or firmware determines, for example the slots of a chassis, stay as they are.
      - V(deleted) removes the items in O(config) from their tables. The content of an item is ignored, unless it contains tables.
    type: str
    choices: [merged, overridden, deleted]
    default: merged
  missing:
    description:
      - What to do with a name or table item that the device does not have.
      - V(items) adds items to tables that can grow. Any other name is an error before anything is written, which suggests names of the
        device. The default was V(fail) before 2.0.0.
      - V(fail) stops on items too.
      - V(create) adds anything, and warns about names, with suggestions.
      - V(ignore) leaves it out and lists it in C(not_applicable).
      - With O(state=overridden), items are added to tables that can grow in each case.
      - Tables whose items are determined by hardware or firmware cannot grow, for example the slots of a chassis, the outputs of a
        module, C(network/ports) and C(notification/events). See R(assumptions, ansible_collections.meinberg.lantime.docsite.assumptions).
      - The names in a new item are compared with those of the other items of its table. If there is no other item, the task warns
        that they could not be checked.
    type: str
    choices: [items, fail, create, ignore]
    default: items
  optional_paths:
    description:
      - Patterns of paths that the device need not have, for example settings that only newer firmware has. V(*) and V(?) match characters
        of one name. A menu includes everything below it.
      - If the device does not have such a name, it is left out and listed in C(not_applicable). New items of tables are added as
        O(missing) says.
    type: list
    elements: str
    default: []
    version_added: 2.0.0
"""
