/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include "wire/utf8.h"

/* How many of all strings of n bytes are well-formed. */
static unsigned
count(unsigned n)
{
    unsigned good = 0;

    for (uint32_t i = 0; i < 1U << 8 * n; i++) {
        uint8_t b[4];
        yf_put_be32(b, i << (32 - 8 * n));
        good += yf_utf8_ok((yf_span){ b, n });
    }
    return good;
}

/* RFC 3629 3: 128 characters of one byte, 1920 of two, 61440 of three (no surrogates). */
static void
every_short_string(void **st)
{
    (void)st;
    T(yf_utf8_ok((yf_span){ 0 }));
    T(count(1) == 128);
    T(count(2) == 128 * 128 + 1920);
    T(count(3) == 128 * 128 * 128 + 2 * 128 * 1920 + 61440);
}

/* One 64th of the 2^20 characters of four bytes: those that end in 80 80. */
static void
characters_of_four_bytes(void **st)
{
    unsigned good = 0;
    (void)st;

    for (uint32_t i = 0x8000; i < 0x10000; i++) {
        uint8_t b[4] = { (uint8_t)(i >> 8), (uint8_t)i, 0x80, 0x80 };
        good += yf_utf8_ok(YF_SPAN(b));
    }
    T(good == (1 << 20) / 64 / 64);
    T(yf_utf8_ok(BYTES(0xF0, 0x9F, 0x90, 0x9F)));  // U+1F41F, a fish
    T(!yf_utf8_ok(BYTES(0xF0, 0x9F, 0x90)));       // cut
    T(!yf_utf8_ok(BYTES(0xF0, 0x9F, 0x90, 0x41))); // last byte
    T(!yf_utf8_ok(BYTES(0xF4, 0x90, 0x80, 0x80))); // U+110000
    T(!yf_utf8_ok(BYTES(0xED, 0xA0, 0x80)));       // a surrogate
    T(!yf_utf8_ok(BYTES(0xC0, 0x80)));             // 00, the long way
}

T_MAIN(cmocka_unit_test(every_short_string), cmocka_unit_test(characters_of_four_bytes))
