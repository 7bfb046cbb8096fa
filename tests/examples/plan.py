# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What examples need beside their text, and which of them make test runs."""

from __future__ import annotations

from ansible_collections.meinberg.lantime.tests.examples.find import ALERTS, PIPELINE, TASKS, Example, form_of

_FAMILY_PAGES = (
    *("bpe", "cpe", "esi", "fdm", "gnm", "gns", "gns_uc", "gps", "grc", "gxl", "hps", "liu", "lno", "lsg", "mri"),
    *("pio", "psx", "pzf", "references", "rel", "rsc", "scg", "tcr", "vsg", "vsi"),
)
_PAGES = "docs/docsite/rst"
_MODULES = "plugins/modules"

# Examples that another test finds and runs, by source and form.
OTHER_TEST: dict[tuple[str, str], str] = {
    **{
        (f"{_PAGES}/{page}.rst", TASKS): "tests/integration/test_module_examples.py"
        for page in [f"module_{family}" for family in _FAMILY_PAGES] + ["ptp_instances", "syncmon_nodes"]
    },
    (f"{_PAGES}/plans.rst", PIPELINE): "tests/integration/test_review_guide.py",
    (f"{_PAGES}/dashboard.rst", ALERTS): "tests/unit/plugin_utils/_report/test_dashboard.py",
}
# make test runs these on a few devices, make thorough all examples on all.
IN_MAKE_TEST = ("README.md", f"{_MODULES}/lantime_config.py")
# Examples about one device, which run on ts1 of each profile in turn; ts2 is of the same profile.
ONE_DEVICE = (f"{_MODULES}/lantime_backup.py", f"{_MODULES}/lantime_config_info.py")
WITH_RECORDINGS = (f"{_PAGES}/editor.rst", f"{_MODULES}/lantime_validate.py", "plugins/filter/json_schema.py")
# Commands of the reader that came before.
BEFORE: dict[str, list[str]] = {}
# Tasks that a fresh device can fail: what they demand is that of the reader's own devices.
MAY_FAIL: set[tuple[str, str]] = set()


def one_of_each(examples: list[Example]) -> set[str]:
    """Forms of the examples that make test runs."""
    return {form_of(example) for example in examples if example.source in IN_MAKE_TEST}
