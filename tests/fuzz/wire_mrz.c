/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A text is accepted exactly when it has no fault, and then written again to the
 * same characters. What can be written of any other reading, is read back to the
 * same fields. A name of any two identifiers fits its field, or ends in a letter at
 * the end of it.
 *
 * Input: the text; for names, two identifiers with a 0 between them.
 */
#include "fuzz.h"

#include <string.h>

#include <yufu/wire/mrz.h>

static bool
same(const struct yf_mrz *a, const struct yf_mrz *b)
{
    return a->format == b->format && a->sex == b->sex &&
           a->optional_unchecked == b->optional_unchecked && !strcmp(a->code, b->code) &&
           !strcmp(a->issuer, b->issuer) && !strcmp(a->nationality, b->nationality) &&
           !strcmp(a->name, b->name) && !strcmp(a->number, b->number) &&
           !strcmp(a->birth, b->birth) && !strcmp(a->expiry, b->expiry) &&
           !strcmp(a->optional, b->optional) && !strcmp(a->optional2, b->optional2);
}

static void
texts(yf_span in)
{
    uint8_t mem[YF_MRZ_MAX], bac[YF_MRZ_BAC_MAX];
    yf_out o = yf_out_of(mem, sizeof mem), k = yf_out_of(bac, sizeof bac);
    struct yf_mrz m, back;
    unsigned faults;

    if (yf_mrz_read(in, &m, &faults)) {
        MUST(yf_mrz_parse(in, &back) != YF_OK);
        return;
    }
    MUST((yf_mrz_parse(in, &back) == YF_OK) == (faults == 0));
    yf_mrz_put(&o, &m);
    MUST(faults || yf_span_eq(yf_out_span(&o), in));
    MUST((o.err == YF_OK) == ((faults & ~(unsigned)YF_MRZ_DIGITS) == 0));
    if (o.err)
        return;
    MUST(yf_mrz_parse(yf_out_span(&o), &back) == YF_OK);
    MUST(same(&m, &back));
    yf_mrz_put_bac_info(&k, &m);
    MUST(!k.err && k.n >= 24);
}

static void
names(yf_span in, yf_mrz_format format, size_t width)
{
    const uint8_t *zero = in.n ? memchr(in.p, 0, in.n) : NULL;
    size_t n = zero ? (size_t)(zero - in.p) : in.n;
    yf_span second = { zero ? zero + 1 : NULL, zero ? in.n - n - 1 : 0 };
    struct yf_mrz m = { .format = format };

    if (yf_mrz_set_name(&m, (yf_span){ in.p, n }, second))
        return;
    size_t len = strlen(m.name), first = yf_mrz_primary(&m).n, rest = yf_mrz_secondary(&m).n;
    MUST(len > 0 && len <= width && m.name[0] != '<' && m.name[len - 1] != '<');
    MUST(!strstr(m.name, "<<<"));
    MUST(len == width || first + rest <= in.n);
    MUST(len == first + (rest ? rest + 2 : 0));
    MUST(first <= n && rest <= second.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };

    texts(in);
    names(in, YF_MRZ_TD1, 30);
    names(in, YF_MRZ_TD2, 31);
    names(in, YF_MRZ_TD3, 39);
    return 0;
}
