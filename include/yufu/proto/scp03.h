/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scp03 - GlobalPlatform's Secure Channel Protocol 03 (GPC_SPE_014 v1.1.2; v1.2 for
 * S16), both ends, with AES-128, -192, -256 and, as a variant of our own, SM4
 * (docs/formats.md); challenges, cryptograms and MACs of 8 bytes (S8) or 16 (S16).
 *
 *     card                                    host
 *     yf_scp03_card_begin   <- INITIALIZE UPDATE
 *                                             yf_scp03_read, yf_scp03_host_begin
 *     yf_scp03_card_open    <- EXTERNAL AUTHENTICATE by yf_scp03_host_open
 *     yf_scp03_unwrap_cmd   <-                yf_scp03_wrap_cmd
 *     yf_scp03_wrap_rsp     ->                yf_scp03_unwrap_rsp
 *
 * A struct yf_scp03 is placed by its owner, all zero before it is first begun, and
 * closed, which wipes it. Any failure of a check closes it (6.2.3); later calls are
 * YF_E_STATE. Wrapped data lies in the caller's memory.
 *
 * What is wrapped here is one whole command, as in sm.h; the MAC covers Lc as it is
 * coded for the whole: in one byte, or in three for more than 255 bytes or more
 * than 256 expected.
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
    YF_SCP03_I_SM4 = 0x08, // our own: SM4 where the protocol has AES
    YF_SCP03_I_PSEUDO_RANDOM = 0x10,
    YF_SCP03_I_R_MAC = 0x20,
    YF_SCP03_I_R_ENC = 0x40,
};

struct yf_scp03 {
    const yf_provider *provider;
    yf_cipher enc, mac, rmac;      // session keys S-ENC, S-MAC, S-RMAC
    uint8_t chain[YF_BLOCK_MAX];   // MAC chaining value
    uint8_t counter[YF_BLOCK_MAX]; // of commands, for the IVs
    uint8_t host[YF_BLOCK_MAX];    // the host's cryptogram, until it came
    uint8_t i;                     // what the card does
    uint8_t width;                 // 8 or 16
    uint8_t level;                 // in force; 0 until open
    uint8_t state;                 // closed, begun, open
};

enum {
    YF_SCP03_OVERHEAD = 32, // a wrapped message is at most so much longer than its data
    YF_SCP03_ID = 0x03,     // in the key information
    YF_SCP03_DIVERSIFICATION = 10,
    YF_SCP03_ANSWER = 10 + 3 + 16 + 16 + 3, // response to INITIALIZE UPDATE, at most
};

/* Are these bits a level there is (7.1.2.2), and one a card with this `i` has? None is none. */
YF_API bool yf_scp03_level(uint8_t level, uint8_t i);

YF_API void yf_scp03_close(struct yf_scp03 *s);

/* ---- the card's end ---- */

/* What stands in the answer to INITIALIZE UPDATE (7.1.1.6), and behind it. */
struct yf_scp03_offer {
    const struct yf_scp03_keys *keys;
    uint8_t kvn, i;                 // S16, R-MAC, ...; the bit for SM4 comes from the keys
    const uint8_t *diversification; // YF_SCP03_DIVERSIFICATION bytes
    uint32_t sequence;              // 24 bits, never twice under the same keys; pseudo-random only
    yf_span aid;                    // of the domain that answers; pseudo-random only
};

/*
 * INITIALIZE UPDATE: append the response data. YF_E_FORMAT for a challenge of another
 * width. rng is not asked for a pseudo-random challenge.
 */
YF_MUST YF_API yf_err yf_scp03_card_begin(struct yf_scp03 *s, const yf_provider *p,
                                          const yf_rng *rng, const struct yf_scp03_offer *offer,
                                          yf_span challenge, yf_out *o);
/*
 * EXTERNAL AUTHENTICATE as it came, MAC and all. YF_E_SHORT for another length,
 * YF_E_UNSUPPORTED for a level that `i` does not have, YF_E_AUTH if MAC or cryptogram
 * do not match; MAC and cryptogram are both computed in any case.
 */
YF_MUST YF_API yf_err yf_scp03_card_open(struct yf_scp03 *s, const yf_apdu_cmd *cmd);

/*
 * The command inside; plain's data lies in mem, which may be where the wrapped
 * command's is. YF_E_AUTH: the MAC, or the padding behind a right MAC; YF_E_SHORT: no
 * room for one. No byte is decrypted before the MAC was right.
 */
YF_MUST YF_API yf_err yf_scp03_unwrap_cmd(struct yf_scp03 *s, const yf_apdu_cmd *wrapped,
                                          uint8_t *mem, size_t cap, yf_apdu_cmd *plain);
/* Append the data under R-MAC and R-ENC as far as they are in force; the status word
 * follows outside. A response of an error class is its status word alone (6.2.5). */
YF_MUST YF_API yf_err yf_scp03_wrap_rsp(struct yf_scp03 *s, const yf_apdu_rsp *plain, yf_out *o);

/* ---- the host's end ---- */

/* The answer to INITIALIZE UPDATE; spans point into it. */
struct yf_scp03_answer {
    yf_span diversification;
    uint8_t kvn, i;
    yf_span challenge, cryptogram; // 8 or 16 bytes each
    uint32_t sequence;             // 0 where the card does not send it
};

/* YF_E_UNSUPPORTED for another protocol than 03. */
YF_MUST YF_API yf_err yf_scp03_read(yf_span response, struct yf_scp03_answer *a);

/* Does the card have these keys? YF_E_AUTH if not; YF_E_DENIED if `i` names another cipher. */
YF_MUST YF_API yf_err yf_scp03_host_begin(struct yf_scp03 *s, const yf_provider *p,
                                          const struct yf_scp03_keys *keys, yf_span challenge,
                                          const struct yf_scp03_answer *a);
/* EXTERNAL AUTHENTICATE, its data in mem. The channel stands if the card says 9000; else close it.
 */
YF_MUST YF_API yf_err yf_scp03_host_open(struct yf_scp03 *s, uint8_t level,
                                         uint8_t mem[2 * YF_BLOCK_MAX], yf_apdu_cmd *cmd);
/* cap at least the data and YF_SCP03_OVERHEAD; mem may be where plain's data is. */
YF_MUST YF_API yf_err yf_scp03_wrap_cmd(struct yf_scp03 *s, const yf_apdu_cmd *plain, uint8_t *mem,
                                        size_t cap, yf_apdu_cmd *wrapped);
/* The response in clear, its data in mem. An error's bare status word is handed on. */
YF_MUST YF_API yf_err yf_scp03_unwrap_rsp(struct yf_scp03 *s, const yf_apdu_rsp *wrapped,
                                          uint8_t *mem, size_t cap, yf_apdu_rsp *plain);

#ifdef __cplusplus
}
#endif

#endif
