/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/cur.h>

yf_span
yf_cur_take(yf_cur *c, size_t n)
{
    yf_span s = { c->p, 0 };

    if (c->err)
        return s;
    if (n > c->left) {
        c->err = YF_E_SHORT;
        return s;
    }
    if (n == 0)
        return s;
    s.n = n;
    c->p += n;
    c->left -= n;
    return s;
}

yf_span
yf_cur_rest(yf_cur *c)
{
    return yf_cur_take(c, c->err ? 0 : c->left);
}

uint8_t
yf_cur_u8(yf_cur *c)
{
    yf_span s = yf_cur_take(c, 1);
    return s.n ? s.p[0] : 0;
}

uint16_t
yf_cur_u16(yf_cur *c)
{
    yf_span s = yf_cur_take(c, 2);
    return s.n ? yf_be16(s.p) : 0;
}

uint32_t
yf_cur_u32(yf_cur *c)
{
    yf_span s = yf_cur_take(c, 4);
    return s.n ? yf_be32(s.p) : 0;
}

uint64_t
yf_cur_u64(yf_cur *c)
{
    yf_span s = yf_cur_take(c, 8);
    return s.n ? yf_be64(s.p) : 0;
}

int
yf_cur_peek(const yf_cur *c)
{
    return yf_cur_more(c) ? c->p[0] : -1;
}

void
yf_cur_fail(yf_cur *c, yf_err e)
{
    if (!c->err)
        c->err = e;
}

bool
yf_cur_commit(yf_cur *c, const yf_cur *copy)
{
    yf_cur_fail(c, copy->err);
    if (!c->err)
        *c = *copy;
    return !c->err;
}

yf_err
yf_cur_done(const yf_cur *c)
{
    if (c->err)
        return c->err;
    return c->left ? YF_E_FORMAT : YF_OK;
}
