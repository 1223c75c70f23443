#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# must_fail TEXT COMMAND... - passes when the command fails and says TEXT: how a checker is
# shown its seeded fault.
text=$1
shift
if out=$("$@" 2>&1); then
    case $out in
    '1..0 # SKIP '*) echo "${out#1..0 # SKIP }"; exit 77 ;;
    esac
    verdict='the fault went unnoticed'
else
    case $out in
    *"$text"*) verdict= ;;
    *) verdict="it failed, but does not say: $text" ;;
    esac
fi
printf '%s\n' "$out" | sed 's/^/    /'
echo "$verdict"
[ -z "$verdict" ]
