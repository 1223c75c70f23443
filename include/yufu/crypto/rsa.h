/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rsa - signatures by RSA, for providers that have it (host; a card with a
 * coprocessor).
 *
 * Keys are DER: PKCS#1 RSAPublicKey and RSAPrivateKey (RFC 8017 A.1). A key is
 * opened, used and closed; what is behind it belongs to the provider.
 */
#ifndef YUFU_CRYPTO_RSA_H
#define YUFU_CRYPTO_RSA_H

#include <yufu/crypto/hash.h>
#include <yufu/crypto/rng.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_RSA_MAX = 512 }; // bytes of the largest modulus, 4096 bits

enum yf_rsa_scheme {
    YF_RSA_PKCS1,    // RFC 8017 8.2
    YF_RSA_PSS,      // RFC 8017 8.1, MGF1 with the same hash, salt as long as the digest
    YF_RSA_ISO9796_2 // ISO/IEC 9796-2 scheme 1, partial recovery, as Doc 9303-11 6.1 (Active
                     // Authentication)
};

typedef struct yf_rsa {
    const struct yf_rsa_ops *ops;
    size_t size; // bytes of the modulus, and of a signature
    bool has_private;
    void *host;
} yf_rsa;

struct yf_rsa_ops {
    const char *name;
    yf_err (*open_public)(yf_rsa *k, yf_span der);
    yf_err (*open_private)(yf_rsa *k, yf_span der);
    yf_err (*generate)(yf_rsa *k, unsigned bits, uint8_t *der, size_t cap, size_t *n);
    void (*close)(yf_rsa *k);
    /* msg is the message itself, not its digest; sig is size bytes. */
    yf_err (*sign)(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg,
                   uint8_t *sig);
    /*
     * YF_E_AUTH if it does not verify. For ISO 9796-2 msg is the part that is not
     * recovered (M2, the challenge), and the recovered part is checked by its digest.
     */
    yf_err (*verify)(const yf_rsa *k, enum yf_rsa_scheme scheme, enum yf_hash_id hash, yf_span msg,
                     yf_span sig);
};

#ifdef __cplusplus
}
#endif

#endif
