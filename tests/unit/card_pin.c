/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of tries, PINs, PUKs: 7816-4 (2005) 7.5.6, 7.5.7, 7.5.10. */
#include "hand.h"
#include "t.h"

#define SW(sw, hex) assert_int_equal(hand(&h, hex), sw)

static struct hand h;

enum { PIN1 = YF_NEED_PIN1, PIN2 = YF_NEED_PIN1 << 1, NOTHING = YF_NEED_NOTHING };

/*
 * PIN 1 "1234" (4 to 6 bytes, padded with FF, 3 tries, PUK 2); PIN 2 its PUK "87654321"
 * (8 bytes, 5 tries); PIN 3 not set, changed by the issuer; PIN 4 "0000", never changed.
 */
static int
pins(void **st)
{
    static const struct yf_pin_rule pin = { .min = 4,
                                            .max = 6,
                                            .tries = 3,
                                            .pad = 0xFF,
                                            .unblocker = 2,
                                            .change = NOTHING,
                                            .reset = YF_NEED_ADMIN },
                                    puk = { .min = 8, .max = 8, .tries = 5, .pad = 0xFF },
                                    unset = { .min = 4,
                                              .max = 4,
                                              .tries = 3,
                                              .pad = 0x00,
                                              .change = YF_NEED_ADMIN,
                                              .unblocker = 2 },
                                    fixed = { .min = 4, .max = 16, .tries = 15, .pad = 0x00 };
    struct yf_store *s = &h.card.store;
    (void)st;

    T(hand_open(&h, YF_FLASH_PAGES));
    T_OK(yf_pin_create(s, HAND_APP, 1, &pin, YF_STR("1234")));
    T_OK(yf_pin_create(s, HAND_APP, 2, &puk, YF_STR("87654321")));
    T_OK(yf_pin_create(s, HAND_APP, 3, &unset, (yf_span){ 0 }));
    T_OK(yf_pin_create(s, HAND_APP, 4, &fixed, YF_STR("0000")));
    return 0;
}

static int
done(void **st)
{
    (void)st;
    hand_close(&h);
    return 0;
}

static bool
shows(yf_need bits)
{
    return h.card.shown == bits;
}

/* ---- VERIFY ---- */

static void
verifies(void **st)
{
    (void)st;
    SW(0x63C3, "00200081"); // needed, and so many tries
    T(shows(0));
    SW(0x9000, "00200081 04 31323334");
    T(shows(PIN1));
    SW(0x9000, "00200081");                 // needed no longer
    SW(0x9000, "00200081 06 31323334FFFF"); // padded
    SW(0x9000, "00200084 04 30303030");
    T(shows(PIN1 | YF_NEED_PIN1 << 3));
    SW(0x9000, "00200084 10 30303030000000000000000000000000");
    SW(0x9000, "00200082 08 3837363534333231"); // a PUK is a PIN
    T(shows(PIN1 | PIN2 | YF_NEED_PIN1 << 3));
}

static void
counts_and_blocks(void **st)
{
    (void)st;
    SW(0x63C2, "00200081 04 31323335");
    SW(0x63C2, "00200081");
    SW(0x63C1, "00200081 04 31323335");
    SW(0x9000, "00200081 04 31323334"); // all tries again
    hand_reset(&h);
    SW(0x63C3, "00200081");
    SW(0x63C2, "00200081 05 3132333430");
    SW(0x63C1, "00200081 03 313233");
    SW(0x63C0, "00200081 01 31");
    SW(0x6983, "00200081 04 31323334"); // the right one comes too late
    SW(0x6983, "00200081 04 31323335");
    SW(0x6983, "00200081");
    T(shows(0));
    SW(0x63C5, "00200082"); // others are what they were
}

static void
failure_takes_back_what_was_shown(void **st)
{
    (void)st;
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "00200084 04 30303030");
    SW(0x63C2, "00200081 04 00000000");
    T(shows(YF_NEED_PIN1 << 3));
    SW(0x63C2, "00200081");
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "0020FF81"); // on request
    T(shows(YF_NEED_PIN1 << 3));
    SW(0x63C3, "00200081");
}

static void
lengths_cost_no_try(void **st)
{
    (void)st;
    SW(0x6700, "00200081 07 31323334FFFFFF");
    SW(0x63C3, "00200081");
    SW(0x6700, "00200084 11 3030303000000000000000000000000000");
    SW(0x63CF, "00200084");
}

static void
verifies_an_object(void **st)
{
    (void)st;
    SW(0x63C3, "00210081 02 5300");
    SW(0x9000, "00210081 06 530431323334");
    T(shows(PIN1));
    SW(0x9000, "00210081 02 5300");
    SW(0x63C2, "00210081 06 530431323335");
    SW(0x6A80, "00210081"); // no object
    SW(0x6A80, "00210081 06 540431323334");
    SW(0x6A80, "00210081 07 53043132333400");
    SW(0x6A80, "00210081 05 5304313233");
    SW(0x6700, "00210081 09 530731323334FFFFFF");
    SW(0x63C2, "00200081");
}

static void
names_of_pins(void **st)
{
    (void)st;
    for (unsigned p2 = 0; p2 < 256; p2++) { // table 65
        char hex[16];
        bool known = p2 >= 0x81 && p2 <= 0x84;
        snprintf(hex, sizeof hex, "002000%02X", p2);
        yf_sw sw = hand(&h, hex);
        if (p2 & 0x60)
            assert_int_equal(sw, 0x6A86);
        else if (!known)
            assert_int_equal(sw, 0x6A88);
        else
            T(sw != 0x6A86 && sw != 0x6A88);
    }
    SW(0x6A86, "00200181 04 31323334");
    SW(0x6A87, "0020FF81 04 31323334");
    SW(0x6A88, "00200085 04 31323334");
    SW(0x6A88, "00240085 04 31323334");
    SW(0x6A88, "002C0385");
    SW(0x6A86, "00240281 04 31323334");
    SW(0x6A86, "002C0481");
}

static void
not_set_is_not_usable(void **st)
{
    (void)st;
    SW(0x6984, "00200083");
    SW(0x6984, "00200083 04 00000000"); // as it is kept: padding and nothing else
    SW(0x6984, "00200083 04 31323334");
    h.shown = NOTHING | YF_NEED_ADMIN;
    SW(0x6984, "00240083 08 3132333431323334");
    SW(0x6984, "002C0183 08 3837363534333231");
    SW(0x9000, "00240183 04 31323334"); // the first value
    SW(0x9000, "00200083 04 31323334");
}

/* ---- CHANGE REFERENCE DATA ---- */

static void
changes_with_the_old_one(void **st)
{
    (void)st;
    SW(0x63C2, "00240081 0C 31323335FFFF 353637383930");
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "00240081 0A 31323334FFFF 35363738"); // the old one at its full length
    T(shows(0));
    SW(0x63C3, "00200081");
    SW(0x63C2, "00200081 04 31323334");
    SW(0x9000, "00200081 04 35363738");
    SW(0x9000, "00240081 0C 35363738FFFF 31323334FFFF");
    SW(0x9000, "00200081 04 31323334");
}

static void
changing_is_refused(void **st)
{
    (void)st;
    SW(0x6700, "00240081");
    SW(0x6700, "00240081 06 31323334FFFF");
    SW(0x6700, "00240081 05 31323334FF");
    SW(0x6700, "00240081 0D 31323334FFFF 31323334FFFFFF");
    SW(0x6A80, "00240081 09 31323334FFFF 313233");                       // too short
    SW(0x6A80, "00240081 0C 31323334FFFF 313233FFFFFF");                 // in disguise, too
    SW(0x63C3, "00200081");                                              // none of which cost a try
    SW(0x6982, "00240084 14 30303030000000000000000000000000 31313131"); // never
    SW(0x6982, "00240083 08 0000000031323334");
    SW(0x9000, "00200081 04 31323334");
}

static void
changes_after_verifying(void **st)
{
    (void)st;
    SW(0x6982, "00240181 04 35363738");
    SW(0x9000, "00200081 04 31323334");
    SW(0x6700, "00240181");
    SW(0x6700, "00240181 07 35363738393031");
    SW(0x6A80, "00240181 03 353637");
    SW(0x9000, "00240181 04 35363738");
    SW(0x6982, "00240181 04 35363738"); // once only
    SW(0x9000, "00200081 04 35363738");
}

static void
changing_blocks_too(void **st)
{
    (void)st;
    SW(0x63C2, "00240081 0A 000000000000 35363738");
    SW(0x63C1, "00240081 0A 000000000000 35363738");
    SW(0x63C0, "00240081 0A 000000000000 35363738");
    SW(0x6983, "00240081 0A 31323334FFFF 35363738");
    SW(0x6983, "00200081 04 31323334");
}

/* ---- RESET RETRY COUNTER ---- */

static void
block(void)
{
    for (unsigned i = 0; i < 4; i++)
        hand(&h, "00200081 04 00000000");
    SW(0x6983, "00200081 04 31323334");
}

static void
a_puk_opens_again(void **st)
{
    (void)st;
    block();
    SW(0x9000, "002C0081 0C 3837363534333231 35363738"); // with a new value
    T(shows(0));
    SW(0x63C3, "00200081");
    SW(0x9000, "00200081 04 35363738");
    SW(0x63C4, "002C0181 08 3837363534333230");
    T(shows(PIN1)); // the PIN has nothing to do with it
    block();
    SW(0x9000, "002C0181 08 3837363534333231"); // and with the old one
    SW(0x63C5, "00200082");
    SW(0x9000, "00200081 04 35363738");
}

static void
a_puk_runs_out(void **st)
{
    (void)st;
    SW(0x9000, "00200082 08 3837363534333231");
    block();
    SW(0x63C4, "002C0181 08 3837363534333230");
    T(shows(0)); // it was shown before
    SW(0x63C3, "002C0081 0C 3837363534333230 35363738");
    SW(0x63C2, "00200082 08 3837363534333230"); // the same counter
    SW(0x63C1, "002C0181 01 00");
    SW(0x63C0, "002C0181 08 3837363534333230");
    SW(0x6983, "002C0181 08 3837363534333231");
    SW(0x6983, "002C0081 0C 3837363534333231 35363738");
    SW(0x6983, "00200081 04 31323334");
}

static void
without_a_puk_by_whom_the_rule_names(void **st)
{
    (void)st;
    block();
    SW(0x6982, "002C0381");
    SW(0x6982, "002C0281 04 35363738");
    SW(0x9000, "00200082 08 3837363534333231"); // a PUK shown is not in this rule
    SW(0x6982, "002C0381");
    h.shown = NOTHING | YF_NEED_ADMIN;
    SW(0x9000, "002C0381");
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "002C0281 04 35363738");
    T(shows(PIN2));
    SW(0x9000, "00200081 04 35363738");
    SW(0x6982, "002C0384");                     // nobody
    SW(0x6985, "002C0184 08 3837363534333231"); // and there is no PUK
}

static void
resetting_is_refused(void **st)
{
    (void)st;
    h.shown = NOTHING | YF_NEED_ADMIN;
    SW(0x6700, "002C0081");
    SW(0x6700, "002C0081 08 3837363534333231"); // no new value
    SW(0x6700, "002C0081 0F 3837363534333231 35363738393031");
    SW(0x6A80, "002C0081 0B 3837363534333231 353637");
    SW(0x6700, "002C0181");
    SW(0x6700, "002C0181 09 383736353433323100");
    SW(0x6700, "002C0281");
    SW(0x6700, "002C0281 07 35363738393031");
    SW(0x6A80, "002C0281 03 353637");
    SW(0x6700, "002C0381 01 00");
    SW(0x63C5, "00200082");
    SW(0x9000, "00200081 04 31323334");
}

/* ---- for applications ---- */

static void
pins_that_cannot_be(void **st)
{
    static const struct yf_pin_rule good = { .min = 4, .max = 8, .tries = 3, .pad = 0xFF };
    static const struct yf_pin_rule wrong[] = {
        { .min = 0, .max = 8, .tries = 3 },  { .min = 9, .max = 8, .tries = 3 },
        { .min = 4, .max = 17, .tries = 3 }, { .min = 4, .max = 8, .tries = 0 },
        { .min = 4, .max = 8, .tries = 16 }, { .min = 4, .max = 8, .tries = 3, .unblocker = 9 },
    };
    struct yf_store *s = &h.card.store;
    uint8_t left = 99;
    (void)st;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        T_ERR(YF_E_FORMAT, yf_pin_create(s, HAND_APP, 5, &wrong[i], YF_STR("1234")));
    T_ERR(YF_E_FORMAT, yf_pin_create(s, HAND_APP, 0, &good, YF_STR("1234")));
    T_ERR(YF_E_FORMAT, yf_pin_create(s, HAND_APP, 9, &good, YF_STR("1234")));
    T_ERR(YF_E_FORMAT, yf_pin_create(s, HAND_APP, 5, &good, YF_STR("123")));
    T_ERR(YF_E_FORMAT, yf_pin_create(s, HAND_APP, 5, &good, YF_STR("123456789")));
    T_ERR(YF_E_STATE, yf_pin_create(s, HAND_APP, 1, &good, YF_STR("1234")));
    T_ERR(YF_E_NOTFOUND, yf_pin_verify(s, HAND_APP, 5, YF_STR("1234"), &left));
    T_ERR(YF_E_NOTFOUND, yf_pin_verify(s, HAND_APP + 1, 1, YF_STR("1234"), &left));
    T_ERR(YF_E_FORMAT, yf_pin_verify(s, HAND_APP, 1, YF_STR("1234567"), &left));
    T_ERR(YF_E_STATE, yf_pin_verify(s, HAND_APP, 3, YF_STR("1234"), &left));
    T_ERR(YF_E_FORMAT, yf_pin_set(s, HAND_APP, 1, YF_STR("123")));
    T_ERR(YF_E_FORMAT, yf_pin_set(s, HAND_APP, 1, (yf_span){ 0 }));
    T_ERR(YF_E_NOTFOUND, yf_pin_set(s, HAND_APP, 5, YF_STR("1234")));
    T(left == 99);
    T_ERR(YF_E_AUTH, yf_pin_verify(s, HAND_APP, 1, YF_STR("4321"), &left));
    T(left == 2);
    T_OK(yf_pin_verify(s, HAND_APP, 1, YF_STR("1234"), &left));
}

/* Every single bit counts, of every byte up to max. */
static void
every_bit_is_compared(void **st)
{
    struct yf_store *s = &h.card.store;
    uint8_t left;
    (void)st;

    for (unsigned bit = 0; bit < 6 * 8; bit++) {
        uint8_t v[] = { '1', '2', '3', '4', 0xFF, 0xFF };
        v[bit / 8] ^= (uint8_t)(1u << bit % 8);
        T_ERR(YF_E_AUTH, yf_pin_verify(s, HAND_APP, 1, YF_SPAN(v), &left));
        T(left == 2);
        T_OK(yf_pin_verify(s, HAND_APP, 1, YF_STR("1234"), &left));
    }
}

/* ---- counters alone ---- */

enum { COUNTER = YF_OBJ(HAND_APP, YF_OBJ_DATA, 7) };

static void
tries_run_out(void **st)
{
    struct yf_store *s = &h.card.store;
    uint8_t left = 0;
    (void)st;

    T_ERR(YF_E_NOTFOUND, yf_tries_take(s, COUNTER));
    T_ERR(YF_E_NOTFOUND, yf_tries_restore(s, COUNTER));
    T_ERR(YF_E_NOTFOUND, yf_tries_left(s, COUNTER, &left));
    T_ERR(YF_E_FORMAT, yf_tries_create(s, COUNTER, 0));
    T_ERR(YF_E_FORMAT, yf_tries_create(s, COUNTER, YF_TRIES_MAX + 1));
    T_OK(yf_tries_create(s, COUNTER, 2));
    T_ERR(YF_E_STATE, yf_tries_create(s, COUNTER, 2));
    T_OK(yf_tries_take(s, COUNTER));
    T_OK(yf_tries_left(s, COUNTER, &left));
    T(left == 1);
    T_OK(yf_tries_take(s, COUNTER));
    T_ERR(YF_E_DENIED, yf_tries_take(s, COUNTER));
    T_OK(yf_tries_left(s, COUNTER, &left));
    T(left == 0);
    T_OK(yf_tries_restore(s, COUNTER));
    T_OK(yf_tries_restore(s, COUNTER));
    T_OK(yf_tries_left(s, COUNTER, &left));
    T(left == 2);
}

/* A try within a transaction could be taken back. */
static void
a_try_is_for_good(void **st)
{
    struct yf_store *s = &h.card.store;
    uint8_t left = 0;
    (void)st;

    T_OK(yf_store_begin(s));
    T_OK(yf_tries_create(s, COUNTER, 3));
    T_ERR(YF_E_STATE, yf_tries_take(s, COUNTER));
    T_ERR(YF_E_STATE, yf_pin_verify(s, HAND_APP, 1, YF_STR("1234"), &left));
    yf_store_abort(s);
    T_ERR(YF_E_NOTFOUND, yf_tries_left(s, COUNTER, &left));
}

/* The store would have noticed damage: these objects were written so, by whomever. */
static void
objects_that_make_no_sense(void **st)
{
    struct yf_store *s = &h.card.store;
    uint8_t left;
    (void)st;

    T_OK(yf_store_put(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 1), BYTES(3, 4))); // more than all tries
    SW(0x6581, "00200081");
    T_ERR(YF_E_FORMAT, yf_pin_verify(s, HAND_APP, 1, YF_STR("1234"), &left));
    T_ERR(YF_E_FORMAT, yf_tries_take(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 1)));
    T_OK(yf_store_put(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 1), BYTES(16, 3)));
    T_ERR(YF_E_FORMAT, yf_tries_restore(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 1)));
    T_OK(yf_store_write(s, YF_OBJ(HAND_APP, YF_OBJ_PIN, 0x102), 1, BYTES(17))); // longer than any
    SW(0x6581, "00200082");
    SW(0x6581, "00200082 08 3837363534333231");
}

static yf_err
refuse(void *state, uint32_t at, yf_span bytes)
{
    (void)state;
    (void)at;
    (void)bytes;
    return YF_E_IO;
}

/* What could not be counted is not compared: the right PIN and a wrong one get the same answer. */
static void
without_a_count_no_comparison(void **st)
{
    static const char *const tried[] = { "00200081 04 31323334", "00200081 04 34333231",
                                         "00240081 0A 31323334FFFF 35363738",
                                         "002C0181 08 3837363534333231" };

    for (unsigned i = 0; i < sizeof tried / sizeof tried[0]; i++) {
        h.flash.flash.program = refuse;
        SW(0x6581, tried[i]);
        T(shows(0));
        done(st);
        pins(st);
    }
}

#define PINS(f) cmocka_unit_test_setup_teardown(f, pins, done)

T_MAIN(PINS(verifies), PINS(counts_and_blocks), PINS(failure_takes_back_what_was_shown),
       PINS(lengths_cost_no_try), PINS(verifies_an_object), PINS(names_of_pins),
       PINS(not_set_is_not_usable), PINS(changes_with_the_old_one), PINS(changing_is_refused),
       PINS(changes_after_verifying), PINS(changing_blocks_too), PINS(a_puk_opens_again),
       PINS(a_puk_runs_out), PINS(without_a_puk_by_whom_the_rule_names), PINS(resetting_is_refused),
       PINS(pins_that_cannot_be), PINS(every_bit_is_compared), PINS(tries_run_out),
       PINS(a_try_is_for_good), PINS(objects_that_make_no_sense),
       PINS(without_a_count_no_comparison))
