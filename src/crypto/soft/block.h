/* SPDX-License-Identifier: Apache-2.0 */
/*
 * block - ECB, CBC, CTR and GCM for any cipher that does a batch of blocks at once.
 *
 * A cipher gives two functions that encrypt and decrypt a whole batch in place.
 * They take the same time whatever is in it, so a batch need not be full; the modes
 * copy in what there is, and wipe what they copied.
 */
#ifndef YUFU_CRYPTO_SOFT_BLOCK_H
#define YUFU_CRYPTO_SOFT_BLOCK_H

#include <yufu/crypto/cipher.h>

struct yf_block_cipher {
    struct yf_cipher_alg alg; // first, so that a key finds the rest behind its alg
    uint8_t batch;            // blocks
    void (*enc)(const yf_cipher *c, uint8_t *blocks);
    void (*dec)(const yf_cipher *c, uint8_t *blocks);
};

void yf_block_drop(yf_cipher *c);
void yf_block_ecb_enc(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n);
void yf_block_ecb_dec(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n);
void yf_block_cbc_enc(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n);
void yf_block_cbc_dec(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n);
void yf_block_ctr(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n);
/* The same, but only the last 32 bits count: SP 800-38D 6.2. */
void yf_block_ctr32(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in,
                    size_t n);

/* gcm.c; blocks of 16 bytes only. */
yf_err yf_block_gcm_seal(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                         uint8_t *tag);
yf_err yf_block_gcm_open(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                         const uint8_t *tag);

/* The entries of a table that are the same for all. */
#define YF_BLOCK_MODES                                                                             \
    .drop = yf_block_drop, .ecb_enc = yf_block_ecb_enc, .ecb_dec = yf_block_ecb_dec,               \
    .cbc_enc = yf_block_cbc_enc, .cbc_dec = yf_block_cbc_dec, .ctr = yf_block_ctr

#define YF_BLOCK_GCM .gcm_seal = yf_block_gcm_seal, .gcm_open = yf_block_gcm_open

#endif
