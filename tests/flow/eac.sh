#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# libeac's terminal meets a card in a virtual reader, over PC/SC.
[ -n "${EACPEER:-}" ] || { echo '1..0 # SKIP libeac is not installed'; exit 0; }
why=$("$YUFU" lab reader -- true 2>&1)
case $why in
*' installed: '* | *namespace*) echo "1..0 # SKIP $why" && exit 0 ;;
esac
exec "$YUFU" lab reader -- "$FLOW_EAC" pcsc
