/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/genauth.h>

enum { TEMPLATE = 0x7C };

void
yf_genauth_put(yf_out *o, uint32_t tag, yf_span val)
{
    size_t mark = yf_tlv_open(o, TEMPLATE);

    if (tag)
        yf_tlv_put(o, tag, val);
    yf_tlv_close(o, mark);
}

yf_err
yf_genauth_only(yf_span in, uint32_t tag, yf_span *val)
{
    yf_cur c = yf_cur_of(in);
    yf_cur inner = yf_tlv_enter(&c, TEMPLATE);
    yf_span v = { NULL, 0 };

    if (tag)
        v = yf_tlv_need(&inner, tag, 0, in.n);
    yf_err e = yf_err_first(yf_cur_done(&inner), yf_cur_done(&c));
    if (!e)
        *val = v;
    return e;
}

yf_err
yf_genauth_find(yf_span in, uint32_t tag, yf_span *val)
{
    yf_cur c = yf_cur_of(in);
    yf_span all = yf_tlv_need(&c, TEMPLATE, 0, in.n);
    yf_err e = yf_cur_done(&c);

    return e ? e : yf_tlv_find(all, tag, val);
}
