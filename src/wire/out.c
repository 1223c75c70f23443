/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/out.h>

#include <string.h>

uint8_t *
yf_out_claim(yf_out *o, size_t n)
{
    if (o->err)
        return NULL;
    if (n > o->cap - o->n) {
        o->err = YF_E_ROOM;
        return NULL;
    }
    uint8_t *at = o->p + o->n;
    o->n += n;
    return at;
}

void
yf_out_put(yf_out *o, yf_span bytes)
{
    uint8_t *at = bytes.n ? yf_out_claim(o, bytes.n) : NULL;

    if (at)
        memmove(at, bytes.p, bytes.n);
}

void
yf_out_fill(yf_out *o, uint8_t byte, size_t n)
{
    uint8_t *at = n ? yf_out_claim(o, n) : NULL;

    if (at)
        memset(at, byte, n);
}

void
yf_out_u8(yf_out *o, uint8_t v)
{
    uint8_t *at = yf_out_claim(o, 1);
    if (at)
        at[0] = v;
}

void
yf_out_u16(yf_out *o, uint16_t v)
{
    uint8_t *at = yf_out_claim(o, 2);
    if (at)
        yf_put_be16(at, v);
}

void
yf_out_u32(yf_out *o, uint32_t v)
{
    uint8_t *at = yf_out_claim(o, 4);
    if (at)
        yf_put_be32(at, v);
}

void
yf_out_u64(yf_out *o, uint64_t v)
{
    uint8_t *at = yf_out_claim(o, 8);
    if (at)
        yf_put_be64(at, v);
}

void
yf_out_insert(yf_out *o, size_t at, yf_span bytes)
{
    size_t tail = o->n - at;

    if (at > o->n)
        yf_out_fail(o, YF_E_STATE);
    if (bytes.n == 0 || !yf_out_claim(o, bytes.n))
        return;
    memmove(o->p + at + bytes.n, o->p + at, tail);
    memcpy(o->p + at, bytes.p, bytes.n);
}

void
yf_out_fail(yf_out *o, yf_err e)
{
    if (!o->err)
        o->err = e;
}

yf_span
yf_out_span(const yf_out *o)
{
    return (yf_span){ o->p, o->err ? 0 : o->n };
}

yf_err
yf_out_done(const yf_out *o, yf_span *written)
{
    if (!o->err)
        *written = yf_out_span(o);
    return o->err;
}
