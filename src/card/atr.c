/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/card/atr.h>
#include <yufu/card/life.h>
#include <yufu/wire/tlv.h>

/*
 * Card services, 7816-4 12.1.1.2.3: applications by full and by partial name, data
 * objects in EF.ATR/INFO, files read by READ BINARY, an MF.
 */
#define SERVICES 0xD8
/*
 * Capabilities, 12.1.1.2.7: DFs by full and partial name and by file identifier, EFs
 * by short identifier and record number; bytes as units; chaining, extended lengths,
 * which EF.ATR/INFO says, and one logical channel.
 */
#define CAPABILITIES 0xD6, 0x21, 0xE0

static const uint8_t historical[] = { 0x80, 0x31, SERVICES, 0x73, CAPABILITIES };

yf_span
yf_atr_historical(void)
{
    return YF_SPAN(historical);
}

/*
 *   TS T0 TB1 TC1 TD1 TD2 TA3 TB3 historical bytes TCK      7816-3 8.2
 *
 * Direct convention; no programming voltage, no extra guard time; T=1, its blocks of
 * 254 bytes, BWI 4 and CWI 5. TCK makes the sum of all from T0 on zero.
 */
void
yf_atr_put(yf_out *o, yf_span bytes)
{
    size_t t0 = o->n + 1;
    uint8_t sum = 0;

    if (bytes.n > YF_CARD_HISTORICAL_MAX)
        yf_out_fail(o, YF_E_ROOM);
    yf_out_u8(o, 0x3B);
    yf_out_u8(o, (uint8_t)(0xE0 | bytes.n));
    yf_out_put(o, YF_SPAN(((const uint8_t[]){ 0x00, 0x00, 0x81, 0x31, 0xFE, 0x45 })));
    yf_out_put(o, bytes);
    for (size_t i = t0; !o->err && i < o->n; i++)
        sum ^= o->p[i];
    yf_out_u8(o, sum);
}

yf_err
yf_atr_set(struct yf_store *s, yf_span bytes)
{
    yf_obj o = YF_OBJ(0, YF_OBJ_CARD, YF_CARD_HISTORICAL);

    if (bytes.n > YF_CARD_HISTORICAL_MAX)
        return YF_E_ROOM;
    return yf_store_put(s, o, bytes.n ? bytes : yf_atr_historical());
}

/* 7816-4 12.7.1: '7F66' { '02' longest command APDU, '02' longest response APDU } */
void
yf_atr_info(yf_out *o)
{
    static const uint8_t services[] = { SERVICES }, capabilities[] = { CAPABILITIES };
    uint8_t command[2], response[2];

    yf_put_be16(command, YF_CARD_NC + 4 + 3 + 2);
    yf_put_be16(response, YF_CARD_NE + 2);
    yf_tlv_put(o, 0x43, YF_SPAN(services));
    yf_tlv_put(o, 0x47, YF_SPAN(capabilities));
    size_t lengths = yf_tlv_open(o, 0x7F66);
    yf_tlv_put(o, 0x02, YF_SPAN(command));
    yf_tlv_put(o, 0x02, YF_SPAN(response));
    yf_tlv_close(o, lengths);
}
