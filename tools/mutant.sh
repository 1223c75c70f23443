#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mutant SOURCE TEXT REPLACEMENT OUT - writes SOURCE with one fault in it to OUT. TEXT is matched
# as it stands, may span lines, and must occur exactly once: a fault that no longer finds its place
# is an error, not a test that passes.
set -eu
[ $# = 4 ] || { echo "usage: mutant.sh SOURCE TEXT REPLACEMENT OUT" >&2; exit 2; }

TEXT=$2 REPLACEMENT=$3 awk -v source="$1" '
{ all = all $0 "\n" }
END {
    text = ENVIRON["TEXT"]
    at = index(all, text)
    if (!length(text) || !at) { print source ": not there: " text > "/dev/stderr"; exit 1 }
    rest = substr(all, at + length(text))
    if (index(rest, text)) { print source ": more than once: " text > "/dev/stderr"; exit 1 }
    printf "#line 1 \"%s\"\n%s%s%s", source, substr(all, 1, at - 1), ENVIRON["REPLACEMENT"], rest
}' "$1" >"$4" || { rm -f "$4"; exit 1; }
