/* SPDX-License-Identifier: Apache-2.0 */
/*
 * root - application 0 of every card, selected at reset: what the card says of itself, and
 * PACE, which opens it (docs/travel.md).
 */
#ifndef YUFU_CARD_ROOT_H
#define YUFU_CARD_ROOT_H

#include <yufu/card/applet.h>

#ifdef __cplusplus
extern "C" {
#endif

YF_API extern const struct yf_applet yf_applet_root;

/* Data groupings of its personalisation: files by their identifiers, and secrets. */
enum {
    YF_ROOT_DIR = 0x2F00,
    YF_ROOT_ATR_INFO = 0x2F01,
    YF_ROOT_CARD_ACCESS = 0x011C,
    YF_ROOT_CARD_SECURITY = 0x011D,
    YF_ROOT_PASSWORD = 0x8000, // plus enum yf_pace_password: MRZ or CAN
};

/* Objects of GET DATA, in every stage of life. */
enum { YF_ROOT_SERIAL = 0x45, YF_ROOT_STAGE = 0x9F70 };

#ifdef __cplusplus
}
#endif

#endif
