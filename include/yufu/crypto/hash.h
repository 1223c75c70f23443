/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash - digests, and the HMAC that stands on any of them.
 *
 * A yf_hash is placed by its caller and belongs to one message at a time. What
 * was begun must be ended or dropped; both wipe it, and a provider that holds
 * memory of its own behind it releases it there. A copy of the struct is not a
 * second hash: use yf_hash_fork.
 *
 * The algorithms: SM3 (GB/T 32905-2016), SHA-1 and SHA-2 (FIPS 180-4). SHA-1
 * is here because Doc 9303 derives keys with it; nothing signs with it.
 */
#ifndef YUFU_CRYPTO_HASH_H
#define YUFU_CRYPTO_HASH_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_hash_id {
    YF_SM3,
    YF_SHA1,
    YF_SHA224,
    YF_SHA256,
    YF_SHA384,
    YF_SHA512,
    YF_HASHES // how many
};

enum { YF_HASH_MAX = 64, YF_HASH_BLOCK_MAX = 128 };

typedef struct yf_hash yf_hash;

/* One algorithm of one provider. */
struct yf_hash_alg {
    const char *name; // "sm3", "sha256"
    enum yf_hash_id id;
    uint8_t size;  // of the digest, bytes
    uint8_t block; // of the compression function, bytes

    yf_err (*init)(yf_hash *h);             // fails only where a provider allocates
    void (*add)(yf_hash *h, yf_span bytes); // at most 2^61 - 1 bytes a message
    void (*end)(yf_hash *h, uint8_t *md);   // writes size bytes; then as dropped
    void (*drop)(yf_hash *h);
    yf_err (*fork)(yf_hash *to, const yf_hash *from); // both go on alone
};

struct yf_hash {
    const struct yf_hash_alg *alg;
    uint64_t total; // bytes taken in so far
    union {
        uint32_t w32[8];
        uint64_t w64[8];
        void *host; // a provider's own object
    } state;
    uint8_t block[YF_HASH_BLOCK_MAX]; // the block being filled
};

static inline YF_MUST yf_err
yf_hash_init(yf_hash *h, const struct yf_hash_alg *alg)
{
    return alg ? alg->init(h) : YF_E_UNSUPPORTED;
}

static inline void
yf_hash_add(yf_hash *h, yf_span bytes)
{
    h->alg->add(h, bytes);
}

static inline void
yf_hash_end(yf_hash *h, uint8_t *md)
{
    h->alg->end(h, md);
}

/* Give up a hash that was begun; harmless on one that was ended or is all zero. */
static inline void
yf_hash_drop(yf_hash *h)
{
    if (h->alg)
        h->alg->drop(h);
}

static inline YF_MUST yf_err
yf_hash_fork(yf_hash *to, const yf_hash *from)
{
    return from->alg->fork(to, from);
}

/* The digest of n spans, one after the other; writes alg->size bytes to md. */
YF_MUST YF_API yf_err yf_hash_all(const struct yf_hash_alg *alg, const yf_span *spans, size_t n,
                                  uint8_t *md);

/* ---- HMAC: FIPS 198-1, RFC 2104. The key is secret, its length is not. ---- */

typedef struct yf_hmac {
    yf_hash inner, outer; // both already keyed
} yf_hmac;

YF_MUST YF_API yf_err yf_hmac_init(yf_hmac *m, const struct yf_hash_alg *alg, yf_span key);
YF_API void yf_hmac_add(yf_hmac *m, yf_span bytes);
/* Writes the full digest size; a shorter MAC is its leading bytes. */
YF_API void yf_hmac_end(yf_hmac *m, uint8_t *mac);
YF_API void yf_hmac_drop(yf_hmac *m);

/* HMAC of n spans, one after the other. */
YF_MUST YF_API yf_err yf_hmac_all(const struct yf_hash_alg *alg, yf_span key, const yf_span *spans,
                                  size_t n, uint8_t *mac);

#ifdef __cplusplus
}
#endif

#endif
