/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL doing the work of each bench case, through its EVP interface. */
#ifndef YUFU_LAB_PEER_H
#define YUFU_LAB_PEER_H

#include <yufu/base.h>

enum { BULK = 16384 }; // bytes of one call of a bulk case

/* Everything prepared once, so that a call is only the work. */
YF_MUST yf_err peer_open(void);
void peer_close(void);

void peer_sm3(void);
void peer_sha256(void);
void peer_sm4_ecb(void);
void peer_sm4_ctr(void);
void peer_sm4_cbc(void);
void peer_aes128_ctr(void);
void peer_aes128_gcm(void);

void peer_sm2_keygen(void);
void peer_sm2_sign(void);
void peer_sm2_verify(void);
void peer_sm2_encrypt(void);
void peer_sm2_decrypt(void);
void peer_p256_keygen(void);
void peer_p256_sign(void);
void peer_p256_verify(void);
void peer_p256_ecdh(void);
void peer_bp256_sign(void);
void peer_bp256_verify(void);
void peer_bp256_ecdh(void);
void peer_p384_sign(void);
void peer_p384_verify(void);

#endif
