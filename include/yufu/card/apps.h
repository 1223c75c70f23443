/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apps - the applications on a card: a list in the store of who is installed under
 * which number, made by which applet, called what, and whether it can be chosen.
 *
 * Number 0 is the root and 1 the issuer's domain; both are there from the card's
 * making and stay. Others come and go by the issuer's domain alone. The applet is
 * kept by its name in the store (the AID of its module), so that a program with
 * other tables still finds it, or does not find it and says so.
 */
#ifndef YUFU_CARD_APPS_H
#define YUFU_CARD_APPS_H

#include <yufu/card/applet.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_APP_ROOT = 0, YF_APP_ISSUER = 1, YF_APP_FIRST = 2 };

/* GPCS 11.1.1, table 11-4. */
enum yf_app_state {
    YF_APP_REMOVED = 0x00, // going: its objects are being removed
    YF_APP_INSTALLED = 0x03,
    YF_APP_SELECTABLE = 0x07,
    YF_APP_LOCKED = 0x83,
};

struct yf_app {
    uint8_t number, state;
    uint8_t module_n, aid_n;
    uint8_t module[YF_CARD_AID], aid[YF_CARD_AID];
};

/* YF_E_NOTFOUND if nothing is installed under this number. */
YF_MUST YF_API yf_err yf_apps_get(const struct yf_store *s, uint8_t number, struct yf_app *app);

/*
 * The first application from number `from` on whose AID begins with these bytes
 * (7816-4 8.2.2.2: a name may be right-truncated). YF_E_NOTFOUND.
 */
YF_MUST YF_API yf_err yf_apps_find(const struct yf_store *s, yf_span aid, unsigned from,
                                   struct yf_app *app);

/* What the application is made of; NULL if this card has no such applet. */
YF_API const struct yf_applet *yf_apps_applet(const struct yf_card *c, const struct yf_app *app);

/* ---- for the issuer's domain ---- */

/*
 * Install: 5 to 16 bytes of AID (empty: the module's own), its objects created by the
 * applet, all in one transaction; it is then selectable. 6A88 no such module, 6A80 the
 * AID, 6A8A the AID is taken, 6A84 no number is free, or what the applet says.
 */
YF_API yf_sw yf_apps_install(struct yf_call *call, yf_span module, yf_span aid, yf_span parameters,
                             uint8_t *number);
/* Lock, unlock. YF_E_DENIED for the root, the issuer's domain or a state no command sets. */
YF_MUST YF_API yf_err yf_apps_set(struct yf_store *s, uint8_t number, enum yf_app_state state);
/* With all its objects; a removal cut short is finished at the card's next start. */
YF_MUST YF_API yf_err yf_apps_remove(struct yf_store *s, uint8_t number);
YF_MUST YF_API yf_err yf_apps_mend(struct yf_store *s);
/*
 * The end of a card: applications, files, PINs and keys are removed and their bytes erased from
 * the flash; its serial number, production data and stage stay. May be cut short and asked for
 * again.
 */
YF_MUST YF_API yf_err yf_apps_bury(struct yf_store *s);

/*
 * A call as that application would get it, with nothing of its own shown: for its
 * applet's store and stored. The number must be installed.
 */
YF_API struct yf_call yf_apps_call(const struct yf_call *call, uint8_t number);

#ifdef __cplusplus
}
#endif

#endif
