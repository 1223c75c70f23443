/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the card's core share: one command on its way down and up.
 */
#ifndef YUFU_SRC_CARD_INNER_H
#define YUFU_SRC_CARD_INNER_H

#include <yufu/card/card.h>

/*
 * The class as rows have it: without channel, messaging and, where its class has such a
 * bit, chaining (yf_apdu_cla_parse).
 */
static inline uint8_t
yf_base_class(uint8_t cla)
{
    return cla & (cla & 0x80 ? 0xF0 : 0xE0);
}

struct yf_way {
    struct yf_card *card;
    yf_apdu_cmd cmd; // as it came; later as the application sees it
    yf_apdu_cla cla; // of the command as it came
    bool wrapped;    // it came under the messaging in force, and so does its response
    uint32_t ne;     // what the outside expects
    bool opens;      // it is to open the issuer's channel, or that is over
    bool leaves;     // the messaging ends behind this response
    yf_out out;      // response data, in the card's memory
    yf_sw sw;
};

/* ---- channel.c ---- */

/* The messaging ends, and all that was shown is gone. */
void yf_channel_end(struct yf_card *c);
/* The same, by a fault. */
void yf_channel_fault(struct yf_card *c);
/* A command in clear, or a part of one, has come: YF_SW_OK if it may go on. */
yf_sw yf_channel_in_clear(struct yf_way *w);
/* A whole one under messaging: YF_SW_OK, and w->cmd in clear; else the answer, in clear. */
yf_sw yf_channel_unwrap(struct yf_way *w);
/* w->out becomes what goes out. */
void yf_channel_wrap(struct yf_way *w);
/* What the command asked for comes into force. */
void yf_channel_next(struct yf_way *w);

/* ---- dispatch.c ---- */

/* The applet's row for this class and instruction in this stage; NULL and why not in *sw. */
const struct yf_command *yf_dispatch_row(const struct yf_applet *applet, yf_stage stage,
                                         const yf_apdu_cmd *cmd, yf_sw *sw);
/* A whole command, from its bytes to the bytes that answer it. */
void yf_dispatch(struct yf_card *c, yf_span bytes, yf_out *rsp);

/* ---- select.c ---- */

/* SELECT of an application by its name, and of the MF, which is in the root. */
bool yf_select_is_name(const yf_apdu_cmd *cmd);
bool yf_select_is_mf(const yf_apdu_cmd *cmd);
yf_sw yf_select_name(struct yf_way *w, struct yf_call *call);
/* The root is then selected, and the command goes on to its table. */
yf_sw yf_select_root(struct yf_way *w, struct yf_call *call);
/* Another application, or the same anew; nothing of the one before stays. */
void yf_select_enter(struct yf_card *c, uint8_t number, const struct yf_applet *applet);

/* ---- apps.c ---- */

/* The root and the issuer's domain come at the card's making, within its transaction. */
yf_sw yf_apps_found(struct yf_call *call, uint8_t number, const struct yf_applet *applet,
                    yf_span parameters);

#endif
