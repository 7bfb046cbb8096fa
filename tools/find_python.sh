#!/bin/sh
# Copyright (c) 2026, meinberg.lantime contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Prints the path of the first Python that runs, is 3.10 or newer and can make virtual environments.
# A candidate may exist and still fail: pyenv puts a shim on PATH for every version it ever installed.

for candidate in python3.11 python3.12 python3.13 python3 python3.14 python3.10 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[0-9]*/bin/python3; do
    if "$candidate" -c '
import ensurepip, sys, venv
if sys.version_info < (3, 10):
    sys.exit(1)
print(sys.executable)
' 2>/dev/null </dev/null; then
        exit 0
    fi
done
echo "No Python 3.10 or newer with the venv module was found. Give one: make PYTHON=/path/to/python3" >&2
exit 1
