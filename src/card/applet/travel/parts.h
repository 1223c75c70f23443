/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the travel application share. */
#ifndef YUFU_CARD_APPLET_TRAVEL_PARTS_H
#define YUFU_CARD_APPLET_TRAVEL_PARTS_H

#include "../given.h"

#include <yufu/card/travel.h>
#include <yufu/crypto/curve.h>
#include <yufu/proto/bac.h>

enum { TRAVEL_AA_SIG_MAX = 256 }; // RSA with 2048 bits

/* Between commands; all zero when the application is selected. */
struct travel_ram {
    bool challenged; // GET CHALLENGE came, and no EXTERNAL AUTHENTICATE since
    uint8_t challenge[YF_BAC_NONCE];
    bool chip_chosen; // MSE:Set AT came
    enum yf_cipher_id chip_cipher;
    const yf_curve *chip_curve;
    uint16_t chip_key; // grouping
};

yf_sw travel_do_get_challenge(struct yf_call *call);         // 84
yf_sw travel_do_external_authenticate(struct yf_call *call); // 82
yf_sw travel_do_mse(struct yf_call *call);                   // 22
yf_sw travel_do_general_authenticate(struct yf_call *call);  // 86
yf_sw travel_do_internal_authenticate(struct yf_call *call); // 88

/* Is there to each public key its private one, and none more? 6985 if not. */
yf_sw travel_chip_keys_true(struct yf_call *call);
yf_sw travel_active_key_true(struct yf_call *call);

#endif
