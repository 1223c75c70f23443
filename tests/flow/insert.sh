# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Cards in the virtual reader of `yufu lab reader`. Sourced by the flows that live there, after tap.sh.
#
#     enter TOOL... "$@"     at the very top: goes there, or skips the flow and says what is missing
#     insert FILE [ARG...]   returns when the card is seen in its reader
#     take_out SIGNAL        $taken is how the program that held it ended

enter() {
    while [ "${1-inside}" != inside ]; do
        command -v "$1" >/dev/null || { echo "1..0 # SKIP $1 is not installed"; exit 0; }
        shift
    done
    [ $# = 0 ] || return 0
    why=$("$YUFU" lab reader -- true 2>&1)
    case $why in
    *' installed: '* | *namespace*) echo "1..0 # SKIP $why" && exit 0 ;;
    esac
    exec "$YUFU" lab reader -- sh "$0" inside
}

card_in() { for _ in 1 2 3 4 5 6 7 8 9 10; do "$YUFU" card readers | grep -q ^card && return; sleep 0.2; done; return 1; }
card_out() { for _ in 1 2 3 4 5 6 7 8 9 10; do "$YUFU" card readers | grep -q ^card || return 0; sleep 0.2; done; return 1; }

insert() {
    "$YUFU" card insert "$@" >inserted 2>waiting &
    inserted=$!
    card_in
}

take_out() {
    kill -"$1" "$inserted"
    wait "$inserted" 2>/dev/null
    # shellcheck disable=SC2034 # for who sources this
    taken=$?
    card_out
}
