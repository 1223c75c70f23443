/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aa - Active Authentication, Doc 9303-11 6.1, both ends: the chip signs the reader's
 * challenge of 8 bytes (INTERNAL AUTHENTICATE) with a key whose public half is in DG15,
 * and so is no copy.
 *
 *     ECDSA   plain r || s (BSI TR-03111 5.2.1), over the hash that DG14's
 *             ActiveAuthenticationInfo names
 *     RSA     ISO/IEC 9796-2 scheme 1; the challenge is the part that is not recovered
 *     SM2     r || s over ZA || challenge with the default id and SM3: our own profile
 *             (docs/formats.md)
 *
 * A signature here says that the chip has the key, not where it was: see
 * docs/messaging.md before using it for anything else.
 */
#ifndef YUFU_PROTO_AA_H
#define YUFU_PROTO_AA_H

#include <yufu/crypto/rng.h>
#include <yufu/crypto/sig.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_AA_CHALLENGE = 8,
    YF_AA_SIG_MAX = YF_RSA_MAX,
    YF_AA_KEY_MAX = 2560, // bytes of a stored key: RSA with 4096 bits
};

/* ---- the algorithm, as DG14 names it ---- */

/*
 * The hash behind the signatureAlgorithm of an ActiveAuthenticationInfo: ecdsa-plain
 * with SHA-1 and SHA-2 (TR-03111 5.2.1.1), SM2 with SM3. Contents octets of an object
 * identifier. YF_E_UNSUPPORTED for any other.
 */
YF_MUST YF_API yf_err yf_aa_hash_of(yf_span oid, enum yf_hash_id *hash);
/* The other way; an empty span for what has none. */
YF_API yf_span yf_aa_oid_of(const yf_curve *curve, enum yf_hash_id hash);

/* ---- the chip's end ---- */

/*
 * The key as a chip keeps it, secret:
 *
 *     SEQUENCE { hash OBJECT IDENTIFIER,
 *                curve OBJECT IDENTIFIER OPTIONAL,  -- absent: RSA
 *                key OCTET STRING }                 -- d, as long as n; RSAPrivateKey
 */
struct yf_aa_key {
    enum yf_hash_id hash;
    const yf_curve *curve; // NULL: RSA
    yf_span key;
};

/* YF_E_FORMAT for a hash longer than the curve's order (9303-11 6.1.2.3), or SM2 and SM3 apart. */
YF_MUST YF_API yf_err yf_aa_key_read(yf_span stored, struct yf_aa_key *k);
YF_API void yf_aa_key_write(yf_out *o, const struct yf_aa_key *k);

/*
 * Append the signature. YF_E_UNSUPPORTED for what the provider does not have; YF_E_FORMAT
 * for a challenge that is not 8 bytes, or a key that is none.
 */
YF_MUST YF_API yf_err yf_aa_sign(const yf_provider *p, const struct yf_aa_key *k, const yf_rng *rng,
                                 yf_span challenge, yf_out *o);

/* ---- the reader's end ---- */

/*
 * key: the SubjectPublicKeyInfo in DG15. hash: as DG14 names it for ECDSA and SM2; for
 * RSA the signature names its own, and hash is not looked at.
 *
 * YF_E_AUTH if sig is not this key's signature over the challenge, in the form above;
 * YF_E_FORMAT for a bad key, or a hash that does not go with it; YF_E_UNSUPPORTED for what the
 * provider does not have.
 */
YF_MUST YF_API yf_err yf_aa_verify(const yf_provider *p, const yf_spki *key, enum yf_hash_id hash,
                                   yf_span challenge, yf_span sig);

#ifdef __cplusplus
}
#endif

#endif
