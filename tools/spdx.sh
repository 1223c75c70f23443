#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# spdx ROOT - every source file says its licence in the first line, or in the second after #!.
# Programs that are linked with somebody else's GPL are GPL, stand in lab/interop and include
# nothing of ours.
set -eu
cd "$1"
find . \( -name .git -o -name 'build*' -o -path ./tools/faults/spdx \) -prune -o -type f \( -name '*.[chS]' \
    -o -name '*.sh' -o -name '*.ld' -o -name '*.ini' -o -name '*.py' -o -name 'meson*.build' \
    -o -name 'meson_options.txt' -o -path ./dev -o -path ./.ci/run \) -print |
    LC_ALL=C sort | xargs awk '
FNR == 1 { first = 1; silent[FILENAME] }
first && /SPDX-License-Identifier: Apache-2\.0/ { delete silent[FILENAME] }
FILENAME ~ /^\.\/lab\/interop\// && FNR == 1 && /SPDX-License-Identifier: GPL-3\.0-or-later/ {
    delete silent[FILENAME]
    foreign[FILENAME]
}
FILENAME in foreign && /^#[ \t]*include[ \t]*("|<yufu)/ {
    print FILENAME ":" FNR ": a GPL program that includes what is ours"
    wrong = 1
}
{ first = FNR == 1 && /^#!/ }
END {
    for (i = 1; i < ARGC; i++)
        if (ARGV[i] in silent) { print ARGV[i] ": no SPDX line"; wrong = 1 }
    if (!wrong) print ARGC - 1 " files, each with its SPDX line"
    exit wrong
}'
