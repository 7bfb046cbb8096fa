# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control API: plain HTTP and JSON on a loopback port of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, Callable

from aiohttp import web

from .device import Device
from .refusal import RefusedError
from .tree import UnknownPathError

if TYPE_CHECKING:
    from .fleet import Fleet

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """Serves the control API of a fleet."""

    def __init__(self, fleet: Fleet, port: int) -> None:
        self._fleet = fleet
        self._port = port
        self._runner: web.AppRunner | None = None
        self.stop_wanted = asyncio.Event()
        self.url = ""

    async def start(self) -> None:
        app = web.Application(middlewares=[_errors])
        app.add_routes(
            [
                web.get("/devices", self._devices),
                web.get("/devices/{name}", self._device),
                web.get("/devices/{name}/ledger", self._ledger),
                web.delete("/devices/{name}/ledger", self._clear_ledger),
                web.get("/devices/{name}/config", self._running),
                web.put("/devices/{name}/config/{path:.+}", self._change),
                web.get("/devices/{name}/startup", self._startup),
                web.get("/devices/{name}/status", self._status),
                web.put("/devices/{name}/dialect", self._dialect),
                web.get("/devices/{name}/faults", self._faults),
                web.post("/devices/{name}/faults", self._add_fault),
                web.delete("/devices/{name}/faults", self._clear_faults),
                web.delete("/devices/{name}/faults/{number:[0-9]+}", self._clear_faults),
                web.get("/devices/{name}/incidents", self._incidents),
                web.post("/devices/{name}/incidents", self._raise_incident),
                web.delete("/devices/{name}/incidents", self._clear_incidents),
                web.delete("/devices/{name}/incidents/{kind}", self._clear_incidents),
                web.post("/devices/{name}/advance", self._advance),
                web.post("/devices/{name}/reboot", self._reboot),
                web.post("/devices/{name}/restart-web", self._restart_web),
                web.post("/devices/{name}/restore", self._restore),
                web.get("/assumptions", self._assumptions),
                web.post("/shutdown", self._shutdown),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _find(self, request: web.Request) -> Device:
        device = self._fleet.devices.get(request.match_info["name"])
        if device is None:
            raise UnknownPathError(f"no device {request.match_info['name']!r}")
        return device

    async def _devices(self, request: web.Request) -> web.StreamResponse:
        del request
        return web.json_response(self._fleet.ready()["devices"])

    async def _device(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        place = self._fleet.ready()["devices"][device.name]
        return web.json_response({**place, **device.described()})

    async def _ledger(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._find(request).ledger.summary())

    async def _clear_ledger(self, request: web.Request) -> web.StreamResponse:
        self._find(request).ledger.clear()
        return web.json_response({})

    async def _running(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._find(request).running(clear=False))

    async def _startup(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._find(request).startup(clear=False))

    async def _status(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._find(request).status())

    async def _change(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        device.foreign_change(request.match_info["path"], await request.json())
        return web.json_response({"pending": device.config.pending_count()})

    async def _dialect(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        await self._fleet.choose_in_loop(device, _object(await request.json()))
        return web.json_response({**device.dialect, **device.options})

    async def _faults(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._find(request).faults.described())

    async def _add_fault(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        body = await request.json()
        described = body if isinstance(body, list) else [body]
        numbers = [device.faults.add_described(_object(item)) for item in described]
        return web.json_response({"numbers": numbers}, status=201)

    async def _clear_faults(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info.get("number")
        self._find(request).faults.clear(int(number) if number else None)
        return web.json_response({})

    async def _incidents(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        device.settle()
        return web.json_response(device.incidents.described())

    async def _raise_incident(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        members = dict(_object(await request.json()))
        kind = str(members.pop("kind", ""))
        return web.json_response(device.incidents.raise_(kind, members), status=201)

    async def _clear_incidents(self, request: web.Request) -> web.StreamResponse:
        kind = request.match_info.get("kind")
        cleared = self._find(request).incidents.clear(kind)
        if kind is not None and not cleared:
            raise UnknownPathError(f"no incident {kind!r} is raised")
        return web.json_response({"cleared": cleared})

    async def _advance(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        seconds = _object(await request.json()).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise ValueError("seconds: expected a number")
        device.advance(float(seconds))
        return web.json_response({"time": device.now().strftime("%Y-%m-%dT%H:%M:%SZ")})

    async def _reboot(self, request: web.Request) -> web.StreamResponse:
        self._find(request).reboot()
        return web.json_response({})

    async def _restart_web(self, request: web.Request) -> web.StreamResponse:
        self._find(request).restart_web()
        return web.json_response({})

    async def _restore(self, request: web.Request) -> web.StreamResponse:
        device = self._find(request)
        device.restore()
        await self._fleet.choose_in_loop(device, {})
        return web.json_response({})

    async def _assumptions(self, request: web.Request) -> web.StreamResponse:
        del request
        return web.json_response(self._fleet.assumptions())

    async def _shutdown(self, request: web.Request) -> web.StreamResponse:
        del request
        self.stop_wanted.set()
        return web.json_response({})


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected a JSON object")
    return value


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what goes wrong into JSON with a sentence."""
    try:
        return await handler(request)
    except UnknownPathError as unknown:
        return web.json_response({"error": f"unknown: {unknown}"}, status=404)
    except RefusedError as refused:
        return web.json_response({"error": refused.message}, status=400)
    except json.JSONDecodeError:
        return web.json_response({"error": "the body is not JSON"}, status=400)
    except (ValueError, TypeError) as error:
        return web.json_response({"error": str(error)}, status=400)
