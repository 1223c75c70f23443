#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# gpshell, an SCP03 host by other people (kaoh/globalplatform), meets the issuer's domain over PC/SC. What is
# asserted is what gpshell says and, once the card is out of its reader, what is on the card.
command -v gpshell >/dev/null || {
    echo '1..0 # SKIP gpshell is not installed; build it from github.com/kaoh/globalplatform and put it on PATH'
    exit 0
}
# shellcheck source=tests/flow/insert.sh
. "$(dirname "$0")/../flow/insert.sh"
enter gpshell "$@"
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/../flow/tap.sh"

# ---- keys ----
key() { sed -n "s/^$1 = //p" "$2.keys"; } # enc|mac|dek, of which card
keys() { echo "-enc_key $1 -mac_key $2 -kek_key $3"; }
transport() { keys "$(key enc "$1")" "$(key mac "$1")" "$(key dek "$1")"; }
first=$(keys 101112131415161718191A1B1C1D1E1F 202122232425262728292A2B2C2D2E2F 303132333435363738393A3B3C3D3E3F)
second=$(keys 505152535455565758595A5B5C5D5E5F505152535455565758595A5B5C5D5E5F \
    606162636465666768696A6B6C6D6E6F606162636465666768696A6B6C6D6E6F \
    707172737475767778797A7B7C7D7E7F707172737475767778797A7B7C7D7E7F)
third=$(keys 808182838485868788898A8B8C8D8E8F808182838485868788898A8B8C8D8E8F \
    909192939495969798999A9B9C9D9E9F909192939495969798999A9B9C9D9E9F \
    A0A1A2A3A4A5A6A7A8A9AAABACADAEAFA0A1A2A3A4A5A6A7A8A9AAABACADAEAF)

# ---- a meeting: the card goes in, gpshell has its say, the card comes out ----
# meet CARD [COMMAND...]: in the issuer's domain. Its keys come to gpshell on its standard input.
meet() {
    card=$1
    shift
    insert "$card" || return 9
    {
        printf '%s\n' mode_211 enable_trace establish_context 'card_connect -readerNumber 1 -protocol 1' \
            'select -AID A000000151000000' "$@" card_disconnect release_context
    } | gpshell >said 2>&1
    ended=$?
    take_out INT
    "$YUFU" card show "$card" --json >state
    return $ended
}
met() { meet "$@" >.log 2>&1; }
refused() { met "$@"; [ $? = 1 ]; } # by gpshell or the card; the next case says by whom
open_sc() { echo "open_sc -security $1 -keyind 0 -keyver $2 $3"; }
see='get_status -element 80'

# The answer to the last command whose bytes on the wire begin so, without Response <--.
answer() { sed -n "/^Wrapped command --> $1/{n;s/^Response <-- //p;}" said | tail -n 1; }
heard() { grep -q -- "$1" said || { cat said; return 1; }; }
wire() { answer "$1" | grep -qx "$2" || { cat said; return 1; }; }
holds() { # a Python expression about the card c and its key sets k
    python3 -c "import json; c = json.load(open('state')); k = {x['version']: x for x in c['keys']}; assert $1, c"
}

# ---- the transport keys, at every level ----
"$YUFU" card new a.yfc >.out
row='E3134F08A0000001510000009F700101C503985C00' mac='[0-9A-F]\{16\}' sessions=0
level() { # level, the same in gpshell's words, GET STATUS and its answer on the wire
    ok "level $1: a session with the transport keys" met a.yfc "$(open_sc "$2" 0 "$(transport a.yfc)")" "$see"
    ok "level $1: the card opened it" wire "8482${1}0010" 9000
    ok "level $1: the command goes as it must, and so its answer" wire "84F28002$3" "$4"
    ok "level $1: gpshell understood it" heard "^Unwrapped response <-- ${row}9000"
    ok "level $1: and shows the domain" heard '^a000000151000000  *| OP Ready'
    sessions=$((sessions + 1))
    ok "level $1: the card counted a session and no try" holds "k['FF']['sessions'] == $sessions and k['FF']['tries'] == 10"
}
level 01 1 0A "${row}9000"
level 03 3 18 "${row}9000"
level 11 17 0A "$row${mac}9000"
level 13 19 18 "$row${mac}9000"
level 33 51 18 "$mac$mac$mac$mac${mac}9000"
for cipher in aes-128 aes-192; do
    "$YUFU" card new $cipher.yfc --cipher $cipher >.out
    ok "$cipher: a session" met $cipher.yfc "$(open_sc 51 0 "$(transport $cipher.yfc)")" "$see"
    ok "$cipher: gpshell understood its answer" heard "^Unwrapped response <-- ${row}9000"
    ok "$cipher: is on the card" holds "k['FF']['cipher'] == '$cipher' and k['FF']['sessions'] == 1"
done

# ---- wrong keys ----
zeros=0000000000000000000000000000000000000000000000000000000000000000
enc=$(key enc a.yfc) mac_key=$(key mac a.yfc) dek=$(key dek a.yfc)
other_card='pseudo random card challenge from the card does not match'
ok 'a wrong MAC key: gpshell refuses the card' refused a.yfc "$(open_sc 51 0 "$(keys "$enc" $zeros "$dek")")" "$see"
ok 'for its cryptogram' heard 'verification of the card cryptogram failed'
ok 'a wrong ENC key: so it does' refused a.yfc "$(open_sc 51 0 "$(keys $zeros "$mac_key" "$dek")")" "$see"
ok 'for its challenge' heard "$other_card"
ok 'the card was asked to compare nothing' holds "k['FF']['sessions'] == 7 and k['FF']['tries'] == 10"
forge='send_apdu_nostop -sc 0 -APDU'
ok 'a forged authentication' met a.yfc "$forge 80500000080011223344556677" "$forge 848203001000112233445566778899AABBCCDDEEFF" \
    "$forge 80F28002024F00"
ok 'is refused by the card' wire 84820300 6300
ok 'and opened nothing' wire 80F28002 6982
ok 'it cost a try' holds "k['FF']['tries'] == 9"
ok 'a wrong DEK opens a session' refused a.yfc "$(open_sc 3 0 "$(keys "$enc" "$mac_key" $zeros)")" \
    "put_sc_key -keyver 0 -newkeyver 1 $first"
ok 'in which keys are refused' wire 84D80081 6982
ok 'no key came of it, and the right MAC gave the try back' holds "list(k) == ['FF'] and k['FF']['tries'] == 10"
ok 'a set that is not there' refused a.yfc "$(open_sc 51 9 "$(transport a.yfc)")"
ok 'is refused' heard '^Response <-- 6A88'

# ---- sets put, opened, replaced, deleted ----
ok 'a set put with the transport keys' met a.yfc "$(open_sc 51 0 "$(transport a.yfc)")" "put_sc_key -keyver 0 -newkeyver 1 $first"
ok 'has its check values' heard '^Unwrapped response <-- 01[0-9A-F]\{18\}9000'
ok 'and is on the card instead of them' holds "list(k) == ['01'] and k['01']['cipher'] == 'aes-128' and k['01']['sessions'] == 0"
ok 'the transport keys open nothing more' refused a.yfc "$(open_sc 51 0 "$(transport a.yfc)")" "$see"
ok 'to gpshell it is another card' heard "$other_card"
ok 'not by their number either' refused a.yfc "$(open_sc 51 255 "$(transport a.yfc)")" "$see"
ok 'which is not there' heard '^Response <-- 6A88'
ok 'the new set opens a session and puts another' met a.yfc "$(open_sc 19 1 "$first")" "$see" "put_sc_key -keyver 0 -newkeyver 2 $second"
ok 'both are there' holds "sorted(k) == ['01', '02'] and k['02']['cipher'] == 'aes-256'"
ok 'the other replaces itself and deletes the first' met a.yfc "$(open_sc 51 2 "$second")" 'delete_key -keyver 1' \
    "put_sc_key -keyver 2 -newkeyver 2 $third"
ok 'it alone is there' holds "list(k) == ['02'] and k['02']['cipher'] == 'aes-256'"
ok 'what it was before is refused' refused a.yfc "$(open_sc 51 2 "$second")" "$see"
ok 'by gpshell' heard "$other_card"
ok 'what it is now is not' met a.yfc "$(open_sc 51 2 "$third")" "$see"

# ---- the next owner, and an application ----
travel=07A0000002471001
ok 'to the next stage, and a travel document installed' met a.yfc "$(open_sc 51 2 "$third")" 'send_apdu -sc 1 -APDU 80F0800300' \
    "send_apdu -sc 1 -APDU 80E60C001E$travel$travel${travel}010002C9000000" 'get_status -element 40'
ok 'gpshell sees it' heard '^a0000002471001  *| '
ok 'it is there' holds "c['stage'] == '03' and 'A0000002471001' in [a['aid'] for a in c['applications']]"
done_testing
