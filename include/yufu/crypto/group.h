/* SPDX-License-Identifier: Apache-2.0 */
/*
 * group - arithmetic on a curve: points, numbers modulo p and modulo n, and the
 * two signature primitives that need all of it at once.
 *
 * A yf_group is a curve made ready by one provider. It holds no secret; it is
 * placed by the caller, opened, used any number of times, and closed.
 *
 * Points are octet strings (SEC 1 2.3, GB/T 32918.1 4.2.9): 04 x y uncompressed;
 * what comes in may also be compressed (02, 03) or hybrid (06, 07). Every point
 * that comes in is checked: coordinates below p, on the curve, not the identity;
 * otherwise YF_E_FORMAT. What goes out is uncompressed, 1 + 2 * size bytes.
 * Numbers are big-endian, size bytes. Scalars and their products are secret
 * unless said otherwise; points, lengths and all of verification are public.
 */
#ifndef YUFU_CRYPTO_GROUP_H
#define YUFU_CRYPTO_GROUP_H

#include <yufu/crypto/curve.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_group yf_group;

enum yf_mod { YF_MOD_P, YF_MOD_N }; // modulo the field prime, modulo the order

/*
 * Where a signature's secret number k comes from (nonce.h): fills size bytes
 * with a fresh candidate at each call. The signer keeps one in [1, n-1] and asks
 * again when the standard says so. A provider whose library draws its own nonce
 * does not ask.
 */
typedef struct yf_nonce {
    yf_err (*next)(void *state, const yf_curve *curve, uint8_t *k);
    void *state;
} yf_nonce;

/* The group operations of one provider. r is where results go. */
struct yf_group_ops {
    const char *name;

    /* YF_E_UNSUPPORTED for a curve this provider cannot do. */
    yf_err (*open)(yf_group *g, const yf_curve *curve);
    void (*close)(yf_group *g);

    /* Decode and check a point; r is uncompressed. */
    yf_err (*decode)(const yf_group *g, yf_span point, uint8_t *r);
    /*
     * r = k * base; an empty base means the generator. k is size bytes in
     * [1, n-1], else YF_E_FORMAT.
     */
    yf_err (*mul)(const yf_group *g, const uint8_t *k, yf_span base, uint8_t *r);
    /* r = a + b; YF_E_FORMAT if that is the identity. */
    yf_err (*add)(const yf_group *g, yf_span a, yf_span b, uint8_t *r);

    /*
     * Arithmetic modulo p or n on numbers of size bytes below the modulus
     * (else YF_E_FORMAT): what PACE integrated mapping, SM2 key exchange and
     * key derivation need. Constant time in the values; e of exp is public.
     */
    yf_err (*mod_add)(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b,
                      uint8_t *r);
    yf_err (*mod_sub)(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b,
                      uint8_t *r);
    yf_err (*mod_mul)(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *b,
                      uint8_t *r);
    yf_err (*mod_exp)(const yf_group *g, enum yf_mod m, const uint8_t *a, const uint8_t *e,
                      uint8_t *r);
    /* 1/a; YF_E_FORMAT for a = 0. */
    yf_err (*mod_inv)(const yf_group *g, enum yf_mod m, const uint8_t *a, uint8_t *r);
    /* Any number of bytes, reduced. */
    yf_err (*mod_reduce)(const yf_group *g, enum yf_mod m, yf_span a, uint8_t *r);

    /*
     * Signatures over a digest that is already computed; sig is r || s, size
     * bytes each; d is size bytes, in [1, n-1] (SM2: [1, n-2]), else YF_E_FORMAT.
     * ECDSA: FIPS 186-5 6.4, a longer digest is cut to the order's bits.
     * SM2: GB/T 32918.2 6, 7; e is the digest of ZA || M.
     * verify: YF_OK, YF_E_AUTH if it does not verify (r or s out of range
     * included), YF_E_FORMAT for a bad public key.
     */
    yf_err (*ecdsa_sign)(const yf_group *g, const uint8_t *d, yf_span digest, const yf_nonce *nonce,
                         uint8_t *sig);
    yf_err (*ecdsa_verify)(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig);
    yf_err (*sm2_sign)(const yf_group *g, const uint8_t *d, yf_span e, const yf_nonce *nonce,
                       uint8_t *sig);
    yf_err (*sm2_verify)(const yf_group *g, yf_span pub, yf_span e, const uint8_t *sig);
};

struct yf_group {
    const struct yf_group_ops *ops;
    const yf_curve *curve; // borrowed; outlives the group
    const void *own;       // the provider's arithmetic for this curve
    union {
        uint64_t w64[2][4][9]; // 4 residues a modulus, for soft/ with limbs of 64 bits
        uint32_t w32[2][4][17];
        void *host; // a provider's own object
    } ready;
};

static inline YF_MUST yf_err
yf_group_open(yf_group *g, const struct yf_group_ops *ops, const yf_curve *curve)
{
    return ops ? ops->open(g, curve) : YF_E_UNSUPPORTED;
}

/* Harmless on one that is all zero. */
static inline void
yf_group_close(yf_group *g)
{
    if (g->ops)
        g->ops->close(g);
}

/* Bytes of an uncompressed point. */
static inline size_t
yf_point_size(const yf_group *g)
{
    return 1 + 2 * (size_t)g->curve->size;
}

#ifdef __cplusplus
}
#endif

#endif
