# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Global commands: write, read, diff, reboot, get-token, and set, add, delete, apply (A2 to A8)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from . import change
from .answers import Answer, encode, envelope, success
from .auth import credentials_in
from .device import Device
from .edit import Editor
from .profiles.parts import PACKAGES
from .refusal import RefusedError
from .schema import Leaf, Table
from .tree import MISSING, Path, Tree, UnknownPathError, clone, find
from .values import MASK

if TYPE_CHECKING:
    from .routes import Request

_SECONDS = {"normal": 0.05, "instant": 0.0, "slow": 5.0, "drop": 0.0, "async": 0.5}
_READ_NAMES = ("rollback", "revert", "discard")


class Command(NamedTuple):
    """A command at a URL: its own name, and the methods that call it."""

    name: str
    methods: tuple[str, ...]


def find_command(device: Device, path: Path) -> Command | None:
    """The command at this URL, in the forms that the device has (A2, A6, A7, A8, A13)."""
    form = device.dialect["command_form"]
    if form == "menu-action":
        root = device.dialect["config_root"]
        menu = ("system",) if root == "none" else (root, "system")
        if path[:-1] == menu and path[-1] in ("reboot", "read", "diff"):
            return Command(path[-1], ("PUT",))
    if len(path) != 1:
        return None
    name = path[0]
    if name == "write":
        return Command("write", ("PUT",))
    present = {
        "set": device.dialect["set_target"] == "command",
        "add": device.dialect["list_add"] == "command",
        "delete": device.dialect["list_remove"] == "command",
        "apply": device.dialect["effect"] == "staged",
    }
    if present.get(name):
        return Command(name, ("PUT",))
    if form in ("menu-action", "absent"):
        return None
    if form == "rollback-name" and name in (*_READ_NAMES, "read"):
        return Command("read", ("PUT",)) if name != "read" else None
    if name == "diff" and form == "diff-get":
        return Command("diff", ("GET",))
    if name in ("read", "diff", "reboot"):
        return Command(name, ("POST",) if form == "post" else ("PUT",))
    return None


def run(device: Device, request: Request, command: Command) -> Answer:
    """Runs a command."""
    if request.method not in command.methods:
        raise RefusedError("method", f"{request.method} is not allowed", ", ".join(command.methods))
    if command.name == "diff":
        return Answer(200, encode(device, _diff(device, request)))
    change.require_level(device, request.caller)
    parameters = _parameters(request)
    if command.name in ("set", "add", "delete"):
        return _edit(device, request, command.name, parameters)
    effect = _effect(device, request, command.name, parameters)
    return _timed(device, request, command.name, effect)


def _parameters(request: Request) -> dict[str, Any]:
    body = request.json()
    if body is MISSING or body == {}:
        return {}
    if not isinstance(body, dict) or set(body) != {"parameters"}:
        raise RefusedError("member", "expected an object with the member 'parameters'")
    if not isinstance(body["parameters"], dict):
        raise RefusedError("value", "parameters: expected an object")
    return body["parameters"]


def _known(parameters: dict[str, Any], *names: str) -> None:
    unknown = sorted(set(parameters) - set(names))
    if unknown:
        raise RefusedError("member", f"unknown parameter {unknown[0]!r}")


def _effect(device: Device, request: Request, name: str, parameters: dict[str, Any]) -> Callable[[], object]:
    if name == "reboot":
        _known(parameters)
        return device.reboot
    if name == "apply":
        _known(parameters)
        return device.config.apply
    _known(parameters, "package", "configset")
    packages = _packages(device, parameters.get("package", "all"))
    configset = _configset(device, parameters)
    user = request.caller.name
    if name == "read":
        if configset not in device.config.configsets:
            raise RefusedError("value", f"no configset {configset!r}")
        return lambda: device.config.load(packages, configset, user)

    def write() -> None:
        if device.dialect["effect"] == "staged":
            device.config.apply()
        device.config.save(packages, configset, user)

    return write


def _packages(device: Device, package: Any) -> tuple[str, ...]:
    form = device.dialect["package_map"]
    firmware = device.base_status.get("system", {}).get("firmware", {})
    listed = {item["object-id"] for item in firmware.get("packages", [])}
    known = listed if form == "strict" else listed.union(PACKAGES)
    if not isinstance(package, str) or (package != "all" and package not in known):
        raise RefusedError("value", f"no package {package!r}")
    return ("all",) if form == "all" else (package,)


def _configset(device: Device, parameters: dict[str, Any]) -> str:
    configset = parameters.get("configset", "startup")
    form = device.dialect["write_configset"]
    if "configset" in parameters and form == "refused":
        raise RefusedError("member", "unknown parameter 'configset'")
    if form == "ignored":
        return "startup"
    if not isinstance(configset, str) or not configset.isidentifier():
        raise RefusedError("value", "configset: expected a name")
    return configset


def _timed(device: Device, request: Request, name: str, effect: Callable[[], object]) -> Answer:
    form = device.dialect["duration"]
    seconds: float = device.options["command_seconds"]
    if seconds < 0:
        seconds = _SECONDS[form]
    if form == "async":
        device.later(seconds, effect)
        shown = envelope(device, request.path, MISSING, request.caller.name)
        return Answer(202, encode(device, shown))
    if name == "reboot":
        answer = success(device, request.path, {"object-id": name}, request.caller.name)
        answer.after = device.reboot
    else:
        effect()
        answer = success(device, request.path, {"object-id": name}, request.caller.name)
    answer.wait = seconds
    if form == "drop":
        answer.action = "drop"
    return answer


def _edit(device: Device, request: Request, name: str, parameters: dict[str, Any]) -> Answer:
    """set, add and delete: `path` may start with the configuration root or below it."""
    needed = ("path", "value") if name == "set" else ("path", "object-id")
    _known(parameters, *needed)
    for parameter in needed:
        if parameter not in parameters:
            raise RefusedError("value", f"parameter {parameter!r} is missing")
    text = parameters["path"]
    if not isinstance(text, str):
        raise RefusedError("value", "path: expected a string")
    path = tuple(part for part in text.split("/") if part)
    if path[:1] == (device.dialect["config_root"],):
        path = path[1:]
    tree: Tree = clone(device.config.candidate)
    editor = Editor(device.config.root, tree, device.dialect)
    place = find(editor.root, tree, path)
    if name == "set":
        if not isinstance(place.node, Leaf):
            raise RefusedError("value", f"{text} is not an object")
        editor.set_leaf(path, place.node, parameters["value"])
    elif not isinstance(place.node, Table):
        raise RefusedError("value", f"{text} is not a list")
    elif name == "add":
        editor.add_item(path, place.node, parameters["object-id"])
        path = (*path, parameters["object-id"])
    else:
        object_id = parameters["object-id"]
        if not isinstance(object_id, str) or object_id not in place.value:
            raise UnknownPathError(f"{text}/{object_id}")
        editor.remove_item((*path, object_id), place.node)
    change.commit(device, request.caller, tree)
    return change.changed_answer(device, request, path)


def _diff(device: Device, request: Request) -> dict[str, Any]:
    """What differs from startup, in the form of A14; secrets stay masked."""
    pending = device.config.pending(request.caller.name)
    entries = [_entry(device, path, old, new) for path, old, new in pending]
    lines = [f"{entry['path']}: {entry['old']} -> {entry['new']}" for entry in entries]
    form = device.dialect["diff_result"]
    data: Any = {
        "text": "\n".join(lines),
        "lines": lines,
        "objects": entries,
        "count": len(entries),
        "empty": {},
    }[form]
    return envelope(device, request.path, data, request.caller.name)


def _entry(device: Device, path: Path, old: Any, new: Any) -> dict[str, Any]:
    return {
        "path": "/".join(path),
        "old": _shown(device, path, old),
        "new": _shown(device, path, new),
    }


def _shown(device: Device, path: Path, value: Any) -> Any:
    if value is MISSING:
        return None
    if isinstance(value, dict):
        return "present"
    for tree in (device.config.candidate, device.config.startup):
        try:
            node = find(device.config.root, tree, path).node
        except UnknownPathError:
            continue
        if isinstance(node, Leaf) and node.secret:
            return MASK if value else ""
    return value


def get_token(device: Device, request: Request) -> Answer:
    """PUT /api/get-token; only from 7.08 on."""
    if not device.has_tokens:
        device.accounts.authenticate(request.authorization, device.has_tokens)
        raise UnknownPathError("get-token")
    if request.method != "PUT":
        raise RefusedError("method", "only PUT is allowed", "PUT")
    form = device.dialect["token_request"]
    if form == "basic":
        header = request.authorization
        if not (header or "").lower().startswith("basic "):
            raise RefusedError("auth", "Basic credentials are missing")
        request.caller = device.accounts.authenticate(header, False)
    else:
        request.caller = device.accounts.log_in(*credentials_in(request.body, form))
    token = {"token": device.accounts.issue(request.caller)}
    if device.dialect["token_answer"] == "enveloped":
        return Answer(200, encode(device, envelope(device, request.path, token)))
    return Answer(200, json.dumps(token).encode())
