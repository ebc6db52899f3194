#!/usr/bin/env bash
# A virtual environment of its own for the server of a second engine; nothing to do where it is there already.
# Usage: ensure_engine.sh PYTHON FOLDER REQUIREMENT
set -euo pipefail
python=$1 venv=$2 wanted=$3
[ -x "$venv/bin/python" ] && [ "$(cat "$venv/.installed" 2>/dev/null)" = "$wanted" ] && exit 0
echo "Installing $wanted into $venv …" >&2
bash "$(dirname "$0")/make_venv.sh" "$python" "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wanted"
printf '%s' "$wanted" > "$venv/.installed"
