/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command or response that is accepted is rebuilt byte for byte; in its shortest
 * form it says the same in no more bytes; cut into a chain and joined it is itself.
 * A reader following 61xx and 6Cxx comes to an end whatever the card answers, with
 * all data in order.
 *
 * Input: one byte of chain step, then a command, or a response, or (after the first
 * five bytes) a script of answers, each as a length byte and its bytes.
 */
#include "fuzz.h"

#include <yufu/wire/apdu.h>

static uint8_t mem[YF_APDU_MAX_CMD + 2], joined[YF_APDU_MAX_NC];

static bool
same(const yf_apdu_cmd *a, const yf_apdu_cmd *b)
{
    return a->cla == b->cla && a->ins == b->ins && a->p1 == b->p1 && a->p2 == b->p2 &&
           a->ne == b->ne && yf_span_eq(a->data, b->data);
}

static void
rebuilds(yf_span in, yf_apdu_cmd cmd)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_cmd again;

    yf_apdu_cmd_put(&o, &cmd);
    MUST(yf_span_eq(yf_out_span(&o), in));

    cmd.form = YF_APDU_SHORTEST;
    o = yf_out_of(mem, in.n);
    yf_apdu_cmd_put(&o, &cmd);
    MUST(!o.err);
    MUST(yf_apdu_cmd_parse(yf_out_span(&o), &again) == YF_OK);
    MUST(same(&cmd, &again));
}

static void
chains(const yf_apdu_cmd *cmd, size_t step)
{
    struct yf_apdu_split s;
    struct yf_apdu_chain ch;
    yf_apdu_cmd part, whole;
    bool done = false;

    yf_apdu_chain_init(&ch, joined, sizeof joined);
    if (yf_apdu_split_init(&s, cmd, step))
        return;
    while (yf_apdu_split_next(&s, &part)) {
        MUST(!done && part.data.n <= step && part.ne <= 256);
        MUST(yf_apdu_chain_add(&ch, &part, &whole, &done) == YF_OK);
    }
    MUST(done);
    whole.ne = cmd->ne;
    MUST(same(cmd, &whole));
}

static void
response(yf_span in)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r;

    if (yf_apdu_rsp_parse(in, &r))
        return;
    yf_apdu_rsp_put(&o, &r);
    MUST(yf_span_eq(yf_out_span(&o), in));
}

/* The next answer of the script; when it is used up, the card says 61 01 for ever. */
static yf_apdu_rsp
answer(yf_cur *script)
{
    yf_apdu_rsp r;

    if (!yf_cur_more(script) || yf_apdu_rsp_parse(yf_cur_take(script, yf_cur_u8(script)), &r))
        r = (yf_apdu_rsp){ 0x6101, YF_STR("z") };
    return r;
}

static void
fetches(const yf_apdu_cmd *cmd, yf_cur *script)
{
    struct yf_apdu_fetch f;
    uint8_t got[64], want[sizeof got];
    yf_out expect = yf_out_of(want, sizeof want);
    bool done = false;
    int rounds = 0;
    yf_err e = YF_OK;

    yf_apdu_fetch_init(&f, cmd, got, sizeof got);
    while (!e && !done) {
        yf_apdu_rsp r = answer(script);
        MUST(f.cmd.ins == 0xC0 || f.cmd.ins == cmd->ins);
        yf_out_put(&expect, r.data);
        e = yf_apdu_fetch_step(&f, &r, &done);
        MUST(++rounds <= 2 * ((int)sizeof got + 2));
    }
    if (done)
        MUST(yf_span_eq(f.rsp.data, yf_out_span(&expect)));
    else
        MUST(e == YF_E_ROOM || e == YF_E_FORMAT);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur c = yf_cur_of((yf_span){ data, size });
    size_t step = yf_cur_u8(&c);
    yf_span in = { c.p, c.left };
    yf_apdu_cmd cmd;

    response(in);
    if (!yf_apdu_cmd_parse(in, &cmd)) {
        rebuilds(in, cmd);
        chains(&cmd, step);
    }
    if (!yf_apdu_cmd_parse(yf_cur_take(&c, 5), &cmd))
        fetches(&cmd, &c);
    return 0;
}
