#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `yufu sm` and `openssl` read what the other wrote: keys, signatures, ciphertexts, digests.
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/tap.sh"

default_id=1234567812345678
printf 'message digest' >msg
head -c 100000 /dev/urandom >big
: >empty

# ---- keys ----

ok 'keygen' "$YUFU" sm keygen --out ours.key
ok 'the key file is for its owner only' test "$(stat -c %a ours.key)" = 600
cp ours.key before.key
status 3 'a key that is there is not replaced' "$YUFU" sm keygen --out ours.key
same 'nor touched' ours.key before.key
ok 'unless it is forced' "$YUFU" sm keygen --force --out ours.key
ok 'pub' "$YUFU" sm pub --key ours.key --out ours.pub
ok 'openssl makes a key' openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out theirs.key
ok 'openssl makes a public key' openssl pkey -in theirs.key -pubout -out theirs.pub

ok 'openssl reads our key' openssl pkey -in ours.key -out again.key
same 'and writes the same bytes' ours.key again.key
ok 'openssl derives the same public key' openssl pkey -in ours.key -pubout -out again.pub
same 'byte for byte' ours.pub again.pub
ok 'we read theirs' "$YUFU" sm pub --key theirs.key --out again.pub
same 'and derive the same public key' theirs.pub again.pub
ok 'openssl writes DER' openssl pkey -in theirs.key -outform DER -out theirs.der
ok 'we read DER' "$YUFU" sm pub --key theirs.der --out again.pub
same 'and it is the same key' theirs.pub again.pub
ok 'openssl writes SEC 1' openssl ec -in theirs.key -out theirs.sec1
ok 'we read SEC 1' "$YUFU" sm pub --key theirs.sec1 --out again.pub
same 'and it is the same key' theirs.pub again.pub

printf 'correct horse' >pass
printf 'wrong horse' >nopass
ok 'an encrypted key' "$YUFU" sm keygen --encrypt --pass-file pass --out locked.key
ok 'openssl opens it' openssl pkey -in locked.key -passin file:pass -pubout -out locked.pub
ok 'so do we' "$YUFU" sm pub --key locked.key --pass-file pass --out again.pub
same 'and see the same key' locked.pub again.pub
ok 'a password may come by a descriptor' sh -c '"$0" sm pub --key locked.key --pass-fd 5 --out again.pub 5<pass' "$YUFU"
ok 'openssl encrypts its key' openssl pkey -in theirs.key -aes-256-cbc -passout file:pass -out theirs.locked
ok 'we open it' "$YUFU" sm pub --key theirs.locked --pass-file pass --out again.pub
same 'and see the same key' theirs.pub again.pub
status 3 'a wrong password is refused' "$YUFU" sm pub --key locked.key --pass-file nopass --out none
says 'and named' 'password'
absent 'and nothing is written' none

# ---- signatures ----

sig() { # text, id for openssl (empty: none), options for us...
    text=$1 id=$2
    shift 2
    for who in ours theirs; do
        for what in msg big empty; do
            ok "sign $what, $text, $who" "$YUFU" sm sign --key $who.key "$@" --out sig $what
            ok 'verified by openssl' openssl pkeyutl -verify -pubin -inkey $who.pub -rawin -digest sm3 -pkeyopt "distid:$id" -in $what -sigfile sig
            ok 'and by us' "$YUFU" sm verify --key $who.pub "$@" --sig sig $what
            openssl pkeyutl -sign -inkey $who.key -rawin -digest sm3 -pkeyopt "distid:$id" -in $what -out sig
            ok "signed by openssl, $what, $text, $who" "$YUFU" sm verify --key $who.pub "$@" --sig sig $what
        done
    done
}
sig 'default id' $default_id
sig 'an id' alice@example.org --id alice@example.org

ok 'an empty id' "$YUFU" sm sign --key ours.key --id '' --out sig msg
ok 'is what openssl does without one' openssl pkeyutl -verify -pubin -inkey ours.pub -rawin -digest sm3 -in msg -sigfile sig
status 1 'and not the default' "$YUFU" sm verify --key ours.pub --sig sig msg
status 1 'another message does not verify' "$YUFU" sm verify --key ours.pub --id '' --sig sig big
status 1 'nor with another key' "$YUFU" sm verify --key theirs.pub --id '' --sig sig msg
ok 'verify takes a private key file too' "$YUFU" sm verify --key ours.key --id '' --sig sig msg
ok 'the signature to standard output' sh -c '"$0" sm sign --key ours.key msg >sig' "$YUFU"
ok 'the message from standard input' sh -c '"$0" sm verify --key ours.pub --sig sig - <msg' "$YUFU"
printf 'x' >>sig
status 1 'a trailing byte does not verify' "$YUFU" sm verify --key ours.pub --sig sig msg
: >sig
status 1 'nor does an empty signature' "$YUFU" sm verify --key ours.pub --sig sig msg
id8192=$(head -c 8192 /dev/zero | tr '\0' a)
status 2 'an id of 8192 bytes is refused' "$YUFU" sm sign --key ours.key --id "$id8192" --out none msg
absent 'and nothing is written' none
ok 'one of 8191 is not' "$YUFU" sm sign --key ours.key --id "${id8192#a}" --out sig msg

ln -s real link
: >real
ok 'an output that is a link' "$YUFU" sm sign --key ours.key --out link msg
ok 'stays one, and what it means is written' sh -c 'test -L link && test -s real'

# ---- encryption ----

for who in ours theirs; do
    for what in msg big; do
        ok "encrypt $what for $who" "$YUFU" sm encrypt --key $who.pub --out box $what
        ok 'openssl decrypts' openssl pkeyutl -decrypt -inkey $who.key -in box -out plain
        same 'to the same' plain $what
        ok 'openssl encrypts' openssl pkeyutl -encrypt -pubin -inkey $who.pub -in $what -out box
        rm -f plain
        ok 'we decrypt' "$YUFU" sm decrypt --key $who.key --out plain box
        same 'to the same' plain $what
    done
done
ok 'what is decrypted is for its owner only' test "$(stat -c %a plain)" = 600
rm -f plain
status 1 'the wrong key does not decrypt' "$YUFU" sm decrypt --key ours.key --out plain box
absent 'and nothing is written' plain
head -c 90 box >short
status 3 'a truncated ciphertext is damaged input' "$YUFU" sm decrypt --key theirs.key --out plain short
absent 'and nothing is written' plain
status 3 'nothing cannot be encrypted' "$YUFU" sm encrypt --key ours.pub --out none empty
says 'which is the standard' 'empty'

# ---- digests ----

"$YUFU" sm hash msg big empty >ours.sums
openssl dgst -sm3 -r msg big empty | sed 's/ \*/  /' >theirs.sums
same 'digests as openssl' ours.sums theirs.sums
ok 'a list is checked' "$YUFU" sm hash --check ours.sums
odd=$(printf 'a\nb\\c')
cp msg "$odd"
"$YUFU" sm hash "$odd" >odd.sums
ok 'a strange name is one line' test "$(wc -l <odd.sums)" -eq 1
ok 'and found again' "$YUFU" sm hash --check odd.sums
printf 'y' >>empty
"$YUFU" sm hash --check ours.sums >checked 2>&1
ok 'a changed file is told' test $? -eq 1
ok 'by name' grep -q '^empty: FAILED' checked
: >empty
status 3 'a missing file cannot be told' "$YUFU" sm hash nowhere
ok 'standard input' sh -c 'test "$("$0" sm hash <msg | cut -c1-64)" = "$(head -c 64 ours.sums)"' "$YUFU"

# ---- SM4 ----

key=0123456789abcdeffedcba9876543210 iv=00112233445566778899aabbccddeeff
echo $key >sm4.key
for mode in cbc ctr; do
    for what in msg big empty; do
        ok "sm4-$mode $what" "$YUFU" sm cipher --mode $mode --key sm4.key --iv $iv --out box $what
        openssl enc -sm4-$mode -K $key -iv $iv -in $what -out theirs.box
        same 'as openssl' box theirs.box
        ok 'and back' "$YUFU" sm cipher --mode $mode --key sm4.key --iv $iv --decrypt --out plain box
        same 'to the same' plain $what
    done
done
for mode in cbc ctr gcm ccm; do
    ok "sm4-$mode with an iv of its own" "$YUFU" sm cipher --mode $mode --key sm4.key --out box big
    ok 'and back' "$YUFU" sm cipher --mode $mode --key sm4.key --decrypt --out plain box
    same 'to the same' plain big
done
for mode in gcm ccm; do
    ok "$mode with additional data" "$YUFU" sm cipher --mode $mode --key sm4.key --aad msg --out box big
    rm -f plain
    status 1 'which is authenticated' "$YUFU" sm cipher --mode $mode --key sm4.key --aad empty --decrypt --out plain box
    absent 'and nothing is written' plain
    ok 'and back' "$YUFU" sm cipher --mode $mode --key sm4.key --aad msg --decrypt --out plain box
done

# ---- bad input: one clear line, the right status, nothing left ----

status 3 'a missing key' "$YUFU" sm sign --key nowhere --out none msg
says 'is named' "'nowhere'"
status 3 'a missing message' "$YUFU" sm sign --key ours.key --out none nowhere
status 3 'a folder instead of a key' "$YUFU" sm sign --key . --out none msg
status 3 'a folder instead of a message' "$YUFU" sm sign --key ours.key --out none .
status 3 'a folder instead of an output' "$YUFU" sm sign --key ours.key --out . msg
head -c 100 ours.key >cut.key
status 3 'a truncated PEM' "$YUFU" sm sign --key cut.key --out none msg
status 3 'an empty key file' "$YUFU" sm sign --key empty --out none msg
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.key
status 3 'a key on another curve' "$YUFU" sm sign --key p256.key --out none msg
says 'is named' 'not an SM2 key'
status 3 'a public key cannot sign' "$YUFU" sm sign --key ours.pub --out none msg
status 3 'a certificate is no key' sh -c 'openssl req -x509 -new -key p256.key -subj /CN=x -out crt 2>/dev/null; "$0" sm verify --key crt --sig sig msg' "$YUFU"
status 2 'no operand' "$YUFU" sm verify --key ours.pub --sig sig
status 2 'no key' "$YUFU" sm sign msg
status 2 'no such option' "$YUFU" sm sign --colour msg
status 2 'no such letter' "$YUFU" sm sign -xyz msg
says 'is named' "'-x'"
status 2 'no mode' "$YUFU" sm cipher --key sm4.key msg
status 2 'no such command' "$YUFU" sm fly
status 2 'no such mode' "$YUFU" sm cipher --mode ecb --key sm4.key msg
status 2 'a short iv' "$YUFU" sm cipher --mode cbc --key sm4.key --iv 00 msg
status 3 'a wrong SM4 key' "$YUFU" sm cipher --mode cbc --key msg --iv $iv msg
absent 'none of these left a file' none
ok 'nor a temporary one' sh -c '! ls -A | grep -q "\.new$"'
ok 'a full disk is noticed' sh -c '"$0" sm hash msg >/dev/full; test $? -eq 3' "$YUFU"

done_testing
