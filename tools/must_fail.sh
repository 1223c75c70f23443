#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# must_fail TEXT COMMAND... - passes when the command fails and says TEXT: how a checker is
# shown its seeded fault.
text=$1
shift
if out=$("$@" 2>&1); then
    printf '%s\nthe fault went unnoticed\n' "$out"
    exit 1
fi
printf '%s\n' "$out"
case $out in
*"$text"*) exit 0 ;;
esac
printf 'it failed, but does not say: %s\n' "$text"
exit 1
