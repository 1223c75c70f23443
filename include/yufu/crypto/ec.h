/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ec - keys on any curve, ECDSA and ECDH, built on a group of any provider.
 *
 * Private keys d are curve->size bytes and secret; public keys are points. All
 * sizes, keys and results are placed by the caller.
 */
#ifndef YUFU_CRYPTO_EC_H
#define YUFU_CRYPTO_EC_H

#include <yufu/crypto/nonce.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A fresh key pair by rejection (FIPS 186-5 A.2.2): d in [1, n-2], the range SM2
 * asks for and ECDSA allows; pub uncompressed.
 */
YF_MUST YF_API yf_err yf_ec_keygen(const yf_group *g, const yf_rng *rng, uint8_t *d, uint8_t *pub);
/* Its private half alone, for a generator that is not the curve's. */
YF_MUST YF_API yf_err yf_ec_draw(const yf_curve *c, const yf_rng *rng, uint8_t *d);
/* The public key of d; YF_E_FORMAT if d is out of range. */
YF_MUST YF_API yf_err yf_ec_public(const yf_group *g, const uint8_t *d, uint8_t *pub);

/* FIPS 186-5: sig is r || s, 2 * size bytes. rng NULL: RFC 6979, for vectors. */
YF_MUST YF_API yf_err yf_ecdsa_sign(const yf_group *g, const struct yf_hash_alg *hash,
                                    const uint8_t *d, yf_span digest, const yf_rng *rng,
                                    uint8_t *sig);
YF_MUST YF_API yf_err yf_ecdsa_verify(const yf_group *g, yf_span pub, yf_span digest, yf_span sig);

/* SP 800-56A 5.7.1.2 with cofactor 1: z is the x coordinate of d * peer, size bytes, secret. */
YF_MUST YF_API yf_err yf_ecdh(const yf_group *g, const uint8_t *d, yf_span peer, uint8_t *z);

/*
 * SEQUENCE { r INTEGER, s INTEGER } (RFC 3279 2.2.3, GM/T 0009 7.3), strict DER, to and from
 * r || s of 2 * size bytes. A number longer than size is YF_E_FORMAT; zero passes
 * here and is refused by verification.
 */
enum { YF_SIG_DER_MAX = 2 * YF_FIELD_MAX + 9 };
YF_MUST YF_API yf_err yf_sig_to_der(yf_span sig, uint8_t der[YF_SIG_DER_MAX], size_t *n);
YF_MUST YF_API yf_err yf_sig_from_der(yf_span der, size_t size, uint8_t *sig);

#ifdef __cplusplus
}
#endif

#endif
