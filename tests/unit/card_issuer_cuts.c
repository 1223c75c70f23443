/* SPDX-License-Identifier: Apache-2.0 */
/* The issuer's domain when power fails: whoever has the card has it still, or the next one has. */
#include "issuing.h"

#include <yufu/sim/powercut.h>

static struct desk d;

/* A host and a card over somebody else's flash. */
static void
desk_over(const struct yf_flash *flash)
{
    d.parts.flash = flash;
    d.rnd.state = 11;
}

static yf_err
cut_make(void *ctx, const struct yf_flash *flash)
{
    struct yf_scp03_keys k;
    yf_err e;
    (void)ctx;

    desk_over(flash);
    if ((e = yf_line_keys(&d.line, &yf_provider_soft, 0, desk_serial + 2, &k)))
        return e;
    return yf_card_make(&d.parts, YF_SPAN(desk_serial), &k, &d.card);
}

static yf_err
cut_start(const struct yf_flash *flash)
{
    yf_err e;

    desk_over(flash);
    if ((e = yf_card_start(&d.card, &d.parts)))
        return e;
    return yf_perso_start(&d.p, &d.transport, &yf_provider_soft, &d.rng);
}

/* The chip maker's keys go and the card maker's come, then the stage: two changes. */
static yf_err
cut_hand_over(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_scp03_keys k;
    yf_err e;
    (void)ctx;

    if ((e = cut_start(flash)) || (e = yf_line_open(&d.line, &d.p, 0)))
        return e;
    if ((e = yf_line_keys(&d.line, &yf_provider_soft, 1, desk_serial + 2, &k)))
        return e;
    if ((e = yf_perso_put_keys(&d.p, 0, 1, &k)))
        return e;
    yf_cuts_done(cuts);
    if ((e = yf_perso_stage(&d.p, YF_STAGE_CARD)))
        return e;
    yf_cuts_done(cuts);
    return YF_OK;
}

/* Key versions, the stage, and that whoever is named there gets in. */
static yf_err
cut_look(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    yf_err e = cut_start(flash);
    yf_span v;
    (void)ctx;

    if (e)
        return e;
    if ((e = yf_perso_get(&d.p, YF_ISSUER_KEYS, &v)))
        return e;
    yf_out_put(seen, v);
    uint8_t kvn = v.n > 3 ? v.p[3] : 0;
    if ((e = yf_perso_get(&d.p, YF_ISSUER_STAGE, &v)))
        return e;
    yf_out_put(seen, v);
    return yf_line_open(&d.line, &d.p, kvn == YF_ISSUER_TRANSPORT ? 0 : kvn);
}

static void
a_hand_over_survives_every_cut(void **st)
{
    static const struct yf_cut_scenario scenario = {
        .name = "hand over", .setup = cut_make, .step = cut_hand_over, .look = cut_look
    };
    struct yf_cut_report r = { 0 };
    (void)st;

    desk_open(&d, YF_AES128);
    yf_err e = yf_cuts_run(&scenario, yf_cuts_depth(), &r);
    printf("# hand over: %llu cuts%s%s\n", r.cuts, e ? ": " : "", r.failure);
    T_OK(e);
    d.parts.flash = &d.flash.flash;
    desk_close(&d);
}

T_MAIN(cmocka_unit_test(a_hand_over_survives_every_cut))
