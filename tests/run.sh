#!/usr/bin/env bash
# The whole suite, in two halves at a time where there are two cores: most tests wait for one child process after the
# other, and a second half uses the second core. `tests/run.sh PYTHON [OPTION...]`; a line begins with the half it is of.
# What failed is run once more by itself, for a machine that is too busy fails tests that ask for an answer in time; what
# fails again fails the suite, and what does not is told all the same.
set -uo pipefail
python=$1
shift
cd "$(dirname "$0")/.."
# The tests start irlens and its workers thousands of times; compiling 200 modules each time would be a third of the suite.
unset PYTHONDONTWRITEBYTECODE
"$python" -m compileall -q server tests
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
MOST_AGAIN=150 # failures, with all tests of a fixture that failed; more are no accident

# About as long as each other. Beside the sessions of editors, which wait for a search of the lowest priority, come those that
# take one core; the others start processes by the thousand.
first="tests/editors tests/workers tests/replay tests/training"
light="tests/pure tests/arch tests/protocol"
second=$(for folder in $light tests/*/; do echo "${folder%/}"; done | awk '!seen[$0]++' |
  while read -r folder; do case " $first " in *" $folder "*) ;; *) echo "$folder" ;; esac; done |
  while read -r folder; do [ -z "$(find "$folder" -name 'test_*.py' -print -quit)" ] || echo "$folder"; done)

half() { # NAME OPTION...
  local name=$1
  shift
  "$python" -m pytest -o cache_dir="$said/cache-$name" "$@" 2>&1 | tee "$said/$name" | sed -u "s/^/$name: /"
}
failures() { grep -hE '^(FAILED|ERROR) ' "$@"; }

cores=$("$python" -c 'import os; print(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count())')
# shellcheck disable=SC2086  # lists of folders
if [ "$cores" -lt 2 ]; then
  half 1 "$@" $first
  codes=$?
  half 2 "$@" $second
  codes="$codes $?"
else
  half 1 "$@" $first &
  other=$!
  half 2 "$@" $second
  codes=$?
  wait $other
  codes="$? $codes"
fi
grep -hE '^[0-9]+ (passed|failed)' "$said"/1 "$said"/2
[ "$codes" = "0 0" ] && exit 0

failed=$(failures "$said"/1 "$said"/2)
printf '%s\n' "$failed"
count=$(printf '%s' "$failed" | grep -c .)
# Another end than "tests failed" (a crash, an interrupt, nothing collected) is the suite's.
case "$codes" in [01]\ [01]) ;; *) echo "pytest ended with $codes"; exit 1 ;; esac
[ "$count" -le "$MOST_AGAIN" ] || exit 1
echo "$count failed; once more, alone:"
again=0
read -r code_1 code_2 <<<"$codes"
[ "$code_1" = 0 ] || half 1 "$@" --last-failed --last-failed-no-failures none || again=1
[ "$code_2" = 0 ] || half 2 "$@" --last-failed --last-failed-no-failures none || again=1
if [ "$again" = 0 ]; then
  echo "These failed beside others and passed alone. A test that is told here time and again is one to mend:"
  printf '%s\n' "$failed"
else
  failures "$said"/1 "$said"/2
fi
exit "$again"
