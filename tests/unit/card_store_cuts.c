/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store under every power cut: YUFU_CUTS=deep tries them all. This program is also linked with
 * faulty stores, which it must notice (tests/mutants).
 */
#include <yufu/card/store.h>
#include <yufu/sim/flashram.h>
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

/* A store that fails one scenario is not tried further. */
static void
report(const char *name, yf_err e, const struct yf_cut_report *r)
{
    printf("# %s: %llu cuts, %llu of them during a repair, %llu different memories\n", name,
           r->cuts, r->second, r->images);
    if (e) {
        printf("Bail out! %s\n", r->failure);
        exit(1);
    }
    T(r->cuts > 500 && r->images > 200);
}

static void
run(const struct yf_cut_scenario *s)
{
    struct yf_cut_report r;
    yf_err e = yf_cuts_run(s, yf_cuts_depth(), &r);

    report(s->name, e, &r);
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

static size_t
used_unit(struct rnd *r, const uint8_t *image, size_t n)
{
    static const uint8_t erased[16] = { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF };
    size_t at;

    do
        at = rnd_below(r, n / 16) * 16;
    while (memcmp(image + at, erased, 16) == 0);
    return at;
}

/* What was shown once is not taken back: damage after the repair is refused or changes nothing. */
static yf_err
one_more_after_damage(void *ctx, const struct yf_flash *flash)
{
    static uint8_t image[16 * 1024], whole[16 * 1024], before[YF_CUT_SEEN], after[YF_CUT_SEEN];
    static struct rnd r;
    struct yf_flashram *ram = ctx;
    size_t n = (size_t)flash->page * flash->pages;
    yf_out seen = yf_out_of(before, sizeof before), again = yf_out_of(after, sizeof after);
    yf_err e = yf_cuts_look_store(NULL, flash, &seen);

    if (!e)
        e = flash->read(flash->state, 0, whole, n);
    for (int i = 0; i < 12 && !e; i++) {
        size_t at = used_unit(&r, whole, n);
        memcpy(image, whole, n);
        if (i % 2)
            memset(image + at, i % 4 == 1 ? 0xFF : 0, 16);
        else
            image[at + rnd_below(&r, 16)] ^= (uint8_t)(1 << rnd_below(&r, 8));
        yf_flashram_load(ram, image);
        again.n = 0;
        e = yf_cuts_look_store(NULL, &ram->flash, &again);
        if (e == YF_E_FORMAT)
            e = YF_OK;
        else if (!e && !yf_span_eq(yf_out_span(&seen), yf_out_span(&again)))
            e = YF_E_STATE;
    }
    return e ? e : one_more(NULL, flash);
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
    struct yf_flashram ram;

    (void)st;
    T_OK(yf_flashram_open(&ram, 1024, 12, 16));
    run(&(struct yf_cut_scenario){ .name = "create, write, put, remove",
                                   .ctx = &ram,
                                   .setup = two_objects,
                                   .step = change_by_change,
                                   .look = yf_cuts_look_store,
                                   .more = one_more_after_damage });
    yf_flashram_close(&ram);
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
    struct yf_flashram ram;

    (void)st;
    T_OK(yf_flashram_open(&ram, 1024, 12, 16));
    run(&(struct yf_cut_scenario){ .name = "several objects at once",
                                   .ctx = &ram,
                                   .setup = two_objects,
                                   .step = several,
                                   .look = yf_cuts_look_store,
                                   .more = one_more_after_damage });
    yf_flashram_close(&ram);
}

/* ---- formatting ---- */

static yf_err
format(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_format(&s, flash);

    (void)ctx;
    yf_cuts_done(cuts);
    return e;
}

/* What does not open is formatted. */
static yf_err
one_more_or_format(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    if (e == YF_E_FORMAT)
        e = yf_store_format(&s, flash);
    return e ? e : one_more(ctx, flash);
}

/* Without its last page this would be a sound store that lacks an object. */
static yf_err
last_in_a_page_of_its_own(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    yf_err e = yf_store_format(&s, flash);
    uint32_t first = s.head;

    (void)ctx;
    for (uint32_t i = 0; !e && (s.head == first || s.marks != 1); i++)
        e = yf_store_put(&s, A + i, (yf_span){ pattern, 256 });
    return e;
}

static void
a_format_is_complete_or_refused(void **st)
{
    struct yf_cut_scenario s = { .name = "format of erased memory",
                                 .step = format,
                                 .look = yf_cuts_look_store,
                                 .more = one_more_or_format,
                                 .refusable = true };

    (void)st;
    run(&s);
    s.name = "format of a store";
    s.setup = last_in_a_page_of_its_own;
    run(&s);
}

/* ---- a memory that is full: every change has to move others ---- */

enum { FULL_OBJECTS = 4 };

static yf_err
full(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    yf_err e = yf_store_format(&s, flash);

    (void)ctx;
    for (uint32_t i = 0; i < FULL_OBJECTS && !e; i++)
        e = yf_store_put(&s, A + i, (yf_span){ pattern + i, 256 });
    while (!e && yf_store_room(&s) >= 256)
        e = yf_store_put(&s, YF_OBJ(3, YF_OBJ_DATA, s.pieces), (yf_span){ pattern, 40 });
    return e;
}

static yf_err
rewrite(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    for (uint32_t i = 0; i < 9 && !e; i++) {
        e = yf_store_write(&s, A + i % FULL_OBJECTS, i, (yf_span){ pattern, 100 });
        yf_cuts_done(cuts);
    }
    return e;
}

static yf_err
one_more_write(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;
    uint8_t got[4];
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    if (e || (e = yf_store_write(&s, A, 100, YF_STR("more"))))
        return e;
    if ((e = yf_store_open(&s, flash)) || (e = yf_store_read(&s, A, 100, got, 4)))
        return e;
    return memcmp(got, "more", 4) == 0 ? YF_OK : YF_E_STATE;
}

static void
a_full_store_moves_and_erases(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "changes of a full store",
                                   .pages = 8,
                                   .setup = full,
                                   .step = rewrite,
                                   .look = yf_cuts_look_store,
                                   .more = one_more_write });
}

static yf_err
scrub(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    if (!e)
        e = yf_store_remove(&s, A + 1);
    yf_cuts_done(cuts);
    if (!e)
        e = yf_store_scrub(&s);
    yf_cuts_done(cuts);
    return e;
}

static void
scrubbing_changes_nothing(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "scrub",
                                   .pages = 8,
                                   .unit = 8,
                                   .setup = full,
                                   .step = scrub,
                                   .look = yf_cuts_look_store,
                                   .more = one_more_write });
}

/* ---- a large object in chunks ---- */

static yf_err
empty(void *ctx, const struct yf_flash *flash)
{
    struct yf_store s;

    (void)ctx;
    return yf_store_format(&s, flash);
}

static yf_err
chunks(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    struct yf_store s;
    yf_err e = yf_store_open(&s, flash);

    (void)ctx;
    if (!e)
        e = yf_store_create(&s, A, 2000);
    yf_cuts_done(cuts);
    for (uint32_t at = 0; at < 2000 && !e; at += 400) {
        e = yf_store_write(&s, A, at, (yf_span){ pattern, 400 });
        yf_cuts_done(cuts);
    }
    return e;
}

static void
a_large_object_grows_chunk_by_chunk(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "a large object in chunks",
                                   .pages = 16,
                                   .unit = 4,
                                   .setup = empty,
                                   .step = chunks,
                                   .look = yf_cuts_look_store,
                                   .more = one_more });
}

/* ---- counters ---- */

static yf_err
counter_make(void *ctx, struct yf_store *s)
{
    (void)ctx;
    return yf_store_put(s, C, BYTES(3));
}

static yf_err
counter_take(void *ctx, struct yf_store *s)
{
    uint8_t n;
    yf_err e = yf_store_read(s, C, 0, &n, 1);

    (void)ctx;
    return e ? e : yf_store_write(s, C, 0, BYTES((uint8_t)(n - 1)));
}

static yf_err
counter_left(void *ctx, const struct yf_store *s, uint8_t *left)
{
    (void)ctx;
    return yf_store_read(s, C, 0, left, 1);
}

static void
a_counter_never_goes_up(void **st)
{
    static const struct yf_cut_counter counter = {
        .name = "a counter", .make = counter_make, .take = counter_take, .left = counter_left
    };
    struct yf_cut_report r;
    yf_err e = yf_cuts_counter(&counter, yf_cuts_depth(), &r);

    (void)st;
    report(counter.name, e, &r);
}

T_MAIN(cmocka_unit_test(a_format_is_complete_or_refused),
       cmocka_unit_test(each_change_is_there_or_not),
       cmocka_unit_test(several_objects_change_together),
       cmocka_unit_test(a_full_store_moves_and_erases), cmocka_unit_test(scrubbing_changes_nothing),
       cmocka_unit_test(a_large_object_grows_chunk_by_chunk),
       cmocka_unit_test(a_counter_never_goes_up))
