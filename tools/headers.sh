#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# headers INCLUDE_DIR CXX CC... - each public header compiles alone, as C11 and as C++17.
set -eu
cd "$1"
cxx=$2
shift 2
find yufu -name "*.h" | LC_ALL=C sort | awk -v cc="$*" -v cxx="$cxx" '
{
    include = "echo \"#include <" $0 ">\" | "
    warn = " -I. -Wall -Wextra -Werror -fsyntax-only "
    c = system(include cc warn "-std=c11 -pedantic -x c -")
    cpp = system(include cxx warn "-std=c++17 -x c++ -")
    if (c) print $0 ": not C11"
    if (cpp) print $0 ": not C++17"
    wrong += c || cpp
}
END {
    if (!NR) print "no header here"
    else if (!wrong) print NR " headers stand alone"
    exit !NR || wrong
}'
