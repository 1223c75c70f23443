/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sig - signatures as certificates and signed messages speak of them: the algorithm
 * as an AlgorithmIdentifier, the public key as SubjectPublicKeyInfo (spki.h), the
 * signature as the bytes of a BIT STRING; and whoever signs as a function.
 *
 *     ECDSA with SHA-1 and SHA-2   RFC 5758, RFC 3279; any curve of curve.h
 *     SM2 with SM3                 GM/T 0015, GM/T 0009: over ZA || M, with an id
 *     RSA PKCS#1 v1.5, PSS         RFC 4055, with SHA-1 (PKCS#1 only) and SHA-2; PSS with
 *                                  MGF1 and a salt as long as the digest
 *
 * SHA-1 is read and verified so that old documents can be named for what they are;
 * chain.h refuses it, and nothing here writes it.
 *
 * What is read borrows the input. Nothing here is secret but the key behind a signer.
 */
#ifndef YUFU_CRYPTO_SIG_H
#define YUFU_CRYPTO_SIG_H

#include <yufu/crypto/key.h>
#include <yufu/crypto/provider.h>
#include <yufu/crypto/spki.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- algorithms ---- */

enum yf_sig_kind { YF_SIG_NONE, YF_SIG_ECDSA, YF_SIG_SM2, YF_SIG_RSA_PKCS1, YF_SIG_RSA_PSS };

typedef struct yf_sig_alg {
    enum yf_sig_kind kind;
    enum yf_hash_id hash;
} yf_sig_alg;

/* YF_E_UNSUPPORTED for an algorithm not above, YF_E_FORMAT for parameters it must not have. */
YF_API yf_sig_alg yf_sig_alg_read(yf_cur *c);
YF_API void yf_sig_alg_write(yf_out *o, yf_sig_alg a);

/* ---- verifying ---- */

/*
 * YF_E_AUTH if sig, in the form of a certificate's BIT STRING, is not this key's
 * signature over msg; YF_E_FORMAT for a bad key, or one of another kind than the
 * algorithm; YF_E_UNSUPPORTED for what the provider does not have. sm2_id is used for
 * SM2 only, as it is: empty is an id.
 */
YF_MUST YF_API yf_err yf_sig_verify(const yf_provider *p, yf_sig_alg alg, const yf_spki *key,
                                    yf_span sm2_id, yf_span msg, yf_span sig);

/* ---- signing ---- */

enum { YF_SIG_MAX = YF_RSA_MAX }; // bytes of the longest signature

/*
 * Who signs: a key in memory (below), a token, a process of its own. sign writes at
 * most YF_SIG_MAX bytes, in the form of a certificate's BIT STRING.
 */
typedef struct yf_signer {
    yf_sig_alg alg;
    yf_err (*sign)(void *state, yf_span msg, uint8_t sig[YF_SIG_MAX], size_t *n);
    void *state;
} yf_signer;

/* A key in memory. Everything is borrowed and outlives the signer. */
struct yf_key_signer {
    const yf_provider *provider;
    const yf_rng *rng;
    const yf_key *ec;  // this, with its private half,
    const yf_rsa *rsa; // or this
    yf_span sm2_id;
    yf_sig_alg alg;
};

YF_API yf_signer yf_signer_of(struct yf_key_signer *k);

/* What fits a curve: SM2 with SM3 on its own, else ECDSA with the hash of RFC 5480 4. */
YF_API yf_sig_alg yf_sig_alg_for(const yf_curve *curve);

#ifdef __cplusplus
}
#endif

#endif
