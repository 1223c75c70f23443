/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that refuses without a word. */
#include <yufu/crypto/keyfile.h>

static yf_err
faulty_read_public(const struct yf_provider *p, yf_span file, yf_key *k, const char **why)
{
    yf_err e = yf_keyfile_read_public(p, file, k, why);

    if (e)
        *why = "";
    return e;
}

#define yf_keyfile_read_public faulty_read_public
#include "crypto_keyfile.c"
