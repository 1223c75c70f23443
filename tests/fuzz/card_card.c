/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole card: a travel document in the hands of someone who sends what he likes, also
 * from inside sessions that he was let into.
 *
 * Input: a sequence of operations, a byte each (modulo OPS) and what it needs.
 *
 *   RAW      n, n bytes: a command as it is
 *   COMMAND  CLA INS P1 P2, expected (00 none, FF 65536), n, n bytes: under the session there is
 *   MANGLED  the same, then where and how one byte of what was wrapped is changed
 *   BAC PACE CHIP SCP03    open a session as its owner would; PACE and SCP03 say with what
 *   RESET POWER            the card; CUT n: power fails in the n-th write from now on
 *
 * Held after each command: the response is well-formed; nothing of a protected file or key is
 * ever on the wire in clear; what only more rights may read is not inside messaging
 * either; a changed command is refused; the card has no session that nobody opened; counters of
 * tries go up by success only; its stage changes by the issuer's session only, and not
 * backwards. After power failed at any write, the card starts again.
 */
#include "fuzz.h"

#include "../terminal.h"
#include "../travelcard.h"

#include <yufu/card/pin.h>
#include <yufu/crypto/host.h>
#include <yufu/proto/scp03.h>

#include <stdlib.h>
#include <string.h>

#ifndef APPLETS
#define APPLETS NULL
#endif

enum op { RAW, COMMAND, MANGLED, BAC, PACE, CHIP, SCP03, RESET, POWER, CUT, OPS };
enum { STEPS = 40, COUNTERS = 16 };

static struct {
    struct travelcard t;
    struct terminal term;
    struct yf_flash cutting; // the card's flash, behind which power can fail
    long left;               // writes until it does; -1: it will not
    bool off;
    bool owed;  // when it failed, it was the issuer's command
    bool dirty; // something was written since the snapshot

    struct yf_scp03 gp; // the issuer's session; level 0: none
    bool pace;          // the session began with PACE
    yf_span input;

    struct yf_card card0; // the snapshot: the card and its memory
    uint8_t *mem0;
} f;

/* ---- flash that fails ---- */

static bool
fails(void)
{
    f.dirty = true;
    if (f.left > 0)
        f.left--;
    else if (f.left == 0)
        f.off = true;
    return f.off;
}

static yf_err
cut_read(void *state, uint32_t at, uint8_t *to, size_t n)
{
    const struct yf_flash *under = &f.t.flash.flash;
    (void)state;

    return f.off ? YF_E_IO : under->read(under->state, at, to, n);
}

/* The write in which it fails is half done. */
static yf_err
cut_program(void *state, uint32_t at, yf_span bytes)
{
    const struct yf_flash *under = &f.t.flash.flash;
    bool was = f.off;
    (void)state;

    if (!fails())
        return under->program(under->state, at, bytes);
    bytes.n = bytes.n / under->unit / 2 * under->unit;
    if (!was && bytes.n)
        MUST(under->program(under->state, at, bytes) == YF_OK);
    return YF_E_IO;
}

static yf_err
cut_erase(void *state, uint32_t page)
{
    const struct yf_flash *under = &f.t.flash.flash;
    bool was = f.off;
    (void)state;

    if (fails() && was)
        return YF_E_IO;
    yf_err e = under->erase(under->state, page);
    return f.off ? YF_E_IO : e;
}

static yf_err
cut_barrier(void *state)
{
    const struct yf_flash *under = &f.t.flash.flash;
    (void)state;

    return f.off ? YF_E_IO : under->barrier(under->state);
}

/* ---- what must stay secret: every eight bytes of it ---- */

enum { SECRETS = 1 << 15 };

static struct {
    uint64_t bytes; // 0: none
    uint8_t guard;  // what guards them
} secret[SECRETS];

enum guard { WIRE = 1, PACE_ONLY, NEVER }; // not in clear; only after PACE; never at all

static size_t
place(uint64_t bytes)
{
    size_t at = (size_t)(bytes * 0x9E3779B97F4A7C15 >> 49);

    while (secret[at].bytes && secret[at].bytes != bytes)
        at = (at + 1) % SECRETS;
    return at;
}

static void
guard(yf_span what, enum guard how)
{
    for (size_t i = 0; i + 8 <= what.n; i++) {
        uint64_t bytes = yf_be64(what.p + i);
        if (bytes == (bytes & 0xFF) * 0x0101010101010101)
            continue;
        size_t at = place(bytes);
        secret[at].bytes = bytes;
        secret[at].guard = (uint8_t)how;
    }
}

static void
guard_all(void)
{
    uint8_t travel = f.t.travel;

    for (size_t i = 0; i < f.t.n_given; i++) {
        const struct travelcard_grouping *g = &f.t.given[i];
        if (g->dgi >= 0x8000)
            guard(g->bytes, NEVER);
    }
    guard(travelcard_given(&f.t, travel, 0x0103), NEVER);
    guard(travelcard_given(&f.t, YF_APP_ROOT, 0x011D), PACE_ONLY);
    guard(travelcard_given(&f.t, travel, 0x0101), WIRE);
    guard(travelcard_given(&f.t, travel, 0x0102), WIRE);
    guard(travelcard_given(&f.t, travel, 0x011D), WIRE);
}

/* The most guarded thing in these bytes; what the input brought along does not count. */
static unsigned
worst_in(yf_span bytes)
{
    unsigned worst = 0;

    for (size_t i = 0; i + 8 <= bytes.n; i++) {
        size_t at = place(yf_be64(bytes.p + i));
        if (secret[at].bytes && secret[at].guard > worst &&
            !memmem(f.input.p, f.input.n, bytes.p + i, 8))
            worst = secret[at].guard;
    }
    return worst;
}

/* ---- what is held after each command ---- */

struct counters {
    yf_obj name[COUNTERS];
    uint8_t left[COUNTERS];
    size_t n;
};

static struct {
    struct counters tries;
    yf_stage stage;
} before;

static struct counters
counters(void)
{
    struct counters c = { .n = 0 };
    const struct yf_store *s = &f.t.card.store;

    for (yf_obj o = YF_OBJ(0, 0, 0) - 1; c.n < COUNTERS && yf_store_next(s, o, &o);)
        if ((o >> 16 & 0xFF) == YF_OBJ_PIN && !yf_tries_left(s, o, &c.left[c.n]))
            c.name[c.n++] = o;
    return c;
}

static void
remember(void)
{
    before.tries = counters();
    before.stage = f.t.card.stage;
}

/* Success of an authentication, or its owner: nothing else gives tries back. */
static void
tries_went_down(bool issuer)
{
    struct counters now = counters();

    for (size_t i = 0; i < now.n; i++)
        for (size_t k = 0; k < before.tries.n; k++)
            if (now.name[i] == before.tries.name[k])
                MUST(issuer || now.left[i] <= before.tries.left[k]);
}

static bool
issuer_speaks(void)
{
    return f.gp.level != 0;
}

/* As it went over the wire. */
static void
on_the_wire(void *told, yf_span cmd, yf_span rsp)
{
    const struct yf_card *c = &f.t.card;
    yf_apdu_rsp r;
    (void)told;
    (void)cmd;

    MUST(yf_apdu_rsp_parse(rsp, &r) == YF_OK);
    MUST(yf_sw_class_of(r.sw) != YF_SW_CLASS_INVALID);
    MUST(worst_in(r.data) == 0);
    if (f.off)
        return;
    MUST(c->mute == YF_OK);
    MUST(c->stage >= before.stage && c->stage < YF_STAGES);
    MUST(c->stage == before.stage || issuer_speaks());
}

/* When the harness and the card are through with it. */
static void
settled(bool issuer)
{
    const struct yf_card *c = &f.t.card;

    if (f.off) {
        f.owed = issuer;
        return;
    }
    MUST(c->channel.kind != YF_CHANNEL_ISO || f.term.secure);
    MUST(c->channel.kind != YF_CHANNEL_SCP03 || issuer_speaks());
    tries_went_down(issuer);
    remember();
}

/* ---- operations ---- */

static void
power(void)
{
    yf_card_stop(&f.t.card);
    terminal_forget(&f.term);
    yf_scp03_close(&f.gp);
    f.gp.level = 0;
    f.off = false;
    f.left = -1;
    MUST(yf_card_start(&f.t.card, &f.t.parts) == YF_OK);
    tries_went_down(f.owed);
    f.owed = false;
    remember();
}

static void
sessions_over(void)
{
    terminal_forget(&f.term);
    yf_scp03_close(&f.gp);
    f.gp.level = 0;
    f.pace = false;
}

static void
raw(yf_cur *c)
{
    size_t n = yf_cur_u8(c);
    yf_span bytes = yf_cur_take(c, n < c->left ? n : c->left);
    bool gp = issuer_speaks();

    // Bytes in clear end any session; only a pause does not (GET RESPONSE, a part of a chain).
    terminal_raw(&f.term, bytes);
    if (f.t.card.channel.kind != YF_CHANNEL_ISO)
        terminal_forget(&f.term);
    if (f.t.card.channel.kind != YF_CHANNEL_SCP03)
        f.gp.level = 0;
    settled(gp);
}

static yf_apdu_cmd
command(yf_cur *c)
{
    yf_apdu_cmd cmd = { .cla = yf_cur_u8(c) };
    size_t n;

    cmd.ins = yf_cur_u8(c);
    cmd.p1 = yf_cur_u8(c);
    cmd.p2 = yf_cur_u8(c);
    cmd.ne = yf_cur_u8(c);
    if (cmd.ne == 0xFF)
        cmd.ne = YF_APDU_MAX_NE;
    n = yf_cur_u8(c);
    cmd.data = yf_cur_take(c, n < c->left ? n : c->left);
    return cmd;
}

/* A response inside messaging: what only more rights may see is not there. */
static void
inside(yf_span data)
{
    unsigned worst = worst_in(data);

    MUST(worst < NEVER);
    MUST(worst < PACE_ONLY || f.pace);
}

/* Parts of a chain are answered outside messaging, which goes on. */
static void
by_iso(const yf_apdu_cmd *cmd)
{
    yf_apdu_cla cla;

    if (yf_apdu_cla_parse(cmd->cla, &cla) || cla.sm != YF_APDU_SM_NONE || cla.channel > 3)
        return;
    terminal_send(&f.term, cmd);
    inside(f.term.data);
    if (cla.chained && !f.term.secure)
        yf_card_reset(&f.t.card);
    if (f.t.card.channel.kind != YF_CHANNEL_ISO)
        terminal_forget(&f.term);
}

static void
by_issuer(const yf_apdu_cmd *cmd)
{
    uint8_t mem[512], rsp[YF_CARD_OUT];
    yf_apdu_cmd wrapped;
    yf_apdu_rsp plain;

    if (yf_scp03_wrap_cmd(&f.gp, cmd, mem, sizeof mem, &wrapped))
        return;
    uint8_t bytes[600];
    yf_out o = yf_out_of(bytes, sizeof bytes);
    yf_apdu_cmd_put(&o, &wrapped);
    yf_sw sw = terminal_raw(&f.term, yf_out_span(&o));
    yf_apdu_rsp answer = { sw, f.term.data };
    if (yf_sw_is_more(sw) || yf_scp03_unwrap_rsp(&f.gp, &answer, rsp, sizeof rsp, &plain))
        return;
    inside(plain.data);
}

static void
send(yf_cur *c)
{
    yf_apdu_cmd cmd = command(c);
    bool gp = issuer_speaks();

    if (gp)
        by_issuer(&cmd);
    else
        by_iso(&cmd);
    if (f.t.card.channel.kind != YF_CHANNEL_SCP03)
        f.gp.level = 0;
    settled(gp);
}

/* Wrapped as it should be, and one byte changed: INS, P1, P2 or any of its data. */
static void
mangled(yf_cur *c)
{
    yf_apdu_cmd cmd = command(c), wrapped;
    size_t where = yf_cur_u16(c);
    uint8_t how = yf_cur_u8(c), data[512], bytes[600];
    yf_apdu_cla cla;
    yf_out o = yf_out_of(bytes, sizeof bytes);

    if (!f.term.secure || !how || yf_apdu_cla_parse(cmd.cla, &cla) || cla.sm || cla.chained ||
        cla.channel)
        return;
    if (yf_sm_wrap_cmd(&f.term.sm, &cmd, data, sizeof data, &wrapped))
        return;
    wrapped.form = YF_APDU_SHORTEST;
    yf_apdu_cmd_put(&o, &wrapped);
    if (o.err || wrapped.data.n > 255)
        return sessions_over();
    where %= 3 + wrapped.data.n;
    bytes[where < 3 ? 1 + where : 5 + where - 3] ^= how;
    yf_sw sw = terminal_raw(&f.term, yf_out_span(&o));
    MUST(yf_sw_class_of(sw) == YF_SW_CLASS_CHECKING && f.term.data.n == 0);
    MUST(f.t.card.channel.kind != YF_CHANNEL_ISO);
    sessions_over();
    settled(false);
}

static void
in_clear(void)
{
    sessions_over();
    terminal_say(&f.term, "00a4040c07f0595546550001"); // the root, also out of the issuer's session
    settled(false);
}

static void
open_bac(void)
{
    in_clear();
    terminal_select_travel(&f.term);
    terminal_bac(&f.term, f.t.seed);
    settled(false);
}

static void
open_pace(uint8_t with)
{
    const struct travelcard_profile *p = f.t.profile;
    struct yf_pace_suite s;
    bool mrz = with & 2;

    MUST(!yf_pace_suite_of(&yf_provider_soft, p->pace[with & 1].mapping, p->pace[with & 1].cipher,
                           p->pace[with & 1].curve, &s));
    in_clear();
    f.pace = terminal_pace(&f.term, &s, mrz ? YF_PACE_MRZ : YF_PACE_CAN,
                           mrz ? f.t.mrz_info : f.t.can) == YF_SW_OK;
    if (with & 4)
        terminal_select_travel(&f.term);
    settled(false);
}

static void
open_chip(void)
{
    const struct travelcard_profile *p = f.t.profile;

    if (f.term.secure)
        terminal_chip(&f.term, p->chip_cipher, false, p->chip_curve, yf_key_point(&f.t.chip),
                      p->chip_id);
    if (f.t.card.channel.kind != YF_CHANNEL_ISO)
        terminal_forget(&f.term);
    settled(false);
}

/* INITIALIZE UPDATE and EXTERNAL AUTHENTICATE with the issuer's keys. */
static void
open_issuer(uint8_t with)
{
    static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x13, 0x33 };
    uint8_t begin[] = { 0x80, 0x50, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, with, 0 };
    struct yf_scp03_keys keys;
    uint8_t answer[YF_SCP03_ANSWER], mem[2 * YF_BLOCK_MAX], bytes[64];
    yf_out o = yf_out_of(bytes, sizeof bytes);
    struct yf_scp03_answer a;
    struct yf_scp03 gp = { 0 };
    yf_apdu_cmd cmd;

    in_clear();
    terminal_say(&f.term, "00a4040008a000000151000000");
    if (terminal_raw(&f.term, YF_SPAN(begin)) != YF_SW_OK || f.term.data.n > sizeof answer)
        return settled(false);
    memcpy(answer, f.term.data.p, f.term.data.n);
    if (yf_scp03_read((yf_span){ answer, f.term.data.n }, &a) ||
        yf_line_keys(&f.t.line, &yf_provider_soft, YF_STAGE_ACTIVE, a.diversification.p, &keys) ||
        yf_scp03_host_begin(&gp, &yf_provider_soft, &keys, (yf_span){ begin + 5, 8 }, &a))
        return settled(false);
    MUST(!yf_scp03_host_open(&gp, levels[with % sizeof levels], mem, &cmd));
    yf_apdu_cmd_put(&o, &cmd);
    f.gp = gp;
    if (terminal_raw(&f.term, yf_out_span(&o)) != YF_SW_OK)
        f.gp.level = 0;
    settled(true);
}

static void
step(yf_cur *c)
{
    switch ((enum op)(yf_cur_u8(c) % OPS)) {
    case RAW:
        return raw(c);
    case COMMAND:
        return send(c);
    case MANGLED:
        return mangled(c);
    case BAC:
        return open_bac();
    case PACE:
        return open_pace(yf_cur_u8(c));
    case CHIP:
        return open_chip();
    case SCP03:
        return open_issuer(yf_cur_u8(c));
    case RESET:
        yf_card_reset(&f.t.card);
        return sessions_over();
    case POWER:
        return power();
    case CUT:
        f.left = yf_cur_u8(c);
        return;
    case OPS:
        break;
    }
}

/* ---- from the snapshot ---- */

static void
once(void)
{
    static struct travelcard_profile p;
    static struct rnd seed;

    p = travelcard_p256;
    p.dg2 = 600;
    p.applets = APPLETS;
    travelcard_make(&f.t, &p);
    guard_all();
    f.cutting = f.t.flash.flash;
    f.cutting.read = cut_read;
    f.cutting.program = cut_program;
    f.cutting.erase = cut_erase;
    f.cutting.barrier = cut_barrier;
    f.t.parts.flash = &f.cutting;
    f.left = -1;
    yf_card_stop(&f.t.card);
    MUST(yf_card_start(&f.t.card, &f.t.parts) == YF_OK);
    terminal_open(&f.term, &f.t.card, rng_seeded(&seed));
    f.term.tell = on_the_wire;
    f.card0 = f.t.card;
    size_t n = (size_t)f.cutting.page * f.cutting.pages;
    f.mem0 = malloc(n);
    MUST(f.mem0);
    memcpy(f.mem0, f.t.flash.mem, n);
}

static void
restore(void)
{
    sessions_over();
    f.off = f.owed = false;
    f.left = -1;
    f.t.card = f.card0;
    f.t.seeded = (struct rnd){ 5 };
    if (f.dirty)
        yf_flashram_load(&f.t.flash, f.mem0);
    f.dirty = false;
    remember();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur c = yf_cur_of((yf_span){ data, size });

    if (!f.mem0)
        once();
    f.input = (yf_span){ data, size };
    restore();
    for (int i = 0; i < STEPS && yf_cur_more(&c); i++) {
        if (f.off)
            power();
        step(&c);
    }
    if (f.off)
        power();
    sessions_over();
    return 0;
}
