#!/usr/bin/env bash
# The whole suite, in two halves at a time where there are two cores: most tests wait for one child process after the
# other, and a second half uses the second core. `tests/run.sh PYTHON [OPTION...]`; a line begins with the half it is of,
# and what failed is told again at the end.
set -uo pipefail
python=$1
shift
cd "$(dirname "$0")/.."

if [ "$("$python" -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())')" -lt 2 ]; then
  exec "$python" -m pytest "$@"
fi
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

# About as long as each other.
first="tests/editors tests/workers tests/replay tests/training"
second=$(for folder in tests/*/; do folder=${folder%/}; case " $first " in *" $folder "*) ;; *) echo "$folder" ;; esac; done |
  while read -r folder; do [ -z "$(find "$folder" -name 'test_*.py' -print -quit)" ] || echo "$folder"; done)

half() {
  local name=$1
  shift
  "$python" -m pytest "$@" 2>&1 | tee "$said/$name" | sed -u "s/^/$name: /"
}

# shellcheck disable=SC2086  # lists of folders
half 1 "$@" $first &
other=$!
# shellcheck disable=SC2086
half 2 "$@" $second
codes="$?"
wait $other
codes="$? $codes"
grep -hE '^(FAILED|ERROR) |^[0-9]+ (passed|failed)' "$said"/1 "$said"/2
[ "$codes" = "0 0" ]
