#!/usr/bin/env bash
# Install the programs that tests compare with, where Debian's apt-get can: node and npm, which run ical.js and drive
# Chromium; Chromium with a font that has Vietnamese letters; nginx; libical with its bindings for the system's Python;
# TaskJuggler (tj3); curl, which the recipes for publishing use.
# What is there already stays as it is. Without them all else is tested; the tests that need them are skipped, and so
# they are where an installation fails.
set -euo pipefail

missing=()
while read -r found package; do
  command -v "$found" >/dev/null || [ -e "$found" ] || missing+=("$package")
done <<'PROGRAMS'
node nodejs
npm npm
tj3 tj3
curl curl
chromium chromium
/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
/usr/sbin/nginx nginx-light
/usr/lib/python3/dist-packages/gi python3-gi
/usr/share/doc/gir1.2-ical-3.0 gir1.2-ical-3.0
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
"${sudo[@]}" apt-get update --quiet || true
install() {
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@"
}
install "${missing[@]}" && exit 0
for package in "${missing[@]}"; do # one that cannot be had must not keep the others away
  install "$package" || echo "Not installed: $package. The tests that need it will be skipped." >&2
done
