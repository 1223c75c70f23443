/* SPDX-License-Identifier: Apache-2.0 */
/*
 * travel - ICAO's LDS1 application of a travel document: the holder's data, BAC, chip and
 * active authentication (docs/travel.md). PACE is the root's.
 */
#ifndef YUFU_CARD_TRAVEL_H
#define YUFU_CARD_TRAVEL_H

#include <yufu/card/applet.h>

#ifdef __cplusplus
extern "C" {
#endif

YF_API extern const struct yf_applet yf_applet_travel;

/* Its name; of the module as well. */
#define YF_TRAVEL_AID YF_STR("\xA0\x00\x00\x02\x47\x10\x01")

/* Data groupings of its personalisation: files by their identifiers, and secrets. */
enum {
    YF_TRAVEL_COM = 0x011E,
    YF_TRAVEL_SOD = 0x011D,
    YF_TRAVEL_DG1 = 0x0101, // and on, to DG16
    YF_TRAVEL_DG14 = 0x010E,
    YF_TRAVEL_DG15 = 0x010F,
    YF_TRAVEL_DG16 = 0x0110,

    YF_TRAVEL_BAC_SEED = 0x8010, // 16 bytes (yf_bac_keys_of_seed); without it there is no BAC
    YF_TRAVEL_AA_KEY = 0x8020,   // yf_aa_key_write, up to YF_TRAVEL_AA_KEY_MAX bytes
    YF_TRAVEL_CA_KEY = 0x8100, // plus key id, 0 to 255: a private key as long as its curve's order
    YF_TRAVEL_CA_LONE_KEY = 0x8200, // the same, of a key that has no id
};
enum { YF_TRAVEL_AA_KEY_MAX = 1280 }; // RSA with 2048 bits

#ifdef __cplusplus
}
#endif

#endif
