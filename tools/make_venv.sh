#!/usr/bin/env bash
# Make the virtual environment. Debian parts venv from Python: install it where we may, say so where not.
set -euo pipefail
python=$1 venv=$2
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, found $("$python" -V)" >&2; exit 1; }
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
  else
    echo "Python's venv module is missing. Run: sudo apt-get install python3-venv" >&2; exit 1
  fi
fi
"$python" -m venv "$venv"
