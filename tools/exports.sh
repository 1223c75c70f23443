#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exports LIBRARY NM INCLUDE_DIR - the shared library exports what the public headers declare
# with YF_API: all of it, nothing else, and every name begins with yf_.
set -eu
symbols=$(mktemp)
trap 'rm -f "$symbols"' EXIT
"$2" -D --defined-only -f posix "$1" >"$symbols"
find "$3" -name '*.h' -print0 | LC_ALL=C sort -z | xargs -0 awk -v symbols="$symbols" '
# The last word before the parameters is the name; a list of objects has one before each comma.
function declare(text,   item, n, i) {
    sub(/[(;].*/, "", text)
    gsub(/\[[^]]*\]/, "", text)
    n = split(text, item, ",")
    for (i = 1; i <= n; i++)
        if (match(item[i], /[A-Za-z0-9_]+[ \n]*$/)) {
            item[i] = substr(item[i], RSTART)
            sub(/[ \n]+/, "", item[i])
            declared[item[i]]
        }
}
/^[ \t]*#/ { next }
{ sub(/\/\/.*/, ""); text = text $0 "\n" }
END {
    while (match(text, /\/\*([^*]|\*+[^*\/])*\*+\//))
        text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
    n = split(text, part, "YF_API")
    for (i = 2; i <= n; i++) declare(part[i])
    while ((getline < symbols) > 0) exported[$1]
    for (s in exported) {
        count++
        if (s !~ /^yf_/) bad[s " is exported and does not begin with yf_"]
        if (!(s in declared)) bad[s " is exported and no public header declares it YF_API"]
    }
    for (s in declared)
        if (!(s in exported)) bad[s " is declared YF_API and not exported"]
    for (b in bad) { print b; wrong = 1 }
    if (!count) { print "nothing is exported"; wrong = 1 }
    if (!wrong) print count " symbols exported, all declared"
    exit wrong
}'
