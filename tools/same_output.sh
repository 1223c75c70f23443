#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_output FILE COMMAND... - passes when the command writes exactly what FILE holds.
set -eu
file=$1
shift
"$@" | cmp - "$file"
