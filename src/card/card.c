/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <yufu/card/atr.h>
#include <yufu/crypto/drbg.h>
#include <yufu/crypto/selftest.h>

#include <string.h>

/* ---- the chip maker's step ---- */

static yf_err
err_of(yf_sw sw)
{
    return sw == YF_SW_OK ? YF_OK : sw == YF_SW_MEMORY ? YF_E_IO : YF_E_FORMAT;
}

/* The two applications a card cannot be without. */
static yf_err
found(struct yf_card *c, const struct yf_scp03_keys *keys)
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(c->parts.provider, keys->cipher);
    uint8_t bytes[1 + 3 * YF_CIPHER_KEY_MAX];
    yf_out o = yf_out_of(bytes, sizeof bytes), none = yf_out_of(NULL, 0);
    struct yf_call call = { .card = c, .shown = YF_NEED_NOTHING, .out = &none };

    if (!alg)
        return YF_E_UNSUPPORTED;
    yf_out_u8(&o, (uint8_t)keys->cipher);
    yf_out_put(&o, (yf_span){ keys->enc, alg->key });
    yf_out_put(&o, (yf_span){ keys->mac, alg->key });
    yf_out_put(&o, (yf_span){ keys->dek, alg->key });
    yf_sw sw = yf_apps_found(&call, YF_APP_ROOT, c->parts.applets[YF_APP_ROOT], (yf_span){ 0 });
    if (sw == YF_SW_OK)
        sw = yf_apps_found(&call, YF_APP_ISSUER, c->parts.applets[YF_APP_ISSUER], yf_out_span(&o));
    yf_wipe(bytes, sizeof bytes);
    return err_of(sw);
}

static yf_err
fill(struct yf_card *c, yf_span serial, const struct yf_scp03_keys *keys)
{
    uint8_t stage = yf_stage_code(YF_STAGE_CHIP);
    yf_err e;

    if ((e = yf_store_begin(&c->store)))
        return e;
    if ((e = yf_store_put(&c->store, YF_OBJ(0, YF_OBJ_CARD, YF_CARD_SERIAL), serial)))
        return e;
    if ((e = yf_store_put(&c->store, YF_OBJ(0, YF_OBJ_CARD, YF_CARD_STAGE),
                          (yf_span){ &stage, 1 })))
        return e;
    if ((e = yf_atr_set(&c->store, (yf_span){ 0 })))
        return e;
    if ((e = found(c, keys)))
        return e;
    return yf_store_commit(&c->store);
}

yf_err
yf_card_make(const struct yf_card_parts *parts, yf_span serial,
             const struct yf_scp03_keys *transport, struct yf_card *scratch)
{
    yf_err e;

    if (serial.n == 0 || serial.n > YF_CARD_SERIAL_MAX)
        return YF_E_FORMAT;
    yf_wipe(scratch, sizeof *scratch);
    scratch->parts = *parts;
    if (!(e = yf_store_format(&scratch->store, parts->flash)))
        e = fill(scratch, serial, transport);
    yf_wipe(scratch, sizeof *scratch);
    return e;
}

/* ---- power on ---- */

/* A source that fails or repeats itself: SP 800-90B 4.3, 1024 samples at start. */
static yf_err
random_test(const yf_rng *rng)
{
    uint8_t some[32];
    yf_health h;
    yf_err e = yf_health_init(&h, 8 * 256);

    for (unsigned i = 0; !e && i < 1024 / sizeof some; i++) {
        e = yf_rng_fill(rng, some, sizeof some);
        if (!e)
            e = yf_health_take(&h, YF_SPAN(some));
    }
    yf_wipe(some, sizeof some);
    return e;
}

static yf_err
wake(struct yf_card *c)
{
    struct yf_app root;
    yf_err e;

    if (!c->parts.tested && (e = yf_selftest(c->parts.provider, NULL)))
        return e;
    if ((e = random_test(&c->parts.rng)))
        return e;
    if ((e = yf_store_open(&c->store, c->parts.flash)))
        return e;
    if ((e = yf_life_read(&c->store, &c->stage)))
        return e;
    e = c->stage == YF_STAGE_TERMINATED ? yf_apps_bury(&c->store) : yf_apps_mend(&c->store);
    if (e)
        return e;
    if ((e = yf_apps_get(&c->store, YF_APP_ROOT, &root)))
        return e;
    return yf_apps_applet(c, &root) == c->parts.applets[YF_APP_ROOT] ? YF_OK : YF_E_NOTFOUND;
}

yf_err
yf_card_start(struct yf_card *c, const struct yf_card_parts *parts)
{
    yf_wipe(c, sizeof *c);
    c->parts = *parts;
    c->mute = wake(c);
    yf_card_reset(c);
    return c->mute;
}

void
yf_card_reset(struct yf_card *c)
{
    yf_channel_end(c);
    yf_apdu_chain_init(&c->chain, c->in, sizeof c->in);
    c->held = 0;
    yf_wipe(c->in, sizeof c->in);
    yf_wipe(c->out, sizeof c->out);
    yf_select_enter(c, YF_APP_ROOT, c->parts.applets[YF_APP_ROOT]);
}

void
yf_card_stop(struct yf_card *c)
{
    yf_channel_end(c);
    yf_wipe(c, sizeof *c);
    c->mute = YF_E_STATE;
}

/* ---- in use ---- */

void
yf_card_transmit(struct yf_card *c, yf_span cmd, yf_out *rsp)
{
    if (rsp->err || rsp->cap - rsp->n < YF_APDU_MAX_SHORT_RSP)
        yf_halt();
    if (c->mute)
        yf_out_u16(rsp, YF_SW_UNKNOWN);
    else
        yf_dispatch(c, cmd, rsp);
}

/* A card that could not read its store has the project's historical bytes. */
void
yf_card_atr(const struct yf_card *c, yf_out *o)
{
    yf_obj object = YF_OBJ(0, YF_OBJ_CARD, YF_CARD_HISTORICAL);
    uint8_t bytes[YF_CARD_HISTORICAL_MAX];
    uint32_t n = 0;

    if (!c->mute && !yf_store_size(&c->store, object, &n) && n <= sizeof bytes &&
        !yf_store_read(&c->store, object, 0, bytes, n))
        yf_atr_put(o, (yf_span){ bytes, n });
    else
        yf_atr_put(o, yf_atr_historical());
}
