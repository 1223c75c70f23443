/* SPDX-License-Identifier: Apache-2.0 */
/*
 * issuing - a blank card with the issuer's domain, and a host at it. Besides the domain
 * it has a root that does nothing and `vault`, an application that keeps what is stored
 * in it and says what it was given.
 */
#ifndef YUFU_TESTS_ISSUING_H
#define YUFU_TESTS_ISSUING_H

#include "rng.h"
#include "t.h"

#include <yufu/card/card.h>
#include <yufu/card/issuer.h>
#include <yufu/issuer/line.h>
#include <yufu/sim/flashram.h>

#define VAULT_AID YF_STR("\xF0Yufu.vault")

/* ---- the vault: groupings under 8000 are secret, D00D is refused, last one closes it ---- */

enum { VAULT_PARAMETERS = 0xF000, VAULT_CLOSED = 0xF001 };

static inline yf_obj
vault_object(const struct yf_call *call, uint16_t number)
{
    return YF_OBJ(call->app, YF_OBJ_DATA, number);
}

static yf_sw
vault_install(struct yf_call *call, yf_span parameters)
{
    return yf_call_sw(
        yf_store_put(yf_call_store(call), vault_object(call, VAULT_PARAMETERS), parameters));
}

static yf_sw
vault_store(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece)
{
    struct yf_store *s = yf_call_store(call);
    yf_obj o = vault_object(call, dgi);
    yf_err e = YF_OK;

    if (dgi == 0xD00D)
        return YF_SW_WRONG_DATA;
    if (!(call->shown & YF_NEED_ADMIN) || (dgi < 0x8000 && !(call->shown & YF_NEED_SECRET)))
        return YF_SW_SECURITY_STATUS;
    if (at == 0 && (e = yf_store_create(s, o, total)))
        return yf_call_sw(e);
    return piece.n ? yf_call_sw(yf_store_write(s, o, at, piece)) : YF_SW_OK;
}

static yf_sw
vault_stored(struct yf_call *call)
{
    return yf_call_sw(
        yf_store_put(yf_call_store(call), vault_object(call, VAULT_CLOSED), YF_STR("closed")));
}

static const struct yf_applet vault = {
    .name = "vault",
    .aid = { (const uint8_t *)"\xF0Yufu.vault", 11 },
    .install = vault_install,
    .store = vault_store,
    .stored = vault_stored,
};

static const struct yf_applet bare_root = { .name = "root",
                                            .aid = { (const uint8_t *)"\xF0Yufu.root", 10 } };

/* ---- card and host ---- */

static const uint8_t desk_serial[] = { 0xAA, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };

struct desk {
    struct yf_flashram flash;
    struct yf_card card;
    struct yf_card_parts parts;
    struct yf_transport transport;
    struct rnd rnd;
    yf_rng rng;
    struct yf_line line;
    struct yf_perso p;
    bool broken;  // the way to the card
    size_t rsp_n; // a response in clear
    uint8_t rsp[4096];
};

static yf_err
desk_transmit(void *state, yf_span cmd, yf_out *rsp)
{
    struct desk *desk = state;

    if (desk->broken)
        return YF_E_IO;
    yf_card_transmit(&desk->card, cmd, rsp);
    return YF_OK;
}

/* Off and on again. */
static inline void
desk_power(struct desk *d)
{
    yf_card_stop(&d->card);
    T_OK(yf_card_start(&d->card, &d->parts));
}

/* A blank card, started. */
static inline void
desk_open(struct desk *d, enum yf_cipher_id cipher)
{
    static const struct yf_applet *const applets[] = { &bare_root, &yf_applet_issuer, &vault,
                                                       NULL };
    struct yf_scp03_keys transport;

    memset(d, 0, sizeof *d);
    d->rnd.state = 7;
    d->rng = rng_seeded(&d->rnd);
    d->transport = (struct yf_transport){ desk_transmit, d };
    d->line.cipher = cipher;
    for (size_t i = 0; i < YF_LINE_STATIONS; i++)
        rnd_fill(&d->rnd, d->line.station[i].master, YF_CIPHER_KEY_MAX);
    T_OK(yf_flashram_open(&d->flash, YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT));
    d->parts = (struct yf_card_parts){ .provider = &yf_provider_soft,
                                       .rng = d->rng,
                                       .flash = &d->flash.flash,
                                       .applets = applets,
                                       .tested = true };
    T_OK(yf_line_keys(&d->line, &yf_provider_soft, 0, desk_serial + sizeof desk_serial - 10,
                      &transport));
    T_OK(yf_card_make(&d->parts, YF_SPAN(desk_serial), &transport, &d->card));
    T_OK(yf_card_start(&d->card, &d->parts));
}

static inline void
desk_close(struct desk *d)
{
    yf_perso_close(&d->p);
    yf_card_stop(&d->card);
    yf_flashram_close(&d->flash);
}

/* The host at the domain. */
static inline void
desk_start(struct desk *d)
{
    T_OK(yf_perso_start(&d->p, &d->transport, &yf_provider_soft, &d->rng));
}

/* ... made up to this stage, and the channel open with its owner's keys. */
static inline void
desk_at(struct desk *d, yf_stage stage)
{
    desk_open(d, YF_AES128);
    desk_start(d);
    T_OK(yf_line_run(&d->line, &d->p, stage));
    T_OK(yf_line_open(&d->line, &d->p, (unsigned)stage));
}

/*
 * Bytes written as hex; spaces count nothing. In a command `..` is Lc, counted up to `|` or the
 * end.
 */
static inline size_t
desk_hex(const char *hex, uint8_t *out)
{
    size_t n = 0, lc = 0;

    for (; *hex; hex += *hex == ' ' || *hex == '|' ? 1 : 2) {
        char two[] = { hex[0], hex[1], 0 };
        if (*hex == '.')
            lc = n++;
        else if (*hex != ' ' && *hex != '|')
            out[n++] = (uint8_t)strtoul(two, NULL, 16);
        if (lc && *hex != '|')
            out[lc] = (uint8_t)(n - lc - 1);
        if (*hex == '|')
            lc = 0;
    }
    return n;
}

/* One command in hex, under the channel if it is open; its status word, data in d->p until the
 * next. */
static inline yf_sw
desk_say(struct desk *d, const char *hex, yf_span *data)
{
    uint8_t bytes[600];
    yf_apdu_cmd cmd;
    yf_apdu_rsp rsp = { 0 };

    T_OK(yf_apdu_cmd_parse((yf_span){ bytes, desk_hex(hex, bytes) }, &cmd));
    yf_err e = yf_perso_send(&d->p, &cmd, &rsp);
    if (e)
        return 0;
    if (data)
        *data = rsp.data;
    return rsp.sw;
}

/* The same without the channel, whatever stands. */
static inline yf_sw
desk_clear(struct desk *d, const char *hex)
{
    uint8_t bytes[600];
    yf_out o = yf_out_of(d->rsp, sizeof d->rsp);

    yf_card_transmit(&d->card, (yf_span){ bytes, desk_hex(hex, bytes) }, &o);
    T(o.n >= 2);
    d->rsp_n = o.n;
    return yf_be16(d->rsp + o.n - 2);
}

#define T_SW(sw, expr) assert_int_equal((expr), (sw))
/* Does data equal these hex digits? */
static inline void
desk_is(yf_span data, const char *hex)
{
    uint8_t bytes[600];

    T_SPAN(data, ((yf_span){ bytes, desk_hex(hex, bytes) }));
}

#endif
