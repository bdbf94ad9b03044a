#!/usr/bin/env bash
# Debian packages that the tests and the demonstration use. Installed when we may (root and apt), else named.
set -euo pipefail
declare -A wanted=(
  [chromium]=chromium
  [openssl]=openssl
  [xmlsec1]=xmlsec1
)
missing=()
for command in "${!wanted[@]}"; do
  command -v "$command" >/dev/null 2>&1 || missing+=("${wanted[$command]}")
done
command -v psql >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
else
  echo "Missing Debian packages: ${missing[*]}. Install them (sudo apt-get install ${missing[*]}); tests that need them say so." >&2
fi
