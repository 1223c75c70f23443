/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that does not say in what form the key came. */
#include <yufu/crypto/key.h>

static yf_err
faulty_read(const struct yf_provider *p, yf_span der, yf_key *k)
{
    yf_err e = yf_key_read_private(p, der, k);

    k->form = 0;
    return e;
}

#define yf_key_read_private faulty_read
#include "crypto_key.c"
