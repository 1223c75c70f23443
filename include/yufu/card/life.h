/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life - the stages of a card's life, each with its owner and its owner's key, and
 * none with a way back.
 *
 * The codes fill up bit by bit and hold GlobalPlatform's values where it has one
 * (GPCS 11.1.1: OP_READY 01, INITIALIZED 07, SECURED 0F, CARD_LOCKED 7F,
 * TERMINATED FF). Tables name stages as a set of bits, YF_IN(stage).
 */
#ifndef YUFU_CARD_LIFE_H
#define YUFU_CARD_LIFE_H

#include <yufu/card/store.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum yf_stage {
    YF_STAGE_CHIP,       // 01: with the chip maker, blank
    YF_STAGE_CARD,       // 03: with the card maker, who installs applications
    YF_STAGE_PERSO,      // 07: with the personaliser, who stores the holder's data
    YF_STAGE_ISSUER,     // 0F: with the issuer, who tries it and hands it out
    YF_STAGE_ACTIVE,     // 1F: with the holder
    YF_STAGE_LOCKED,     // 7F: only the issuer's domain answers
    YF_STAGE_TERMINATED, // FF: nothing but its serial number and stage
    YF_STAGES
} yf_stage;

#define YF_IN(stage) (1u << (stage))
enum { YF_IN_USE = YF_IN(YF_STAGE_ISSUER) | YF_IN(YF_STAGE_ACTIVE) };

/* Objects of the card itself, YF_OBJ(0, YF_OBJ_CARD, number). */
enum {
    YF_CARD_SERIAL = 1,     // up to YF_CARD_SERIAL_MAX bytes, from the chip maker
    YF_CARD_STAGE = 2,      // one byte, a stage's code
    YF_CARD_HISTORICAL = 3, // historical bytes, where the card maker set them (atr.h)
    YF_CARD_APP = 16,       // and on: the list of applications (apps.h)
};

YF_API uint8_t yf_stage_code(yf_stage s);
/* YF_E_FORMAT for a code no stage has. */
YF_MUST YF_API yf_err yf_stage_of(uint8_t code, yf_stage *s);
YF_API const char *yf_stage_name(yf_stage s); // "chip maker", ... "terminated"

/*
 * May a card go from one to the other? Only to the next one up to ACTIVE; from
 * there to LOCKED; and to TERMINATED from any but CHIP.
 */
YF_API bool yf_stage_follows(yf_stage from, yf_stage to);

/* The card's stage, kept in the store. advance: YF_E_DENIED unless it follows. */
YF_MUST YF_API yf_err yf_life_read(const struct yf_store *s, yf_stage *stage);
YF_MUST YF_API yf_err yf_life_advance(struct yf_store *s, yf_stage to);

#ifdef __cplusplus
}
#endif

#endif
