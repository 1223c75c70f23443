/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provider - the table of functions a card or a daemon is handed at start.
 *
 * All cryptography is reached through one of these; a card sees nothing else, and
 * offers only what its table has. An entry that is NULL is an algorithm this
 * provider does not have. Tables are constant and live for ever.
 *
 *     soft   written here: freestanding, constant time, everything a card needs
 *     host   OpenSSL 3 for the international algorithms, soft for SM2, SM3, SM4
 *            (host.h; hosted programs only)
 */
#ifndef YUFU_CRYPTO_PROVIDER_H
#define YUFU_CRYPTO_PROVIDER_H

#include <yufu/crypto/cipher.h>
#include <yufu/crypto/group.h>
#include <yufu/crypto/hash.h>
#include <yufu/crypto/rsa.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_provider {
    const char *name;
    const struct yf_hash_alg *hash[YF_HASHES];
    const struct yf_cipher_alg *cipher[YF_CIPHERS];
    const struct yf_group_ops *group;     // prime curves by parameters
    const struct yf_group_ops *group_sm2; // for the SM2 curve; may differ from group
    const struct yf_rsa_ops *rsa;
} yf_provider;

YF_API extern const yf_provider yf_provider_soft;

static inline const struct yf_hash_alg *
yf_provider_hash(const yf_provider *p, enum yf_hash_id id)
{
    return id < YF_HASHES ? p->hash[id] : NULL;
}

static inline const struct yf_cipher_alg *
yf_provider_cipher(const yf_provider *p, enum yf_cipher_id id)
{
    return id < YF_CIPHERS ? p->cipher[id] : NULL;
}

/* The algorithm called name; NULL if this provider does not have it. */
YF_API const struct yf_hash_alg *yf_provider_hash_named(const yf_provider *p, const char *name);
YF_API const struct yf_cipher_alg *yf_provider_cipher_named(const yf_provider *p, const char *name);
/* The operations for a curve: group_sm2 for the SM2 curve, else group. */
YF_API const struct yf_group_ops *yf_provider_group(const yf_provider *p, const yf_curve *curve);

#ifdef __cplusplus
}
#endif

#endif
