/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcsc - a card in a reader of this machine, through PC/SC, as a transport.
 *
 * The card is ours from open to close: other programs wait meanwhile. It is reset at
 * both ends, so that nobody comes into a session somebody else opened. It speaks T=1, as
 * readers say that contactless cards do too.
 *
 * Errors: YF_E_NOTFOUND (no such reader, no card in it), YF_E_STATE (another program
 * has the card for itself), YF_E_FORMAT (a name that fits several readers), YF_E_ROOM,
 * YF_E_UNSUPPORTED (a card of T=0 alone), YF_E_IO (the rest: no service, the card is mute or gone).
 */
#ifndef YUFU_READER_PCSC_H
#define YUFU_READER_PCSC_H

#include <yufu/wire/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_PCSC_WHY = 192 }; // bytes of a reason, its NUL included

typedef struct yf_pcsc yf_pcsc;

/* Every reader, and whether a card is in it. None is no error. */
YF_MUST YF_API yf_err yf_pcsc_list(void (*each)(void *arg, const char *name, bool card), void *arg,
                                   char why[YF_PCSC_WHY]);

/* The card in the reader of that name, or in the only reader whose name contains it. */
YF_MUST YF_API yf_err yf_pcsc_open(const char *name, yf_pcsc **r, char why[YF_PCSC_WHY]);

/* The full name of its reader, and the card's answer to reset. */
YF_API const char *yf_pcsc_name(const yf_pcsc *r);
YF_API yf_span yf_pcsc_atr(const yf_pcsc *r);

/* Lives as long as r. After an error yf_pcsc_why says what PC/SC says. */
YF_API struct yf_transport yf_pcsc_transport(yf_pcsc *r);
YF_API const char *yf_pcsc_why(const yf_pcsc *r);

/* A warm reset, and the ATR anew. */
YF_MUST YF_API yf_err yf_pcsc_reset(yf_pcsc *r);

YF_API void yf_pcsc_close(yf_pcsc *r);

#ifdef __cplusplus
}
#endif

#endif
