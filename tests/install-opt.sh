#!/usr/bin/env bash
# Install an `opt` that irlens can use (LLVM 16 to 22) where Debian's packages are at hand; quiet when there is one.
set -u
for version in 19 22 21 20 18 17 16; do
  command -v "opt-$version" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends llvm-19; } >/dev/null 2>&1 && exit 0
fi
if [ "${CI:-}" = true ]; then
  echo "No opt of LLVM 16 to 22 could be installed; the tests that need one would not run. Install llvm-19." >&2
  exit 1
fi
echo "No opt of LLVM 16 to 22 here: the tests that need one are skipped. Install one with: apt-get install llvm-19" >&2
