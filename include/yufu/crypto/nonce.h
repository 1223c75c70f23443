/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nonce - the secret number of a signature, drawn so that neither a weak random
 * source nor a repeated message gives the key away.
 *
 * The construction of RFC 6979 3.2 with 3.6: HMAC_DRBG keyed by the private key
 * and the digest, and by fresh random bytes as additional data (hedged). Without
 * random bytes it is RFC 6979 itself: deterministic, and for vectors only.
 */
#ifndef YUFU_CRYPTO_NONCE_H
#define YUFU_CRYPTO_NONCE_H

#include <yufu/crypto/drbg.h>
#include <yufu/crypto/group.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_hedge {
    yf_hmac_drbg drbg;
} yf_hedge;

/* rng may be NULL (deterministic). d is curve->size bytes; digest is the hash to be signed, whole.
 */
YF_MUST YF_API yf_err yf_hedge_init(yf_hedge *h, const struct yf_hash_alg *hash, const yf_group *g,
                                    const uint8_t *d, yf_span digest, const yf_rng *rng);
/* As a source for yf_group_ops; h must outlive it. */
YF_API yf_nonce yf_hedge_nonce(yf_hedge *h);
YF_API void yf_hedge_wipe(yf_hedge *h);

#ifdef __cplusplus
}
#endif

#endif
