/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The issuer's domain, with an input on both sides of its channel: commands of the
 * issuer, wrapped here so that they get behind the MAC, and commands of anybody in
 * clear. Whatever comes, the card's stage goes only where it may, somebody has keys, and
 * a command in clear changes nothing in the store but counters.
 *
 * Input: a byte of stage, then commands, each a byte of length, with its top bit set
 * for one in clear, and its bytes. After a command in clear, and after one that ended it,
 * the channel is opened anew.
 */
#include "fuzz.h"

#include <yufu/card/card.h>
#include <yufu/card/issuer.h>
#include <yufu/card/pin.h>
#include <yufu/issuer/line.h>
#include <yufu/sim/flashram.h>

#include <string.h>

enum { PAGES = 32, PAGE = 1024, STAGES = 5 };

static struct yf_flashram flash;
static struct yf_card card;
static struct yf_perso host;
static struct yf_line line = { .cipher = YF_SM4 };
static uint8_t made[STAGES][PAGES * PAGE]; // a card in each stage

/* ---- an application that takes what it is given ---- */

static yf_sw
vault_store(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece)
{
    struct yf_store *s = yf_call_store(call);
    yf_obj o = YF_OBJ(call->app, YF_OBJ_DATA, dgi);

    MUST(call->shown & YF_NEED_ADMIN);
    MUST(at + piece.n <= total);
    if (total > 512)
        return YF_SW_NO_MEMORY;
    if (at == 0) {
        yf_err e = yf_store_create(s, o, total);
        if (e)
            return yf_call_sw(e);
    }
    return piece.n ? yf_call_sw(yf_store_write(s, o, at, piece)) : YF_SW_OK;
}

static const struct yf_applet vault = { .name = "vault",
                                        .aid = { (const uint8_t *)"\xF0vault", 6 },
                                        .store = vault_store };
static const struct yf_applet root = { .name = "root", .aid = { (const uint8_t *)"\xF0root", 5 } };
static const struct yf_applet *const applets[] = { &root, &yf_applet_issuer, &vault, NULL };

/* ---- card and host ---- */

static yf_err
counted(void *state, uint8_t *out, size_t n)
{
    uint32_t *x = state;

    for (size_t i = 0; i < n; i++) {
        *x = *x * 1664525 + 1013904223;
        out[i] = (uint8_t)(*x >> 24);
    }
    return YF_OK;
}

static uint32_t noise = 1;
static const yf_rng rng = { counted, &noise };

static yf_err
transmit(void *state, yf_span cmd, yf_out *rsp)
{
    (void)state;
    yf_card_transmit(&card, cmd, rsp);
    return YF_OK;
}

static const struct yf_transport transport = { transmit, NULL };

static struct yf_card_parts
parts(void)
{
    return (struct yf_card_parts){ .provider = &yf_provider_soft,
                                   .rng = rng,
                                   .flash = &flash.flash,
                                   .applets = applets,
                                   .tested = true };
}

static yf_err
furnish(struct yf_perso *p, void *arg)
{
    (void)arg;
    return yf_perso_install(p, vault.aid, vault.aid, YF_STR(""));
}

static void
make(void)
{
    static const uint8_t serial[10] = { 1 };
    struct yf_card_parts p = parts();
    struct yf_scp03_keys k;

    MUST(!yf_flashram_open(&flash, PAGE, PAGES, 8));
    MUST(!yf_line_keys(&line, &yf_provider_soft, 0, serial, &k));
    MUST(!yf_card_make(&p, YF_SPAN(serial), &k, &card));
    MUST(!yf_card_start(&card, &p));
    MUST(!yf_perso_start(&host, &transport, &yf_provider_soft, &rng));
    for (unsigned stage = 0; stage < STAGES; stage++) {
        line.station[1].work = stage == 1 ? furnish : NULL; // not again on the way on
        MUST(!yf_line_run(&line, &host, (yf_stage)stage));
        memcpy(made[stage], flash.mem, sizeof made[stage]);
    }
}

static void
start(unsigned stage)
{
    struct yf_card_parts p = parts();

    yf_flashram_load(&flash, made[stage]);
    MUST(!yf_card_start(&card, &p));
    MUST(!yf_perso_start(&host, &transport, &yf_provider_soft, &rng));
    MUST(!yf_line_open(&line, &host, stage));
}

/* ---- what holds ---- */

/* A counter of a key set: its sequence, or its tries. */
static bool
counter(yf_obj o)
{
    return yf_obj_app(o) == YF_APP_ISSUER &&
           ((o >> 16 & 0xFF) == YF_OBJ_PIN || (o & 0xFF00) == YF_ISSUER_SEQUENCE << 8);
}

/* Everything in the store but counters, as one number. */
static uint32_t
sum(void)
{
    uint8_t bytes[512];
    uint32_t size, h = 2166136261;

    for (yf_obj o = 0; yf_store_next(&card.store, o, &o);) {
        if (counter(o))
            continue;
        h = (h ^ o) * 16777619;
        MUST(!yf_store_size(&card.store, o, &size) && size <= sizeof bytes);
        MUST(!yf_store_read(&card.store, o, 0, bytes, size));
        for (uint32_t i = 0; i < size; i++)
            h = (h ^ bytes[i]) * 16777619;
    }
    return h;
}

static void
holds(yf_stage before)
{
    unsigned sets = 0;
    yf_stage kept;

    MUST(card.stage == before || yf_stage_follows(before, card.stage));
    MUST(!yf_life_read(&card.store, &kept) && kept == card.stage);
    for (yf_obj o = YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, 0);
         yf_store_next(&card.store, o, &o) && o <= YF_OBJ(YF_APP_ISSUER, YF_OBJ_KEY, 0xFF);)
        sets++;
    if (card.stage == YF_STAGE_TERMINATED)
        MUST(sets == 0);
    else
        MUST(sets >= 1 && sets <= YF_ISSUER_SETS);
}

/* The answer to a command in clear is a response, whatever it was. */
static void
in_clear(yf_span cmd)
{
    static uint8_t mem[YF_APDU_MAX_RSP];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r;
    uint32_t before = sum();

    MUST(!transport.transmit(NULL, cmd, &o));
    MUST(!yf_apdu_rsp_parse(yf_out_span(&o), &r));
    MUST(sum() == before);
}

static void
step(unsigned station, yf_cur *in)
{
    uint8_t head = yf_cur_u8(in);
    size_t n = head & 0x7F;
    yf_span bytes = yf_cur_take(in, n < in->left ? n : in->left);
    yf_stage before = card.stage;
    yf_apdu_cmd cmd;
    yf_apdu_rsp r;

    if (head & 0x80)
        in_clear(bytes);
    else if (!yf_apdu_cmd_parse(bytes, &cmd))
        (void)!yf_perso_send(&host, &cmd, &r);
    holds(before);
    if (card.stage <= YF_STAGE_LOCKED && card.channel.kind != YF_CHANNEL_SCP03) {
        MUST(!yf_perso_start(&host, &transport, &yf_provider_soft, &rng));
        yf_err e = yf_line_open(&line, &host, station);
        MUST(!e || host.sw == YF_SW_AUTH_BLOCKED);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur in = yf_cur_of((yf_span){ data, size });
    unsigned station = yf_cur_u8(&in) % STAGES;

    if (!flash.mem)
        make();
    start(station);
    while (yf_cur_more(&in))
        step(station, &in);
    yf_perso_close(&host);
    return 0;
}
