/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pin - secrets that are compared, with a counter of tries: PINs, PUKs, and any
 * authentication that must run out.
 *
 * The counter goes down in the store before anything is compared and up again only
 * after success, so that pulling the card out gains nothing. A counter at zero
 * blocks; only a PUK, where there is one, opens it again. A PUK is a PIN that another
 * one names.
 *
 * Values come from the caller and are the caller's to wipe.
 */
#ifndef YUFU_CARD_PIN_H
#define YUFU_CARD_PIN_H

#include <yufu/card/applet.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A counter alone: what guards any secret. YF_E_FORMAT: max not 1 to YF_TRIES_MAX. */
YF_MUST YF_API yf_err yf_tries_create(struct yf_store *s, yf_obj o, uint8_t max);
YF_MUST YF_API yf_err yf_tries_left(const struct yf_store *s, yf_obj o, uint8_t *left);
/*
 * One try less, before the comparison, and for good: within a transaction it is
 * YF_E_STATE. YF_E_DENIED at zero; any error: do not compare.
 */
YF_MUST YF_API yf_err yf_tries_take(struct yf_store *s, yf_obj o);
/* After success: all tries again. */
YF_MUST YF_API yf_err yf_tries_restore(struct yf_store *s, yf_obj o);

struct yf_pin_rule {
    uint8_t min, max;  // bytes, max up to YF_PIN_MAX
    uint8_t tries;     // 1 to YF_TRIES_MAX
    uint8_t pad;       // kept and compared padded to max with this byte (FF, 00)
    uint8_t unblocker; // number of its PUK; 0: none
    yf_need change;    // beyond the old PIN
    yf_need reset;     // for RESET RETRY COUNTER without a PUK
};

/*
 * PIN number 1 to 8 of an application; value may be empty: not yet set, and then
 * unusable (6984). YF_E_FORMAT: a rule or value that cannot be; YF_E_STATE: it exists.
 */
YF_MUST YF_API yf_err yf_pin_create(struct yf_store *s, uint8_t app, uint8_t number,
                                    const struct yf_pin_rule *rule, yf_span value);
/* Another value, and all tries again, in one transaction; asks nobody. */
YF_MUST YF_API yf_err yf_pin_set(struct yf_store *s, uint8_t app, uint8_t number, yf_span value);
/*
 * YF_OK; YF_E_AUTH with the tries left; YF_E_DENIED blocked; YF_E_STATE not set;
 * YF_E_NOTFOUND; YF_E_FORMAT longer than it can be, which costs no try.
 */
YF_MUST YF_API yf_err yf_pin_verify(struct yf_store *s, uint8_t app, uint8_t number, yf_span value,
                                    uint8_t *left);

/*
 * ---- handlers, 7816-4 7.5.6 to 7.5.10; P2 '8n' is PIN n of this application ----
 * Success shows YF_NEED_PIN1 << (n - 1); failure and any change withdraw it.
 */

YF_API yf_sw yf_do_verify(struct yf_call *c);           // 20, 21
YF_API yf_sw yf_do_change_reference(struct yf_call *c); // 24
YF_API yf_sw yf_do_reset_retry(struct yf_call *c);      // 2C

#ifdef __cplusplus
}
#endif

#endif
