/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PEM: a block that can be decoded has one encoding. Written again it is the same
 * text, line breaks and blanks apart, and reads as the same bytes.
 */
#include "fuzz.h"

#include <yufu/crypto/pem.h>

#include <stdlib.h>
#include <string.h>

static size_t
dense(yf_span text, uint8_t *r)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++)
        if (!strchr(" \t\r\n", text.p[i]) || text.p[i] == 0)
            r[n++] = text.p[i];
    return n;
}

static void
same_text(yf_span a, yf_span b)
{
    uint8_t *x = malloc(a.n + b.n + 1), *y = x + a.n;

    MUST(x);
    MUST(yf_span_eq((yf_span){ x, dense(a, x) }, (yf_span){ y, dense(b, y) }));
    free(x);
}

static void
again(const yf_pem *b, yf_span bytes)
{
    size_t cap = 2 * bytes.n + 2 * b->label.n + 64, n = 0;
    uint8_t *text = malloc(cap), *back = malloc(bytes.n + 1);
    yf_out o = yf_out_of(text, cap);
    yf_pem read;

    MUST(text && back);
    yf_pem_put(&o, b->label, bytes);
    yf_cur c = yf_cur_of(yf_out_span(&o));
    MUST(yf_pem_next(&c, &read) == YF_OK && yf_cur_done(&c) == YF_OK);
    MUST(yf_span_eq(read.label, b->label));
    same_text(read.body, b->body);
    MUST(yf_pem_decode(&read, back, bytes.n, &n) == YF_OK);
    MUST(yf_span_eq((yf_span){ back, n }, bytes));
    free(text);
    free(back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_cur c = yf_cur_of((yf_span){ data, size });
    uint8_t *out = malloc(size + 1);
    yf_pem b;

    MUST(out);
    while (yf_pem_next(&c, &b) == YF_OK) {
        size_t n = 0;
        if (yf_pem_decode(&b, out, size, &n) == YF_OK)
            again(&b, (yf_span){ out, n });
    }
    free(out);
    return 0;
}
