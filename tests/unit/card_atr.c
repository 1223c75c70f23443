/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

#include <yufu/card/atr.h>
#include <yufu/wire/tlv.h>

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, NULL };

static yf_span
atr_of(struct box *b, uint8_t *mem)
{
    yf_out o = yf_out_of(mem, YF_CARD_ATR);
    yf_span atr;

    yf_card_atr(&b->card, &o);
    T_OK(yf_out_done(&o, &atr));
    return atr;
}

/* Without historical bytes it is the one both of emv-utils' terminals take (T=1). */
static void
the_shortest_is_a_known_one(void **st)
{
    uint8_t mem[YF_CARD_ATR];
    yf_out o = yf_out_of(mem, sizeof mem);

    (void)st;
    yf_atr_put(&o, (yf_span){ 0 });
    T_SPAN(yf_out_span(&o), BYTES(0x3B, 0xE0, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45, 0xEB));
}

/* 7816-3 8.2.5: from T0 to TCK all bytes make zero. */
static void
a_card_has_the_projects_until_it_is_told(void **st)
{
    uint8_t mem[YF_CARD_ATR], sum = 0;
    struct box b;

    (void)st;
    box_open(&b, applets);
    yf_span atr = atr_of(&b, mem);
    T_SPAN(((yf_span){ atr.p, atr.n - 1 }), BYTES(0x3B, 0xE7, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45,
                                                  0x80, 0x31, 0xD8, 0x73, 0xD6, 0x21, 0xE0));
    for (size_t i = 1; i < atr.n; i++)
        sum ^= atr.p[i];
    T(sum == 0);
    box_close(&b);
}

static void
historical_bytes_are_kept(void **st)
{
    uint8_t mem[YF_CARD_ATR];
    struct box b;

    (void)st;
    box_open(&b, applets);
    T_OK(yf_atr_set(&b.card.store, YF_STR("123456789012345")));
    T_OK(box_restart(&b));
    yf_span atr = atr_of(&b, mem);
    T(atr.n == 8 + 15 + 1 && atr.p[1] == 0xEF);
    T_MEM(atr.p + 8, "123456789012345", 15);
    T_ERR(YF_E_ROOM, yf_atr_set(&b.card.store, YF_STR("1234567890123456")));
    T_OK(yf_atr_set(&b.card.store, (yf_span){ 0 }));
    T(atr_of(&b, mem).n == 8 + 7 + 1);
    box_close(&b);
}

static void
a_mute_card_still_has_one(void **st)
{
    uint8_t mem[YF_CARD_ATR], stuck = 7;
    struct box b;

    (void)st;
    box_open(&b, applets);
    T_OK(yf_atr_set(&b.card.store, YF_STR("123")));
    b.parts.rng = rng_stuck(&stuck);
    T_ERR(YF_E_STATE, box_restart(&b));
    T(atr_of(&b, mem).n == 8 + 7 + 1);
    box_close(&b);
}

/* 7816-4 12.7.1; what it says is what the card takes: see card_dispatch. */
static void
info_says_how_long(void **st)
{
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span services, capabilities;

    (void)st;
    yf_atr_info(&o);
    yf_cur c = yf_cur_of(yf_out_span(&o));
    services = yf_tlv_need(&c, 0x43, 1, 1);
    capabilities = yf_tlv_need(&c, 0x47, 3, 3);
    yf_cur lengths = yf_tlv_enter(&c, 0x7F66);
    yf_span in = yf_tlv_need(&lengths, 0x02, 2, 2), out = yf_tlv_need(&lengths, 0x02, 2, 2);
    T_OK(yf_cur_done(&lengths));
    T_OK(yf_cur_done(&c));
    T_SPAN(services, BYTES(0xD8));
    T_SPAN(capabilities, BYTES(0xD6, 0x21, 0xE0));
    T(yf_be16(in.p) == YF_CARD_NC + 9 && yf_be16(out.p) == YF_CARD_NE + 2);
}

T_MAIN(cmocka_unit_test(the_shortest_is_a_known_one),
       cmocka_unit_test(a_card_has_the_projects_until_it_is_told),
       cmocka_unit_test(historical_bytes_are_kept), cmocka_unit_test(a_mute_card_still_has_one),
       cmocka_unit_test(info_says_how_long))
