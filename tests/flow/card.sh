#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Cards in files: made, shown, spoken to, personalised, and what is refused.
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/tap.sh"

json() { python3 -c 'import json,sys; d=[json.loads(l) for l in sys.stdin]; assert d; '"$1"; }
mode() { stat -c %a "$1"; }

# ---- new ----
ok 'a blank card' "$YUFU" card new a.yfc --serial 0102030405
ok 'is its owner'"'"'s alone' test "$(mode a.yfc) $(mode a.yfc.keys)" = '600 600'
cp a.yfc before
status 3 'a card is not overwritten' "$YUFU" card new a.yfc --keys other
says 'says so' "'a.yfc': a card is never overwritten"
same 'and is as it was' before a.yfc
absent 'no keys are left of it' other
status 3 'nor are keys' "$YUFU" card new b.yfc --keys a.yfc.keys
absent 'and no card is left of that' b.yfc
status 3 'a folder that is not there' "$YUFU" card new no/b.yfc
status 2 'no such cipher' "$YUFU" card new b.yfc --cipher rot13
status 2 'a serial number that is none' "$YUFU" card new b.yfc --serial xy
status 2 'one too long' "$YUFU" card new b.yfc --serial 0102030405060708090A0B0C0D0E0F1011
for cipher in aes-128 aes-192 aes-256 sm4; do
    ok "keys for $cipher" "$YUFU" card new $cipher.yfc --cipher $cipher
    ok 'are on the card' sh -c '"$0" card show "$1.yfc" | grep -q "version FF, $1, 10 tries left, 0 sessions"' "$YUFU" $cipher
done
ok 'no two alike' sh -c '! cmp -s aes-128.yfc.keys sm4.yfc.keys'

# ---- show ----
"$YUFU" card show a.yfc >text
ok 'shows serial and stage' grep -qx 'serial 0102030405, stage 01: chip maker' text
"$YUFU" card show a.yfc --json >show.json
ok 'as JSON' json 'c = d[0]; assert c["serial"] == "0102030405" and c["stage"] == "01" and c["private"] is True' <show.json
ok 'with its applications' json 'assert [a["name"] for a in d[0]["applications"]] == ["root", "issuer"]' <show.json
ok 'no key is shown' sh -c '! grep -q "$(sed -n "s/^enc = //p" a.yfc.keys)" show.json text'
same 'looking changes nothing' before a.yfc
chmod 644 a.yfc
ok 'says who else can read it' sh -c '"$0" card show a.yfc | grep -q "others can read it: chmod 600"' "$YUFU"
chmod 600 a.yfc

# ---- apdu ----
"$YUFU" apdu --card a.yfc 80CA9F7000 '80 ca 00:45 00' 00FE0000 >text
cat >want <<'TEXT'
> 80CA9F7000
< 9F7001019000
  9000 ok
> 80CA004500
< 450501020304059000
  9000 ok
> 00FE0000
< 6D00
  6D00 instruction not supported
TEXT
same 'commands and responses' want text
printf '# its stage\n80CA9F7000\n\n00FE0000 # nothing\n' | "$YUFU" apdu --json --card a.yfc - >lines
ok 'from standard input, as JSON lines' json 'assert [x["sw"] for x in d] == ["9000", "6D00"] and d[0]["data"] == "9F700101"' <lines
status 2 'a command that is none' "$YUFU" apdu --card a.yfc 80CA9F7000 80CA9F
says 'which is too short' "'80CA9F': 3 bytes, and the least is 4"
ok 'and then nothing is sent' test ! -s .out
status 2 'half a byte' "$YUFU" apdu --card a.yfc 80CA9F700
says 'says so' "'80CA9F700': half a byte"
status 2 'what is not hex' "$YUFU" apdu --card a.yfc '80 CA x'
says 'says where' "its character 7 is no hex digit"
long=$(head -c 66000 /dev/zero | tr '\0' 0)
printf '%s%s' "$long" "$long" >long
status 2 'one that is too long' sh -c '"$0" apdu --card a.yfc - <long' "$YUFU"
says 'says how long it may be, in a short line' "'0\{40\}\.\.\.': longer than 65544 bytes"
ok 'tabs are space, too' sh -c 'printf "\t80CA\t9F7000\n\t\n" | "$0" apdu --card a.yfc - | grep -qx "< 9F7001019000"' "$YUFU"
status 2 'no command' "$YUFU" apdu --card a.yfc
status 2 'no card' "$YUFU" apdu 00A4
status 2 'two of them' "$YUFU" apdu --card a.yfc --reader x 80CA9F7000
status 3 'a reader that is not there' "$YUFU" apdu --reader 'no such reader' 80CA9F7000

# ---- one at a time ----
if command -v flock >/dev/null; then
    flock --no-fork a.yfc sleep 20 &
    sleeper=$!
    while flock -n a.yfc true; do sleep 0.05; done
    status 3 'a second program is refused' "$YUFU" apdu --card a.yfc 80CA9F7000
    says 'with the name of the file' "'a.yfc': in use by another program"
    status 3 'also one that only looks' "$YUFU" card show a.yfc
    kill $sleeper
    wait $sleeper 2>/dev/null
    while ! flock -n a.yfc true; do sleep 0.05; done
fi

# ---- what is no card ----
status 3 'a file that is not there' "$YUFU" card show nothing.yfc
status 3 'a file that is none' "$YUFU" card show text
says 'says so' "'text': not a card file"
head -c 1000 before >short
status 3 'a piece of one' "$YUFU" card show short
says 'says that it is one' 'cut short after 1000 bytes'
head -c 200000 before >short
status 3 'a longer piece' "$YUFU" card show short
says 'says how much there is' 'cut short after 200000 of 266240 bytes'
{ head -c 9 before && printf '\002' && tail -c +11 before; } >newer
status 3 'a version to come' "$YUFU" card show newer
says 'is refused by its number' 'version 2; this program knows version 1'
{ head -c 4096 before && tail -c +4097 before | tr '\001' '\003'; } >damaged
status 3 'a damaged memory' "$YUFU" apdu --card damaged 80CA9F7000
says 'makes a mute card' 'the card is mute'

# ---- personalise ----
status 1 'other keys are not its keys' "$YUFU" card personalise a.yfc --keys sm4.yfc.keys --new-keys n
says 'says so' 'wrong keys'
absent 'and no keys are made for nothing' n
status 2 'its own keys are no issuer'"'"'s' "$YUFU" card personalise a.yfc --new-keys a.yfc.keys
says 'says so' "'a.yfc.keys': version FF, not 04"
status 3 'keys that are none' "$YUFU" card personalise a.yfc --keys text
status 2 'no such profile' "$YUFU" card personalise a.yfc --profile secret
"$YUFU" card personalise a.yfc --json >perso.json 2>.log
ok 'a travel document of nobody' json 'assert d[0]["signed"] is False and len(d[0]["mrz1"]) == 44 and d[0]["mrz1"].startswith("P<UTO")' <perso.json
ok 'has its files' sh -c '"$0" card show a.yfc | grep -q "^     0102 transparent  *16[0-9]* bytes  activated  *read bac-or-pace update never"' "$YUFU"
ok 'and the issuer'"'"'s keys' sh -c '"$0" card show a.yfc | grep -q "version 04"' "$YUFU"
ok 'which are private, too' test "$(mode a.yfc.issuer.keys)" = 600
status 1 'once' "$YUFU" card personalise a.yfc
status 1 'with other names, too' "$YUFU" card personalise a.yfc --new-keys n
absent 'and without more keys' n
bytes=$(printf '\377.yfc')
cp before "$bytes" && chmod 600 "$bytes"
"$YUFU" card personalise "$bytes" --keys a.yfc.keys --json >perso.json 2>.log
ok 'JSON has no place for a name of other bytes, but for the rest' json 'assert d[0]["can"].isdigit() and "file" not in d[0]' <perso.json
ok 'in SM' "$YUFU" card personalise sm4.yfc --profile sm
"$YUFU" apdu --card a.yfc 00A4020C02011C 00B0000016 00A4040C07A0000002471001 00B0810000 >text
ok 'EF.CardAccess is free, DG1 is not' test "$(grep '^  ' text | cut -c3-6 | tr '\n' ' ')" = '9000 9000 9000 6982 '

# ---- killed on the way, as often as it takes ----
kills=0
for ms in 004 006 008 010 012 014 016 018 020 025 030 040 060 100 200 400; do
    "$YUFU" card personalise aes-256.yfc >.out 2>.log &
    child=$!
    sleep "0.$ms"
    kill -KILL $child 2>/dev/null && kills=$((kills + 1))
    wait $child 2>/dev/null
    "$YUFU" card show aes-256.yfc >text 2>.log || break
    grep -q 'stage 1F' text && break
    if grep -q 'version 0' text; then # the issuer's keys are on it
        status 1 'if their file is not found then, no others are made up' \
            "$YUFU" card personalise aes-256.yfc --new-keys mislaid
        says 'and it says which it wants' "'mislaid': .*has his already.*--new-keys"
        absent 'nothing is written' mislaid
    fi
done
grep -q 'stage 1F' text || "$YUFU" card personalise aes-256.yfc >.out 2>.log
ok 'killed while it is personalised, it is sound and can be gone on with' \
    sh -c '"$0" card show aes-256.yfc | grep -q "stage 1F"' "$YUFU"
echo "# killed $kills times"
done_testing
