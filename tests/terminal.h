/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal - the least a terminal can be, for tests: it speaks to a card in this process,
 * in clear or under secure messaging, and tells every status word as it came.
 *
 * It judges nothing and forgives nothing; what a reader makes of a document is
 * reader/session's.
 */
#ifndef YUFU_TESTS_TERMINAL_H
#define YUFU_TESTS_TERMINAL_H

#include "rng.h"

#include <yufu/card/card.h>
#include <yufu/proto/pace.h>

/* No status word of a card: the response's MAC is wrong, or absent. */
enum { TERMINAL_BROKEN = 0x6FFF };

struct terminal {
    struct yf_card *card;
    yf_rng rng;
    bool secure; // under sm
    struct yf_sm sm;
    yf_span data; // of the last response, in clear
    yf_sw bare;   // its status word as it came, outside messaging
    void (*tell)(void *told, yf_span cmd, yf_span rsp); // each exchange as it went; may be NULL
    void *told;
    uint8_t cmd[YF_CARD_IN + 64], rsp[YF_CARD_OUT + 512];
};

void terminal_open(struct terminal *t, struct yf_card *card, yf_rng rng);
/* Forget the session; the card may not have. */
void terminal_forget(struct terminal *t);
/* Reset the card, and forget the session. */
void terminal_reset(struct terminal *t);

/*
 * A command and all of its response (61xx), wrapped if the session is secure, its response
 * unwrapped: the status word inside. A bare error under messaging ends the session, as it does the
 * card's.
 */
yf_sw terminal_send(struct terminal *t, const yf_apdu_cmd *cmd);
/* The same, the command in clear written as hex: "00a4020c02011e". */
yf_sw terminal_say(struct terminal *t, const char *hex);
/* Bytes as they are, never wrapped. */
yf_sw terminal_raw(struct terminal *t, yf_span bytes);

yf_sw terminal_select_travel(struct terminal *t);
/* Each to the end, or to the first status word that is not 9000. */
yf_sw terminal_bac(struct terminal *t, const uint8_t seed[16]);
yf_sw terminal_pace(struct terminal *t, const struct yf_pace_suite *suite,
                    enum yf_pace_password kind, yf_span secret);
/* key_id -1: not said. KAT: by MSE:Set KAT instead of GENERAL AUTHENTICATE. */
yf_sw terminal_chip(struct terminal *t, enum yf_cipher_id cipher, bool kat, const yf_curve *curve,
                    yf_span point, int32_t key_id);

/*
 * SELECT by FID and READ BINARY from 0, with odd INS from 32768 on, to the end of the file
 * or of mem. *n is what came.
 */
yf_sw terminal_read(struct terminal *t, uint16_t fid, uint8_t *mem, size_t cap, size_t *n);

#endif
