/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perso - the host's side of the issuer's domain: opens the secure channel to a card
 * and sends what makes it somebody's (docs/issuer-domain.md).
 *
 *     yf_perso_start(&p, &transport, provider, &rng);    // selects the domain
 *     yf_perso_begin(&p, 0, 8, &answer);                 // whose card is it, which keys?
 *     yf_perso_open(&p, &keys, level);
 *     yf_perso_target(&p, aid);
 *     yf_perso_store(&p, 0x0101, dg1);                   // as many as there are
 *     yf_perso_finish(&p);
 *     yf_perso_close(&p);
 *
 * Errors: what the card refuses is YF_E_DENIED, and p->sw says how; p->sw is the last
 * status word in any case, 0 if there was none. YF_E_AUTH is a card that does not
 * have the keys, or messages that were touched. Errors of the transport are handed on.
 *
 * A struct yf_perso is placed by its owner and holds secrets from begin to close.
 */
#ifndef YUFU_ISSUER_PERSO_H
#define YUFU_ISSUER_PERSO_H

#include <yufu/card/life.h>
#include <yufu/proto/scp03.h>
#include <yufu/wire/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_PERSO_NC =
        2048, // data of a command at most, wrapped; less if the card or the caller says so
    YF_PERSO_MEM = 8192, // a command next to its response
};

struct yf_perso {
    const struct yf_transport *transport; // these three borrowed
    const yf_provider *provider;
    const yf_rng *rng;

    yf_sw sw;      // of the last response
    size_t most;   // data of a command, wrapped, in bytes; 255 and below: short commands
    uint8_t kvn;   // of the key set in use
    uint8_t block; // number of the next block of STORE DATA
    struct yf_scp03 channel;
    struct yf_scp03_keys keys; // of the session
    uint8_t challenge[16], response[YF_SCP03_ANSWER];
    struct yf_scp03_answer answer; // in response
    size_t gathered;               // bytes in data that wait for their block to be full
    uint8_t data[YF_PERSO_NC], mem[YF_PERSO_MEM];
};

/* Select the domain, and learn how long commands may be. */
YF_MUST YF_API yf_err yf_perso_start(struct yf_perso *p, const struct yf_transport *transport,
                                     const yf_provider *provider, const yf_rng *rng);
/*
 * INITIALIZE UPDATE for a key version (0: the card's choice), challenge of 8 or 16
 * bytes. What the card says of itself goes to *answer, and lasts until the next begin.
 */
YF_MUST YF_API yf_err yf_perso_begin(struct yf_perso *p, uint8_t kvn, size_t width,
                                     struct yf_scp03_answer *answer);
/* EXTERNAL AUTHENTICATE with these keys. */
YF_MUST YF_API yf_err yf_perso_open(struct yf_perso *p, const struct yf_scp03_keys *keys,
                                    uint8_t level);
/* Wipe keys and session; the card does not hear of it. Harmless when nothing is open. */
YF_API void yf_perso_close(struct yf_perso *p);
/* Close, and select the domain anew, which ends the session on the card; p->sw stays as it was. */
YF_MUST YF_API yf_err yf_perso_leave(struct yf_perso *p);

/*
 * One command of the caller's, under the channel if it is open. The response lies in p
 * until the next call. YF_OK whatever its status word.
 */
YF_MUST YF_API yf_err yf_perso_send(struct yf_perso *p, const yf_apdu_cmd *cmd, yf_apdu_rsp *rsp);
/* GET DATA: the value of this object; lies in p until the next call. */
YF_MUST YF_API yf_err yf_perso_get(struct yf_perso *p, uint16_t tag, yf_span *value);

/* PUT KEY: a set under kvn, replacing that of version `replaces` (0: another one besides). */
YF_MUST YF_API yf_err yf_perso_put_keys(struct yf_perso *p, uint8_t replaces, uint8_t kvn,
                                        const struct yf_scp03_keys *keys);
YF_MUST YF_API yf_err yf_perso_delete_keys(struct yf_perso *p, uint8_t kvn);

/* INSTALL [for install and make selectable]: an application of this module under a name. */
YF_MUST YF_API yf_err yf_perso_install(struct yf_perso *p, yf_span module, yf_span aid,
                                       yf_span parameters);
YF_MUST YF_API yf_err yf_perso_delete(struct yf_perso *p, yf_span aid);

/* INSTALL [for personalization]: what is stored from now on is for this application. */
YF_MUST YF_API yf_err yf_perso_target(struct yf_perso *p, yf_span aid);
/*
 * A data grouping, up to 65535 bytes. Groupings are gathered into blocks, so that an
 * error of this call may be the card's answer to one before; data is copied.
 */
YF_MUST YF_API yf_err yf_perso_store(struct yf_perso *p, uint16_t dgi, yf_span data);
/* The last block: the application is told that it has all. */
YF_MUST YF_API yf_err yf_perso_finish(struct yf_perso *p);
/* STORE DATA to the domain itself: BER-TLV objects (card/issuer.h), in one block. */
YF_MUST YF_API yf_err yf_perso_set(struct yf_perso *p, yf_span objects);

/* SET STATUS: the card's next stage. */
YF_MUST YF_API yf_err yf_perso_stage(struct yf_perso *p, yf_stage to);

#ifdef __cplusplus
}
#endif

#endif
