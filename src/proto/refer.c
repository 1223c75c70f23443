/* SPDX-License-Identifier: Apache-2.0 */
#include "refer.h"

int32_t
yf_refer_get(yf_span be)
{
    uint32_t n = 0;

    if (be.n < 1 || be.n > 4)
        return -1;
    for (size_t i = 0; i < be.n; i++)
        n = n << 8 | be.p[i];
    return n <= INT32_MAX ? (int32_t)n : -1;
}

void
yf_refer_put(yf_out *o, uint32_t tag, int32_t number)
{
    uint8_t be[4];
    size_t zeros = 0;

    if (number < 0)
        return;
    yf_put_be32(be, (uint32_t)number);
    while (zeros < 3 && be[zeros] == 0)
        zeros++;
    yf_tlv_put(o, tag, (yf_span){ be + zeros, sizeof be - zeros });
}

yf_err
yf_refer_objects(yf_span in, const uint32_t *tags, yf_span *vals, size_t n)
{
    yf_cur c = yf_cur_of(in);
    yf_tlv t;

    while (yf_tlv_next(&c, &t)) {
        size_t i = 0;
        while (i < n && tags[i] != t.tag)
            i++;
        if (i == n)
            continue;
        if (vals[i].p || t.val.n == 0)
            return YF_E_FORMAT;
        vals[i] = t.val;
    }
    return yf_cur_done(&c);
}
