/* SPDX-License-Identifier: Apache-2.0 */
/*
 * issuer - the issuer's domain: the application through which a card is made,
 * personalised and managed, by whoever has the keys of its present stage
 * (GlobalPlatform Card Specification 2.3.1; docs/issuer-domain.md).
 *
 * A key set is three keys of one cipher under a key version number, with a sequence
 * counter (GPC_SPE_014 6.2.2.1) and a counter of tries. The first one, of version FF, is the
 * chip maker's and goes with the first PUT KEY.
 */
#ifndef YUFU_CARD_ISSUER_H
#define YUFU_CARD_ISSUER_H

#include <yufu/card/applet.h>
#include <yufu/proto/scp03.h>

#ifdef __cplusplus
extern "C" {
#endif

YF_API extern const struct yf_applet yf_applet_issuer;

enum {
    YF_ISSUER_TRANSPORT = 0xFF, // key version of the keys a card is made with
    YF_ISSUER_SETS = 4,         // key sets at once
    YF_ISSUER_TRIES = 10,       // failed authentications until a key set is blocked, for ever

    /* What INITIALIZE UPDATE answers; S16 besides if the host's challenge is of 16 bytes. */
    YF_ISSUER_I = YF_SCP03_I_PSEUDO_RANDOM | YF_SCP03_I_R_MAC | YF_SCP03_I_R_ENC,

    /* Key types of PUT KEY and the key information template (GPCS 11.1.8; docs/formats.md). */
    YF_KEY_TYPE_AES = 0x88,
    YF_KEY_TYPE_SM4 = 0x89,
};

/* Tags of GET DATA, and of STORE DATA to the domain itself. */
enum {
    YF_ISSUER_IIN = 0x42,
    YF_ISSUER_CIN = 0x45, // the card's serial number, unless another is stored
    YF_ISSUER_RECOGNITION = 0x66,
    YF_ISSUER_CAPABILITY = 0x67,
    YF_ISSUER_SEQUENCE = 0xC1, // counter of the key set that INITIALIZE UPDATE takes by itself
    YF_ISSUER_DIVERSIFICATION = 0xCF,
    YF_ISSUER_KEYS = 0xE0,
    YF_ISSUER_HISTORICAL = 0x5F52, // of the ATR: stored only
    YF_ISSUER_STAGE = 0x9F70,      // one byte, yf_stage_code
    YF_ISSUER_CPLC = 0x9F7F,       // card production life cycle, YF_ISSUER_CPLC_SIZE bytes
};
enum { YF_ISSUER_CPLC_SIZE = 42 };

#ifdef __cplusplus
}
#endif

#endif
