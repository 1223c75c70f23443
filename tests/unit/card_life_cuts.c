/* SPDX-License-Identifier: Apache-2.0 */
/* Life, and the list of applications, under every power cut. */
#include "box.h"
#include "t.h"
#include "tiny.h"

#include <yufu/card/atr.h>
#include <yufu/sim/powercut.h>

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

static struct rnd rnd;
static struct yf_card card;

static struct yf_card_parts
parts(const struct yf_flash *flash)
{
    return (struct yf_card_parts){ .provider = &yf_provider_soft,
                                   .rng = rng_seeded(&rnd),
                                   .flash = flash,
                                   .applets = applets,
                                   .tested = true };
}

static yf_err
make(void *ctx, const struct yf_flash *flash)
{
    struct yf_card_parts p = parts(flash);

    (void)ctx;
    return yf_card_make(&p, YF_STR("serial"), &box_keys, &card);
}

static yf_err
start(const struct yf_flash *flash)
{
    struct yf_card_parts p = parts(flash);

    return yf_card_start(&card, &p);
}

static struct yf_call
call_of(yf_out *o)
{
    return (
        struct yf_call){ .card = &card, .app = YF_APP_ISSUER, .shown = YF_NEED_NOTHING, .out = o };
}

/* What a card that was just started says of its stage and its applications. */
static yf_err
look(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    yf_obj o = YF_OBJ(YF_APP_FIRST, 0, 0) - 1;
    yf_err e = start(flash);

    (void)ctx;
    if (e)
        return e;
    yf_out_u8(seen, yf_stage_code(card.stage));
    for (uint8_t n = 0; n < YF_CARD_APPS; n++) {
        struct yf_app app;
        if (!yf_apps_get(&card.store, n, &app)) {
            yf_out_u8(seen, n);
            yf_out_u8(seen, app.state);
        }
    }
    while (yf_store_next(&card.store, o, &o))
        yf_out_u32(seen, o);
    return yf_out_done(seen, &(yf_span){ 0 });
}

static void
expect_whole(const struct yf_cut_scenario *s)
{
    struct yf_cut_report r;
    yf_err e = yf_cuts_run(s, yf_cuts_depth(), &r);

    printf("# %s: %llu cuts%s%s\n", s->name, r.cuts, e ? ": " : "", r.failure);
    T_OK(e);
    T(r.cuts > 0);
}

/* ---- life ---- */

static yf_err
grow_old(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    yf_out none = yf_out_of(NULL, 0);
    yf_err e = start(flash);

    (void)ctx;
    for (unsigned s = YF_STAGE_CARD; s < YF_STAGES && !e; s++) {
        struct yf_call call = call_of(&none);
        if (!(e = yf_call_advance(&call, (yf_stage)s)))
            yf_cuts_done(cuts);
    }
    return e;
}

/* Each stage or the next one; never back, and never one that nobody was told of. */
static void
a_life_with_cuts(void **st)
{
    static const struct yf_cut_scenario life = {
        .name = "life", .setup = make, .step = grow_old, .look = look
    };

    (void)st;
    expect_whole(&life);
}

/* ---- applications ---- */

static yf_err
install(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    yf_out none = yf_out_of(NULL, 0);
    yf_err e = start(flash);
    struct yf_call call = call_of(&none);
    uint8_t n = 0;

    (void)ctx;
    if (!e && yf_apps_install(&call, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) != YF_SW_OK)
        e = YF_E_STATE;
    if (!e)
        yf_cuts_done(cuts);
    return e;
}

/* With more objects than the installation made. */
static yf_err
make_and_install(void *ctx, const struct yf_flash *flash)
{
    yf_out none = yf_out_of(NULL, 0);
    yf_err e = make(ctx, flash);
    uint8_t n = 0;

    if (e || (e = start(flash)))
        return e;
    struct yf_call call = call_of(&none);
    if (yf_apps_install(&call, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) != YF_SW_OK)
        return YF_E_STATE;
    for (unsigned i = 2; i < 6 && !e; i++)
        e = yf_store_put(&card.store, YF_OBJ(n, YF_OBJ_DATA, i), YF_STR("more"));
    return e;
}

static yf_err
take_away(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    yf_err e = start(flash);

    (void)ctx;
    if (!e && !(e = yf_apps_remove(&card.store, YF_APP_FIRST)))
        yf_cuts_done(cuts);
    return e;
}

static void
applications_come_and_go_whole(void **st)
{
    static const struct yf_cut_scenario comes = {
        .name = "an application comes", .setup = make, .step = install, .look = look
    };
    static const struct yf_cut_scenario goes = {
        .name = "an application goes", .setup = make_and_install, .step = take_away, .look = look
    };

    (void)st;
    expect_whole(&comes);
    expect_whole(&goes);
}

static yf_err
set_historical(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    yf_err e = start(flash);

    (void)ctx;
    if (!e && !(e = yf_atr_set(&card.store, YF_STR("fifteen letters"))))
        yf_cuts_done(cuts);
    return e;
}

static yf_err
look_at_atr(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    yf_err e = start(flash);

    (void)ctx;
    if (!e)
        yf_card_atr(&card, seen);
    return e;
}

static void
an_atr_is_the_old_or_the_new(void **st)
{
    static const struct yf_cut_scenario atr = {
        .name = "historical bytes", .setup = make, .step = set_historical, .look = look_at_atr
    };

    (void)st;
    expect_whole(&atr);
}

T_MAIN(cmocka_unit_test(a_life_with_cuts), cmocka_unit_test(applications_come_and_go_whole),
       cmocka_unit_test(an_atr_is_the_old_or_the_new))
