/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM2 ciphertexts: what we accept, we would have written, to the byte; and no
 * ciphertext that we did not make opens under a key, however well-formed.
 */
#include "fuzz.h"

#include <yufu/crypto/provider.h>
#include <yufu/crypto/sm2.h>

#include <stdlib.h>

static void
same_again(yf_span raw, yf_span der)
{
    uint8_t *again = malloc(der.n);
    size_t n = 0;

    MUST(again);
    MUST(yf_sm2_cipher_to_der(raw, again, der.n, &n) == YF_OK);
    MUST(yf_span_eq((yf_span){ again, n }, der));
    free(again);
}

/* A key that none of the corpus was encrypted to; what fails leaves nothing behind. */
static void
does_not_open(yf_span raw)
{
    static const uint8_t d[YF_SM2_SIZE] = { 0x5A, 0xA5 };
    uint8_t *out = calloc(1, raw.n);
    yf_sm2 s;

    MUST(out && yf_sm2_open(&s, &yf_provider_soft) == YF_OK);
    MUST(yf_sm2_decrypt(&s, d, raw, out) != YF_OK);
    for (size_t i = 0; i < raw.n; i++)
        MUST(out[i] == 0);
    yf_sm2_close(&s);
    free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span der = { data, size };
    size_t cap = size + YF_SM2_OVERHEAD, n = 0;
    uint8_t *raw = malloc(cap);

    MUST(raw);
    if (yf_sm2_cipher_from_der(der, raw, cap, &n) == YF_OK) {
        same_again((yf_span){ raw, n }, der);
        does_not_open((yf_span){ raw, n });
    }
    free(raw);
    return 0;
}
