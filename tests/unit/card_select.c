/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

#define SAY(b, ...) box_say((b), BYTES(__VA_ARGS__))

static void
install(struct box *b, yf_span aid)
{
    yf_out none = yf_out_of(NULL, 0);
    struct yf_call call = box_call(b, YF_APP_ISSUER, &none);
    uint8_t n = 0;

    T(yf_apps_install(&call, TINY_AID, aid, YF_STR("mine"), &n) == YF_SW_OK);
}

/* Two of them, 2 and 3, whose names begin alike. */
static void
open(struct box *b)
{
    box_open(b, applets);
    box_advance(b, YF_STAGE_PERSO);
    install(b, YF_STR("names2"));
    install(b, YF_STR("names"));
}

static yf_sw
choose(struct box *b, yf_span aid, uint8_t p2)
{
    return box_do(b, &(yf_apdu_cmd){ .ins = 0xA4, .p1 = 0x04, .p2 = p2, .ne = 256, .data = aid });
}

static bool
answers_as(struct box *b, uint8_t app)
{
    return b->card.app == app && b->data.n == 3 && b->data.p[0] == app;
}

/* 7816-4 7.1.1, table 39: after reset the root; then whoever was named. */
static void
by_name(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(b.card.app == YF_APP_ROOT);
    T(choose(&b, YF_STR("names2"), 0x00) == YF_SW_OK && answers_as(&b, 2));
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK && answers_as(&b, 2));
    T(choose(&b, YF_STR("n"), 0x00) == YF_SW_OK && answers_as(&b, 2));
    T(choose(&b, tiny_root.aid, 0x00) == YF_SW_OK && b.card.app == YF_APP_ROOT);
    T(choose(&b, tiny_domain.aid, 0x00) == YF_SW_OK && b.card.app == YF_APP_ISSUER);
    T(choose(&b, YF_STR("names"), 0x0C) == YF_SW_OK && b.data.n == 0 && b.card.app == 2);
    yf_card_reset(&b.card);
    T(b.card.app == YF_APP_ROOT);
    box_close(&b);
}

/* GPCS 11.9.2.3: without a name, the issuer's domain. */
static void
without_a_name(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(SAY(&b, 0x00, 0xA4, 0x04, 0x00, 0x00) == YF_SW_OK && b.card.app == YF_APP_ISSUER);
    T(SAY(&b, 0x00, 0xA4, 0x04, 0x02, 0x00) == YF_SW_FILE_NOT_FOUND);
    box_close(&b);
}

/* The next one that the same name means; after the last there is none, and nothing changes. */
static void
next_occurrence(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK && answers_as(&b, 2));
    T(choose(&b, YF_STR("names"), 0x02) == YF_SW_OK && answers_as(&b, 3));
    T(choose(&b, YF_STR("names"), 0x02) == YF_SW_FILE_NOT_FOUND && b.card.app == 3);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK && answers_as(&b, 2));
    T_OK(yf_apps_set(&b.card.store, 2, YF_APP_LOCKED));
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK && answers_as(&b, 3));
    box_close(&b);
}

static void
what_cannot_be_selected(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK);
    T(choose(&b, YF_STR("names3"), 0x00) == YF_SW_FILE_NOT_FOUND);
    T(choose(&b, YF_STR("Seventeen letters"), 0x00) == YF_SW_WRONG_DATA);
    for (unsigned p2 = 0; p2 < 256; p2++)
        if (p2 & ~0x0Eu || (p2 & 0x0C) == 0x04 || (p2 & 0x0C) == 0x08)
            T(choose(&b, YF_STR("names"), (uint8_t)p2) == YF_SW_WRONG_P1P2);
    T(b.card.app == 2);
    T(SAY(&b, 0x00, 0x02, 0x00, 0x00, 0x01, 7, 0x00) == YF_SW_OK);
    box_close(&b);
}

/* The MF is the root's: whoever selects it goes there, and is answered by it. */
static void
the_mf_is_in_the_root(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x00) == YF_SW_WRONG_INS && b.card.app == 2);
    box_advance(&b, YF_STAGE_ISSUER);
    T(SAY(&b, 0x00, 0xA4, 0x02, 0x00, 0x02, 0x3F, 0x00, 0x00) == YF_SW_WRONG_INS &&
      b.card.app == 2);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x02, 0x01, 0x1E, 0x00) == YF_SW_WRONG_INS &&
      b.card.app == 2);
    for (unsigned p2 = 0; p2 < 256; p2++)
        if (p2 & ~0x0Cu)
            T(SAY(&b, 0x00, 0xA4, 0x00, (uint8_t)p2, 0x02, 0x3F, 0x00, 0x00) == YF_SW_WRONG_P1P2 &&
              b.card.app == 2);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00) == YF_SW_OK);
    T_SPAN(b.data, YF_STR("mf"));
    T(b.card.app == YF_APP_ROOT);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x00) == YF_SW_OK && b.card.app == YF_APP_ROOT);
    box_close(&b);
}

/* Memory, current file and what was shown are one choice's and end with it. */
static void
nothing_stays(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x18, 0x55, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0);
    T(SAY(&b, 0x00, 0x0C, 0x01, 0x00) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x18, 0x55, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0x55);
    T(b.card.at.ef == 0x55);
    T(choose(&b, YF_STR("names"), 0x02) == YF_SW_OK);
    for (size_t i = 0; i < YF_CARD_APP_RAM; i++)
        T(b.card.ram.bytes[i] == 0);
    T(b.card.at.ef == 0);
    T(SAY(&b, 0x00, 0x18, 0x55, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0);
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_SECURITY_STATUS);

    T(SAY(&b, 0x00, 0x0C, 0x01, 0x00) == YF_SW_OK);
    T(choose(&b, YF_STR("names"), 0x02) == YF_SW_FILE_NOT_FOUND); // nobody chosen: all as it was
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_OK);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_OK); // itself again
    T(SAY(&b, 0x00, 0x0A, 0x00, 0x00) == YF_SW_SECURITY_STATUS);
    yf_card_reset(&b.card);
    T(choose(&b, YF_STR("names"), 0x02) == YF_SW_OK);
    T(SAY(&b, 0x00, 0x18, 0x00, 0x00, 0x00) == YF_SW_OK && b.data.p[0] == 0);
    box_close(&b);
}

/* GPCS 11.9.3.2: 6283 warns that the card is locked, 6A81 is its life cycle. */
static void
a_locked_card_has_one(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    box_advance(&b, YF_STAGE_LOCKED);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_NO_FUNCTION && b.card.app == YF_APP_ROOT);
    T(choose(&b, tiny_domain.aid, 0x00) == YF_SW_FILE_DEACTIVATED && b.card.app == YF_APP_ISSUER);
    T(choose(&b, tiny_root.aid, 0x00) == YF_SW_NO_FUNCTION && b.card.app == YF_APP_ISSUER);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00) == YF_SW_NO_FUNCTION);
    T(b.card.app == YF_APP_ISSUER);
    box_close(&b);
}

/* GPCS 5.1.1.5: GET DATA and nothing else. */
static void
a_terminated_card_has_none(void **st)
{
    struct box b;

    (void)st;
    open(&b);
    box_advance(&b, YF_STAGE_TERMINATED);
    yf_card_reset(&b.card);
    T(choose(&b, tiny_domain.aid, 0x00) == YF_SW_WRONG_INS && b.card.app == YF_APP_ROOT);
    T(choose(&b, YF_STR("names"), 0x00) == YF_SW_WRONG_INS && b.card.app == YF_APP_ROOT);
    T(SAY(&b, 0x00, 0xA4, 0x00, 0x00, 0x02, 0x3F, 0x00, 0x00) == YF_SW_WRONG_CLA);
    T(SAY(&b, 0x80, 0xCA, 0x00, 0x00, 0x00) == YF_SW_OK);
    T_SPAN(b.data, YF_STR("serial"));
    box_close(&b);
}

T_MAIN(cmocka_unit_test(by_name), cmocka_unit_test(without_a_name),
       cmocka_unit_test(next_occurrence), cmocka_unit_test(what_cannot_be_selected),
       cmocka_unit_test(the_mf_is_in_the_root), cmocka_unit_test(nothing_stays),
       cmocka_unit_test(a_locked_card_has_one), cmocka_unit_test(a_terminated_card_has_none))
