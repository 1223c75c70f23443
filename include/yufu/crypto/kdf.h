/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kdf - keys from a shared secret.
 *
 * Inputs and outputs are secret; lengths are not.
 */
#ifndef YUFU_CRYPTO_KDF_H
#define YUFU_CRYPTO_KDF_H

#include <yufu/crypto/cipher.h>
#include <yufu/crypto/hash.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * ANSI X9.63 (SEC 1 3.6.1), and with SM3 the KDF of GB/T 32918.4 5.4.3:
 * H(z || 00000001 || info) || H(z || 00000002 || info) ... cut to n bytes.
 */
YF_MUST YF_API yf_err yf_kdf_x963(const struct yf_hash_alg *hash, yf_span z, yf_span info,
                                  uint8_t *out, size_t n);

enum yf_icao_use { YF_KDF_ENC = 1, YF_KDF_MAC = 2, YF_KDF_PI = 3 };

/*
 * Doc 9303-11 9.7.1: one session key from a secret and a counter. SHA-1 for 3DES
 * (parity adjusted, 16 bytes) and AES-128, SHA-256 for longer AES, SM3 for SM4 (our
 * own profile). Writes the cipher's key size. YF_E_UNSUPPORTED for another cipher.
 */
struct yf_provider;
YF_MUST YF_API yf_err yf_kdf_icao(const struct yf_provider *p, enum yf_cipher_id cipher,
                                  yf_span secret, enum yf_icao_use use, uint8_t *key);

#ifdef __cplusplus
}
#endif

#endif
