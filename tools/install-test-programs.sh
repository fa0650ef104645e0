#!/usr/bin/env bash
# Install the programs that tests compare with, where Debian's apt-get can: node and npm, which run ical.js, and
# TaskJuggler (tj3).
# What is there already stays as it is. Without them all else is tested; the tests that need them are skipped.
set -euo pipefail

missing=()
while read -r program package; do
  command -v "$program" >/dev/null || missing+=("$package")
done <<'PROGRAMS'
node nodejs
npm npm
tj3 tj3
PROGRAMS

if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "Not installed, because there is no apt-get here: ${missing[*]}. The tests that need them will be skipped." >&2
  exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
  sudo=()
elif command -v sudo >/dev/null; then
  sudo=(sudo)
else
  echo "Not installed, because that needs root: ${missing[*]}. The tests that need them will be skipped." >&2
  exit 0
fi
"${sudo[@]}" apt-get update --quiet
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
