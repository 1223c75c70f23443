/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atr - what a card says of itself: the answer to reset (7816-3 8.2) with its
 * historical bytes (7816-4 12.1.1), and EF.ATR/INFO.
 */
#ifndef YUFU_CARD_ATR_H
#define YUFU_CARD_ATR_H

#include <yufu/card/store.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Set the historical bytes, up to YF_CARD_HISTORICAL_MAX, else YF_E_ROOM: the card
 * maker's, once. Empty: those of the project again.
 */
YF_MUST YF_API yf_err yf_atr_set(struct yf_store *s, yf_span historical);

/* An ATR for T=1 with these historical bytes. */
YF_API void yf_atr_put(yf_out *o, yf_span historical);
/* The project's historical bytes: category 80, card services and capabilities. */
YF_API yf_span yf_atr_historical(void);

/*
 * What stands in EF.ATR/INFO (9303-10 3.11.2): card services, capabilities, and how long
 * commands and responses may be (7816-4 12.7.1).
 */
YF_API void yf_atr_info(yf_out *o);

#ifdef __cplusplus
}
#endif

#endif
