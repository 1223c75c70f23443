#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line's own contract: help, exit statuses, JSON, the manual and the completion.
# shellcheck source=tests/flow/tap.sh
. "$(dirname "$0")/tap.sh"

json() { python3 -c 'import json,sys; d=[json.loads(l) for l in sys.stdin]; assert d; '"$1"; }

"$YUFU" help >overview
ok 'help lists the commands' grep -q '^  sm sign ' overview
sed -n 's/^  \([a-z]\{2,\}\( [a-z]\{2,\}\)\{0,1\}\)  *[a-zA-Z].*/\1/p' overview | sed 's/ *$//' >names
ok 'all of them' test "$(wc -l <names)" -ge 12
for name in 'up' 'card new' 'card show' 'card personalise' 'card insert' 'card readers' 'apdu' 'sm keygen' 'sm pub' \
    'sm sign' 'sm verify' 'sm encrypt' 'sm decrypt' 'sm hash' 'sm cipher' 'lab kat' 'lab reader' 'bench crypto' \
    'bench card' 'bench timing' 'help'; do
    # shellcheck disable=SC2086 # a name may be two words
    "$YUFU" $name --help >one 2>&1
    # shellcheck disable=SC2086
    "$YUFU" help $name >two 2>&1
    ok "$name has help" grep -q "^usage: yufu $name" one
    same 'by either way' one two
done
ok 'a group has a list' sh -c '"$0" sm --help | grep -q "sm verify"' "$YUFU"
ok 'the version' sh -c '"$0" --version | grep -q "^yufu [0-9]"' "$YUFU"

"$YUFU" >.out 2>.log
ok 'no command is wrong usage' test $? -eq 2
status 2 'an unknown command' "$YUFU" fly
status 2 'an unknown command of a group' "$YUFU" lab fly
status 2 'help for what is not there' "$YUFU" help fly
status 2 'a number that is none' "$YUFU" bench crypto --slice soon
says 'says the range' 'whole number from'
status 2 'an operand too many' "$YUFU" up now
status 2 'an option without its value' "$YUFU" card new --serial
says 'is named' "value missing: '--serial'"
status 2 'a flag with a value' "$YUFU" card show --json=x a.yfc
says 'says that it takes none' "takes no value: '--json=x'"
status 2 'an option that is not there' "$YUFU" card show --colour a.yfc
says 'is named, too' "no such option: '--colour'"
status 2 'a letter' "$YUFU" card show -x a.yfc
says 'too' "no such option: '-x'"
status 3 'a name that a terminal would obey' "$YUFU" card show "$(printf 'a\n\033[31mb')"
says 'is shown harmless' "'a??\[31mb'"

ok 'known answers' "$YUFU" lab kat
"$YUFU" lab kat --json >kat.json
ok 'as JSON lines' json 'assert all(x["ok"] for x in d); assert {"soft","host"} == {x["provider"] for x in d}' <kat.json
ok 'the main job' "$YUFU" up
"$YUFU" up --json >up.json 2>.log
ok 'as one JSON object' json 'assert len(d) == 1 and d[0]["ok"] and len(d[0]["results"]) > 8' <up.json
ok 'with a card that was read' json 'c = d[0]["card"]; assert c["ok"] and len(c["mrz"]) == 88 and (c["reader"] or c["why"])' <up.json
ok 'and nothing on standard error' test ! -s .log
"$YUFU" bench crypto --slice 1 --json sm2 >bench.json
ok 'figures as JSON' json 'assert all(r["value"] > 0 and r["unit"] for r in d[0]["results"]); assert d[0]["machine"]["cpu"]' <bench.json
ok 'with a peer' json 'r=[r for r in d[0]["results"] if r["name"]=="sm2.sign"][0]; assert r["peer"]=="openssl" and abs(r["ratio"]-r["value"]/r["peer_value"])<.01*r["ratio"]' <bench.json
status 2 'no such figure' "$YUFU" bench crypto nothing

"$YUFU" help --man >yufu.1
ok 'the manual names every command' sh -c 'for c in sign verify keygen cipher; do grep -q "yufu sm $c" yufu.1 || exit 1; done'
if command -v man >/dev/null; then
    ok 'man finds no fault in it' sh -c 'test -z "$(man --warnings -l yufu.1 2>&1 >/dev/null)"'
fi
"$YUFU" help --completion >complete
cat >ask <<'TEXT'
. ./complete
COMP_WORDS=(yufu sm si) COMP_CWORD=2; _yufu; echo "${COMPREPLY[*]}"
COMP_WORDS=(yufu b) COMP_CWORD=1; _yufu; echo "${COMPREPLY[*]}"
COMP_WORDS=(yufu sm verify --s) COMP_CWORD=3; _yufu; echo "${COMPREPLY[*]}"
COMP_WORDS=(yufu help l) COMP_CWORD=2; _yufu; echo "${COMPREPLY[*]}"
touch 'spaced name'
COMP_WORDS=(yufu sm hash spa) COMP_CWORD=3; _yufu; echo "${#COMPREPLY[@]} ${COMPREPLY[*]}"
TEXT
bash ask >answers 2>&1
printf 'sign\nbench\n--sig\nlab\n1 spaced name\n' >wanted
same 'the shell completes' answers wanted
done_testing
