/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SecurityInfos: the entries lie one after the other in what was read and are all of it;
 * each says the same when written and read again, and an entry in DER is written as it was.
 */
#include "fuzz.h"

#include <yufu/proto/secinfo.h>

static void
same(const struct yf_secinfo *a, const struct yf_secinfo *b)
{
    MUST(a->kind == b->kind && a->version == b->version && a->id == b->id);
    MUST(yf_span_eq(a->protocol, b->protocol));
    MUST(yf_span_eq(a->detail, b->detail));
}

/* DER without what is not ours to write: fields behind a version. */
static bool
is_canonical(const struct yf_secinfo *info)
{
    return info->kind != YF_SECINFO_TA && yf_der_check(info->raw) == YF_OK;
}

static void
write_again(const struct yf_secinfo *info)
{
    static uint8_t mem[70000];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_secinfo again;
    size_t mark = yf_tlv_open(&o, YF_DER_SET), at = o.n;

    yf_secinfo_put(&o, info);
    MUST(o.err == YF_OK);
    if (is_canonical(info))
        MUST(yf_span_eq((yf_span){ o.p + at, o.n - at }, info->raw));
    yf_tlv_close(&o, mark);
    yf_cur c = yf_secinfos(yf_out_span(&o));
    MUST(yf_secinfo_next(&c, &again));
    same(info, &again);
    MUST(!yf_secinfo_next(&c, &again) && yf_cur_done(&c) == YF_OK);
}

static void
key_within(const struct yf_secinfo *info)
{
    const yf_curve *curve;
    yf_span point;

    if (yf_secinfo_key(info, &curve, &point))
        return;
    MUST(info->kind == YF_SECINFO_CA_KEY && curve && point.n > 0);
    MUST(point.p > info->detail.p && point.p + point.n <= info->detail.p + info->detail.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur c = yf_secinfos((yf_span){ data, size });
    const uint8_t *at = c.p;
    struct yf_secinfo info;

    if (size > 65536)
        return 0;
    while (yf_secinfo_next(&c, &info)) {
        MUST(info.raw.p == at);
        at += info.raw.n;
        MUST(c.p == at);
        write_again(&info);
        key_within(&info);
    }
    return 0;
}
