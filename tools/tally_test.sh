#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tally_test - what tools/tally.py makes of each way in which a test can end.
set -u
cd "$(dirname "$0")" || exit
tmp=$(mktemp -d) || exit
trap 'rm -rf "$tmp"' EXIT
bad=0

# expect STATUS "PASSED FAILED SKIPPED" SKIPS RESULT STDOUT: one test in the log of meson
expect() {
    printf '{"name": "t", "result": "%s", "stdout": "%s"}\n' "$4" "$5" >"$tmp/log"
    : >"$tmp/skips"
    got="$(./tally.py "$tmp/log" "$1" "$tmp/skips") $(cat "$tmp/skips")"
    if [ "$got" != "$2 $3" ]; then
        echo "$4 '$5' counts as '$got', not '$2 $3'"
        bad=1
    fi
}

expect 0 '2 0 0' '' OK '1..2\nok 1 - a\nok 2 - b\n'
expect 0 '1 0 0' '' OK 'ok, but this is no TAP\n'
expect 0 '1 0 0' '' OK ''
expect 0 '1 0 1' 't: no reader' OK '1..2\nok 1 - a\nok 2 - b # SKIP no reader\n'
expect 0 '0 0 1' 't: no valgrind' SKIP '1..0 # SKIP no valgrind\n'
expect 0 '0 0 1' 't: no qemu' SKIP 'looked for it\nno qemu\n'
expect 0 '1 0 0' '' EXPECTEDFAIL '1..1\nnot ok 1 - a\n'
expect 1 '1 1 0' '' FAIL '1..2\nok 1 - a\nnot ok 2 - b\n'
expect 1 '1 1 0' '' ERROR '1..3\nok 1 - a\n'
expect 1 '0 1 0' '' TIMEOUT ''
expect 1 '0 1 0' '' FAIL 'why\n'
expect 1 '0 1 0' '' UNEXPECTEDPASS '1..1\n'
expect 1 '1 1 0' '' OK '1..1\nok 1 - a\n' # meson failed, and its log does not say why
[ $bad = 0 ]
