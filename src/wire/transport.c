/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/transport.h>

#include <string.h>

/*
 * The command's bytes at the end of mem, and nothing of them anywhere else; what
 * is left of mem before them is for the response.
 */
static yf_err
build_at_end(const yf_apdu_cmd *cmd, uint8_t *mem, size_t cap, yf_span *built)
{
    yf_out o = yf_out_of(mem, cap);
    yf_span at_start;

    yf_apdu_cmd_put(&o, cmd);
    yf_err e = yf_out_done(&o, &at_start);
    if (e)
        return e;
    size_t left = cap - at_start.n;
    memmove(mem + left, mem, at_start.n);
    yf_wipe(mem, left < at_start.n ? left : at_start.n);
    *built = (yf_span){ mem + left, at_start.n };
    return YF_OK;
}

/*
 * One round in mem: [body so far | response grows here ... | command]. The new
 * data thus already lies where the body continues.
 */
static yf_err
transmit(const struct yf_transport *t, const struct yf_apdu_fetch *f, yf_apdu_rsp *got)
{
    uint8_t *mem = f->body.p + f->body.n;
    size_t cap = f->body.cap - f->body.n;
    yf_span cmd, rsp = { 0 };

    yf_err e = build_at_end(&f->cmd, mem, cap, &cmd);
    if (e)
        return e;
    yf_out o = yf_out_of(mem, cap - cmd.n);
    e = t->transmit(t->state, cmd, &o);
    yf_wipe(mem + cap - cmd.n, cmd.n);
    if (!e)
        e = yf_out_done(&o, &rsp);
    if (!e)
        e = yf_apdu_rsp_parse(rsp, got);
    return e;
}

yf_err
yf_transport_exchange(const struct yf_transport *t, const yf_apdu_cmd *cmd, uint8_t *mem,
                      size_t cap, yf_apdu_rsp *rsp)
{
    struct yf_apdu_fetch f;
    yf_apdu_rsp got;
    bool done = false;
    yf_err e = YF_OK;

    yf_apdu_fetch_init(&f, cmd, mem, cap);
    while (!e && !done) {
        e = transmit(t, &f, &got);
        if (!e)
            e = yf_apdu_fetch_step(&f, &got, &done);
    }
    if (!e)
        *rsp = f.rsp;
    return e;
}
