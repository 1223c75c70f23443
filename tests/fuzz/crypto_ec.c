/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A signature's DER, for every size of number: what we accept, we would have written,
 * and it fits the size it was read for.
 */
#include "fuzz.h"

#include <yufu/crypto/ec.h>

static void
one(yf_span der, size_t size)
{
    uint8_t sig[2 * YF_FIELD_MAX], again[YF_SIG_DER_MAX];
    size_t n = 0;

    if (yf_sig_from_der(der, size, sig))
        return;
    MUST(yf_sig_to_der((yf_span){ sig, 2 * size }, again, &n) == YF_OK);
    MUST(yf_span_eq((yf_span){ again, n }, der));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t n = 28; n <= YF_FIELD_MAX; n += 2)
        one((yf_span){ data, size }, n);
    return 0;
}
