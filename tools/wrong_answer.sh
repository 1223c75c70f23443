#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wrong_answer VECTORS FILE FIELD PROGRAM - the program, given the vectors with one hex digit of the
# first FIELD in FILE changed, must say so: a test that passes a wrong answer tests nothing.
set -eu
vectors=$1 file=$2 field=$3 program=$4
tests=$(mktemp -d)
trap 'rm -rf "$tests"' EXIT
trap 'exit 1' HUP INT TERM

mkdir "$tests/vectors"
ln -s "$vectors"/* "$tests/vectors"
rm "$tests/vectors/$file"
awk -v field="$field" '
!done && $1 == field && $2 == "=" && $3 != "" {
    $3 = (substr($3, 1, 1) == "0" ? "1" : "0") substr($3, 2)
    done = 1
}
{ print }
END { exit !done }' "$vectors/$file" >"$tests/vectors/$file" || { echo "no $field in $file"; exit 1; }

if YF_TESTS=$tests "$program" >"$tests/out" 2>&1; then
    echo "a wrong $field in $file passes"
    exit 1
fi
grep -q '^not ok' "$tests/out" || { echo "it broke off:"; cat "$tests/out"; exit 1; }
