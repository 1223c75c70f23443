/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key - elliptic-curve keys as bytes others can read: PKCS#8 PrivateKeyInfo
 * (RFC 5208 with RFC 5915 inside), SubjectPublicKeyInfo (RFC 5480), and SEC 1
 * ECPrivateKey. DER only; PEM and passwords are keyfile.h (hosted).
 *
 * A yf_key is placed by its caller. What is read is checked to the end: the curve
 * is one we know, the point is on it, the private key is in range and belongs to
 * the public key beside it, and no byte is left over. What is written is, byte for
 * byte, what OpenSSL writes; SM2 keys carry id-ecPublicKey and the SM2 curve's OID,
 * as OpenSSL and GmSSL have it.
 *
 * Errors of reading: YF_E_SHORT and YF_E_FORMAT (broken DER, a point off its curve,
 * a private key out of range), YF_E_AUTH (private and public key do not belong
 * together), YF_E_UNSUPPORTED (another algorithm, version or curve).
 */
#ifndef YUFU_CRYPTO_KEY_H
#define YUFU_CRYPTO_KEY_H

#include <yufu/crypto/ec.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/* In what a key that was read differed from what we write; a set of bits. */
enum yf_key_form {
    YF_KEY_EXPLICIT = 1,   // the curve by its parameters, equal to one we know
    YF_KEY_COMPRESSED = 2, // the point compressed or hybrid
    YF_KEY_LONE = 4,       // a private key without its public key, which was computed
    YF_KEY_REPEATED = 8,   // the curve named a second time inside ECPrivateKey
};

typedef struct yf_key {
    const yf_curve *curve;
    bool has_private;
    uint8_t form;              // of what was read; 0 for one that was made here
    uint8_t pub[YF_POINT_MAX]; // uncompressed
    uint8_t d[YF_FIELD_MAX];   // secret
} yf_key;

/* No more bytes than this in either form, for every curve we know. */
enum { YF_KEY_DER_MAX = 256 };

struct yf_provider;

/* A fresh key pair. */
YF_MUST YF_API yf_err yf_key_generate(const struct yf_provider *p, const yf_curve *curve,
                                      const yf_rng *rng, yf_key *k);

YF_MUST YF_API yf_err yf_key_read_private(const struct yf_provider *p, yf_span der, yf_key *k);
/* SEC 1 C.4, RFC 5915: what stands in `EC PRIVATE KEY`; it must say its curve. */
YF_MUST YF_API yf_err yf_key_read_sec1(const struct yf_provider *p, yf_span der, yf_key *k);
YF_MUST YF_API yf_err yf_key_read_public(const struct yf_provider *p, yf_span der, yf_key *k);

/* Failures stick to o; a key without a private half cannot be written as one: YF_E_STATE. */
YF_API void yf_key_write_private(const yf_key *k, yf_out *o);
YF_API void yf_key_write_public(const yf_key *k, yf_out *o);

/* The public key as a point. */
static inline yf_span
yf_key_point(const yf_key *k)
{
    return (yf_span){ k->pub, 1 + 2 * (size_t)k->curve->size };
}

static inline void
yf_key_wipe(yf_key *k)
{
    yf_wipe(k, sizeof *k);
}

#ifdef __cplusplus
}
#endif

#endif
