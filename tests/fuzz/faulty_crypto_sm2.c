/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that takes a ciphertext by its first bytes and forgets the rest. */
#include <yufu/crypto/sm2.h>

static yf_err
faulty_from_der(yf_span der, uint8_t *raw, size_t cap, size_t *n)
{
    yf_err e = yf_sm2_cipher_from_der(der, raw, cap, n);

    while (e && der.n > 8) {
        der.n--;
        e = yf_sm2_cipher_from_der(der, raw, cap, n);
    }
    return e;
}

#define yf_sm2_cipher_from_der faulty_from_der
#include "crypto_sm2.c"
