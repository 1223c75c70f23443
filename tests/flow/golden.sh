#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What an earlier version wrote must open for ever. Files are added here, never changed.
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/tap.sh"

at=$GOLDEN/sm-1
ok 'a key' "$YUFU" sm pub --key "$at/key.pem" --out pub
same 'and its public key' pub "$at/pub.pem"
ok 'a locked key' "$YUFU" sm pub --key "$at/locked.pem" --pass-file "$at/password" --out pub
same 'and its public key' pub "$at/locked-pub.pem"
ok 'a signature' "$YUFU" sm verify --key "$at/pub.pem" --sig "$at/msg.sig" "$at/msg"
ok 'one with an id' "$YUFU" sm verify --key "$at/pub.pem" --id golden --sig "$at/msg-id.sig" "$at/msg"
ok 'an SM2 ciphertext' "$YUFU" sm decrypt --key "$at/key.pem" --out plain "$at/msg.box"
same 'and what is in it' plain "$at/msg"
ok 'a list of digests' sh -c 'cd "$1" && "$0" sm hash --check msg.sums' "$YUFU" "$at"
for mode in cbc ctr gcm ccm; do
    ok "an SM4-$mode file" "$YUFU" sm cipher --mode $mode --key "$at/sm4.key" --decrypt --out plain "$at/msg.$mode"
    same 'and what is in it' plain "$at/msg"
done

at=$GOLDEN/card-1
cp "$at/blank.yfc" "$at/travel.yfc" . && chmod 600 blank.yfc travel.yfc
ok 'a blank card' sh -c '"$0" card show blank.yfc | grep -q "^serial 59554655424C414E, stage 01"' "$YUFU"
"$YUFU" card show travel.yfc >shown
ok 'a travel document' grep -q '^serial 595546555452564C, stage 1F' shown
ok 'with all its files' test "$(grep -c 'transparent .* activated' shown)" -eq 8
"$YUFU" apdu --card travel.yfc 80CA004500 80CA9F7000 00A4020C02011C 00B0000000 00A4040C07A0000002471001 >answers 2>.log
same 'which answers' answers "$at/travel.apdu"
ok 'keys of a card open it' "$YUFU" card personalise blank.yfc --keys "$at/blank.yfc.keys" --new-keys new.keys
status 3 'a copy of it that is broken is refused' sh -c 'head -c 266239 "$1/blank.yfc" >cut && exec "$0" card show cut' "$YUFU" "$at"
done_testing
