/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both ends of a channel, with an attacker between them who is the input. What was
 * sent arrives, and is the same; what was touched, sent twice, left out or made up is
 * refused, and ends the session on the side that saw it.
 *
 * Input: a byte of cipher and level, then steps of an operation byte and what it needs:
 *
 *   n < 64    a command and a response of n bytes, data from the input
 *   40 + f    the same with one byte of the command changed: position, difference
 *   80 + f    the same with the response
 *   C0        the last command again
 *   C1        a command that does not arrive
 *   C2        a command the input made: a length and its bytes
 *   C3        an answer to INITIALIZE UPDATE the input made, and a host that believes in it
 */
#include "fuzz.h"

#include <yufu/proto/scp03.h>

#include <string.h>

enum { ROOM = 320 };

static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x13, 0x33 };
static const uint8_t zero[16];
static struct yf_scp03_keys keys = { .enc = { 1 }, .mac = { 2 } };

struct ends {
    struct yf_scp03 host, card;
    uint8_t level, i;
    uint8_t last[ROOM]; // the last command as it went over
    yf_apdu_cmd cmd;
    bool sent;
};

static yf_err
constant(void *state, uint8_t *out, size_t n)
{
    (void)state;
    memset(out, 0x5C, n);
    return YF_OK;
}

static void
open(struct ends *e)
{
    struct yf_scp03_offer offer = { &keys, 1, e->i, zero, 1, YF_STR("aid") };
    yf_span challenge = { zero, e->i & YF_SCP03_I_S16 ? 16 : 8 };
    uint8_t answer[YF_SCP03_ANSWER], mem[32];
    yf_out o = yf_out_of(answer, sizeof answer);
    yf_rng rng = { constant, NULL };
    struct yf_scp03_answer a;
    yf_apdu_cmd c;

    MUST(!yf_scp03_card_begin(&e->card, &yf_provider_soft, &rng, &offer, challenge, &o));
    MUST(!yf_scp03_read(yf_out_span(&o), &a));
    MUST(!yf_scp03_host_begin(&e->host, &yf_provider_soft, &keys, challenge, &a));
    MUST(!yf_scp03_host_open(&e->host, e->level, mem, &c));
    MUST(!yf_scp03_card_open(&e->card, &c));
    e->sent = false;
}

static void
close_both(struct ends *e)
{
    yf_scp03_close(&e->host);
    yf_scp03_close(&e->card);
}

static void
refused(struct ends *e, const yf_apdu_cmd *c)
{
    uint8_t mem[ROOM];
    yf_apdu_cmd p;

    MUST(yf_scp03_unwrap_cmd(&e->card, c, mem, sizeof mem, &p) == YF_E_AUTH);
    MUST(e->card.state == 0 && e->card.level == 0);
    MUST(yf_scp03_unwrap_cmd(&e->card, c, mem, sizeof mem, &p) == YF_E_STATE);
    close_both(e);
    open(e);
}

static void
response(struct ends *e, yf_span data, int touch, uint8_t difference)
{
    uint8_t mem[ROOM];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r = { 0x9000, data };

    MUST(!yf_scp03_wrap_rsp(&e->card, &r, &o));
    bool touched = touch >= 0 && o.n && difference && (e->level & YF_SCP03_R_MAC);
    if (touched)
        mem[(size_t)touch % o.n] ^= difference;
    r.data = yf_out_span(&o);
    if (!touched) {
        MUST(!yf_scp03_unwrap_rsp(&e->host, &r, mem, sizeof mem, &r));
        MUST(yf_span_eq(r.data, data));
        return;
    }
    MUST(yf_scp03_unwrap_rsp(&e->host, &r, mem, sizeof mem, &r) == YF_E_AUTH);
    MUST(e->host.state == 0);
    close_both(e);
    open(e);
}

/* A command; true if it reached the card. */
static void
command(struct ends *e, yf_span data, int touch, uint8_t difference)
{
    uint8_t mem[ROOM];
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xE2, .data = data }, p;

    MUST(!yf_scp03_wrap_cmd(&e->host, &c, e->last, sizeof e->last, &e->cmd));
    MUST(e->cmd.data.n <= data.n + YF_SCP03_OVERHEAD);
    e->sent = true;
    if (touch >= 0 && difference) {
        e->last[(size_t)touch % e->cmd.data.n] ^= difference;
        refused(e, &e->cmd);
        return;
    }
    MUST(!yf_scp03_unwrap_cmd(&e->card, &e->cmd, mem, sizeof mem, &p));
    MUST(p.cla == c.cla && yf_span_eq(p.data, data));
}

static void
believe(yf_span bytes)
{
    struct yf_scp03 host = { 0 };
    struct yf_scp03_answer a;

    if (yf_scp03_read(bytes, &a))
        return;
    MUST(a.challenge.n == a.cryptogram.n &&
         bytes.n == 13 + 2 * a.challenge.n + (a.i & YF_SCP03_I_PSEUDO_RANDOM ? 3 : 0));
    yf_err e =
        yf_scp03_host_begin(&host, &yf_provider_soft, &keys, (yf_span){ zero, a.challenge.n }, &a);
    MUST(e == YF_E_AUTH || e == YF_E_DENIED);
    MUST(host.state == 0);
}

static void
step(struct ends *e, yf_cur *in)
{
    uint8_t op = yf_cur_u8(in), difference = 0;
    int touch = op >> 6 ? yf_cur_u8(in) : -1;
    yf_apdu_cmd made;

    if (op < 0xC0) {
        if (touch >= 0)
            difference = yf_cur_u8(in);
        size_t n = op & 0x3F;
        yf_span data = yf_cur_take(in, n < in->left ? n : in->left);
        command(e, data, op >> 6 == 1 ? touch : -1, difference);
        if (op >> 6 != 1 || !difference)
            response(e, data, op >> 6 == 2 ? touch : -1, difference);
    } else if (op == 0xC0 && e->sent) {
        refused(e, &e->cmd);
    } else if (op == 0xC1) {
        yf_apdu_cmd c = { .cla = 0x80, .ins = 0xCA };
        MUST(!yf_scp03_wrap_cmd(&e->host, &c, e->last, sizeof e->last, &made));
        MUST(!yf_scp03_wrap_cmd(&e->host, &c, e->last, sizeof e->last, &made));
        refused(e, &made);
    } else if (op == 0xC2) {
        yf_span bytes = yf_cur_take(in, (size_t)touch);
        if (!yf_apdu_cmd_parse(bytes, &made) && made.data.n <= ROOM)
            refused(e, &made);
    } else if (op == 0xC3) {
        believe(yf_cur_take(in, (size_t)touch));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur in = yf_cur_of((yf_span){ data, size });
    uint8_t kind = yf_cur_u8(&in);
    struct ends e = { .level = levels[(kind >> 3) % sizeof levels],
                      .i = YF_SCP03_I_R_MAC | YF_SCP03_I_R_ENC };

    keys.cipher = (enum yf_cipher_id)(kind & 3);
    if (kind & 4)
        e.i |= YF_SCP03_I_S16;
    if (kind & 0x80)
        e.i |= YF_SCP03_I_PSEUDO_RANDOM;
    open(&e);
    while (yf_cur_more(&in))
        step(&e, &in);
    close_both(&e);
    return 0;
}
