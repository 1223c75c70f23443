#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# core LIBRARY host|arm NM CC... - links the whole freestanding core and asks nm what it still
# needs and what it keeps between calls; tools/core.txt says what it may.
set -eu
table=$(cd "$(dirname "$0")" && pwd)/core.txt
library=$1 kind=$2 nm=$3
shift 3
whole=$(mktemp)
trap 'rm -f "$whole"' EXIT
trap 'exit 1' HUP INT TERM
"$@" -r -nostdlib -o "$whole" -Wl,--whole-archive "$library"

# nm prints: name | value | class | type | size | line | section
"$nm" -f sysv "$whole" | awk -F '[ \t]*[|][ \t]*' -v table="$table" -v kind="$kind" '
BEGIN {
    while ((getline line < table) > 0) {
        sub(/#.*/, "", line)
        n = split(line, f, " ")
        for (i = 2; i <= n; i++) {
            if (f[1] == "need" && (f[2] == "any" || f[2] == kind)) need[f[i]]
            if (f[1] == "state") state[f[i]]
        }
    }
}
NF < 7 { next }
{ sub(/\.[0-9]+$/, "", $1); sub(/.*\./, "", $1) }    # gcc and clang mark a static of a function
$7 == "*UND*" {
    asked = asked " " $1
    if (!($1 in need)) { print "the core needs " $1; wrong = 1 }
}
$7 == "*COM*" || $7 ~ /^\.(t?data|t?bss)/ && $7 !~ /^\.data\.rel\.ro/ {
    if (!($1 in state)) { print "the core keeps " $1 " in " $7; wrong = 1 }
}
$7 ~ /^\.text/ && $4 == "FUNC" { functions++ }
END {
    if (!functions) { print "no function in the core"; wrong = 1 }
    if (!wrong) print functions " functions need" (asked ? asked : " nothing")
    exit wrong
}'
