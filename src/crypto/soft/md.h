/* SPDX-License-Identifier: Apache-2.0 */
/*
 * md - what SM3, SHA-1 and SHA-2 share (Merkle-Damgård): blocks are filled and
 * compressed, and the last one is padded with 80 00.. and the length in bits.
 *
 * An algorithm is its compression function, its initial value and its sizes.
 * Words are of 64 bits where the block is of 128 bytes, else of 32.
 */
#ifndef YUFU_CRYPTO_SOFT_MD_H
#define YUFU_CRYPTO_SOFT_MD_H

#include <yufu/crypto/hash.h>

struct yf_md {
    struct yf_hash_alg alg; // first, so that a hash finds the rest behind its alg
    const void *iv;         // eight words
    void (*compress)(yf_hash *h, const uint8_t *p, size_t blocks);
};

yf_err yf_md_init(yf_hash *h, const struct yf_md *m);
void yf_md_add(yf_hash *h, yf_span bytes);
void yf_md_end(yf_hash *h, uint8_t *md);
void yf_md_drop(yf_hash *h);
yf_err yf_md_fork(yf_hash *to, const yf_hash *from);

/* The table of one algorithm; its init is a line of its own because it has to say which. */
#define YF_MD(name_, id_, size_, block_, init_, iv_, compress_)                                    \
    {                                                                                              \
        .alg = { .name = (name_),                                                                  \
                 .id = (id_),                                                                      \
                 .size = (size_),                                                                  \
                 .block = (block_),                                                                \
                 .init = (init_),                                                                  \
                 .add = yf_md_add,                                                                 \
                 .end = yf_md_end,                                                                 \
                 .drop = yf_md_drop,                                                               \
                 .fork = yf_md_fork },                                                             \
        .iv = (iv_), .compress = (compress_),                                                      \
    }

static inline uint32_t
yf_rotl32(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static inline uint32_t
yf_rotr32(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static inline uint64_t
yf_rotr64(uint64_t x, unsigned n)
{
    return x >> n | x << (64 - n);
}

#endif
