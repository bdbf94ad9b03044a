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

# The root to which a leaf's hash climbs, or nothing (RFC 9162, 2.1.3.2): climb HASH INDEX SIZE STEPS
climb() {
  node=$1; here=$2; last=$(($3 - 1))
  for step in $4; do
    if [ $((here % 2)) -eq 1 ] || [ "$here" -eq "$last" ]; then
      node=$(bytes "01$step$node" | hash)
      while [ $((here % 2)) -eq 0 ] && [ "$here" -gt 0 ]; do here=$((here / 2)); last=$((last / 2)); done
    else
      node=$(bytes "01$node$step" | hash)
    fi
    here=$((here / 2)); last=$((last / 2))
  done
  [ "$last" -eq 0 ] && echo "$node"
}
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
steps() { sed -n 's/.*"path":\[\([^]]*\)\].*/\1/p' | tr -d '"' | tr ',' ' '; }

# 3. An entry's path to that head: inclusion LINE ID
inclusion() {
  proof=log/inclusion/$2.json
  sed -n "$1p" log/entries.jsonl | tr -d '\n' >"$scratch/entry"
  leaf=$({ bytes 00; cat "$scratch/entry"; } | hash)
  end=$(climb "$leaf" "$(number idx <"$proof")" "$(number size <"$proof")" "$(steps <"$proof")")
  [ "$end" = "$root" ] && good "$proof" || fail "$proof"
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
# The COUNT-th assertion of a security key: assertion FOLDER NUMBER KID ALG COUNT. Its challenge commits to what the
# officer said of himself and to the root over every message of the sheet; the proof leads from this message to that root.
# Which place the key answers at stands in the directory, which is not checked here: the place is shown.
member() { awk -v n="$2" -v name="\"$3\":" -v end="$4" '{ split($0, found, name); text = found[n + 1]
  at = index(text, end); print substr(text, 1, at) }' "$1/envelope.json"; }
assertion() {
  message "$1" "$2" "$3" "$4"
  context=$(member "$1" "$5" context "}")
  proof=$(member "$1" "$5" proof "}")
  awk -v n="$5" '{ split($0, found, "\"clientDataJSON\":\""); sub(/".*/, "", found[n + 1]); printf "%s", found[n + 1] }' \
    "$1/envelope.json" >"$scratch/text"
  unb64 "$(cat "$scratch/text")" >"$scratch/client"
  asked=$({ printf 'lachan-approval/1'; bytes 00; printf %s "$context"; } | openssl dgst -sha256 -binary | b64)
  grep -qF "\"challenge\":\"$asked\"" "$scratch/client" && grep -qF '"type":"webauthn.get"' "$scratch/client" || fail "$1/input-$2.bin"
  { dd if="$1/input-$2.bin" bs=1 count=37; openssl dgst -sha256 -binary <"$scratch/client"; } 2>/dev/null |
    cmp -s - "$1/input-$2.bin" || fail "$1/input-$2.bin"
  flags=$(dd if="$1/input-$2.bin" bs=1 skip=32 count=1 2>/dev/null | od -An -tu1)
  [ $((flags % 2)) -eq 1 ] && [ $((flags / 4 % 2)) -eq 1 ] || fail "$1/input-$2.bin"
  size=$(printf '%s\n' "$proof" | number size)
  leaf=$(bytes "00$(hash <"$1/manifest.json")" | hash)
  end=$(climb "$leaf" "$(printf '%s\n' "$proof" | number index)" "$size" "$(printf '%s\n' "$proof" | steps)")
  case $context in *"\"root\":\"$end\","*"\"size\":$size,"*) ;; *) fail "$1/envelope.json" ;; esac
  echo "ký tại / signed at: $(sed -n 's/.*"origin":"\([^"]*\)".*/\1/p' "$scratch/client")"
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
