#!/usr/bin/env bash
# Tests look at pages in a real browser. Debian's Chromium serves; install it where we may, else those tests
# skip with a count (and fail where CI is set).
set -euo pipefail
for name in "${PINGJIANG_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  [ -n "$name" ] && [ -x "$name" ] && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and Chinese fonts for the browser tests …" >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null
else
  echo "No Chromium found: browser tests will be skipped. Run: sudo apt-get install chromium fonts-noto-cjk" >&2
fi
