#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cards behind a real PC/SC service with a virtual reader, in a place of its own, met by other people's
# programs. Outside that place the flow tries it; inside it calls itself.
# shellcheck source=tests/flow/tap.sh

if [ $# = 0 ]; then
    for tool in opensc-tool pcsc_scan; do
        command -v $tool >/dev/null || { echo "1..0 # SKIP $tool is not installed"; exit 0; }
    done
    why=$("$YUFU" lab reader -- true 2>&1)
    case $why in
    *' installed: '* | *namespace*) echo "1..0 # SKIP $why" && exit 0 ;;
    esac
    exec "$YUFU" lab reader -- sh "$0" inside
fi
. "$(dirname "$0")/tap.sh"

"$YUFU" card readers >list
ok 'two readers, both empty' test "$(cat list)" = 'empty    Virtual PCD 00 00
empty    Virtual PCD 00 01'
"$YUFU" card readers --json >list
ok 'as JSON lines' grep -qx '{"reader":"Virtual PCD 00 01","card":false}' list
ok 'opensc-tool sees the same' sh -c 'opensc-tool --list-readers | grep -q "No .*Virtual PCD 00 00"'

"$YUFU" lab reader -- sh -c 'exit 7' 2>/dev/null
ok 'a command there ends with its own status' test $? -eq 7
status 3 'a command that is not there' "$YUFU" lab reader -- ./no-such-command
says 'says so' "cannot run: './no-such-command'"
status 2 'no command at all' "$YUFU" lab reader
done_testing
