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
done_testing
