/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/provider.h>

static bool
same(const char *a, const char *b)
{
    for (; *a && *a == *b; a++, b++)
        ;
    return *a == *b;
}

const struct yf_hash_alg *
yf_provider_hash_named(const yf_provider *p, const char *name)
{
    for (size_t i = 0; i < YF_HASHES; i++)
        if (p->hash[i] && same(p->hash[i]->name, name))
            return p->hash[i];
    return NULL;
}

const struct yf_cipher_alg *
yf_provider_cipher_named(const yf_provider *p, const char *name)
{
    for (size_t i = 0; i < YF_CIPHERS; i++)
        if (p->cipher[i] && same(p->cipher[i]->name, name))
            return p->cipher[i];
    return NULL;
}

/* By its parameters, so that an SM2 curve written out in a file counts as one. */
const struct yf_group_ops *
yf_provider_group(const yf_provider *p, const yf_curve *curve)
{
    return yf_curve_same(curve) == &yf_curve_sm2 ? p->group_sm2 : p->group;
}
