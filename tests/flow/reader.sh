#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cards behind a real PC/SC service with a virtual reader, in a place of its own, met by other people's
# programs. Outside that place the flow tries it; inside it calls itself.
# shellcheck source=tests/flow/insert.sh
. "$(dirname "$0")/insert.sh"
enter opensc-tool pcsc_scan "$@"
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/tap.sh"

"$YUFU" card readers >list
ok 'two readers, both empty' test "$(cat list)" = 'empty    Virtual PCD 00 00
empty    Virtual PCD 00 01'
"$YUFU" card readers --json >list
ok 'as JSON lines' grep -qx '{"reader":"Virtual PCD 00 01","card":false}' list
ok 'opensc-tool sees the same' sh -c 'opensc-tool --list-readers | grep -q "No .*Virtual PCD 00 00"'

# ---- a card in it ----
"$YUFU" card new a.yfc >.out
"$YUFU" card personalise a.yfc >.out
ok 'a card goes in' insert a.yfc
ok 'opensc-tool reads its ATR' test "$(opensc-tool --atr 2>/dev/null)" = 3b:e7:00:00:81:31:fe:45:80:31:d8:73:d6:21:e0:e1
opensc-tool -n >name 2>/dev/null
ok 'and has no name for it' grep -q 'Unsupported card' name
opensc-tool -s 00A4040C07A0000002471001 -s 00B0810000 2>/dev/null >sent
ok 'selects its application' grep -q 'SW1=0x90, SW2=0x00' sent
ok 'and may not read the holder'"'"'s data' grep -q 'SW1=0x69, SW2=0x82' sent
timeout 10 pcsc_scan -c >scan 2>/dev/null
ok 'pcsc_scan sees it' grep -q 'Card state: Card inserted' scan
ok 'with its ATR' grep -q 'ATR: 3B E7 00 00 81 31 FE 45 80 31 D8 73 D6 21 E0 E1' scan
"$YUFU" apdu --reader '00 00' 00A4020C02011C 00B0000000 >lines
ok 'apdu reads EF.CardAccess, from a reset on' grep -q '^< 3114.*9000$' lines
ok 'what the last one chose is forgotten' sh -c '"$0" apdu --reader "00 00" 00A4020C02011C | grep -qx "  9000 ok"' "$YUFU"
status 3 'a name that fits two readers' "$YUFU" apdu --reader Virtual 80CA9F7000
says 'says so' 'fits 2 readers'
status 3 'an empty reader' "$YUFU" apdu --reader '00 01' 80CA9F7000
status 3 'nobody else opens the file' "$YUFU" card show a.yfc
says 'says so' "'a.yfc': in use by another program"
ok 'it is taken out' take_out INT
ok 'in order' test "$taken" -eq 0
ok 'and says what it did' grep -q 'a.yfc: taken out after [0-9]* commands' inserted
ok 'nothing went wrong' test ! -s waiting
ok 'then it can be opened' sh -c '"$0" card show a.yfc >/dev/null' "$YUFU"

ok 'with another ATR' insert a.yfc --atr 3BE000008131FE45EB
ok 'that is the one' test "$(opensc-tool --atr 2>/dev/null)" = 3b:e0:00:00:81:31:fe:45:eb
ok 'killed, it is out' take_out KILL
ok 'and with one of T=0 alone' insert a.yfc --atr 3B00
status 3 'which is not read' "$YUFU" apdu --reader '00 00' 80CA9F7000
says 'and says why' 'the card speaks T=0 alone'
ok 'killed too' take_out KILL
ok 'and sound' sh -c '"$0" apdu --card a.yfc 80CA9F7000 >/dev/null' "$YUFU"

# ---- no reader, and no such thing ----
"$YUFU" card insert a.yfc --vpcd 127.0.0.1:1 >inserted 2>waiting &
inserted=$!
while [ ! -s waiting ]; do sleep 0.05; done
ok 'without a reader it waits, and says how to get one' \
    grep -q "yufu card insert: no virtual reader answers: '127.0.0.1:1': .*start pcscd" waiting
sleep 0.6
kill -TERM $inserted
wait $inserted
ok 'and stops in order' test $? -eq 0
ok 'it says it once' test "$(wc -l <waiting)" -eq 1
status 2 'a reader driver of its own' "$YUFU" card insert a.yfc --ifd
says 'is not built yet' 'not built yet'
status 2 'no place' "$YUFU" card insert a.yfc --vpcd localhost
status 2 'no port' "$YUFU" card insert a.yfc --vpcd localhost:99999
status 2 'no ATR' "$YUFU" card insert a.yfc --atr 3
status 3 'no card' "$YUFU" card insert list

"$YUFU" up --json >up.json 2>.log
ok 'the main job puts a card into a reader' \
    python3 -c 'import json; c = json.load(open("up.json"))["card"]; assert c["ok"] and c["reader"] == "Virtual PCD 00 00" and c["mrz"].startswith("P<UTO")'


# ---- where there is no virtual reader ----
without_vpcd() { # the same machine, but for that
    as=-r
    [ "$(id -u)" != 0 ] || as=
    unshare -m ${as:+"$as"} sh -c 'mount -t tmpfs none /etc/reader.conf.d && exec "$0" "$@"' "$YUFU" "$@"
}
measured() { python3 -c "import json; r = json.load(open('figures'))['results'][0]; assert r['name'] == 'apdu.vpcd' and $1"; }
"$YUFU" bench card apdu.vpcd --slice 1 --json >figures
ok 'a card through pcscd is measured' measured "r['value'] > 0 and 'not_measured' not in r"
without_vpcd bench card apdu.vpcd --slice 1 --json >figures
ok 'or it is said why not' measured "r['value'] is None and 'vsmartcard-vpcd' in r['not_measured']"
without_vpcd bench card apdu.vpcd --slice 1 >figures
ok 'in words too' grep -q 'apdu.vpcd  *not measured: no virtual reader is installed' figures

"$YUFU" lab reader -- sh -c 'exit 7' 2>/dev/null
ok 'a command there ends with its own status' test $? -eq 7
"$YUFU" lab reader -- sh -c '"$0" card insert a.yfc >left 2>&1 & while [ ! -s left ]; do sleep 0.05; done' "$YUFU"
ok 'a card left in the reader there is taken out' sh -c 'tail -n 1 left | grep -q "taken out after"'
ok 'and free' sh -c '"$0" apdu --card a.yfc 80CA9F7000 >/dev/null' "$YUFU"
cat >stubborn <<'TEXT'
trap '' TERM
echo $$ >left
while :; do sleep 0.1; done
TEXT
rm left
"$YUFU" lab reader -- sh -c 'sh stubborn & while [ ! -s left ]; do sleep 0.05; done'
ok 'nothing else is left there, willing or not' sh -c '! kill -0 "$(cat left)" 2>/dev/null'
status 3 'a command that is not there' "$YUFU" lab reader -- ./no-such-command
says 'says so' "cannot run: './no-such-command'"
status 2 'no command at all' "$YUFU" lab reader
done_testing
