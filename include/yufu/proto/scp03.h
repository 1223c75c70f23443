/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scp03 - GlobalPlatform's Secure Channel Protocol 03 (GPC_SPE_014 v1.1.2), both
 * ends, with AES-128, -192, -256 and, as a variant of our own, SM4 (docs/formats.md);
 * challenges, cryptograms and MACs of 8 bytes (S8) or 16 (S16).
 *
 * A struct yf_scp03 is placed by its owner: begun by INITIALIZE UPDATE, opened by
 * EXTERNAL AUTHENTICATE, and closed, which wipes it. Any failure of an unwrap
 * closes it (6.2.3); later calls are YF_E_STATE.
 */
#ifndef YUFU_PROTO_SCP03_H
#define YUFU_PROTO_SCP03_H

#include <yufu/crypto/modes.h>
#include <yufu/crypto/provider.h>
#include <yufu/crypto/rng.h>
#include <yufu/wire/apdu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The three static keys of a key set, all of one cipher. Secret. */
struct yf_scp03_keys {
    enum yf_cipher_id cipher; // AES128, AES192, AES256, SM4
    uint8_t enc[YF_CIPHER_KEY_MAX], mac[YF_CIPHER_KEY_MAX], dek[YF_CIPHER_KEY_MAX];
};

/* Security level, P1 of EXTERNAL AUTHENTICATE (7.1.2.2); a set of bits. */
enum {
    YF_SCP03_C_MAC = 0x01,
    YF_SCP03_C_ENC = 0x02,
    YF_SCP03_R_MAC = 0x10,
    YF_SCP03_R_ENC = 0x20,
};

/* `i` parameter (5.1): what the card does. */
enum {
    YF_SCP03_I_S16 = 0x01,
    YF_SCP03_I_PSEUDO_RANDOM = 0x10,
    YF_SCP03_I_R_MAC = 0x20,
    YF_SCP03_I_R_ENC = 0x40,
};

struct yf_scp03 {
    const yf_provider *provider;
    yf_cipher enc, mac, rmac;      // session keys S-ENC, S-MAC, S-RMAC
    uint8_t chain[YF_BLOCK_MAX];   // MAC chaining value
    uint8_t counter[YF_BLOCK_MAX]; // of commands, for the IVs
    uint8_t expected[16];          // the host's cryptogram, until it came
    uint8_t width;                 // 8 or 16
    uint8_t level;                 // in force; 0 until open
    uint8_t state;                 // closed, begun, open
};

enum { YF_SCP03_OVERHEAD = 32 };

#ifdef __cplusplus
}
#endif

#endif
