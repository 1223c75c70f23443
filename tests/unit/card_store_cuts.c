/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store under every power cut: YUFU_CUTS=deep tries them all. This program is also linked with
 * faulty stores, which it must notice (tests/mutants).
 */
#include <yufu/card/store.h>
#include <yufu/sim/powercut.h>

#include "rnd.h"
#include "t.h"

enum {
    A = YF_OBJ(1, YF_OBJ_BODY, 1),
    B = YF_OBJ(1, YF_OBJ_BODY, 2),
    C = YF_OBJ(2, YF_OBJ_PIN, 1),
    X = YF_OBJ(9, YF_OBJ_DATA, 9),
};

static const uint8_t pattern[700] = { 1, 2, 3, 4, 5, 0xFF, 0xFF, 0, 0, 0x55 };

static void
run(const struct yf_cut_scenario *s)
{
    struct yf_cut_report r;
    yf_err e = yf_cuts_run(s, yf_cuts_depth(), &r);

    print_message("# %s: %llu cuts, %llu of them during a repair, %llu different memories\n",
                  s->name, r.cuts, r.second, r.images);
    if (e)
        print_message("# %s\n", r.failure);
    T_OK(e);
    T(r.cuts > 100 && r.images > 20);
}

/* Whatever happened: one more change works, and the rest is as it was. */
static yf_err
one_more(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    uint8_t got[4];
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    if (e || (e = yf_store_put(&s, X, YF_STR("more"))))
        return e;
    if ((e = yf_store_open(&s, flash)) || (e = yf_store_read(&s, X, 0, got, 4)))
        return e;
    return memcmp(got, "more", 4) == 0 ? YF_OK : YF_E_STATE;
}

static yf_err
two_objects(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    yf_err e = yf_store_format(&s, flash);

    (void)ctx;
    if (!e)
        e = yf_store_put(&s, A, YF_SPAN(pattern));
    if (!e)
        e = yf_store_put(&s, C, YF_STR("three tries"));
    return e;
}

/* ---- changes one by one ---- */

static yf_err
change_by_change(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    for (int i = 0; i < 6 && !e; i++) {
        switch (i) {
        case 0:
            e = yf_store_create(&s, B, 300);
            break;
        case 1:
            e = yf_store_write(&s, B, 250, YF_STR("over the edge"));
            break;
        case 2:
            e = yf_store_put(&s, A, YF_STR("short now"));
            break;
        case 3:
            e = yf_store_remove(&s, B);
            break;
        case 4:
            e = yf_store_put(&s, B, (yf_span){ pattern, 257 });
            break;
        default:
            e = yf_store_remove(&s, A);
        }
        yf_cuts_done(cuts);
    }
    return e;
}

static void
each_change_is_there_or_not(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "create, write, put, remove",
                                   .setup = two_objects,
                                   .step = change_by_change,
                                   .look = yf_cuts_look_store,
                                   .more = one_more });
}

/* ---- one transaction over several objects ---- */

static yf_err
several(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    if (!e)
        e = yf_store_begin(&s);
    if (!e)
        e = yf_store_put(&s, B, (yf_span){ pattern, 300 });
    if (!e)
        e = yf_store_remove(&s, A);
    if (!e)
        e = yf_store_write(&s, C, 0, YF_STR("two"));
    if (!e)
        e = yf_store_write(&s, B, 255, YF_STR("patched"));
    if (!e)
        e = yf_store_commit(&s);
    yf_cuts_done(cuts);
    if (!e)
        e = yf_store_begin(&s);
    if (!e)
        e = yf_store_put(&s, A, YF_STR("never"));
    yf_store_abort(&s);
    if (!e)
        e = yf_store_put(&s, C, YF_STR("done"));
    yf_cuts_done(cuts);
    return e;
}

static void
several_objects_change_together(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "several objects at once",
                                   .setup = two_objects,
                                   .step = several,
                                   .look = yf_cuts_look_store,
                                   .more = one_more });
}

T_MAIN(cmocka_unit_test(each_change_is_there_or_not),
       cmocka_unit_test(several_objects_change_together))
