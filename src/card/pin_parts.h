/* SPDX-License-Identifier: Apache-2.0 */
/* pin_parts - what the commands on PINs know of how they are kept. */
#ifndef YUFU_SRC_CARD_PIN_PARTS_H
#define YUFU_SRC_CARD_PIN_PARTS_H

#include <yufu/card/pin.h>

/* A PIN's rule, and whether it is set. */
struct yf_pin_about {
    struct yf_pin_rule rule;
    bool set;
};

YF_MUST yf_err yf_pin_about(const struct yf_store *s, uint8_t app, uint8_t number,
                            struct yf_pin_about *a);
YF_MUST yf_err yf_pin_left(const struct yf_store *s, uint8_t app, uint8_t number, uint8_t *left);
/* Is this a value yf_pin_set will take? YF_E_FORMAT. */
YF_MUST yf_err yf_pin_fits(const struct yf_pin_rule *rule, yf_span value);
/* All tries again. */
YF_MUST yf_err yf_pin_unblock(struct yf_store *s, uint8_t app, uint8_t number);

#endif
