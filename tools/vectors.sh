#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# vectors ROOT - every file of vectors says its licence, has only fields, and holds as many
# records as its head says (where it says so).
set -eu
cd "$1/tests/vectors"
wrong=0
for f in *.txt; do
    awk '
        NR == 1 && !/^# SPDX-License-Identifier: / { print FILENAME ": no SPDX line"; wrong = 1 }
        /^# [0-9]+ records\.$/ { said = $2 }
        /^#/ || /^\[.*\]$/ { next }
        /^$/ { n += open; open = 0; next }
        !/^[a-zA-Z0-9_]+ =( |$)/ { print FILENAME ":" NR ": not a field"; wrong = 1 }
        { open = 1 }
        END {
            n += open
            if (said != "" && n != said) { print FILENAME ": says " said " records, holds " n; wrong = 1 }
            if (!n) { print FILENAME ": no records"; wrong = 1 }
            exit wrong
        }' "$f" || wrong=1
done
exit $wrong
