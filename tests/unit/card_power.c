/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and PINs when power fails: commands, cut at every moment. What an answered command did is
 * there for ever, what a cut one was to do is there whole or not at all, and a counter of tries
 * shows what was left or one less.
 */
#include "hand.h"
#include "t.h"

#include <yufu/sim/powercut.h>

static struct hand h; // made anew at each power-on

static const yf_need free_for_all[YF_FILE_OPS] = { 1, 1, 1, 1, 1, 1, 1 };

static yf_err
power_on(const struct yf_flash *flash)
{
    memset(&h, 0, sizeof h);
    h.card.app = HAND_APP;
    h.shown = YF_NEED_NOTHING;
    return yf_store_open(&h.card.store, flash);
}

static yf_err
make(uint8_t kind, uint16_t fid, uint8_t sfi, uint8_t record, uint32_t size)
{
    struct yf_fcp f = { .kind = kind,
                        .state = YF_FILE_ACTIVATED,
                        .fid = fid,
                        .sfi = sfi,
                        .record = record,
                        .records = record ? 3 : 0,
                        .size = size };

    memcpy(f.need, free_for_all, sizeof f.need);
    return yf_files_create(&h.card.store, HAND_APP, &f);
}

static yf_err
files(void *ctx, const struct yf_flash *flash)
{
    yf_err e = yf_store_format(&h.card.store, flash);
    (void)ctx;

    if (!e)
        e = make(YF_FILE_DF, 0x3F00, 0, 0, 0);
    if (!e)
        e = make(YF_FILE_TRANSPARENT, 0x0001, 1, 0, 700);
    if (!e)
        e = make(YF_FILE_LINEAR_VARIABLE, 0x0002, 2, 200, 0);
    if (!e)
        e = make(YF_FILE_CYCLIC, 0x0003, 3, 4, 0);
    return e;
}

/* Commands, each of which must be answered with 9000. */
static yf_err
commands(const struct yf_flash *flash, struct yf_cuts *cuts, const char *const *hex, size_t n)
{
    yf_err e = power_on(flash);

    for (size_t i = 0; i < n && !e; i++) {
        yf_sw sw = hand(&h, hex[i]);
        if (sw == YF_SW_OK)
            yf_cuts_done(cuts);
        e = sw == YF_SW_OK ? YF_OK : h.card.store.broken ? h.card.store.broken : YF_E_STATE;
    }
    return e;
}

static yf_err
write_contents(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    static const char *const hex[] = {
        "00D681F0 14 0102030405060708090A0B0C0D0E0F1011121314", // over the edge of a piece
        "00D70001 09 540201FE 53031A1B1C",
        "000E8180 02 0210",
        "00E20010 04 01020304",
        "00E20010 08 0102030405060708",
        "00DC0114 02 AABB",
        "00E20018 04 01010101",
        "00E20018 04 02020202",
        "00E20018 04 03030303",
        "00E20018 04 04040404", // over the oldest
        "00DC0204 04 AAAAAAAA",
    };
    (void)ctx;

    return commands(flash, cuts, hex, sizeof hex / sizeof hex[0]);
}

static yf_err
manage_files(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    static const char *const hex[] = {
        "00E00000 1B 6219 80020123 820101 83020010 880120 8A0101 8C066B0000000000",
        "00D60000 02 1234",
        "00440000",
        "00040000",
        "00E80000",
        "00E40000",
        "00E00000 09 6207 820138 83020100",
    };
    (void)ctx;

    return commands(flash, cuts, hex, sizeof hex / sizeof hex[0]);
}

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
    T(r.cuts > 100);
}

static void
contents_are_old_or_new(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "update, erase, append",
                                   .setup = files,
                                   .step = write_contents,
                                   .look = yf_cuts_look_store });
}

static void
files_are_there_or_not(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "create, activate, terminate, delete",
                                   .setup = files,
                                   .step = manage_files,
                                   .look = yf_cuts_look_store });
}

/* ---- PINs ---- */

/* Three tries, or as many as ctx says. */
static yf_err
make_pins(void *ctx, struct yf_store *s)
{
    const struct yf_pin_rule pin = { .min = 4,
                                     .max = 8,
                                     .tries = ctx ? *(const uint8_t *)ctx : 3,
                                     .pad = 0xFF,
                                     .unblocker = 2,
                                     .change = YF_NEED_NOTHING };
    yf_err e = yf_pin_create(s, HAND_APP, 1, &pin, YF_STR("1234"));

    return e ? e : yf_pin_create(s, HAND_APP, 2, &pin, YF_STR("87654321"));
}

static yf_err
wrong_pin(void *ctx, struct yf_store *s)
{
    uint8_t left;
    yf_err e = yf_pin_verify(s, HAND_APP, 1, YF_STR("4321"), &left);
    (void)ctx;

    return e == YF_E_AUTH ? YF_OK : e ? e : YF_E_STATE;
}

static yf_err
tries_left(void *ctx, const struct yf_store *s, uint8_t *left)
{
    (void)ctx;
    return yf_tries_left(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 1), left);
}

static yf_err
pins(void *ctx, const struct yf_flash *flash)
{
    yf_err e = yf_store_format(&h.card.store, flash);

    if (!e)
        e = make_pins(ctx, &h.card.store);
    if (!e)
        e = wrong_pin(ctx, &h.card.store);
    return e ? e : wrong_pin(ctx, &h.card.store);
}

static yf_err
right_pin(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    static const char *const hex[] = { "00200081 04 31323334" };
    (void)ctx;

    return commands(flash, cuts, hex, 1);
}

/* One of three tries is left; a cut leaves it or takes it, or all three are back. */
static yf_err
look_at_tries(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    uint8_t left = 0;
    yf_err e = power_on(flash);

    if (!e)
        e = tries_left(ctx, &h.card.store, &left);
    if (!e && left == 2)
        e = YF_E_STATE;
    yf_out_u8(seen, left == 3);
    return e;
}

static void
a_cut_never_gives_a_try(void **st)
{
    const struct yf_cut_counter c = { "wrong PINs", NULL, make_pins, wrong_pin, tries_left };
    struct yf_cut_report r;
    (void)st;

    yf_err e = yf_cuts_counter(&c, yf_cuts_depth(), &r);
    print_message("# %s: %llu cuts%s%s\n", c.name, r.cuts, e ? ": " : "", r.failure);
    T_OK(e);
    T(r.cuts > 100);
}

static void
success_gives_all_tries_or_none(void **st)
{
    (void)st;
    run(&(struct yf_cut_scenario){
        .name = "the right PIN", .setup = pins, .step = right_pin, .look = look_at_tries });
}

/* ---- another value ---- */

/* Which it is, one finds out by trying. Power fails in that, too, and so there are many tries. */
static yf_err
look_at_value(void *ctx, const struct yf_flash *flash, yf_out *seen)
{
    uint8_t left;
    yf_err e = power_on(flash);
    (void)ctx;

    if (e)
        return e;
    e = yf_pin_verify(&h.card.store, HAND_APP, 1, YF_STR("1234"), &left);
    yf_out_u8(seen, (uint8_t)e);
    if (e != YF_E_AUTH)
        return e == YF_E_DENIED ? YF_OK : e;
    return yf_pin_verify(&h.card.store, HAND_APP, 1, YF_STR("5678"), &left);
}

static yf_err
pins_untouched(void *ctx, const struct yf_flash *flash)
{
    yf_err e = yf_store_format(&h.card.store, flash);

    return e ? e : make_pins(ctx, &h.card.store);
}

static yf_err
change_pin(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    static const char *const hex[] = { "00240081 0C 31323334FFFFFFFF 35363738" };
    (void)ctx;

    return commands(flash, cuts, hex, 1);
}

static yf_err
pins_blocked(void *ctx, const struct yf_flash *flash)
{
    yf_err e = pins_untouched(ctx, flash);

    while (!e)
        e = wrong_pin(ctx, &h.card.store);
    return e == YF_E_DENIED ? YF_OK : e;
}

static yf_err
reset_pin(void *ctx, const struct yf_flash *flash, struct yf_cuts *cuts)
{
    static const char *const hex[] = { "002C0081 0C 3837363534333231 35363738" };
    (void)ctx;

    return commands(flash, cuts, hex, 1);
}

static void
values_are_old_or_new(void **st)
{
    static uint8_t many = YF_TRIES_MAX;
    (void)st;
    run(&(struct yf_cut_scenario){ .name = "change",
                                   .ctx = &many,
                                   .setup = pins_untouched,
                                   .step = change_pin,
                                   .look = look_at_value });
    run(&(struct yf_cut_scenario){ .name = "reset with a PUK",
                                   .ctx = &many,
                                   .setup = pins_blocked,
                                   .step = reset_pin,
                                   .look = look_at_value });
}

T_MAIN(cmocka_unit_test(contents_are_old_or_new), cmocka_unit_test(files_are_there_or_not),
       cmocka_unit_test(a_cut_never_gives_a_try), cmocka_unit_test(success_gives_all_tries_or_none),
       cmocka_unit_test(values_are_old_or_new))
