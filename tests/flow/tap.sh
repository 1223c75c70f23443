# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# A few words for tests of programs, in TAP. Sourced by the flows; $YUFU is the program.
#
#     ok 'what must hold' COMMAND...         exits 0
#     status 3 'what is refused' COMMAND...  exits 3, and says why in one line that begins as the contract says
#     done_testing
#
# Each flow works in a folder of its own that goes away with it.

set -u
n=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work" || exit 1

result() { # yes|no, text
    n=$((n + 1))
    if [ "$1" = yes ]; then
        echo "ok $n - $2"
    else
        failed=$((failed + 1))
        echo "not ok $n - $2"
        sed 's/^/# /' .log
    fi
}

ok() {
    text=$1
    shift
    if "$@" >.log 2>&1; then result yes "$text"; else result no "$text"; fi
}

# One line on standard error, begun by the program's name, and the exit status.
status() {
    want=$1 text=$2
    shift 2
    "$@" >.out 2>.log
    got=$?
    if [ "$got" -eq "$want" ] && [ "$(wc -l <.log)" -eq 1 ] && grep -q '^yufu[ a-z]*: [^:]*: ' .log; then
        result yes "$text"
    else
        echo "exit status $got, wanted $want" >>.log
        result no "$text"
    fi
}

same() { # text, file, file
    if cmp "$2" "$3" >.log 2>&1; then result yes "$1"; else result no "$1"; fi
}

absent() { # text, file
    if [ -e "$2" ]; then echo "$2 exists" >.log && result no "$1"; else result yes "$1"; fi
}

says() { # text, pattern: in the standard error of the last status
    if grep -q -- "$2" .log; then result yes "$1"; else result no "$1"; fi
}

done_testing() {
    echo "1..$n"
    [ "$failed" -eq 0 ]
}
