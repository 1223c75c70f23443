/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/oid.h>

#define BIG "340282366920938463463374607431768211455" // 2^128 - 1

static yf_err
put_err(const char *text)
{
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_oid_put(&o, (yf_span){ (const uint8_t *)text, strlen(text) });
    return o.err;
}

static yf_err
text_err(yf_span oid)
{
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_oid_text(&o, oid);
    return o.err;
}

static void
both_ways(const char *text, yf_span oid)
{
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all = { 0 };

    yf_oid_put(&o, (yf_span){ (const uint8_t *)text, strlen(text) });
    T_OK(yf_out_done(&o, &all));
    T_SPAN(all, oid);
    T(yf_oid_ok(all));

    o = yf_out_of(mem, sizeof mem);
    yf_oid_text(&o, oid);
    T_OK(yf_out_done(&o, &all));
    T(all.n == strlen(text) && memcmp(all.p, text, all.n) == 0);
}

static void
text_and_bytes(void **st)
{
    (void)st;
    both_ways("2.999.3", BYTES(0x88, 0x37, 0x03)); // X.690 8.19.5
    both_ways("1.2.840.113549", BYTES(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D));
    both_ways("1.2.156.10197.1.301", BYTES(0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D));
    both_ways("2.5.4.3", BYTES(0x55, 0x04, 0x03));
    both_ways("0.0", BYTES(0x00));
    both_ways("0.39", BYTES(0x27));
    both_ways("1.0", BYTES(0x28));
    both_ways("1.39.0.127.128", BYTES(0x4F, 0x00, 0x7F, 0x81, 0x00));
    both_ways("2.0", BYTES(0x50));
    both_ways("2.19", BYTES(0x63));
    both_ways("2.20", BYTES(0x64));
    both_ways("2.47", BYTES(0x7F));
    both_ways("2.48", BYTES(0x81, 0x00));
    both_ways("2.920", BYTES(0x87, 0x68)); // 1000: borrows twice
}

/* X.667 6.3 and its example, f81d4fae-7dec-11d0-a765-00a0c91e6bf6; and the last UUID. */
static void
arcs_of_128_bits(void **st)
{
    (void)st;
    both_ways("2.25.329800735698586629295641978511506172918",
              BYTES(0x69, 0x83, 0xF0, 0x9D, 0xA7, 0xEB, 0xCF, 0xDE, 0xE0, 0xC7, 0xA1, 0xA7, 0xB2,
                    0xC0, 0x94, 0x8C, 0xC8, 0xF9, 0xD7, 0x76));
    both_ways("2.25." BIG, BYTES(0x69, 0x83, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F));
    both_ways("2." BIG ".1", BYTES(0x84, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                   0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x4F, 0x01));
    T_ERR(YF_E_UNSUPPORTED, put_err("2.25." BIG "00"));
    T_ERR(YF_E_UNSUPPORTED, put_err("2." BIG "00"));
    T_ERR(YF_E_UNSUPPORTED,
          text_err(BYTES(0x69, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                         0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00)));
}

static void
refuses_text(void **st)
{
    static const char *const bad[] = { "",      "1",        ".",       "1.",   "1.2.",  "1..2",
                                       ".1.2",  "3.1",      "0.40",    "1.40", "1.128", "01.2",
                                       "1.02",  "1.2.00",   "-1.2",    "1.+2", "1.2 ",  " 1.2",
                                       "1.2.x", "1,2",      "1.2.0x1", "10.1", "128.1", "1.2.3.",
                                       "one",   "2.5.4.3\n" };
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (put_err(bad[i]) != YF_E_FORMAT)
            fail_msg("'%s' gives %s", bad[i], yf_err_name(put_err(bad[i])));
}

/* X.690 8.19.2 */
static void
refuses_bytes(void **st)
{
    (void)st;
    T_ERR(YF_E_FORMAT, text_err((yf_span){ 0 }));
    T_ERR(YF_E_FORMAT, text_err(BYTES(0x80, 0x01)));
    T_ERR(YF_E_FORMAT, text_err(BYTES(0x2A, 0x80, 0x01)));
    T_ERR(YF_E_FORMAT, text_err(BYTES(0x2A, 0x86)));
    T(!yf_oid_ok((yf_span){ 0 }));
    T(!yf_oid_ok(BYTES(0x2A, 0x80, 0x01)));
    T(!yf_oid_ok(BYTES(0x2A, 0x86)));
    T(yf_oid_ok(BYTES(0x2A, 0x81, 0x80, 0x01)));
}

static void
short_of_room(void **st)
{
    uint8_t mem[4];
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    yf_oid_text(&o, BYTES(0x55, 0x04, 0x03));
    T_ERR(YF_E_ROOM, o.err);
}

T_MAIN(cmocka_unit_test(text_and_bytes), cmocka_unit_test(arcs_of_128_bits),
       cmocka_unit_test(refuses_text), cmocka_unit_test(refuses_bytes),
       cmocka_unit_test(short_of_room))
