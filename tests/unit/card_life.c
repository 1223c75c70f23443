/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, NULL };

/* GPCS 11.1.1: codes fill up bit by bit, so that no write can go back. */
static void
codes_only_gain_bits(void **st)
{
    static const uint8_t codes[YF_STAGES] = { 0x01, 0x03, 0x07, 0x0F, 0x1F, 0x7F, 0xFF };

    (void)st;
    for (unsigned i = 0; i < YF_STAGES; i++) {
        T(yf_stage_code((yf_stage)i) == codes[i]);
        T(i == 0 || (codes[i] & codes[i - 1]) == codes[i - 1]);
    }
    T(yf_stage_code(YF_STAGES) == 0);
}

static void
a_code_is_a_stage_or_none(void **st)
{
    unsigned known = 0;

    (void)st;
    for (unsigned code = 0; code < 256; code++) {
        yf_stage s = YF_STAGES;
        yf_err e = yf_stage_of((uint8_t)code, &s);

        T(e == YF_OK ? yf_stage_code(s) == code : e == YF_E_FORMAT && s == YF_STAGES);
        known += e == YF_OK;
    }
    T(known == YF_STAGES);
}

/* The whole of life: a row a stage, a column where it may go. */
static const char *const may[YF_STAGES] = {
    ".X.....", // chip maker
    "..X...X", // card maker
    "...X..X", // personaliser
    "....X.X", // issuer
    ".....XX", // active
    "......X", // locked
    ".......", // terminated
};

/* A fresh card brought to a stage, told to go to each other one, and asked after power came back.
 */
static void
every_stage_and_every_step(void **st)
{
    (void)st;
    for (unsigned from = 0; from < YF_STAGES; from++)
        for (unsigned to = 0; to < YF_STAGES; to++) {
            bool allowed = may[from][to] == 'X';
            struct box b;
            yf_stage now;

            T(yf_stage_follows((yf_stage)from, (yf_stage)to) == allowed);
            box_open(&b, applets);
            box_advance(&b, (yf_stage)from);
            T_ERR(allowed ? YF_OK : YF_E_DENIED, yf_life_advance(&b.card.store, (yf_stage)to));
            T_OK(box_restart(&b));
            T_OK(yf_life_read(&b.card.store, &now));
            T(now == (yf_stage)(allowed ? to : from) && b.card.stage == now);
            box_close(&b);
        }
    T(!yf_stage_follows(YF_STAGES, YF_STAGE_CHIP) && !yf_stage_follows(YF_STAGE_CARD, YF_STAGES));
}

/* A code nobody wrote: the card does not guess. */
static void
an_unknown_stage_is_mute(void **st)
{
    struct box b;
    uint8_t odd = 0x05;

    (void)st;
    box_open(&b, applets);
    T_OK(yf_store_write(&b.card.store, YF_OBJ(0, YF_OBJ_CARD, YF_CARD_STAGE), 0,
                        (yf_span){ &odd, 1 }));
    T_ERR(YF_E_FORMAT, box_restart(&b));
    T(box_say(&b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_UNKNOWN);
    box_close(&b);
}

static void
stages_have_names(void **st)
{
    (void)st;
    assert_string_equal(yf_stage_name(YF_STAGE_CHIP), "chip maker");
    assert_string_equal(yf_stage_name(YF_STAGE_TERMINATED), "terminated");
    assert_string_equal(yf_stage_name(YF_STAGES), "unknown");
}

T_MAIN(cmocka_unit_test(codes_only_gain_bits), cmocka_unit_test(a_code_is_a_stage_or_none),
       cmocka_unit_test(every_stage_and_every_step), cmocka_unit_test(an_unknown_stage_is_mute),
       cmocka_unit_test(stages_have_names))
