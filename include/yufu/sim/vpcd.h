/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vpcd - a card in the virtual reader of vsmartcard (vpcd, a driver of pcscd), so that
 * any program that speaks PC/SC meets it.
 *
 * The reader listens and the card calls: a TCP connection, messages of a length (two
 * bytes, big-endian) and a body. A body of one byte is a control - 0 power off, 1 power
 * on, 2 reset, 4 the ATR, please - and only the last is answered; a longer one is a
 * command, answered with its response.
 */
#ifndef YUFU_SIM_VPCD_H
#define YUFU_SIM_VPCD_H

#include <yufu/card/card.h>
#include <yufu/wire/cur.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where vpcd of a Debian listens. */
#define YF_VPCD_HOST "127.0.0.1"
#define YF_VPCD_PORT "35963"

enum { YF_VPCD_BODY = 65535 };

struct yf_vpcd {
    struct yf_card *card;
    struct yf_card_parts parts;
    bool on;
    yf_out atr;        // in atr_bytes
    bool atr_set;      // said instead of the card's own
    uint64_t commands; // answered
    uint8_t atr_bytes[YF_CARD_ATR];
    uint8_t in[2 + YF_VPCD_BODY], out[2 + YF_CARD_OUT + 2];
};

/*
 * Power the card up, and be ready to put it in. card is borrowed, and so is what parts
 * names. atr: what to say instead of the card's own, up to YF_CARD_ATR bytes; empty: that.
 * A mute card goes into a reader as well: the error is yf_card_start's, for the user.
 */
YF_MUST YF_API yf_err yf_vpcd_init(struct yf_vpcd *v, struct yf_card *card,
                                   const struct yf_card_parts *parts, yf_span atr);

/* Take the next message from c and append its answer, if it has one; false if it has not all come.
 */
YF_API bool yf_vpcd_step(struct yf_vpcd *v, yf_cur *c, yf_out *answer);

/* Call the reader. YF_E_NOTFOUND: no such host or port; YF_E_IO and errno: it does not listen. */
YF_MUST YF_API yf_err yf_vpcd_dial(const char *host, const char *port, int *fd);

/*
 * Be in the reader until stop (a descriptor; -1: never) can be read from: YF_OK. YF_E_IO
 * when the reader has hung up. A command that has begun is always ended. fd stays open.
 */
YF_MUST YF_API yf_err yf_vpcd_serve(struct yf_vpcd *v, int fd, int stop);

#ifdef __cplusplus
}
#endif

#endif
