/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sm - ISO secure messaging as Doc 9303-11 9.8 has it (ISO/IEC 7816-4 clause 10),
 * both ends: commands and responses encrypted, then authenticated, each under its
 * own value of a counter.
 *
 *     3DES         CBC with a zero IV, retail MAC, counter of 8 bytes
 *     AES, SM4     CBC with the encrypted counter as IV, CMAC cut to 8 bytes,
 *                  counter of 16 bytes
 *
 * A struct yf_sm is placed by its owner, opened with keys, and closed, which wipes
 * it. It serves one end and one exchange at a time: a command, then its response.
 * Any failure of an unwrap ends the session: it closes itself, and all later
 * calls are YF_E_STATE (9303-11 9.8.3). A wrap that does not fit has changed nothing.
 *
 * Wrapped data lies in the caller's memory, which may be where the plain data is,
 * and the other way round: whoever wraps or unwraps a message may do it in place.
 *
 * Put outside chaining and GET RESPONSE: what is wrapped here is one whole command,
 * which yf_transport_exchange then carries in as many pieces as it must.
 */
#ifndef YUFU_PROTO_SM_H
#define YUFU_PROTO_SM_H

#include <yufu/crypto/modes.h>
#include <yufu/crypto/provider.h>
#include <yufu/wire/apdu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What BAC, PACE and chip authentication agree on. Secret; wiped by its owner. */
struct yf_sm_keys {
    enum yf_cipher_id cipher; // DES3_2KEY, AES, SM4
    uint8_t enc[YF_CIPHER_KEY_MAX], mac[YF_CIPHER_KEY_MAX];
    uint8_t ssc[YF_BLOCK_MAX]; // as many bytes as a block; the first message has this plus one
};

struct yf_sm {
    yf_cipher enc, mac;   // mac: CMAC's; unused for 3DES
    uint8_t rmac_key[16]; // 3DES
    uint8_t ssc[YF_BLOCK_MAX];
    uint8_t block; // 8 or 16; 0 is closed
    uint8_t tag;   // of data in the exchange under way: 87, or 85 for an odd INS; 0: none is
};

enum { YF_SM_OVERHEAD = 64 }; // a wrapped message is at most so much longer than its data

/* YF_E_UNSUPPORTED for a cipher that this is not defined for, or that p does not have. */
YF_MUST YF_API yf_err yf_sm_open(struct yf_sm *s, const yf_provider *p,
                                 const struct yf_sm_keys *keys);
/* Harmless on one that is all zero or closed. */
YF_API void yf_sm_close(struct yf_sm *s);

/* ---- the reader's end ---- */

/*
 * CLA gets its secure-messaging bits 0C; INS decides between DO 87 and 85 (odd). Le is
 * written in two bytes if the form is extended, or must be. The wrapped command expects
 * the longest response its form allows. YF_E_FORMAT for a class that has no such bits.
 */
YF_MUST YF_API yf_err yf_sm_wrap_cmd(struct yf_sm *s, const yf_apdu_cmd *plain, uint8_t *mem,
                                     size_t cap, yf_apdu_cmd *wrapped);
/*
 * A response's data, checked and decrypted; its status word is the one inside (DO
 * 99), which must equal the one outside.
 *
 * YF_E_AUTH    the MAC is wrong, or the status word outside; or there is no MAC: then
 *              plain->sw is what the card said in clear, which is a hint and no more
 * YF_E_FORMAT  objects missing, wrong, or in another order
 * YF_E_ROOM    the data, padding included, does not fit mem
 */
YF_MUST YF_API yf_err yf_sm_unwrap_rsp(struct yf_sm *s, const yf_apdu_rsp *wrapped, uint8_t *mem,
                                       size_t cap, yf_apdu_rsp *plain);

/* ---- the card's end ---- */

/*
 * The command inside. No byte is decrypted before the MAC was right.
 *
 * YF_E_NOTFOUND  no MAC, or no objects at all (6987)
 * YF_E_FORMAT    objects that are wrong, twice there, in another order, or not padded (6988)
 * YF_E_AUTH      the MAC is wrong: changed, replayed, out of step (6988)
 * YF_E_ROOM      the data, padding included, does not fit mem (6988)
 */
YF_MUST YF_API yf_err yf_sm_unwrap_cmd(struct yf_sm *s, const yf_apdu_cmd *wrapped, uint8_t *mem,
                                       size_t cap, yf_apdu_cmd *plain);
/* What a card answers, in clear, when unwrapping failed: 6987 or 6988. */
YF_API yf_sw yf_sm_refusal(yf_err e);

/*
 * Appends the response's data to o; its status word follows outside, and is inside as
 * well. plain->data may lie in o's memory from o->n on, where the wrapped data will.
 */
YF_MUST YF_API yf_err yf_sm_wrap_rsp(struct yf_sm *s, const yf_apdu_rsp *plain, yf_out *o);

#ifdef __cplusplus
}
#endif

#endif
