/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

#define SAY(b, ...) box_say((b), BYTES(__VA_ARGS__))

/* A card in the personaliser's hands with tiny selected. */
static void
open(struct box *b)
{
    yf_out none = yf_out_of(NULL, 0);
    uint8_t n = 0;

    box_open(b, applets);
    struct yf_call call = box_call(b, YF_APP_ISSUER, &none);
    box_advance(b, YF_STAGE_PERSO);
    T(yf_apps_install(&call, TINY_AID, (yf_span){ 0 }, YF_STR("mine"), &n) == YF_SW_OK);
    T(box_select(b, TINY_AID) == YF_SW_OK);
}

static bool
clean(const struct box *b)
{
    for (size_t i = 0; i < YF_CARD_IN; i++)
        if (b->card.in[i])
            return false;
    for (size_t i = 0; i < YF_CARD_OUT; i++)
        if (b->card.out[i])
            return false;
    return true;
}

/* ---- bytes and class ---- */

/* 7816-3 12.1: what has no such form is 6700, whatever it was to do. */
static void
malformed(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(box_say(&b, (yf_span){ 0 }) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0x02, 0x00) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x02, 0x11) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x01, 0x11, 0x00, 0x00) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x11) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x01, 0x11, 0x00) == YF_SW_OK);
    T_SPAN(b.data, BYTES(0x11));
    box_close(&b);
}

/*
 * Every class byte with an instruction tiny has in class 00 (7816-4 5.4.1): 6882 asks for
 * messaging that does not stand, 6881 for another channel; with 10 it begins a chain.
 */
static void
every_class(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    for (unsigned cla = 0; cla < 256; cla++) {
        bool first = cla < 0x20, proprietary = cla >= 0x80 && cla < 0xA0;
        yf_sw want = YF_SW_WRONG_CLA; // 20 to 3F are kept by ISO, FF is none

        bool low = (first || (proprietary && cla < 0x90)) && (cla & 3); // 1 to 3
        bool high = (cla >= 0x40 && cla < 0x80) || (cla >= 0xC0 && cla < 0xD0) ||
                    (cla >= 0xE0 && cla < 0xF0); // 4 to 19
        if (low || high)
            want = YF_SW_NO_CHANNEL;
        else if (cla == 0x10)
            want = YF_SW_NO_CHAINING;
        else if (first)
            want = cla == 0 ? YF_SW_OK : cla & 0x10 ? YF_SW_NO_CHAINING : YF_SW_NO_SM;
        else if (proprietary && cla < 0x90 && (cla & 0x0C))
            want = YF_SW_NO_SM;
        T(SAY(&b, (uint8_t)cla, 0x02, 0x00, 0x00) == want);
    }
    box_close(&b);
}

/* What no row names: 6D00 in a class the application has, else 6E00. */
static void
every_instruction(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    for (unsigned ins = 0; ins < 256; ins++) {
        bool known = ins % 2 == 0 && ins >= 0x02 && ins <= 0x28 && ins != 0x1A;
        bool core = ins == 0xA4;

        if (!known && !core)
            T(SAY(&b, 0x00, (uint8_t)ins, 0x00, 0x00) == YF_SW_WRONG_INS);
        T(SAY(&b, 0x80, (uint8_t)ins, 0x00, 0x00) == YF_SW_WRONG_CLA);
    }
    T(SAY(&b, 0x00, 0xA4, 0x04, 0x00) == YF_SW_OK); // the domain: it has class 80
    T(SAY(&b, 0x80, 0xFE, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x00, 0xFE, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(SAY(&b, 0xA0, 0xFE, 0x00, 0x00) == YF_SW_WRONG_CLA);
    box_close(&b);
}

/* A row for another stage is as if it were not there. */
static void
rows_have_their_stage(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x1A, 0x00, 0x00) == YF_SW_WRONG_INS);
    box_advance(&b, YF_STAGE_ACTIVE);
    T(SAY(&b, 0x00, 0x1A, 0x00, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x1C, YF_STAGE_LOCKED, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x00, 0x1A, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x00, 0x1C, YF_STAGE_TERMINATED, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00) == YF_SW_WRONG_INS);
    box_close(&b);
}

static void
needs_are_asked_for(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x08, 0x00, 0x00) == YF_SW_SECURITY_STATUS); // never
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&b, 0x00, 0x0E, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&b, 0x00, 0x10, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&b, 0x00, 0x0C, 0x01, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x08, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    T(SAY(&b, 0x00, 0x1E, 0x00, 0x00, 0x00) == YF_SW_OK);
    T(yf_be16(b.data.p) == (YF_NEED_NOTHING | YF_NEED_PIN1));
    T(SAY(&b, 0x00, 0x0C, 0x00, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    box_close(&b);
}

/* ---- lengths ---- */

static void
as_long_as_info_says(void **st)
{
    uint8_t data[YF_CARD_NC + 1];
    struct box b;
    yf_apdu_cmd cmd = { .ins = 0x02, .ne = 65536, .data = { data, YF_CARD_NC } };

    (void)st;
    memset(data, 0x77, sizeof data);
    open(&b);
    T(box_do(&b, &cmd) == YF_SW_OK);
    T_SPAN(b.data, cmd.data);
    cmd.data.n++;
    T(box_do(&b, &cmd) == YF_SW_WRONG_LENGTH);
    T(b.data.n == 0 && clean(&b));
    box_close(&b);
}

/* 7816-3 12.1: no Le, no data. */
static void
data_goes_to_who_asks(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x02, 0xAB, 0xCD) == YF_SW_OK && b.data.n == 0);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x02, 0xAB, 0xCD, 0x02) == YF_SW_OK && b.data.n == 2);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x02, 0xAB, 0xCD, 0x09) == YF_SW_OK && b.data.n == 2);
    T(clean(&b));
    box_close(&b);
}

/* 7816-4 5.6: of an error only the word goes out; a warning has its data. */
static void
errors_have_no_data(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x14, 0x62, 0x82, 0x01, 0xAB, 0x00) == 0x6282 && b.data.n == 1);
    T(SAY(&b, 0x00, 0x14, 0x63, 0xC2, 0x01, 0xAB, 0x00) == 0x63C2 && b.data.n == 1);
    T(SAY(&b, 0x00, 0x14, 0x64, 0x00, 0x01, 0xAB, 0x00) == 0x6400 && b.data.n == 0);
    T(SAY(&b, 0x00, 0x14, 0x65, 0x81, 0x01, 0xAB, 0x00) == 0x6581 && b.data.n == 0);
    T(SAY(&b, 0x00, 0x14, 0x6A, 0x80, 0x01, 0xAB, 0x00) == 0x6A80 && b.data.n == 0);
    T(SAY(&b, 0x00, 0x14, 0x12, 0x34, 0x01, 0xAB, 0x00) == 0x6F00 && b.data.n == 0);
    T(SAY(&b, 0x00, 0x20, 0x00, 0x00, 0x00) == 0x6F00 && b.data.n == 0 && clean(&b));
    box_close(&b);
}

/* ---- GET RESPONSE ---- */

/* 600 bytes by 256: each piece says how many more there are, the last how it went. */
static void
long_responses_come_in_pieces(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x16, 200, 3, 0x00) == 0x6100 && b.data.n == 256);
    T(b.data.p[255] == 255);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x00) == 0x6158 && b.data.n == 256 && b.data.p[0] == 0);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x50) == 0x6108 && b.data.n == 0x50);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x08) == YF_SW_OK && b.data.n == 8 && b.data.p[7] == 87);
    T(clean(&b));
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x08) == YF_SW_WRONG_INS);
    box_close(&b);
}

static void
extended_le_takes_all_of_it(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x16, 200, 3, 0x00, 0x00, 0x00) == YF_SW_OK && b.data.n == 600);
    T(SAY(&b, 0x00, 0x16, 200, 3, 0x00, 0x01, 0x2C) == 0x6100 && b.data.n == 300);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x00, 0x01, 0x2C) == YF_SW_OK && b.data.n == 300);
    box_close(&b);
}

static void
a_warning_comes_with_the_last_piece(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x14, 0x62, 0x82, 0x03, 1, 2, 3, 0x01) == 0x6102 && b.data.n == 1);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x02) == 0x6282);
    T_SPAN(b.data, BYTES(2, 3));
    box_close(&b);
}

static void
get_response_is_checked(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x16, 4, 1, 0x01) == 0x6103);
    T(SAY(&b, 0x00, 0xC0, 0x01, 0x00, 0x03) == YF_SW_WRONG_P1P2);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x01, 0x03) == YF_SW_WRONG_P1P2);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x01, 0xAA, 0x03) == YF_SW_WRONG_LENGTH);
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x00) == YF_SW_OK);
    T_SPAN(b.data, BYTES(1, 2, 3));
    box_close(&b);
}

/* Whatever comes between: the rest is gone. */
static void
another_command_drops_the_rest(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0x16, 4, 1, 0x01) == 0x6103);
    T(SAY(&b, 0x00, 0xFE, 0x00, 0x00) == YF_SW_WRONG_INS);
    T(clean(&b));
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x03) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x00, 0x16, 4, 1, 0x01) == 0x6103);
    yf_card_reset(&b.card);
    T(clean(&b));
    T(SAY(&b, 0x00, 0xC0, 0x00, 0x00, 0x03) == YF_SW_WRONG_INS);
    box_close(&b);
}

/* An embedder with little room gets the response all the same. */
static void
little_room(void **st)
{
    uint8_t mem[YF_APDU_MAX_SHORT_RSP];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct box b;

    (void)st;
    open(&b);
    yf_card_transmit(&b.card, BYTES(0x00, 0x16, 200, 3, 0x00, 0x00, 0x00), &o);
    T(o.n == 258 && yf_be16(mem + 256) == 0x6100);
    o.n = 0;
    yf_card_transmit(&b.card, BYTES(0x00, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00), &o);
    T(o.n == 258 && yf_be16(mem + 256) == 0x6158);
    box_close(&b);
}

/* ---- chaining, 7816-4 5.3.3 ---- */

static void
chains_are_joined(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x10, 0x04, 0x00, 0x00, 0x02, 1, 2) == YF_SW_OK && b.data.n == 0);
    T(SAY(&b, 0x10, 0x04, 0x00, 0x00, 0x01, 3) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x04, 0x00, 0x00, 0x02, 4, 5, 0x00) == YF_SW_OK);
    T_SPAN(b.data, BYTES(1, 2, 3, 4, 5));
    T(clean(&b));
    T(SAY(&b, 0x00, 0x04, 0x00, 0x00, 0x01, 6, 0x00) == YF_SW_OK);
    T_SPAN(b.data, BYTES(6));
    box_close(&b);
}

static void
not_everything_may_be_chained(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x10, 0x02, 0x00, 0x00, 0x01, 1) == YF_SW_NO_CHAINING);
    T(SAY(&b, 0x10, 0xA4, 0x04, 0x00, 0x01, 1) == YF_SW_NO_CHAINING);
    T(SAY(&b, 0x10, 0xFE, 0x00, 0x00, 0x01, 1) == YF_SW_WRONG_INS);
    T(SAY(&b, 0x10, 0x1A, 0x00, 0x00, 0x01, 1) == YF_SW_WRONG_INS); // not in this stage
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x01, 2, 0x00) == YF_SW_OK);
    T_SPAN(b.data, BYTES(2));
    box_close(&b);
}

/* Broken: that command is lost too, and the next one begins afresh. */
static void
a_broken_chain(void **st)
{
    static const uint8_t others[][4] = {
        { 0x00, 0x02, 0x00, 0x00 }, { 0x00, 0x04, 0x01, 0x00 }, { 0x00, 0x04, 0x00, 0x01 },
        { 0x10, 0x06, 0x00, 0x00 }, { 0x00, 0xA4, 0x00, 0x00 }, { 0x00, 0xC0, 0x00, 0x00 },
    };
    struct box b;

    (void)st;
    open(&b);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        T(SAY(&b, 0x10, 0x04, 0x00, 0x00, 0x02, 1, 2) == YF_SW_OK);
        T(box_say(&b, YF_SPAN(others[i])) == YF_SW_LAST_OF_CHAIN);
        T(clean(&b));
        T(SAY(&b, 0x00, 0x04, 0x00, 0x00, 0x01, 9, 0x00) == YF_SW_OK);
        T_SPAN(b.data, BYTES(9));
    }
    box_close(&b);
}

static void
a_chain_too_long(void **st)
{
    uint8_t data[255] = { 0 };
    yf_apdu_cmd part = { .cla = 0x10, .ins = 0x04, .data = YF_SPAN(data) };
    unsigned parts = 0;
    struct box b;
    yf_sw sw;

    (void)st;
    open(&b);
    while ((sw = box_do(&b, &part)) == YF_SW_OK)
        parts++;
    T(sw == YF_SW_WRONG_LENGTH && parts == YF_CARD_IN / 255);
    T(clean(&b));
    T(SAY(&b, 0x00, 0x04, 0x00, 0x00, 0x01, 9, 0x00) == YF_SW_OK && b.data.n == 1);
    box_close(&b);
}

static void
a_reset_ends_a_chain(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x10, 0x04, 0x00, 0x00, 0x02, 1, 2) == YF_SW_OK);
    yf_card_reset(&b.card);
    T(clean(&b));
    T(box_select(&b, TINY_AID) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x04, 0x00, 0x00, 0x01, 9, 0x00) == YF_SW_OK && b.data.n == 1);
    box_close(&b);
}

/* 9303-11 4.4.4.2: each step has its answer, and the last is without the bit. */
static void
steps_are_not_joined(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x10, 0x06, 0x00, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0x10);
    T(SAY(&b, 0x10, 0x06, 0x00, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0x10);
    T(SAY(&b, 0x00, 0x06, 0x00, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0x00);
    box_close(&b);
}

T_MAIN(cmocka_unit_test(malformed), cmocka_unit_test(every_class),
       cmocka_unit_test(every_instruction), cmocka_unit_test(rows_have_their_stage),
       cmocka_unit_test(needs_are_asked_for), cmocka_unit_test(as_long_as_info_says),
       cmocka_unit_test(data_goes_to_who_asks), cmocka_unit_test(errors_have_no_data),
       cmocka_unit_test(long_responses_come_in_pieces),
       cmocka_unit_test(extended_le_takes_all_of_it),
       cmocka_unit_test(a_warning_comes_with_the_last_piece),
       cmocka_unit_test(get_response_is_checked), cmocka_unit_test(another_command_drops_the_rest),
       cmocka_unit_test(little_room), cmocka_unit_test(chains_are_joined),
       cmocka_unit_test(not_everything_may_be_chained), cmocka_unit_test(a_broken_chain),
       cmocka_unit_test(a_chain_too_long), cmocka_unit_test(a_reset_ends_a_chain),
       cmocka_unit_test(steps_are_not_joined))
