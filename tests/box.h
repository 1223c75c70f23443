/* SPDX-License-Identifier: Apache-2.0 */
/*
 * box - a card on a test's table: made with its flash in memory, started, talked to.
 *
 *     struct box b;
 *     box_open(&b, applets);
 *     T(box_say(&b, BYTES(0x80, 0xCA, 0x00, 0x00, 0x00)) == YF_SW_OK);
 *     T_SPAN(b.data, YF_STR("serial"));
 *     box_close(&b);
 */
#ifndef YUFU_TESTS_BOX_H
#define YUFU_TESTS_BOX_H

#include "rng.h"

#include <yufu/card/card.h>
#include <yufu/sim/flashram.h>

struct box {
    struct yf_flashram flash;
    struct rnd rnd;
    struct yf_card_parts parts;
    struct yf_card card;
    uint8_t rsp[YF_CARD_OUT + 2];
    yf_span data; // of the last response
};

/* Serial "serial", AES-128 transport keys 40 41 ... 4F each. Asserts that all went well. */
void box_open(struct box *b, const struct yf_applet *const *applets);
void box_close(struct box *b);
/* Power off and on. */
yf_err box_restart(struct box *b);

/* Send a command; its response data is b->data until the next one. */
yf_sw box_say(struct box *b, yf_span cmd);
/* The same for one that is built from its fields. */
yf_sw box_do(struct box *b, const yf_apdu_cmd *cmd);
/* SELECT by name, P2 = 00, Le = 00. */
yf_sw box_select(struct box *b, yf_span aid);

/* What an applet's functions are given, for tests that call past the dispatcher. */
struct yf_call box_call(struct box *b, uint8_t app, yf_out *o);
/* Through the stages of life up to this one, or as far as one can go. */
void box_advance(struct box *b, yf_stage to);

extern const struct yf_scp03_keys box_keys;

#endif
