/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sm2 - the protocols of GB/T 32918 on the recommended curve, built on a group
 * and the hash SM3 of any provider: sign, verify, encrypt, decrypt, exchange.
 *
 * An yf_sm2 is the pair of both, opened once; it holds no secret. Keys are 32
 * bytes (d, in [1, n-2]) and points of 65 bytes.
 *
 * The identity (ID) of a signer is at most 8191 bytes, because its length in
 * bits must fit 16 bits; GM/T 0009 gives the default of 16 bytes. An empty ID is
 * an ID, not the default.
 */
#ifndef YUFU_CRYPTO_SM2_H
#define YUFU_CRYPTO_SM2_H

#include <yufu/crypto/ec.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_SM2_SIZE = 32,
    YF_SM2_POINT = 65,
    YF_SM2_SIG = 64,
    YF_SM2_ID_MAX = 8191,
    YF_SM2_OVERHEAD = YF_SM2_POINT + 32, // of a raw ciphertext: C1 and C3
};

#define YF_SM2_DEFAULT_ID YF_STR("1234567812345678")

struct yf_provider;

typedef struct yf_sm2 {
    yf_group group;
    const struct yf_hash_alg *sm3;
} yf_sm2;

YF_MUST YF_API yf_err yf_sm2_open(yf_sm2 *s, const struct yf_provider *p);
YF_API void yf_sm2_close(yf_sm2 *s);

/* GB/T 32918.2 5.5: ZA = SM3(ENTL || ID || a || b || G || P). YF_E_ROOM for an ID too long. */
YF_MUST YF_API yf_err yf_sm2_za(const yf_sm2 *s, yf_span id, yf_span pub, uint8_t za[32]);
/*
 * e = SM3(ZA || M), the digest that is signed; begin gives a hash that has taken
 * ZA in, so that M can come in pieces.
 */
YF_MUST YF_API yf_err yf_sm2_digest_begin(const yf_sm2 *s, yf_span id, yf_span pub, yf_hash *h);

/* GB/T 32918.2 6 and 7, over e. rng NULL: deterministic, for vectors. */
YF_MUST YF_API yf_err yf_sm2_sign_digest(const yf_sm2 *s, const uint8_t *d, const uint8_t e[32],
                                         const yf_rng *rng, uint8_t sig[YF_SM2_SIG]);
YF_MUST YF_API yf_err yf_sm2_verify_digest(const yf_sm2 *s, yf_span pub, const uint8_t e[32],
                                           yf_span sig);

/*
 * The same over a whole message. sign needs the public key for ZA and computes it:
 * who has it begins the digest with it, and signs in half the time.
 */
YF_MUST YF_API yf_err yf_sm2_sign(const yf_sm2 *s, const uint8_t *d, yf_span id, yf_span msg,
                                  const yf_rng *rng, uint8_t sig[YF_SM2_SIG]);
YF_MUST YF_API yf_err yf_sm2_verify(const yf_sm2 *s, yf_span pub, yf_span id, yf_span msg,
                                    yf_span sig);

/*
 * GB/T 32918.4: raw C1 || C3 || C2, msg.n + YF_SM2_OVERHEAD bytes; msg of 1 byte
 * or more (an empty one cannot pass the standard's all-zero test: YF_E_FORMAT).
 * decrypt: YF_E_AUTH when C3 does not match or the key stream is all zero,
 * YF_E_FORMAT when C1 is no point or something is missing; out (n - overhead
 * bytes) is written only on success. encrypt leaves zeros or nothing in out when it
 * fails: YF_E_STATE for a source that never gave a usable k.
 */
YF_MUST YF_API yf_err yf_sm2_encrypt(const yf_sm2 *s, yf_span pub, yf_span msg, const yf_rng *rng,
                                     uint8_t *out);
YF_MUST YF_API yf_err yf_sm2_decrypt(const yf_sm2 *s, const uint8_t *d, yf_span raw, uint8_t *out);

/*
 * GM/T 0009 7.2: SEQUENCE { x INTEGER, y INTEGER, C3 OCTET STRING, C2 OCTET STRING }, strict DER.
 * to_der works in place of its output: on YF_E_ROOM what stood in der is lost.
 */
YF_MUST YF_API yf_err yf_sm2_cipher_to_der(yf_span raw, uint8_t *der, size_t cap, size_t *n);
YF_MUST YF_API yf_err yf_sm2_cipher_from_der(yf_span der, uint8_t *raw, size_t cap, size_t *n);

/*
 * GB/T 32918.3: key exchange. Each side has its key pair and ID, makes an ephemeral
 * pair (yf_ec_keygen), learns the other's points, and calls this once. Both get
 * the same key; confirm holds S1 = SB (what the responder sends) and S2 = SA (what
 * the initiator sends), which each compares with what it received (yf_ct_eq).
 */
struct yf_sm2_side {
    yf_span id, pub, eph_pub;
};
YF_MUST YF_API yf_err yf_sm2_exchange(const yf_sm2 *s, bool initiator, const uint8_t *d,
                                      const uint8_t *eph_d, const struct yf_sm2_side *self,
                                      const struct yf_sm2_side *peer, uint8_t *key, size_t key_n,
                                      uint8_t confirm_b[32], uint8_t confirm_a[32]);

#ifdef __cplusplus
}
#endif

#endif
