/* SPDX-License-Identifier: Apache-2.0 */
#include "der_rules.h"

#include "utf8.h"

#include <yufu/wire/date.h>
#include <yufu/wire/oid.h>

/* X.690 8.9 to 8.12, 8.18: constructed are EXTERNAL, EMBEDDED PDV, SEQUENCE, SET and the
 * unrestricted CHARACTER STRING; 10.2 forbids it for the rest. */
static bool
universal_ok(uint32_t tag)
{
    const uint32_t constructed = 1U << 8 | 1U << 11 | 1U << 16 | 1U << 17 | 1U << 29;

    return (constructed >> (tag & 0x1F) & 1) == (tag >> 5 & 1);
}

/* X.690 8.1.2.4: numbers from 31 on take more bytes, and only those. */
bool
yf_der_tag_ok(uint32_t tag)
{
    if (yf_tlv_head(tag, 0) == 0)
        return false;
    if (tag > 0xFF)
        return tag > 0xFFFF || (tag & 0x7F) >= 31;
    return tag & 0xC0 || universal_ok(tag);
}

/* ---- values ---- */

static yf_err
ok_if(bool good)
{
    return good ? YF_OK : YF_E_FORMAT;
}

/* X.690 11.1 */
static yf_err
boolean(yf_span v)
{
    return ok_if(v.n == 1 && (v.p[0] == 0x00 || v.p[0] == 0xFF));
}

/* X.690 8.3.2: the first nine bits are not all equal */
static yf_err
integer(yf_span v)
{
    if (v.n < 2)
        return ok_if(v.n == 1);
    unsigned nine = yf_be16(v.p) >> 7;
    return ok_if(nine != 0 && nine != 0x1FF);
}

/* X.690 8.6.2, 11.2.1 */
static yf_err
bits(yf_span v)
{
    if (v.n < 2)
        return ok_if(v.n == 1 && v.p[0] == 0);
    return ok_if(v.p[0] < 8 && (v.p[v.n - 1] & ((1U << v.p[0]) - 1)) == 0);
}

static yf_err
null(yf_span v)
{
    return ok_if(v.n == 0);
}

static yf_err
oid(yf_span v)
{
    return ok_if(yf_oid_ok(v));
}

static yf_err
utf8(yf_span v)
{
    return ok_if(yf_utf8_ok(v));
}

/* X.680 41.4, table 10 */
static bool
is_printable(uint8_t b)
{
    if (b >= 'A' && b <= 'Z')
        return true;
    if (b >= 'a' && b <= 'z')
        return true;
    if (b >= '\'' && b <= ':')
        return b != '*';
    return b == ' ' || b == '=' || b == '?';
}

static yf_err
printable(yf_span v)
{
    for (size_t i = 0; i < v.n; i++)
        if (!is_printable(v.p[i]))
            return YF_E_FORMAT;
    return YF_OK;
}

static yf_err
ia5(yf_span v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] > 0x7F)
            return YF_E_FORMAT;
    return YF_OK;
}

/* ---- times ---- */

static unsigned
two_digits(yf_cur *c)
{
    unsigned v = 0;

    for (int i = 0; i < 2; i++) {
        uint8_t b = yf_cur_u8(c);
        if (b < '0' || b > '9')
            yf_cur_fail(c, YF_E_FORMAT);
        v = v * 10 + b - '0';
    }
    return v;
}

static unsigned
take_year(yf_cur *c, uint32_t type)
{
    unsigned year = two_digits(c);

    if (type == YF_DER_GENTIME)
        return year * 100 + two_digits(c);
    return year + (year < YF_DER_UTC_FIRST % 100 ? 2000 : 1900);
}

/* X.690 11.7.3: a fraction does not end in 0, and there is none without a digit. */
static void
take_fraction(yf_cur *c)
{
    uint8_t last = '0';

    yf_cur_u8(c);
    while (yf_cur_peek(c) >= '0' && yf_cur_peek(c) <= '9')
        last = yf_cur_u8(c);
    if (last == '0')
        yf_cur_fail(c, YF_E_FORMAT);
}

/* X.690 11.7, 11.8: YYMMDDhhmmssZ, and YYYYMMDDhhmmss[.f]Z; seconds, and in UTC. */
static yf_err
parse_time(uint32_t type, yf_span v, int64_t *seconds, bool *fraction)
{
    yf_cur c = yf_cur_of(v);
    yf_date d;

    d.year = (uint16_t)take_year(&c, type);
    d.month = (uint8_t)two_digits(&c);
    d.day = (uint8_t)two_digits(&c);
    d.hour = (uint8_t)two_digits(&c);
    d.minute = (uint8_t)two_digits(&c);
    d.second = (uint8_t)two_digits(&c);
    *fraction = type == YF_DER_GENTIME && yf_cur_peek(&c) == '.';
    if (*fraction)
        take_fraction(&c);
    if (yf_cur_u8(&c) != 'Z' || yf_cur_done(&c))
        return YF_E_FORMAT;
    return yf_date_seconds(d, seconds);
}

yf_err
yf_der_seconds(uint32_t type, yf_span val, int64_t *seconds)
{
    bool fraction;
    int64_t s;
    yf_err e = parse_time(type, val, &s, &fraction);

    if (!e && fraction)
        e = YF_E_UNSUPPORTED;
    if (!e)
        *seconds = s;
    return e;
}

static yf_err
utctime(yf_span v)
{
    int64_t s;
    bool f;
    return parse_time(YF_DER_UTCTIME, v, &s, &f);
}

static yf_err
gentime(yf_span v)
{
    int64_t s;
    bool f;
    return parse_time(YF_DER_GENTIME, v, &s, &f);
}

/* ---- all of them ---- */

yf_err
yf_der_value(uint32_t type, yf_span val)
{
    static yf_err (*const rule[])(yf_span) = {
        [YF_DER_BOOLEAN] = boolean, [YF_DER_INTEGER] = integer,
        [YF_DER_BITS] = bits,       [YF_DER_NULL] = null,
        [YF_DER_OID] = oid,         [YF_DER_ENUM] = integer,
        [YF_DER_UTF8] = utf8,       [YF_DER_PRINTABLE] = printable,
        [YF_DER_IA5] = ia5,         [YF_DER_UTCTIME] = utctime,
        [YF_DER_GENTIME] = gentime,
    };

    if (type >= sizeof rule / sizeof *rule || !rule[type])
        return YF_OK;
    return rule[type](val);
}
