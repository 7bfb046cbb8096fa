# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options of every module that writes configuration."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  restrict:
    description:
      - Patterns of the paths that the task may change.
      - A change outside of these paths is an error, and nothing is written.
      - In all patterns of paths, V(*) and V(?) match characters within one name, and a pattern that matches a menu includes everything in it.
    type: list
    elements: str
    version_added: 1.1.0
  ignore_paths:
    description: Patterns of paths that are neither compared nor written.
    type: list
    elements: str
    default: []
    version_added: 1.1.0
  unordered_lists:
    description:
      - Patterns of lists of values whose order is irrelevant.
      - In all other lists the order is significant.
    type: list
    elements: str
    default: []
    version_added: 1.1.0
  save:
    description:
      - When to save the running configuration as startup configuration. It is saved after the change has been verified.
      - V(changed) saves if the task changed something.
      - V(always) saves in any case.
      - V(never) does not save. The change is lost at the next restart, unless the device is configured to activate changes as startup
        configuration by itself.
    type: str
    choices: [changed, always, never]
    default: changed
  save_package:
    description:
      - Package to save, for example V(ntp), or V(all).
      - If not set, the packages that contain the changed settings are saved. Unsaved changes in other packages stay unsaved.
    type: str
  pending:
    description:
      - What to do if the device has unsaved changes from another source before the first write, or before a save with O(save=always). A change that
        waits for its confirmation on another controller is one of them, see O(confirm_window).
      - V(warn) adds a warning, V(fail) fails before anything is written or saved, V(ignore) does neither.
    type: str
    choices: [warn, fail, ignore]
    default: warn
    version_added: 1.1.0
  verify:
    description: Whether to read the configuration back over a new connection and compare it before saving.
    type: bool
    default: true
    version_added: 1.1.0
  verify_grace:
    description: Seconds after a write during which the device may be unavailable or may return old values.
    type: float
    default: 5.0
    version_added: 1.1.0
  rollback:
    description:
      - Whether to restore the former configuration if a later write or the verification fails.
      - RV(rollback) contains the outcome.
    type: bool
    default: true
    version_added: 1.1.0
  health_gate:
    description:
      - Condition that the device must meet after the change. If it does not, the change is rolled back.
      - With V(sync), the checks C(time_synchronized), C(antenna), C(receiver), C(reference_clock_responding) and
        C(reference_clock_synchronized) of M(meinberg.lantime.lantime_health) must not be worse than before the change, or must
        recover within O(verify_grace) seconds. This needs two additional requests.
    type: str
    choices: [none, sync]
    default: none
    version_added: 1.1.0
  confirm_window:
    description:
      - Seconds for which the running configuration is watched after the change, before it is saved. V(0) saves at once.
      - Every 5 seconds, more often in a window of less than 50 seconds, the checks of O(health_gate=sync) are made over a new connection. At
        the end every setting must still have its value. Then the configuration is saved.
      - If the device is in worse health than before the change, or unreachable, for longer than O(verify_grace) seconds, the change is rolled
        back.
      - Requires O(health_gate=sync), O(verify=true) and O(rollback=true). The window and O(verify_grace) must fit into O(task_timeout) without
        the time that is kept for a rollback.
      - With O(save=never), the device is watched and nothing is saved.
      - At most 86400. A task that changes nothing does not wait.
      - It cannot protect the startup configuration of a device that saves changes by itself. The task warns of such a device.
    type: float
    default: 0.0
    version_added: 2.0.0
  confirm_later:
    description:
      - Whether to leave the confirm window to a later task. This task ends after the verification and O(health_gate). The change is active and not
        saved.
      - The later task is one of M(meinberg.lantime.lantime_changes) with C(state=confirmed) and the same O(journal_path). It watches the device
        for the rest of the window, then saves.
      - If no such task runs, the next task that writes treats the change as interrupted, see O(on_interrupted).
      - With C(update_secrets=on_change), secrets of such a change are written again by the next task.
    type: bool
    default: false
    version_added: 2.0.0
  journal_path:
    description:
      - Directory of the journals.
      - A journal is written before the first write to a device and removed when the change is complete. It contains no secret values.
      - If the journal cannot be written, the task fails and the device is not changed.
      - If not set, the directory C(lantime) in E(ANSIBLE_HOME) is used. The default of E(ANSIBLE_HOME) is C(~/.ansible).
    type: path
    version_added: 1.1.0
  on_interrupted:
    description:
      - What to do if an earlier task was interrupted while it changed this device.
      - V(resume) completes and saves the interrupted change, then continues with this task. A change with a confirm window is watched for a whole
        window before it is saved; if the device is in worse health than before the change, it is rolled back, and the task fails.
      - V(revert) restores the former configuration and ends the task.
      - V(fail) fails.
      - If the same settings have been changed from another source in the meantime, the task always fails.
    type: str
    choices: [resume, revert, fail]
    default: resume
    version_added: 1.1.0
  backup:
    description:
      - Whether to write the whole configuration to a file before the first write, in the format of M(meinberg.lantime.lantime_backup).
    type: bool
    default: false
    version_added: 1.1.0
  backup_options:
    description: Location of the file that O(backup=true) writes.
    type: dict
    suboptions:
      dir_path:
        description:
          - Directory of the file.
          - If not set, C(backup) in the current directory is used.
        type: path
      filename:
        description:
          - Name of the file.
          - If not set, the name consists of host name, serial number and time.
        type: str
    version_added: 1.1.0
seealso:
  - ref: ansible_collections.meinberg.lantime.docsite.transactions
    description: The steps of a change, its guarantees and the recovery after an interruption.
"""
