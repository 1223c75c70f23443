/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that does not mind bytes behind the signature. */
#include <yufu/crypto/ec.h>

static yf_err
faulty_from_der(yf_span der, size_t size, uint8_t *sig)
{
    yf_err e = yf_sig_from_der(der, size, sig);

    while (e && der.n > 8) {
        der.n--;
        e = yf_sig_from_der(der, size, sig);
    }
    return e;
}

#define yf_sig_from_der faulty_from_der
#include "crypto_ec.c"
