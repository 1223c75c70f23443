/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the issuer's domain share: its memory, its key sets, its
 * handlers.
 */
#ifndef YUFU_CARD_APPLET_ISSUER_DOMAIN_H
#define YUFU_CARD_APPLET_ISSUER_DOMAIN_H

#include <yufu/card/apps.h>
#include <yufu/card/card.h>
#include <yufu/card/issuer.h>
#include <yufu/proto/diversify.h>

/* Between commands; begun anew by INITIALIZE UPDATE. */
struct domain {
    uint8_t kvn; // key set of the session; 0: none, or it is no longer what it was

    /* Personalisation of another application, 11.11.1. */
    bool personalising;
    uint8_t target; // its number
    uint8_t block;  // number of the next block, of its own data as well
    uint16_t dgi;   // the data grouping that is coming in
    uint32_t total, at;
};

static inline struct domain *
domain_of(struct yf_call *call)
{
    return yf_call_ram(call);
}

/* ---- keys.c ---- */

/* A key set as the store has it. Secret; wiped by its owner. */
struct key_set {
    uint8_t kvn;
    uint8_t stage; // code of the stage in which it was put, 0 for the keys the card was made with
    struct yf_scp03_keys keys;
};

/* YF_E_NOTFOUND. */
YF_MUST yf_err yf_keys_get(const struct yf_store *s, uint8_t kvn, struct key_set *set);
/* The next version number after this one; false after the last. Start with 0. */
bool yf_keys_next(const struct yf_store *s, uint8_t after, uint8_t *kvn);
/* Its kind alone: key type and length. */
YF_MUST yf_err yf_keys_kind(const struct yf_store *s, uint8_t kvn, uint8_t *type, uint8_t *length);
/* Create all of it, with a new sequence counter and all tries. */
YF_MUST yf_err yf_keys_create(struct yf_store *s, const struct key_set *set);
YF_MUST yf_err yf_keys_remove(struct yf_store *s, uint8_t kvn);
/* Were all keys on the card put in this stage? Then no earlier owner has any. */
YF_MUST yf_err yf_keys_fresh(const struct yf_store *s, yf_stage stage);
/* Bytes of a key set's sequence counter, and of its tries. */
yf_obj yf_keys_sequence(uint8_t kvn);
yf_obj yf_keys_tries(uint8_t kvn);

/* ---- data.c ---- */

/* What the card tells hosts so that they know its keys: its serial number, 10 bytes of it. */
YF_MUST yf_err yf_domain_diversification(const struct yf_store *s,
                                         uint8_t data[YF_SCP03_DIVERSIFICATION]);
/* STORE DATA to the domain itself: BER-TLV, in one transaction. */
yf_sw yf_domain_store(struct yf_call *call, yf_span in);

/* ---- handlers ---- */

yf_sw yf_domain_selected(struct yf_call *call);
yf_sw yf_domain_get_data(struct yf_call *call);
yf_sw yf_domain_initialize_update(struct yf_call *call);
yf_sw yf_domain_external_authenticate(struct yf_call *call);
yf_sw yf_domain_put_key(struct yf_call *call);
yf_sw yf_domain_delete(struct yf_call *call);
yf_sw yf_domain_install(struct yf_call *call);
yf_sw yf_domain_store_data(struct yf_call *call);
yf_sw yf_domain_get_status(struct yf_call *call);
yf_sw yf_domain_set_status(struct yf_call *call);

#endif
