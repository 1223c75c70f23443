/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that does not notice which extensions are critical. */
#include <yufu/crypto/x509.h>

static yf_err
faulty_read(yf_span der, yf_cert *c)
{
    yf_err e = yf_cert_read(der, c);

    if (!e)
        c->critical = 0;
    return e;
}

#define yf_cert_read faulty_read
#include "crypto_x509.c"
