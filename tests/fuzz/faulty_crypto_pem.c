/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that does not look at what follows the padding. */
#include <yufu/crypto/pem.h>

#include <string.h>

static yf_err
faulty_decode(const yf_pem *block, uint8_t *out, size_t cap, size_t *n)
{
    yf_pem b = *block;

    while (b.body.n && b.body.p[b.body.n - 1] != '=')
        b.body.n--;
    return yf_pem_decode(&b, out, cap, n);
}

#define yf_pem_decode faulty_decode
#include "crypto_pem.c"
