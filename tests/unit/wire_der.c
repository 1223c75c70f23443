/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"
#include "vec.h"

#include <yufu/wire/der.h>
#include <yufu/wire/oid.h>

#define CUR(...) yf_cur_of(BYTES(__VA_ARGS__))

static uint8_t mem[4096];

/* ---- structure ---- */

static yf_err
next_err(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    yf_der t;

    if (yf_der_next(&c, &t))
        return yf_cur_done(&c);
    T(c.p == in.p && c.left == in.n);
    return c.err;
}

/* X.690 8.1.2, 8.1.3, 10.1, 10.2 */
static void
one_way_to_write_a_header(void **st)
{
    static const uint8_t v[0x80] = { 0x02, 0x81, 0x7D };
    (void)st;

    T_OK(next_err(BYTES(0x02, 0x01, 0x00)));
    T_OK(next_err(BYTES(0x7F, 0x49, 0x00)));
    T_OK(next_err(BYTES(0x7F, 0x1F, 0x00)));
    T_OK(next_err(BYTES(0x7F, 0x81, 0x00, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x02, 0x81, 0x01, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(YF_SPAN(v))); // 125 bytes after 81
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x02, 0x82, 0x00, 0x01, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x30, 0x80, 0x00, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x00, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x5F, 0x01, 0x00))); // read by tlv, no DER
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x7F, 0x1E, 0x00)));
    T_ERR(YF_E_FORMAT, next_err(BYTES(0x7F, 0x80, 0x1F, 0x00)));
    T_ERR(YF_E_UNSUPPORTED, next_err(BYTES(0x7F, 0x81, 0x80, 0x00, 0x00)));
    T_ERR(YF_E_SHORT, next_err(BYTES(0x02, 0x02, 0x00)));
}

static void
constructed_where_x690_wants_it(void **st)
{
    static const uint8_t constructed[] = { 0x28, 0x2B, 0x30, 0x31, 0x3D };
    (void)st;

    for (unsigned tag = 1; tag < 0x40; tag++) {
        bool may = tag < 0x1F;
        for (size_t i = 0; i < sizeof constructed; i++) {
            may |= tag == constructed[i];
            may &= tag != (constructed[i] & 0x1FU);
        }
        if ((tag & 0x1F) != 0x1F)
            T_ERR(may ? YF_OK : YF_E_FORMAT, next_err(BYTES((uint8_t)tag, 0x00)));
    }
    T_OK(next_err(BYTES(0x80, 0x00)));
    T_OK(next_err(BYTES(0xA0, 0x00)));
}

static void
by_name(void **st)
{
    yf_cur c = CUR(0x30, 0x05, 0x80, 0x00, 0x82, 0x01, 0x41);
    yf_span v = { 0 };
    (void)st;

    T(yf_der_peek(&c) == YF_DER_SEQ);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);
    T(yf_der_need(&seq, YF_DER_CTX(0), 0, 0).n == 0);
    T(!yf_der_maybe(&seq, YF_DER_CTX(1), 0, 9, &v));
    T(yf_der_maybe(&seq, YF_DER_CTX(2), 1, 1, &v));
    T_SPAN(v, YF_STR("A"));
    T_OK(yf_cur_done(&seq));
    T_OK(yf_cur_done(&c));

    c = CUR(0x82, 0x81, 0x01, 0x41); // not DER: even what is optional is not skipped
    T(!yf_der_maybe(&c, YF_DER_CTX(0), 0, 9, &v));
    T_ERR(YF_E_FORMAT, c.err);
    c = CUR(0x5F, 0x01, 0x00);
    T(yf_der_peek(&c) == 0);
}

/* ---- INTEGER ---- */

/* X.690 8.3 */
static void
small_integers(void **st)
{
    static const struct {
        int32_t v;
        uint8_t n, b[6];
    } is[] = {
        { 0, 3, { 0x02, 0x01, 0x00 } },
        { 1, 3, { 0x02, 0x01, 0x01 } },
        { 127, 3, { 0x02, 0x01, 0x7F } },
        { 128, 4, { 0x02, 0x02, 0x00, 0x80 } },
        { 256, 4, { 0x02, 0x02, 0x01, 0x00 } },
        { 32768, 5, { 0x02, 0x03, 0x00, 0x80, 0x00 } },
        { INT32_MAX, 6, { 0x02, 0x04, 0x7F, 0xFF, 0xFF, 0xFF } },
        { -1, 3, { 0x02, 0x01, 0xFF } },
        { -128, 3, { 0x02, 0x01, 0x80 } },
        { -129, 4, { 0x02, 0x02, 0xFF, 0x7F } },
        { INT32_MIN, 6, { 0x02, 0x04, 0x80, 0x00, 0x00, 0x00 } },
    };
    (void)st;

    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_cur c = yf_cur_of((yf_span){ is[i].b, is[i].n });
        yf_der_put_small(&o, YF_DER_INTEGER, is[i].v);
        T_SPAN(yf_out_span(&o), ((yf_span){ is[i].b, is[i].n }));
        T(yf_der_small(&c, YF_DER_INTEGER, is[i].v, is[i].v) == is[i].v);
        T_OK(yf_cur_done(&c));
    }
}

static yf_err
small_err(yf_span in, int32_t min, int32_t max)
{
    yf_cur c = yf_cur_of(in);

    T(yf_der_small(&c, YF_DER_INTEGER, min, max) == 0 && c.p == in.p);
    return c.err;
}

static void
refuses_small_integers(void **st)
{
    (void)st;
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x00), -9, 9));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x02, 0x00, 0x01), -9, 9));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x02, 0xFF, 0x80), -999, 9));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x05, 0x01, 0, 0, 0, 0), 0, INT32_MAX));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x01, 0x03), 0, 2));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x02, 0x01, 0xFF), 0, 2));
    T_ERR(YF_E_FORMAT, small_err(BYTES(0x0A, 0x01, 0x01), 0, 2));
    T_ERR(YF_E_SHORT, small_err((yf_span){ 0 }, 0, 2));
}

static void
unsigned_integers(void **st)
{
    static const struct {
        uint8_t n, be[4], der_n, der[6], min_n;
    } is[] = {
        { 0, { 0 }, 3, { 0x02, 0x01, 0x00 }, 1 },
        { 3, { 0 }, 3, { 0x02, 0x01, 0x00 }, 1 },
        { 1, { 0x7F }, 3, { 0x02, 0x01, 0x7F }, 1 },
        { 1, { 0x80 }, 4, { 0x02, 0x02, 0x00, 0x80 }, 1 },
        { 3, { 0x00, 0x00, 0x81 }, 4, { 0x02, 0x02, 0x00, 0x81 }, 1 },
        { 3, { 0x00, 0x12, 0x34 }, 4, { 0x02, 0x02, 0x12, 0x34 }, 2 },
        { 3, { 0xFF, 0x00, 0x00 }, 6, { 0x02, 0x04, 0x00, 0xFF, 0x00, 0x00 }, 3 },
    };
    (void)st;

    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_span der = { is[i].der, is[i].der_n };
        yf_cur c = yf_cur_of(der), tight = c;

        yf_der_put_uint(&o, YF_DER_INTEGER, (yf_span){ is[i].be, is[i].n });
        T_SPAN(yf_out_span(&o), der);
        yf_span v = yf_der_uint(&c, YF_DER_INTEGER, is[i].min_n);
        T_OK(yf_cur_done(&c));
        T(v.n == is[i].min_n && v.p + v.n == der.p + der.n);
        T(yf_der_uint(&tight, YF_DER_INTEGER, is[i].min_n - 1U).n == 0);
        T(tight.err == YF_E_FORMAT && tight.p == der.p);
    }
}

static void
refuses_unsigned_integers(void **st)
{
    yf_cur c = CUR(0x02, 0x01, 0x80); // negative
    (void)st;

    T(yf_der_uint(&c, YF_DER_INTEGER, 9).n == 0);
    T_ERR(YF_E_FORMAT, c.err);
    c = CUR(0x02, 0x03, 0x00, 0x00, 0x81);
    T(yf_der_uint(&c, YF_DER_INTEGER, SIZE_MAX).n == 0);
    T_ERR(YF_E_FORMAT, c.err);
}

/* ---- other primitive types ---- */

/* X.690 11.1, 11.5 */
static void
booleans(void **st)
{
    yf_cur c = CUR(0x01, 0x01, 0xFF, 0x01, 0x01, 0x00, 0x01, 0x01, 0x01);
    (void)st;

    T(yf_der_bool(&c, YF_DER_BOOLEAN));
    T(!yf_der_bool(&c, YF_DER_BOOLEAN));
    T_OK(c.err);
    T(!yf_der_bool(&c, YF_DER_BOOLEAN));
    T(c.err == YF_E_FORMAT && c.left == 3);

    c = CUR(0x01, 0x01, 0xFF, 0x05, 0x00);
    T(yf_der_bool_or_false(&c, YF_DER_BOOLEAN));
    T(!yf_der_bool_or_false(&c, YF_DER_BOOLEAN)); // absent
    yf_der_null(&c);
    T(!yf_der_bool_or_false(&c, YF_DER_BOOLEAN)); // absent: the end
    T_OK(yf_cur_done(&c));
    c = CUR(0x01, 0x01, 0x00); // the default, written
    T(!yf_der_bool_or_false(&c, YF_DER_BOOLEAN));
    T(c.err == YF_E_FORMAT && c.left == 3);
    c = CUR(0x05, 0x01, 0x00);
    yf_der_null(&c);
    T_ERR(YF_E_FORMAT, c.err);

    yf_out o = yf_out_of(mem, sizeof mem);
    yf_der_put_bool(&o, YF_DER_BOOLEAN, true);
    yf_der_put_bool(&o, YF_DER_CTX(1), false);
    yf_der_put_null(&o);
    T_SPAN(yf_out_span(&o), BYTES(0x01, 0x01, 0xFF, 0x81, 0x01, 0x00, 0x05, 0x00));
}

/* X.690 8.6.4.2 (the example in its primitive form), 11.2.1 */
static void
bit_strings(void **st)
{
    yf_span x = BYTES(0x03, 0x07, 0x04, 0x0A, 0x3B, 0x5F, 0x29, 0x1C, 0xD0);
    yf_cur c = yf_cur_of(x);
    unsigned unused = 9;
    (void)st;

    yf_span v = yf_der_bits(&c, YF_DER_BITS, &unused);
    T_OK(yf_cur_done(&c));
    T(unused == 4);
    T_SPAN(v, BYTES(0x0A, 0x3B, 0x5F, 0x29, 0x1C, 0xD0));
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_der_put_bits(&o, YF_DER_BITS, v, 4);
    T_SPAN(yf_out_span(&o), x);

    c = yf_cur_of(x);
    T(yf_der_bits(&c, YF_DER_BITS, NULL).n == 0); // whole bytes wanted
    T(c.err == YF_E_FORMAT && c.p == x.p);
    yf_der_put_bits(&o, YF_DER_BITS, v, 5);
    T_ERR(YF_E_FORMAT, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_put_bits(&o, YF_DER_BITS, v, 256);
    T_ERR(YF_E_FORMAT, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_put_bits(&o, YF_DER_BITS, (yf_span){ 0 }, 1);
    T_ERR(YF_E_FORMAT, o.err);

    T_OK(yf_der_value(YF_DER_BITS, BYTES(0x00)));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_BITS, (yf_span){ 0 }));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_BITS, BYTES(0x01)));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_BITS, BYTES(0x08, 0x00)));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_BITS, BYTES(0x04, 0xD8)));
}

/* X.690 11.2.2; RFC 5280 4.2.1.3: keyCertSign is bit 5, cRLSign 6, decipherOnly 8 */
static void
named_bits(void **st)
{
    static const struct {
        uint32_t flags;
        uint8_t n, b[7];
    } is[] = {
        { 0, 3, { 0x03, 0x01, 0x00 } },
        { 1U << 0, 4, { 0x03, 0x02, 0x07, 0x80 } },
        { 1U << 5 | 1U << 6, 4, { 0x03, 0x02, 0x01, 0x06 } },
        { 1U << 7, 4, { 0x03, 0x02, 0x00, 0x01 } },
        { 1U << 8, 5, { 0x03, 0x03, 0x07, 0x00, 0x80 } },
        { 1U << 31, 7, { 0x03, 0x05, 0x00, 0x00, 0x00, 0x00, 0x01 } },
    };
    (void)st;

    for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_cur c = yf_cur_of((yf_span){ is[i].b, is[i].n });
        yf_der_put_flags(&o, YF_DER_BITS, is[i].flags);
        T_SPAN(yf_out_span(&o), ((yf_span){ is[i].b, is[i].n }));
        T(yf_der_flags(&c, YF_DER_BITS) == is[i].flags);
        T_OK(yf_cur_done(&c));
    }
    yf_cur c = CUR(0x03, 0x02, 0x00, 0x06); // a trailing zero bit
    T(yf_der_flags(&c, YF_DER_BITS) == 0);
    T(c.err == YF_E_FORMAT && c.left == 4);
    c = CUR(0x03, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01);
    T(yf_der_flags(&c, YF_DER_BITS) == 0);
    T_ERR(YF_E_UNSUPPORTED, c.err);
}

static void
object_identifiers(void **st)
{
    yf_cur c = CUR(0x06, 0x03, 0x55, 0x04, 0x03, 0x06, 0x02, 0x55, 0x84);
    (void)st;

    T_SPAN(yf_der_oid(&c), BYTES(0x55, 0x04, 0x03));
    T_OK(c.err);
    T(yf_der_oid(&c).n == 0);
    T(c.err == YF_E_FORMAT && c.left == 4);

    yf_out o = yf_out_of(mem, sizeof mem);
    size_t mark = yf_der_open(&o, YF_DER_OID);
    yf_oid_put(&o, YF_STR("1.2.156.10197.1.301"));
    yf_der_close(&o, mark);
    T_SPAN(yf_out_span(&o), BYTES(0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D));
    yf_der_put_as(&o, YF_DER_OID, YF_DER_OID, BYTES(0x2A, 0x80));
    T_ERR(YF_E_FORMAT, o.err);
}

/* ---- strings ---- */

static void
strings(void **st)
{
    yf_cur c = CUR(0x0C, 0x03, 0xE9, 0xB1, 0xBC, 0x13, 0x01, 0x41, 0x16, 0x01, 0x40, 0x0C, 0x00);
    uint32_t type = 0;
    (void)st;

    T_SPAN(yf_der_string(&c, 1, 9, &type), YF_STR("\xE9\xB1\xBC")); // the fish of 鱼符
    T(type == YF_DER_UTF8);
    T_SPAN(yf_der_string(&c, 1, 9, &type), YF_STR("A"));
    T(type == YF_DER_PRINTABLE);
    T_SPAN(yf_der_string(&c, 1, 9, &type), YF_STR("@"));
    T(type == YF_DER_IA5);
    T_OK(c.err);
    T(yf_der_string(&c, 1, 9, &type).n == 0); // too short
    T(c.err == YF_E_FORMAT && c.left == 2 && type == YF_DER_IA5);
}

static yf_err
string_err(yf_span in)
{
    yf_cur c = yf_cur_of(in);
    uint32_t type = 7;

    T(yf_der_string(&c, 0, 9, &type).n == 0 && type == 7 && c.p == in.p);
    return c.err;
}

static void
refuses_strings(void **st)
{
    (void)st;
    T_ERR(YF_E_UNSUPPORTED, string_err(BYTES(0x1E, 0x02, 0x00, 0x41))); // BMPString
    T_ERR(YF_E_UNSUPPORTED, string_err(BYTES(0x14, 0x01, 0x41)));       // T61String
    T_ERR(YF_E_UNSUPPORTED, string_err(BYTES(0x12, 0x01, 0x31)));       // NumericString
    T_ERR(YF_E_FORMAT, string_err(BYTES(0x04, 0x01, 0x41)));
    T_ERR(YF_E_FORMAT, string_err(BYTES(0x0C, 0x01, 0xE9)));
    T_ERR(YF_E_FORMAT, string_err(BYTES(0x13, 0x01, 0x40)));
    T_ERR(YF_E_FORMAT, string_err(BYTES(0x16, 0x01, 0x80)));
    T_ERR(YF_E_FORMAT, string_err(BYTES(0x2C, 0x03, 0x0C, 0x01, 0x41))); // in pieces
    T_ERR(YF_E_SHORT, string_err((yf_span){ 0 }));
}

/* X.680 41.4: the 74 characters of a PrintableString, and no other */
static void
printable_characters(void **st)
{
    const char *all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";
    (void)st;

    for (unsigned b = 0; b < 256; b++) {
        uint8_t one = (uint8_t)b;
        bool may = b && strchr(all, (int)b);
        T_ERR(may ? YF_OK : YF_E_FORMAT, yf_der_value(YF_DER_PRINTABLE, (yf_span){ &one, 1 }));
        T_ERR(b < 128 ? YF_OK : YF_E_FORMAT, yf_der_value(YF_DER_IA5, (yf_span){ &one, 1 }));
    }
}

/* ---- times ---- */

static void
time_both_ways(const char *text, uint32_t type, int64_t seconds)
{
    yf_span v = { (const uint8_t *)text, strlen(text) };
    yf_out raw = yf_out_of(mem, sizeof mem / 2);
    yf_out o = yf_out_of(mem + sizeof mem / 2, sizeof mem / 2);

    yf_der_put(&raw, type, v);
    yf_cur c = yf_cur_of(yf_out_span(&raw));
    T(yf_der_time(&c) == seconds);
    T_OK(yf_cur_done(&c));
    yf_der_put_time_as(&o, type, type, seconds);
    T_SPAN(yf_out_span(&o), yf_out_span(&raw));
}

/* X.690 11.7, 11.8; RFC 5280 4.1.2.5 */
static void
times(void **st)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    time_both_ways("700101000000Z", YF_DER_UTCTIME, 0);
    time_both_ways("500101000000Z", YF_DER_UTCTIME, -631152000);
    time_both_ways("491231235959Z", YF_DER_UTCTIME, 2524607999);
    time_both_ways("000229120000Z", YF_DER_UTCTIME, 951825600);
    time_both_ways("20500101000000Z", YF_DER_GENTIME, 2524608000);
    time_both_ways("19491231235959Z", YF_DER_GENTIME, -631152001);
    time_both_ways("99991231235959Z", YF_DER_GENTIME, 253402300799); // no expiry
    time_both_ways("00000101000000Z", YF_DER_GENTIME, -62167219200);
    time_both_ways("20010401000000Z", YF_DER_GENTIME, 986083200);

    yf_der_put_time(&o, 2524607999);
    yf_der_put_time(&o, 2524608000);
    T_SPAN(yf_out_span(&o), YF_STR("\x17\x0D"
                                   "491231235959Z"
                                   "\x18\x0F"
                                   "20500101000000Z"));
    yf_der_put_time_as(&o, YF_DER_UTCTIME, YF_DER_UTCTIME, 2524608000);
    T_ERR(YF_E_ROOM, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_put_time(&o, 253402300800);
    T_ERR(YF_E_ROOM, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_put_time_as(&o, YF_DER_CTX(0), YF_DER_INTEGER, 0);
    T_ERR(YF_E_FORMAT, o.err);
}

static yf_err
time_err(uint32_t type, const char *text)
{
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_der_put(&o, type, (yf_span){ (const uint8_t *)text, strlen(text) });
    yf_cur c = yf_cur_of(yf_out_span(&o));
    T(yf_der_time(&c) == 0 && c.p == mem);
    return c.err;
}

static void
refuses_times(void **st)
{
    static const char *const utc[] = { "",
                                       "Z",
                                       "7001010000Z",
                                       "700101000000",
                                       "700101000000+0000",
                                       "700101000000z",
                                       "700101000000ZZ",
                                       "70010100000 Z",
                                       "700229000000Z",
                                       "701301000000Z",
                                       "700101240000Z",
                                       "700101006000Z",
                                       "700101000060Z",
                                       "19700101000000Z",
                                       "7O0101000000Z",
                                       "700101000000.5Z" };
    static const char *const gen[] = { "700101000000Z",       "19700101000000",
                                       "1970010100Z",         "19700101000000.Z",
                                       "19700101000000.50Z",  "19700101000000,5Z",
                                       "19700101000000-0700", "19700101000000.5",
                                       "+9700101000000Z" };
    (void)st;

    for (size_t i = 0; i < sizeof utc / sizeof *utc; i++)
        if (time_err(YF_DER_UTCTIME, utc[i]) != YF_E_FORMAT)
            fail_msg("UTCTime '%s'", utc[i]);
    for (size_t i = 0; i < sizeof gen / sizeof *gen; i++)
        if (time_err(YF_DER_GENTIME, gen[i]) != YF_E_FORMAT)
            fail_msg("GeneralizedTime '%s'", gen[i]);
    T_ERR(YF_E_UNSUPPORTED, time_err(YF_DER_GENTIME, "19700101000000.05Z"));
    T_OK(yf_der_value(YF_DER_GENTIME, YF_STR("19700101000000.05Z")));
    T_OK(yf_der_value(YF_DER_GENTIME, YF_STR("19700101000000.9Z")));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_GENTIME, YF_STR("19700101000000.50Z")));
}

/* ---- SET OF ---- */

/* X.690 11.6 */
static void
sets_are_sorted(void **st)
{
    static const uint8_t want[] = { 0x31, 0x0D, 0x02, 0x01, 0x05, 0x02, 0x01, 0x05,
                                    0x02, 0x02, 0x01, 0x00, 0x04, 0x01, 0x00 };
    static const yf_span part[] = {
        { want + 2, 3 }, { want + 5, 3 }, { want + 8, 4 }, { want + 12, 3 }
    };
    (void)st;

    for (unsigned p = 0; p < 256; p++) { // every order of the four, written as base 4
        unsigned i[] = { p & 3, p >> 2 & 3, p >> 4 & 3, p >> 6 };
        if ((1U << i[0] | 1U << i[1] | 1U << i[2] | 1U << i[3]) != 15)
            continue;
        yf_out o = yf_out_of(mem, sizeof mem);
        size_t mark = yf_der_open(&o, YF_DER_SET);
        for (unsigned k = 0; k < 4; k++)
            yf_out_put(&o, part[i[k]]);
        yf_der_close_set(&o, mark);
        T_SPAN(yf_out_span(&o), YF_SPAN(want));
    }
}

static void
sets_are_read_sorted(void **st)
{
    yf_cur c = CUR(0x31, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x05);
    yf_cur set = yf_der_enter_set(&c, YF_DER_SET);
    (void)st;

    T(yf_der_small(&set, YF_DER_INTEGER, 0, 9) == 5 &&
      yf_der_small(&set, YF_DER_INTEGER, 0, 9) == 5);
    T_OK(yf_cur_done(&set));
    T_OK(yf_cur_done(&c));

    c = CUR(0x31, 0x06, 0x02, 0x01, 0x06, 0x02, 0x01, 0x05);
    yf_cur loose = c;
    set = yf_der_enter_set(&c, YF_DER_SET);
    T(set.err == YF_E_FORMAT && c.err == YF_E_FORMAT && c.left == 8);
    set = yf_der_enter(&loose, YF_DER_SET); // real documents before strictness
    T_OK(set.err);

    c = CUR(0x31, 0x02, 0x02, 0x01);
    yf_der_enter_set(&c, YF_DER_SET);
    T_ERR(YF_E_SHORT, c.err);
}

static void
closing_refuses(void **st)
{
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    size_t mark = yf_der_open(&o, YF_DER_SET);
    yf_out_u16(&o, 0x0205); // no object
    yf_der_close_set(&o, mark);
    T_ERR(YF_E_SHORT, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_close_set(&o, 1);
    T_ERR(YF_E_STATE, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_open(&o, 0x5F01);
    T_ERR(YF_E_FORMAT, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_der_put(&o, 0x24, (yf_span){ 0 });
    T_ERR(YF_E_FORMAT, o.err);
}

/* ---- tags of one's own ---- */

static void
implicit_and_explicit(void **st)
{
    yf_span x = BYTES(0x80, 0x01, 0x05, 0xA1, 0x03, 0x02, 0x01, 0x06, 0x82, 0x01, 0x40);
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    yf_der_put_small(&o, YF_DER_CTX(0), 5);
    size_t mark = yf_der_open(&o, YF_DER_CTX_C(1));
    yf_der_put_small(&o, YF_DER_INTEGER, 6);
    yf_der_close(&o, mark);
    yf_der_put_as(&o, YF_DER_CTX(2), YF_DER_IA5, YF_STR("@"));
    T_SPAN(yf_out_span(&o), x);

    yf_cur c = yf_cur_of(x);
    T(yf_der_small(&c, YF_DER_CTX(0), 0, 9) == 5);
    yf_cur one = yf_der_enter(&c, YF_DER_CTX_C(1));
    T(yf_der_small(&one, YF_DER_INTEGER, 0, 9) == 6);
    T_OK(yf_cur_done(&one));
    yf_cur wrong = c;
    T_SPAN(yf_der_as(&c, YF_DER_CTX(2), YF_DER_IA5, 1, 1), YF_STR("@"));
    T_OK(yf_cur_done(&c));
    T(yf_der_as(&wrong, YF_DER_CTX(2), YF_DER_PRINTABLE, 1, 1).n == 0);
    T(wrong.err == YF_E_FORMAT && wrong.left == 3);
    yf_der_put_as(&o, YF_DER_CTX(2), YF_DER_PRINTABLE, YF_STR("@"));
    T_ERR(YF_E_FORMAT, o.err);

    c = CUR(0x80, 0x0F, '2', '0', '5', '0', '0', '1', '0', '1', '0', '0', '0', '0', '0', '0', 'Z');
    T(yf_der_time_as(&c, YF_DER_CTX(0), YF_DER_GENTIME) == 2524608000);
    T_OK(yf_cur_done(&c));
}

/* ---- whole objects ---- */

static void
check_looks_everywhere(void **st)
{
    (void)st;
    T_OK(yf_der_check(BYTES(0x30, 0x05, 0xA0, 0x03, 0x02, 0x01, 0x05)));
    T_ERR(YF_E_SHORT, yf_der_check((yf_span){ 0 }));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x02, 0x81, 0x01, 0x05)));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x05, 0x00, 0x05, 0x00)));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x30, 0x06, 0xA0, 0x04, 0x02, 0x02, 0x00, 0x05)));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x30, 0x04, 0x04, 0x81, 0x01, 0x05)));
    T_ERR(YF_E_SHORT, yf_der_check(BYTES(0x30, 0x03, 0x02, 0x02, 0x05)));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x30, 0x05, 0x30, 0x00, 0x01, 0x01, 0x02)));
}

static void
values_by_type(void **st)
{
    (void)st;
    T_OK(yf_der_value(YF_DER_NULL, (yf_span){ 0 }));
    T_ERR(YF_E_FORMAT, yf_der_value(YF_DER_NULL, BYTES(0x00)));
    T_ERR(YF_E_FORMAT, yf_der_check(BYTES(0x30, 0x03, 0x05, 0x01, 0x00)));
    T_OK(yf_der_value(YF_DER_OCTETS, (yf_span){ 0 })); // no rule
    T_OK(yf_der_value(0x19, BYTES(0xFF)));             // one beyond the last with a rule
    T_OK(yf_der_value(0x7F49, BYTES(0xFF)));
}

static void
check_goes_only_so_deep(void **st)
{
    uint8_t b[2 * YF_DER_DEPTH];
    (void)st;

    for (size_t i = 0; i < YF_DER_DEPTH; i++) {
        b[2 * i] = YF_DER_SEQ;
        b[2 * i + 1] = (uint8_t)(sizeof b - 2 * (i + 1));
    }
    T_ERR(YF_E_UNSUPPORTED, yf_der_check(YF_SPAN(b)));
    T_OK(yf_der_check((yf_span){ b + 2, sizeof b - 2 }));
}

struct tbs {
    yf_span serial, issuer, subject, key;
    int64_t from, to;
    yf_cur extensions;
};

/* RFC 5280 4.1: what a reader of certificates looks like. */
static yf_err
tbs_parse(yf_span in, struct tbs *out)
{
    yf_cur file = yf_cur_of(in);
    yf_cur cert = yf_der_enter(&file, YF_DER_SEQ);
    yf_cur tbs = yf_der_enter(&cert, YF_DER_SEQ);
    yf_cur version = yf_der_enter(&tbs, YF_DER_CTX_C(0));
    struct tbs r;

    T(yf_der_small(&version, YF_DER_INTEGER, 0, 2) == 2 || version.err);
    r.serial = yf_der_uint(&tbs, YF_DER_INTEGER, 20);
    yf_der_need(&tbs, YF_DER_SEQ, 0, SIZE_MAX);
    r.issuer = yf_der_need(&tbs, YF_DER_SEQ, 0, SIZE_MAX);
    yf_cur validity = yf_der_enter(&tbs, YF_DER_SEQ);
    r.from = yf_der_time(&validity);
    r.to = yf_der_time(&validity);
    r.subject = yf_der_need(&tbs, YF_DER_SEQ, 0, SIZE_MAX);
    yf_cur spki = yf_der_enter(&tbs, YF_DER_SEQ);
    yf_der_need(&spki, YF_DER_SEQ, 0, SIZE_MAX);
    r.key = yf_der_bits(&spki, YF_DER_BITS, NULL);
    yf_cur wrap = yf_der_enter(&tbs, YF_DER_CTX_C(3));
    r.extensions = yf_der_enter(&wrap, YF_DER_SEQ);
    yf_der_need(&cert, YF_DER_SEQ, 0, SIZE_MAX);
    yf_der_bits(&cert, YF_DER_BITS, NULL);

    const yf_cur all[] = { version, validity, spki, wrap, tbs, cert, file };
    yf_err e = YF_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        e = yf_err_first(e, yf_cur_done(&all[i]));
    if (!e)
        *out = r;
    return e;
}

static void
one_certificate(const struct vec *v, void *arg)
{
    yf_span der = vec_get(v, "der");
    struct tbs t;
    (void)arg;

    T_OK(yf_der_check(der));
    T_OK(tbs_parse(der, &t));
    T_SPAN(t.serial, vec_get(v, "serial"));
    T_SPAN(t.issuer, vec_get(v, "name"));
    T_SPAN(t.subject, vec_get(v, "name"));
    T_SPAN(t.key, vec_get(v, "key"));
    T(t.from == vec_num(v, "from") && t.to == vec_num(v, "to"));
    for (size_t n = 0; n < der.n; n++)
        T(tbs_parse((yf_span){ der.p, n }, &t) == YF_E_SHORT);

    /* The extension after the first writes its default: errata 6936 and 7070. */
    yf_cur e = yf_der_enter(&t.extensions, YF_DER_SEQ);
    yf_der_oid(&e);
    T(yf_der_bool_or_false(&e, YF_DER_BOOLEAN));
    e = yf_der_enter(&t.extensions, YF_DER_SEQ);
    yf_der_oid(&e);
    T(!yf_der_bool_or_false(&e, YF_DER_BOOLEAN));
    T_ERR(YF_E_FORMAT, e.err);
}

static void
reads_certificates(void **st)
{
    (void)st;
    vec_each("wire_der.txt", one_certificate, NULL);
}

/* The parts of a certificate, built: GM/T 0006 key algorithm, a name, a validity. */
static void
writes_parts_of_a_certificate(void **st)
{
    static const uint8_t want[] = {
        0x30, 0x4F, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
        0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x30, 0x18, 0x31, 0x16, 0x30,
        0x09, 0x06, 0x03, 0x55, 0x04, 0x06, 0x13, 0x02, 0x55, 0x54, 0x30, 0x09, 0x06, 0x03,
        0x55, 0x04, 0x0A, 0x0C, 0x02, 0x55, 0x54, 0x30, 0x1E, 0x17, 0x0D, 0x31, 0x36, 0x30,
        0x38, 0x30, 0x31, 0x31, 0x32, 0x31, 0x39, 0x32, 0x34, 0x5A, 0x17, 0x0D, 0x34, 0x30,
        0x31, 0x32, 0x33, 0x31, 0x32, 0x33, 0x35, 0x39, 0x35, 0x39, 0x5A,
    };
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    size_t all = yf_der_open(&o, YF_DER_SEQ);
    size_t alg = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put_as(&o, YF_DER_OID, YF_DER_OID, BYTES(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01));
    yf_der_put_as(&o, YF_DER_OID, YF_DER_OID,
                  BYTES(0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D));
    yf_der_close(&o, alg);
    size_t name = yf_der_open(&o, YF_DER_SEQ);
    size_t rdn = yf_der_open(&o, YF_DER_SET);
    for (uint8_t attribute = 0x0A; attribute >= 0x06; attribute -= 4) { // in the wrong order
        size_t pair = yf_der_open(&o, YF_DER_SEQ);
        yf_der_put_as(&o, YF_DER_OID, YF_DER_OID, BYTES(0x55, 0x04, attribute));
        uint32_t type = attribute == 0x06 ? YF_DER_PRINTABLE : YF_DER_UTF8;
        yf_der_put_as(&o, type, type, YF_STR("UT"));
        yf_der_close(&o, pair);
    }
    yf_der_close_set(&o, rdn);
    yf_der_close(&o, name);
    size_t validity = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put_time(&o, 1470053964);
    yf_der_put_time(&o, 2240611199);
    yf_der_close(&o, validity);
    yf_der_close(&o, all);
    T_SPAN(yf_out_span(&o), YF_SPAN(want));
    T_OK(yf_der_check(yf_out_span(&o)));
}

T_MAIN(cmocka_unit_test(one_way_to_write_a_header),
       cmocka_unit_test(constructed_where_x690_wants_it), cmocka_unit_test(by_name),
       cmocka_unit_test(small_integers), cmocka_unit_test(refuses_small_integers),
       cmocka_unit_test(unsigned_integers), cmocka_unit_test(refuses_unsigned_integers),
       cmocka_unit_test(booleans), cmocka_unit_test(bit_strings), cmocka_unit_test(named_bits),
       cmocka_unit_test(object_identifiers), cmocka_unit_test(strings),
       cmocka_unit_test(refuses_strings), cmocka_unit_test(printable_characters),
       cmocka_unit_test(times), cmocka_unit_test(refuses_times), cmocka_unit_test(sets_are_sorted),
       cmocka_unit_test(sets_are_read_sorted), cmocka_unit_test(closing_refuses),
       cmocka_unit_test(implicit_and_explicit), cmocka_unit_test(check_looks_everywhere),
       cmocka_unit_test(values_by_type), cmocka_unit_test(check_goes_only_so_deep),
       cmocka_unit_test(reads_certificates), cmocka_unit_test(writes_parts_of_a_certificate))
