/* SPDX-License-Identifier: Apache-2.0 */
/*
 * line - a card's way from the chip maker to its holder: at each station its owner
 * opens the channel with his keys, does his work, puts the keys of the next owner in
 * place of his own, and passes the card on.
 *
 *     station  stage     owner
 *     0        CHIP      chip maker     (his keys are the transport keys, version FF)
 *     1        CARD      card maker
 *     2        PERSO     personaliser
 *     3        ISSUER    issuer
 *     4        ACTIVE    issuer, while the holder has the card
 *
 * The keys of each are his master key's, diversified for the card (proto/diversify.h),
 * under the station's number as key version.
 */
#ifndef YUFU_ISSUER_LINE_H
#define YUFU_ISSUER_LINE_H

#include <yufu/issuer/perso.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_LINE_STATIONS = 5, YF_LINE_LEVEL = 0x33 };

struct yf_line_station {
    uint8_t master[YF_CIPHER_KEY_MAX]; // of the line's cipher; secret
    /* What is done here, with the channel open; NULL: nothing. Errors stop the line. */
    yf_err (*work)(struct yf_perso *p, void *arg);
    void *arg;
};

struct yf_line {
    enum yf_cipher_id cipher;
    struct yf_line_station station[YF_LINE_STATIONS];
};

/*
 * The keys of a station's owner for one card. The chip maker's are those a card is made with
 * (yf_card_make), for the last 10 bytes of its serial number, zeros before a shorter one.
 */
YF_MUST YF_API yf_err yf_line_keys(const struct yf_line *l, const yf_provider *provider,
                                   unsigned station, const uint8_t *diversification,
                                   struct yf_scp03_keys *keys);
/* Open the channel as the owner of a station; p is started. */
YF_MUST YF_API yf_err yf_line_open(const struct yf_line *l, struct yf_perso *p, unsigned station);
/*
 * From the stage the card is in to `to`, up to ACTIVE, and the work there as well. No
 * channel is open at the end.
 */
YF_MUST YF_API yf_err yf_line_run(const struct yf_line *l, struct yf_perso *p, yf_stage to);

#ifdef __cplusplus
}
#endif

#endif
