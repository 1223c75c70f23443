#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# declassified ROOT - every YF_DECLASSIFY under ROOT/src has its line, with a reason, in
# ROOT/tests/ct/declassified.txt, and every line there has its use. Prints how many there are.
set -eu
cd "$1"
list=tests/ct/declassified.txt

find src -name '*.[ch]' ! -name declassify.h | LC_ALL=C sort | xargs awk -v list="$list" '
# The first argument of the call: up to a comma that no bracket encloses.
function first(s,   i, c, depth) {
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (c ~ /[[({]/) depth++
        if (c ~ /[])}]/) depth--
        if (c == "," && depth == 0) break
    }
    return substr(s, 1, i - 1)
}
BEGIN {
    while ((getline line < list) > 0) {
        if (line ~ /^#/ || line == "") continue
        if (split(line, f, ": ") < 4 || f[4] == "") {
            print list ": not \"file: function: what: reason\": " line
            bad = 1
        }
        listed[f[1] ": " f[2] ": " f[3]]++
    }
}
FNR == 1 { where = "" }
/^[A-Za-z_][A-Za-z0-9_]*\(/ { where = $0; sub(/\(.*/, "", where) }
match($0, /YF_DECLASSIFY\(/) {
    use = FILENAME ": " where ": " first(substr($0, RSTART + RLENGTH))
    used++
    if (listed[use]-- <= 0) {
        print FILENAME ":" FNR ": not in " list ": " use
        bad = 1
    }
}
END {
    for (use in listed)
        if (listed[use] > 0) {
            print list ": no such use: " use
            bad = 1
        }
    print used + 0 " declassifications" (bad ? "" : ", each with its reason")
    exit bad
}'
