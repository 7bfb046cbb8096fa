# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter meinberg.lantime.json_schema."""

from __future__ import annotations

DOCUMENTATION = r"""
name: json_schema
short_description: Make a JSON Schema of golden configurations from what devices have
version_added: 2.0.0
description:
  - Makes a JSON Schema (draft 2020-12) from recordings of devices or from their described configurations. With it, an editor completes names and
    marks unknown names and wrong types in golden configurations.
  - Names are those of all given devices together. Values of the devices are examples. A value that was not seen is no error, unless O(refusals)
    shows that a device refused it.
  - Templates are accepted in place of any value. The schema does not know which module is in which slot and does not compare references.
    M(meinberg.lantime.lantime_validate) checks both.
  - Secrets are never part of the schema. All other values are, up to eight for each setting.
author:
  - meinberg.lantime contributors (@meinberg-lantime)
options:
  _input:
    description:
      - Content of a file of M(meinberg.lantime.lantime_record), or a result of M(meinberg.lantime.lantime_config_info) with
        O(meinberg.lantime.lantime_config_info#module:schema=true) and without O(meinberg.lantime.lantime_config_info#module:path), or a list of them.
    type: raw
    required: true
  refusals:
    description:
      - Registered results of M(meinberg.lantime.lantime_config) that failed because a device refused a value. That value becomes an error. If the
        device says that the setting is read-only, the setting is marked as read-only.
      - Results without such a refusal are ignored.
    type: list
    elements: dict
    default: []
  form:
    description:
      - V(variables) is for files of variables, in which the variables of the roles with golden configurations and rules are described,
        and everything else is accepted.
      - V(config) is for files that hold one configuration.
    type: str
    choices: [variables, config]
    default: variables
seealso:
  - module: meinberg.lantime.lantime_validate
  - ref: ansible_collections.meinberg.lantime.docsite.editor
    description: How editors use the schema.
"""

EXAMPLES = r"""
- name: Write the schema for the editor
  ansible.builtin.copy:
    content: "{{ files | map('ansible.builtin.from_json') | meinberg.lantime.json_schema | ansible.builtin.to_nice_json }}"
    dest: lantime.schema.json
    mode: "0644"
  vars:
    files:
      - "{{ lookup('ansible.builtin.file', 'recordings/ts1.example.com.json') }}"
      - "{{ lookup('ansible.builtin.file', 'recordings/ts2.example.com.json') }}"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
_value:
  description: The JSON Schema.
  type: dict
  sample: {$schema: "https://json-schema.org/draft/2020-12/schema", type: object, properties: {lantime_golden_config: {type: object}}}
"""

import typing as t

from ..module_utils._base.plain import to_plain
from ..module_utils._base.sanitize import disarm_names
from ..module_utils._recording.document import checked_recording
from ..module_utils._recording.reading import recorded_configuration, recorded_tokens
from ..module_utils._schema.description import Description, add_result
from ..module_utils._schema.json_schema import FORMS, VARIABLES, make_json_schema
from ..module_utils._schema.refusals import add_refusals
from ..plugin_utils._filter.arguments import run_filter


def json_schema(sources: t.Any, refusals: t.Any = (), form: str = VARIABLES) -> t.Any:
    def compute() -> t.Any:
        if form not in FORMS:
            raise ValueError(f"form must be one of {', '.join(FORMS)}")
        given = _listed(sources)
        if isinstance(refusals, (str, t.Mapping)):
            raise ValueError("refusals must be a list of results")
        failed = to_plain(list(refusals or []))
        description = Description()
        for source in given:
            _add_source(description, source)
        if not description.entries:
            raise ValueError("the input holds no configuration")
        if description.omitted:
            raise ValueError("the configuration has too many paths")
        add_refusals(description, failed)
        # Names of devices are names of the result.
        return disarm_names(make_json_schema(description, form))

    return run_filter("json_schema", compute)


def _listed(sources: t.Any) -> list[t.Any]:
    """The input as a list. Filters such as map make a generator."""
    if isinstance(sources, (str, t.Mapping)):
        sources = [sources]
    if not isinstance(sources, t.Iterable):
        raise ValueError("the input must be a recording, a result of lantime_config_info or a list of them")
    return t.cast("list[t.Any]", to_plain(list(sources)))


def _add_source(description: Description, source: t.Any) -> None:
    """Add a recording or a result. Raises ValueError."""
    if isinstance(source, dict) and "schema" in source and "format" not in source:
        if source.get("path"):
            raise ValueError(
                "the result of lantime_config_info describes a part of the configuration; leave out its option path"
            )
        add_result(description, source["schema"])
        return
    content = checked_recording(source)
    tree = recorded_configuration(content)
    if tree is None:
        raise ValueError("the recording holds no configuration")
    description.add_tree(tree)
    description.add_examples(recorded_tokens(content))


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"json_schema": json_schema}
