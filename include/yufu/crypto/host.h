/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host - what a hosted program has beyond the card's table: OpenSSL 3 behind the
 * same provider, the system's randomness, and the algorithms only daemons need.
 */
#ifndef YUFU_CRYPTO_HOST_H
#define YUFU_CRYPTO_HOST_H

#include <yufu/crypto/provider.h>
#include <yufu/crypto/rng.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * OpenSSL for hashes, AES, 3DES, NIST and brainpool curves, RSA; soft for SM2, SM3, SM4.
 *
 * Beyond the contract of the table: a keyed yf_cipher is one thread's at a time, also
 * when only read from; a GCM IV has at most 128 bytes (YF_E_UNSUPPORTED); ECDSA draws
 * its own nonce and does not do the SM2 curve. Whatever allocates may answer
 * YF_E_ROOM; a verification that ran out of memory may also answer YF_E_AUTH.
 */
YF_API extern const yf_provider yf_provider_host;

/* getrandom(2); YF_E_IO if the system has none to give. */
YF_API extern const yf_rng yf_rng_system;

/* RFC 8032. Keys: 32-byte seed and 32-byte public key. */
YF_MUST YF_API yf_err yf_ed25519_public(const uint8_t seed[32], uint8_t pub[32]);
YF_MUST YF_API yf_err yf_ed25519_sign(const uint8_t seed[32], yf_span msg, uint8_t sig[64]);
YF_MUST YF_API yf_err yf_ed25519_verify(const uint8_t pub[32], yf_span msg, yf_span sig);

/* RFC 5869, extract and expand. n at most 255 digests. */
YF_MUST YF_API yf_err yf_hkdf(const struct yf_hash_alg *hash, yf_span salt, yf_span ikm,
                              yf_span info, uint8_t *out, size_t n);

/* RFC 7914. n_cost is a power of two; memory 128 * n_cost * r bytes, at most 256 MiB here
 * (YF_E_ROOM), and so for 128 * p * r. YF_E_FORMAT for parameters the RFC does not have. */
YF_MUST YF_API yf_err yf_scrypt(yf_span pass, yf_span salt, uint64_t n_cost, uint32_t r, uint32_t p,
                                uint8_t *out, size_t n);

#ifdef __cplusplus
}
#endif

#endif
