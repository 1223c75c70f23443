/* SPDX-License-Identifier: Apache-2.0 */
/*
 * diversify - the keys of one card from the issuer's master key and the card's
 * diversification data, which it tells in answer to INITIALIZE UPDATE. The issuer
 * keeps one key; a card that is taken apart gives away its own.
 *
 * What is known as KDF3: CMAC of the master key over counter, 00 00 00, the key's
 * number (ENC 1, MAC 2, DEK 3), 00, diversification data (docs/formats.md).
 */
#ifndef YUFU_PROTO_DIVERSIFY_H
#define YUFU_PROTO_DIVERSIFY_H

#include <yufu/proto/scp03.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * master is a key of this cipher, and so are the three that come out; secret all of
 * them. data is YF_SCP03_DIVERSIFICATION bytes. YF_E_UNSUPPORTED, YF_E_FORMAT for a
 * key of another size, and then keys are untouched.
 */
YF_MUST YF_API yf_err yf_diversify(const yf_provider *p, enum yf_cipher_id cipher, yf_span master,
                                   const uint8_t *data, struct yf_scp03_keys *keys);

/*
 * The key check value of PUT KEY and of key lists: what a block of 01 (AES) or of 02 (SM4)
 * encrypts to, cut to 3 bytes (GPC_SPE_014 7.2.2, GPCS B.6). Not secret.
 */
enum { YF_KCV = 3 };
YF_MUST YF_API yf_err yf_key_check(const yf_provider *p, enum yf_cipher_id cipher,
                                   const uint8_t *key, uint8_t kcv[YF_KCV]);

#ifdef __cplusplus
}
#endif

#endif
