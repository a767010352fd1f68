#!/usr/bin/env bash
# Install an `opt` that irlens can use (LLVM 16 to 22), and strace to watch what its passes do with files, where Debian's
# packages are at hand; quiet when both are there.
set -u
missing=()
opt=
for version in 19 22 21 20 18 17 16; do
  command -v "opt-$version" >/dev/null 2>&1 && opt=$version && break
done
[ -n "$opt" ] || missing+=(llvm-19)
if [ "$(uname)" = Linux ] && ! command -v strace >/dev/null 2>&1; then
  missing+=(strace)
fi
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 && exit 0
fi
if [ "${CI:-}" = true ]; then
  echo "Could not install ${missing[*]}; the tests that need them would not run. Install them by hand." >&2
  exit 1
fi
echo "Not here: ${missing[*]}. The tests that need them are skipped. Install with: apt-get install ${missing[*]}" >&2
