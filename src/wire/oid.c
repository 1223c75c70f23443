/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A number is kept in digits, the lowest first: in base 128, which DER writes, or in
 * base 10, which people write. From one to the other by multiplying and adding.
 */
#include <yufu/wire/oid.h>

enum {
    SEPTETS = 19,  // 133 bits: room for 80 + 2^128 - 1, where 2.25.<uuid> ends
    DECIMALS = 41, // as many bits in decimal
};

struct num {
    uint8_t d[DECIMALS];
    size_t n; // zero has no digits
};

/* ---- reading bytes ---- */

/* v = 128 v + septet, in base 10. DECIMALS are enough for SEPTETS. */
static void
add_septet(struct num *v, uint32_t septet)
{
    uint32_t carry = septet;

    for (size_t i = 0; i < v->n; i++) {
        carry += v->d[i] * 128U;
        v->d[i] = (uint8_t)(carry % 10);
        carry /= 10;
    }
    for (; carry; carry /= 10)
        v->d[v->n++] = (uint8_t)(carry % 10);
}

/* The next arc in base 10. */
static struct num
take_arc(yf_cur *c)
{
    struct num v = { .n = 0 };
    uint8_t b = 0x80;

    for (size_t i = 0; !c->err && b & 0x80; i++) {
        b = yf_cur_u8(c);
        if (i == SEPTETS)
            yf_cur_fail(c, YF_E_UNSUPPORTED);
        else
            add_septet(&v, b & 0x7F);
    }
    return v;
}

/* X.690 8.19.4: the first number is 40 a + b, and a is 2 if it can be. Leaves b. */
static uint8_t
split_first(struct num *v)
{
    unsigned tens = v->n > 2 ? 8 : v->d[1];
    unsigned a = tens < 4 ? 0 : tens < 8 ? 1 : 2;
    size_t i;

    tens = 4 * a;
    for (i = 1; v->d[i] < tens; i++) {
        v->d[i] = (uint8_t)(v->d[i] + 10 - tens);
        tens = 1;
    }
    v->d[i] = (uint8_t)(v->d[i] - tens);
    while (v->n && v->d[v->n - 1] == 0)
        v->n--;
    return (uint8_t)a;
}

static void
put_decimal(yf_out *o, const struct num *v)
{
    if (v->n == 0)
        yf_out_u8(o, '0');
    for (size_t i = v->n; i--;)
        yf_out_u8(o, (uint8_t)('0' + v->d[i]));
}

void
yf_oid_text(yf_out *o, yf_span oid)
{
    yf_cur c = yf_cur_of(oid);

    if (!yf_oid_ok(oid))
        yf_out_fail(o, YF_E_FORMAT);
    struct num v = take_arc(&c);
    yf_out_u8(o, (uint8_t)('0' + split_first(&v)));
    yf_out_u8(o, '.');
    put_decimal(o, &v);
    while (yf_cur_more(&c)) {
        v = take_arc(&c);
        yf_out_u8(o, '.');
        put_decimal(o, &v);
    }
    yf_out_fail(o, c.err);
}

bool
yf_oid_ok(yf_span oid)
{
    bool first = true;

    for (size_t i = 0; i < oid.n; i++) {
        if (first && oid.p[i] == 0x80)
            return false;
        first = !(oid.p[i] & 0x80);
    }
    return oid.n && first;
}

/* ---- reading text ---- */

/* v = mul v + add, in base 128; mul and add so small that one digit takes the carry. */
static yf_err
mul_add(struct num *v, uint32_t mul, uint32_t add)
{
    for (size_t i = 0; i < v->n; i++) {
        add += v->d[i] * mul;
        v->d[i] = add & 0x7F;
        add >>= 7;
    }
    if (add == 0)
        return YF_OK;
    if (v->n == SEPTETS)
        return YF_E_UNSUPPORTED;
    v->d[v->n++] = (uint8_t)add;
    return YF_OK;
}

/* Decimal digits without leading zeros, in base 128. */
static struct num
take_decimal(yf_cur *c)
{
    struct num v = { .n = 0 };
    bool zero = yf_cur_peek(c) == '0';
    size_t digits = 0;

    while (!c->err && yf_cur_peek(c) >= '0' && yf_cur_peek(c) <= '9') {
        yf_cur_fail(c, mul_add(&v, 10, yf_cur_u8(c) - (uint32_t)'0'));
        digits++;
    }
    if (digits == 0 || (zero && digits > 1))
        yf_cur_fail(c, YF_E_FORMAT);
    return v;
}

static struct num
take_dot_decimal(yf_cur *c)
{
    if (yf_cur_u8(c) != '.')
        yf_cur_fail(c, YF_E_FORMAT);
    return take_decimal(c);
}

static void
put_arc(yf_out *o, const struct num *v)
{
    for (size_t i = v->n; i-- > 1;)
        yf_out_u8(o, v->d[i] | 0x80);
    yf_out_u8(o, v->d[0]);
}

void
yf_oid_put(yf_out *o, yf_span text)
{
    yf_cur c = yf_cur_of(text);
    struct num a = take_decimal(&c);
    struct num b = take_dot_decimal(&c);

    if (a.n > 1 || a.d[0] > 2 || (a.d[0] < 2 && (b.n > 1 || b.d[0] >= 40)))
        yf_cur_fail(&c, YF_E_FORMAT);
    yf_cur_fail(&c, mul_add(&b, 1, 40U * a.d[0]));
    put_arc(o, &b);
    while (yf_cur_more(&c)) {
        b = take_dot_decimal(&c);
        put_arc(o, &b);
    }
    yf_out_fail(o, c.err == YF_E_SHORT ? YF_E_FORMAT : c.err);
}
