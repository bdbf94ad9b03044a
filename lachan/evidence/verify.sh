#!/bin/sh
# Checks this bundle with openssl (3.0 or newer), sed, awk and nothing of Lá Chắn.
# Kiểm tra gói chứng cứ này chỉ bằng openssl, không dùng phần mềm Lá Chắn.
# Run it in the unpacked folder: sh verify.sh [your own root.json]
cd "$(dirname "$0")" || exit 4
bad=0
fail() { bad=1; echo "SAI / WRONG: $1"; }
good() { echo "đúng / good: $1"; }
hash() { openssl dgst -sha256 -r | cut -c1-64; }
# hex -> bytes, base64url -> bytes, bytes -> base64url
bytes() {
  printf '%b' "$(printf %s "$1" | awk '{ d = "0123456789abcdef"
    for (i = 1; i < length($0); i += 2)
      printf "\\0%03o", (index(d, substr($0, i, 1)) - 1) * 16 + index(d, substr($0, i + 1, 1)) - 1 }')"
}
unb64() {
  text=$(printf %s "$1" | tr '_-' '/+')
  case $((${#text} % 4)) in 2) text="$text==" ;; 3) text="$text=" ;; esac
  printf %s "$text" | openssl base64 -d -A
}
b64() { openssl base64 -A | tr '/+' '_-' | tr -d '='; }
# signature KEY INPUT SIGNATURE ALG NAME
signature() {
  case $4 in
    Ed25519 | EdDSA) openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1 ;;
    ES256) openssl dgst -sha256 -verify "$1" -signature "$3" "$2" >/dev/null 2>&1 ;;
    PS256) openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify "$1" -signature "$3" "$2" >/dev/null 2>&1 ;;
    RS256) openssl dgst -sha256 -verify "$1" -signature "$3" "$2" >/dev/null 2>&1 ;;
    *) false ;;
  esac && good "$5" || fail "$5"
}
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

# 0. The anchor: your own copy of the root, got by another way than this bundle.
if [ -n "$1" ]; then
  cmp -s "$1" anchor/root.json && good "anchor/root.json = $1" || fail "anchor/root.json ≠ $1"
else
  echo "CHƯA NEO / NOT ANCHORED: give your own root.json as an argument"; bad=1
fi
grep -qF -e "@LOG_KID@" anchor/root.json || fail "log key not in anchor/root.json"

# 1. Every file against the signed list.
sed -n 's/.*"files":{\([^}]*\)}.*/\1/p' BUNDLE.json | tr ',' '\n' | tr -d '"' >"$scratch/list"
[ -s "$scratch/list" ] || fail "BUNDLE.json"
while IFS=: read -r path want; do
  case $path in
    messages/*/parts/*) [ -e "$path" ] || { echo "giữ lại / withheld: $path"; continue; } ;;
  esac
  [ "$(hash <"$path" 2>/dev/null)" = "$want" ] || fail "$path"
done <<LIST
$(tr -d '\r' <"$scratch/list")
LIST
sed 's/^{"bundle":\(.*\),"jws":"[^"]*"}$/\1/' BUNDLE.json | tr -d '\n' >"$scratch/body"
jws=$(sed 's/.*,"jws":"\([^"]*\)"}$/\1/' BUNDLE.json)
printf '%s.%s' "${jws%%.*}" "$(b64 <"$scratch/body")" >"$scratch/input"
unb64 "${jws##*.}" >"$scratch/sig"
signature "keys/@LOG_KID@.pem" "$scratch/input" "$scratch/sig" Ed25519 "BUNDLE.json"

# 2. The signed head of the log.
jws=$(cat log/sth.jws)
printf %s "${jws%.*}" >"$scratch/input"
unb64 "${jws##*.}" >"$scratch/sig"
signature "keys/@LOG_KID@.pem" "$scratch/input" "$scratch/sig" Ed25519 "log/sth.jws"
middle=${jws#*.}
[ "${middle%%.*}" = "$(b64 <log/sth.json)" ] || fail "log/sth.json"
root=$(sed -n 's/.*"root":"\([0-9a-f]*\)".*/\1/p' log/sth.json)

# 3. An entry's path to that head (RFC 9162, 2.1.3.2): inclusion LINE ID
inclusion() {
  proof=log/inclusion/$2.json
  sed -n "$1p" log/entries.jsonl | tr -d '\n' >"$scratch/entry"
  node=$({ bytes 00; cat "$scratch/entry"; } | hash)
  here=$(sed -n 's/.*"idx":\([0-9]*\).*/\1/p' "$proof")
  last=$(($(sed -n 's/.*"size":\([0-9]*\).*/\1/p' "$proof") - 1))
  for step in $(sed -n 's/.*"path":\[\([^]]*\)\].*/\1/p' "$proof" | tr -d '"' | tr ',' ' '); do
    if [ $((here % 2)) -eq 1 ] || [ "$here" -eq "$last" ]; then
      node=$(bytes "01$step$node" | hash)
      while [ $((here % 2)) -eq 0 ] && [ "$here" -gt 0 ]; do here=$((here / 2)); last=$((last / 2)); done
    else
      node=$(bytes "01$node$step" | hash)
    fi
    here=$((here / 2)); last=$((last / 2))
  done
  [ "$last" -eq 0 ] && [ "$node" = "$root" ] && good "$proof" || fail "$proof"
}

# 4. A signature of a message: message FOLDER NUMBER KID ALG; approvals are over the manifest itself.
message() {
  signature "keys/$3.pem" "$1/input-$2.bin" "$1/sig-$2.bin" "$4" "$1/sig-$2.bin"
}
approval() {
  message "$@"
  input=$(cat "$1/input-$2.bin")
  [ "${input##*.}" = "$(b64 <"$1/manifest.json")" ] || fail "$1/input-$2.bin"
}
seal() {
  message "$@"
  input=$(cat "$1/input-$2.bin")
  unb64 "${input##*.}" | grep -q "$(hash <"$1/manifest.json")" || fail "$1/input-$2.bin"
}

# 5. A part that is shown, against its commitment: SHA-256(02, salt, content): part FOLDER NAME
part() {
  [ -e "$1/parts/$2" ] || { echo "giữ lại / withheld: $1/parts/$2"; return; }
  commit=$({ bytes 02; cat "$1/parts/$2.salt" "$1/parts/$2"; } | hash)
  grep -q "\"commit\":\"$commit\"" "$1/manifest.json" && good "$1/parts/$2" || fail "$1/parts/$2"
}

@LINES@
# 6. Time-stamps over the head, when there are any.
for stamp in stamps/*.tsr; do
  [ -e "$stamp" ] || { echo "không có dấu thời gian / no time-stamp"; continue; }
  ca=${stamp%.tsr}.ca.pem; [ -e "$ca" ] || ca=stamps/ca.pem
  openssl ts -verify -data log/sth.json -in "$stamp" -CAfile "$ca" >/dev/null 2>&1 && good "$stamp" || fail "$stamp"
done
[ $bad -eq 0 ] && echo "HỢP LỆ / VALID" || echo "KHÔNG HỢP LỆ / NOT VALID"
exit $bad
