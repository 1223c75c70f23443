#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers ROOT [STAMP DEPFILE] - includes point down, and the chip's rooms include no C library.
#
# Holds every #include under ROOT/{src,include/yufu,lab,firmware} against layers.txt. With STAMP
# and DEPFILE it is a step of the build, taken again when one of those files or folders changes.
set -eu
table=$(cd "$(dirname "$0")" && pwd)/layers.txt
start=$(pwd)
cd "$1"
tree=$(find src include/yufu lab firmware \( -type d -o -name '*.[chS]' \) 2>/dev/null | LC_ALL=C sort)

printf '%s\n' "$tree" | grep '\.[chS]$' | xargs awk -v table="$table" -v build="${2:-}" '
function room(path,   part, n) {
    n = split(path, part, "/")
    if (part[1] == "lab" || part[1] == "firmware") return part[1]
    if (part[1] == "src") return part[2]
    return n == 3 ? "base" : part[3]    # include/yufu/base.h stands above the folders
}
function chip(path,   h) {
    for (h in host)
        if (index(path, h) == 1) return 0
    return path in free || room(path) in free
}
function plain(path) {
    while (sub(/[^\/]+\/\.\.\//, "", path)) ;
    return path
}
function resolve(name, from,   beside) {
    beside = from
    sub(/[^\/]*$/, "", beside)
    beside = plain(beside name)
    if (beside in exists) return beside
    if ("src/" name in exists) return "src/" name
    if ("include/" name in exists) return "include/" name
    return ""
}
function may(a, b) {
    if (a == b || (a, b) in also) return 1
    if (b in only && only[b] != a) return 0
    return floor[b] < floor[a]
}
function bad(says) {
    print FILENAME ":" FNR ": " says
    wrong = 1
}
BEGIN {
    while ((getline line < table) > 0) {
        sub(/#.*/, "", line)
        n = split(line, f, " ")
        if (f[1] == "floor") floors++
        if (f[1] == "also") also[f[2], f[3]]
        if (f[1] == "only") only[f[3]] = f[2]
        if (f[1] == "hosted") host[f[2]]
        for (i = 2; i <= n; i++) {
            if (f[1] == "floor") floor[f[i]] = floors
            if (f[1] == "free") free[f[i]]
            if (f[1] == "system") header[f[i]]
        }
    }
    for (i = 1; i < ARGC; i++) exists[ARGV[i]]
}
FNR == 1 {
    here = room(FILENAME)
    freestanding = chip(FILENAME)
    files++
    if (!(here in floor)) bad("room " here " is not in layers.txt")
}
match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/) {
    name = substr($0, RSTART, RLENGTH)
    ours = name ~ /"$/ || name ~ /<yufu\//
    gsub(/.*include[ \t]*[<"]|[>"]$/, "", name)
    if (!ours) {
        if (freestanding && !(name in header)) bad("freestanding code may not include <" name ">")
        next
    }
    includes++
    file = resolve(name, FILENAME)
    there = room(file)
    if (file == "") bad("cannot find " name)
    else if (!may(here, there)) bad(here " may not include " there ": " name)
    else if (freestanding && !chip(file)) bad("freestanding code may not include hosted " file)
}
END {
    if (!wrong && !build) print files " files, " includes " includes, all down"
    exit wrong
}'

[ $# = 3 ] || exit 0
cd "$start"
: > "$2"
printf '%s\n' "$tree" | sed "s|^|$1/|; s| |\\\\ |g" |
    awk -v out="$2" 'BEGIN { printf "%s:", out } { printf " %s", $0 } END { print "" }' > "$3"
