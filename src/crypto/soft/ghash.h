/* SPDX-License-Identifier: Apache-2.0 */
/* ghash - the polynomial hash of GCM, SP 800-38D 6.4, in constant time. */
#ifndef YUFU_CRYPTO_SOFT_GHASH_H
#define YUFU_CRYPTO_SOFT_GHASH_H

#include <yufu/base.h>

/* A block: the first byte is the high one of hi. Bit i of the standard is x^i of the polynomial. */
struct yf_gf128 {
    uint64_t hi, lo;
};

struct yf_ghash {
    struct yf_gf128 h, h2, y; // the key, its square, and the sum so far
};

void yf_ghash_init(struct yf_ghash *g, const uint8_t key[16]);
/* Takes in bytes, filled up to a block with zeros. */
void yf_ghash_add(struct yf_ghash *g, yf_span bytes);
/* Takes in a last block of two lengths in bits, and writes the sum. */
void yf_ghash_end(struct yf_ghash *g, uint64_t bits_a, uint64_t bits_b, uint8_t out[16]);

#endif
