/* SPDX-License-Identifier: Apache-2.0 */
/*
 * access - who may do what, as data.
 *
 * What a session has shown is a set of bits; what a command or a file needs is a
 * set of bits, all of which must have been shown. Zero is no set of needs but
 * "never": what nobody wrote down is refused.
 */
#ifndef YUFU_CARD_ACCESS_H
#define YUFU_CARD_ACCESS_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t yf_need;

enum {
    YF_NEED_NEVER = 0,
    YF_NEED_NOTHING = 1 << 0,  // shown from reset on
    YF_NEED_SM = 1 << 1,       // this command came under ISO secure messaging
    YF_NEED_BASIC = 1 << 2,    // BAC or PACE succeeded, and its messaging is in force
    YF_NEED_PACE = 1 << 3,     // the same, and it was PACE
    YF_NEED_CHIP = 1 << 4,     // the messaging in force was made by chip authentication
    YF_NEED_TERMINAL = 1 << 5, // terminal authentication
    YF_NEED_ADMIN = 1 << 6,    // the issuer's secure channel, at least with C-MAC
    YF_NEED_SECRET = 1 << 7,   // the same with C-DECRYPTION: keys may come in
    YF_NEED_PIN1 = 1 << 8,     // PIN n is YF_NEED_PIN1 << (n - 1), n up to 8
};

static inline bool
yf_need_met(yf_need need, yf_need shown)
{
    return need != YF_NEED_NEVER && (need & shown) == need;
}

#ifdef __cplusplus
}
#endif

#endif
