/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pbes2 - a private key under a password: EncryptedPrivateKeyInfo (RFC 5208 6) with
 * the second scheme of PKCS#5 (RFC 8018 6.2).
 */
#ifndef YUFU_CRYPTO_HOST_PBES2_H
#define YUFU_CRYPTO_HOST_PBES2_H

#include <yufu/crypto/keyfile.h>

/*
 * What is under it; out holds cap bytes, der.n or more. YF_E_AUTH if the padding says
 * that the password is wrong: one in 256 wrong ones does get past it.
 */
YF_MUST yf_err yf_pbes2_open(const struct yf_provider *p, yf_span der, yf_span pass, uint8_t *out,
                             size_t cap, size_t *n);
YF_MUST yf_err yf_pbes2_seal(const struct yf_provider *p, yf_span key, const struct yf_lock *lock,
                             yf_out *o);

#endif
