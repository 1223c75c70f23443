/* SPDX-License-Identifier: Apache-2.0 */
/* The applets of this project: a row each. */
#include <yufu/card/card.h>
#include <yufu/card/issuer.h>
#include <yufu/card/root.h>
#include <yufu/card/travel.h>

const struct yf_applet *const yf_card_applets[] = {
    &yf_applet_root,
    &yf_applet_issuer,
    &yf_applet_travel,
    NULL,
};
