/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cipher - block ciphers and the modes on top of them.
 *
 * A yf_cipher holds one expanded key; it is placed by its caller, used for any
 * number of messages, and dropped at the end, which wipes it. The block-wise
 * modes (ECB, CBC, CTR, GCM) are entries of the provider's table, because that
 * is where a fast implementation differs; CMAC, the retail MAC, CCM and padding
 * are built once on those entries (modes.h).
 *
 * AES: FIPS 197. SM4: GB/T 32907-2016. 3DES: SP 800-67, only because Doc 9303
 * and older cards need it; keys K1 K2 (16 bytes) or K1 K2 K3 (24), parity bits
 * ignored. Modes: SP 800-38A, -38D.
 *
 * Keys and plaintexts are secret; lengths, IVs and ciphertexts are not.
 * Input and output may be the same memory, but must not overlap otherwise.
 */
#ifndef YUFU_CRYPTO_CIPHER_H
#define YUFU_CRYPTO_CIPHER_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_cipher_id {
    YF_AES128,
    YF_AES192,
    YF_AES256,
    YF_SM4,
    YF_DES3_2KEY,
    YF_DES3_3KEY,
    YF_CIPHERS // how many
};

enum { YF_BLOCK_MAX = 16, YF_CIPHER_KEY_MAX = 32, YF_GCM_TAG = 16 };

typedef struct yf_cipher yf_cipher;

/* One algorithm of one provider. Lengths n are bytes; ECB and CBC take whole blocks. */
struct yf_cipher_alg {
    const char *name; // "aes128", "sm4", "des3-2"
    enum yf_cipher_id id;
    uint8_t block; // 16, or 8 for DES3
    uint8_t key;   // bytes of key

    yf_err (*init)(yf_cipher *c, const uint8_t *key);
    void (*drop)(yf_cipher *c);

    void (*ecb_enc)(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n);
    void (*ecb_dec)(const yf_cipher *c, uint8_t *out, const uint8_t *in, size_t n);
    /* iv is read, and left as the IV that continues the message. */
    void (*cbc_enc)(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n);
    void (*cbc_dec)(const yf_cipher *c, uint8_t *iv, uint8_t *out, const uint8_t *in, size_t n);
    /*
     * Any n; the counter is the whole block, big-endian (SP 800-38A B.1), and is
     * left one past the last block used: continue only after whole blocks.
     */
    void (*ctr)(const yf_cipher *c, uint8_t *counter, uint8_t *out, const uint8_t *in, size_t n);

    /*
     * SP 800-38D, 128-bit blocks only (NULL for DES3): iv of 1 byte or more, 12
     * is usual; tag of 16 bytes. open writes out only when the tag is right, else
     * YF_E_AUTH and out is zeroed. YF_E_FORMAT for sizes the standard does not have
     * (5.2.1.1: text up to 2^36 - 32 bytes), YF_E_UNSUPPORTED for those a provider
     * does not take.
     */
    yf_err (*gcm_seal)(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                       uint8_t *tag);
    yf_err (*gcm_open)(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                       const uint8_t *tag);
};

struct yf_cipher {
    const struct yf_cipher_alg *alg;
    union {
        uint32_t w32[96]; // the largest schedule: three DES keys
        uint64_t w64[48];
        void *host; // a provider's own object
    } key;
};

/* YF_E_UNSUPPORTED for a NULL alg, YF_E_FORMAT if key.n is not alg->key. */
YF_MUST YF_API yf_err yf_cipher_init(yf_cipher *c, const struct yf_cipher_alg *alg, yf_span key);

/* Wipe the key; harmless on one that was dropped or is all zero. */
static inline void
yf_cipher_drop(yf_cipher *c)
{
    if (c->alg)
        c->alg->drop(c);
}

#ifdef __cplusplus
}
#endif

#endif
