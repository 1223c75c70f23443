/* SPDX-License-Identifier: Apache-2.0 */
/*
 * modes - what is built once on any block cipher: CMAC, the retail MAC, CCM and
 * the padding of secure messaging.
 *
 * The cipher is the caller's and keyed. Nothing here allocates; MAC states are
 * placed by the caller, and ended or dropped, which wipes them.
 */
#ifndef YUFU_CRYPTO_MODES_H
#define YUFU_CRYPTO_MODES_H

#include <yufu/crypto/cipher.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- CMAC: SP 800-38B, RFC 4493; ISO/IEC 9797-1 algorithm 5 ---- */

typedef struct yf_cmac {
    const yf_cipher *cipher; // borrowed until end
    uint8_t chain[YF_BLOCK_MAX], block[YF_BLOCK_MAX];
    uint8_t used; // bytes in block
} yf_cmac;

YF_API void yf_cmac_init(yf_cmac *m, const yf_cipher *c);
YF_API void yf_cmac_add(yf_cmac *m, yf_span bytes);
/* Writes one block; a shorter MAC is its leading bytes (9303: 8). */
YF_API void yf_cmac_end(yf_cmac *m, uint8_t *mac);
YF_API void yf_cmac_drop(yf_cmac *m);

/*
 * ---- Retail MAC: ISO/IEC 9797-1 algorithm 3 with padding method 2, over DES ----
 * As Doc 9303-11 9.8.6 uses it; key is 16 bytes (K, K'), the MAC 8 bytes. Needs
 * the 3DES of the provider: single DES is 3DES with three equal keys.
 */
typedef struct yf_rmac {
    yf_cipher first, last; // E_K as K K K, and the final D_K' E_K as one 3DES
    uint8_t chain[8], block[8];
    uint8_t used;
} yf_rmac;

YF_MUST YF_API yf_err yf_rmac_init(yf_rmac *m, const struct yf_cipher_alg *des3, yf_span key);
YF_API void yf_rmac_add(yf_rmac *m, yf_span bytes);
YF_API void yf_rmac_end(yf_rmac *m, uint8_t mac[8]);
YF_API void yf_rmac_drop(yf_rmac *m);

/*
 * ---- CCM: SP 800-38C, RFC 3610 ----
 * 128-bit blocks only; nonce 7 to 13 bytes, tag 4, 6, ... 16 bytes. open writes
 * out only when the tag is right, else YF_E_AUTH and out is zeroed.
 * YF_E_FORMAT for sizes the standard does not have.
 */
YF_MUST YF_API yf_err yf_ccm_seal(const yf_cipher *c, yf_span nonce, yf_span aad, yf_span in,
                                  uint8_t *out, uint8_t *tag, size_t tag_n);
YF_MUST YF_API yf_err yf_ccm_open(const yf_cipher *c, yf_span nonce, yf_span aad, yf_span in,
                                  uint8_t *out, yf_span tag);

/*
 * ---- Padding ----
 * block is 8 or 16. buf has room for the whole padded length, which is returned:
 * n rounded up past n. Unpadding looks at every byte of the last block and takes
 * the same time whatever it finds; YF_E_FORMAT if it is no padding. It never
 * stands before the check of a MAC, or its answer is an oracle.
 */

/* ISO/IEC 9797-1 method 2: 80, then zeros. */
YF_API size_t yf_pad_iso(uint8_t *buf, size_t n, size_t block);
YF_MUST YF_API yf_err yf_unpad_iso(const uint8_t *buf, size_t n, size_t block, size_t *plain);
/* PKCS#7 (RFC 5652 6.3), for files. */
YF_API size_t yf_pad_pkcs7(uint8_t *buf, size_t n, size_t block);
YF_MUST YF_API yf_err yf_unpad_pkcs7(const uint8_t *buf, size_t n, size_t block, size_t *plain);

#ifdef __cplusplus
}
#endif

#endif
