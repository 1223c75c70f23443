/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bac - basic access control, Doc 9303-11 4.3, both ends: who has read the machine
 * readable zone agrees with the chip on keys for secure messaging (sm.h). 3DES only,
 * as the standard has it; there is no variant with SM4, which PACE covers.
 *
 * One step a message: bytes in, bytes out. GET CHALLENGE is the caller's; what stands
 * here is the data of EXTERNAL (MUTUAL) AUTHENTICATE and of its response.
 *
 * The keys come from some 50 to 70 bits that are printed in the document, and all
 * traffic can be recorded and tried later: use PACE where the chip has it.
 */
#ifndef YUFU_PROTO_BAC_H
#define YUFU_PROTO_BAC_H

#include <yufu/crypto/rng.h>
#include <yufu/proto/sm.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_BAC_SEED = 16,
    YF_BAC_NONCE = 8, // the chip's challenge
    YF_BAC_MSG = 40,  // command and response data: 32 bytes encrypted, 8 of MAC
};

/* The document's basic access keys. Secret; wiped by their owner. */
struct yf_bac_keys {
    uint8_t enc[16], mac[16];
};

/*
 * 9303-11 4.3.2: from the MRZ information (yf_mrz_put_bac_info), or from its first 16 bytes
 * of SHA-1, which is all of it that a chip needs to keep.
 */
YF_MUST YF_API yf_err yf_bac_keys(const yf_provider *p, yf_span mrz_info, struct yf_bac_keys *k);
YF_MUST YF_API yf_err yf_bac_keys_of_seed(const yf_provider *p, const uint8_t seed[YF_BAC_SEED],
                                          struct yf_bac_keys *k);

/* ---- the chip's end ---- */

/*
 * Check the command's data against the challenge that was given, which is used up by this,
 * and answer with rsp. rsp and sm are written on success only; the keys in *sm count
 * from the next command on.
 *
 * YF_E_FORMAT  not 40 bytes (6700)
 * YF_E_AUTH    the MAC or the challenge in it is wrong (6300)
 */
YF_MUST YF_API yf_err yf_bac_card(const yf_provider *p, const struct yf_bac_keys *k,
                                  const uint8_t challenge[YF_BAC_NONCE], const yf_rng *rng,
                                  yf_span cmd, uint8_t rsp[YF_BAC_MSG], struct yf_sm_keys *sm);

/* ---- the reader's end ---- */

/* Between command and response. Secret; finish wipes it, whatever comes, as does its owner. */
struct yf_bac {
    const yf_provider *provider;
    struct yf_bac_keys keys;
    uint8_t chip[YF_BAC_NONCE], own[YF_BAC_NONCE];
    uint8_t share[16]; // K.IFD
};

YF_MUST YF_API yf_err yf_bac_begin(struct yf_bac *b, const yf_provider *p,
                                   const struct yf_bac_keys *k,
                                   const uint8_t challenge[YF_BAC_NONCE], const yf_rng *rng,
                                   uint8_t cmd[YF_BAC_MSG]);
/* YF_E_FORMAT for another length; YF_E_AUTH if this is no answer of a chip with these keys. */
YF_MUST YF_API yf_err yf_bac_finish(struct yf_bac *b, yf_span rsp, struct yf_sm_keys *sm);

#ifdef __cplusplus
}
#endif

#endif
