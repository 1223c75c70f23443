/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hand - commands handed to handlers of the file system and of PINs without a card around
 * them: no table, no messaging, just what has been shown and a store.
 *
 *     struct hand h;
 *     hand_open(&h, YF_FLASH_PAGES);
 *     T(hand(&h, "00A4020C 02 0001") == 0x9000);
 */
#ifndef YUFU_TESTS_HAND_H
#define YUFU_TESTS_HAND_H

#include "hex.h"

#include <yufu/card/card.h>
#include <yufu/card/pin.h>
#include <yufu/sim/flashram.h>

#include <stdlib.h>
#include <string.h>

enum { HAND_APP = 3 };

struct hand {
    struct yf_flashram flash;
    struct yf_card card; // of it only the store, and what is current and shown
    yf_need shown;       // beside what handlers show
    uint8_t mem[YF_CARD_OUT];
    yf_span rsp; // of the last command
};

static const struct {
    uint8_t ins;
    yf_handler run;
} hand_table[] = {
    { 0xA4, yf_do_select },          { 0xB0, yf_do_read_binary },
    { 0xB1, yf_do_read_binary },     { 0xD6, yf_do_update_binary },
    { 0xD7, yf_do_update_binary },   { 0x0E, yf_do_erase_binary },
    { 0xB2, yf_do_read_record },     { 0xDC, yf_do_update_record },
    { 0xE2, yf_do_append_record },   { 0xE0, yf_do_create_file },
    { 0xE4, yf_do_delete_file },     { 0x44, yf_do_activate_file },
    { 0x04, yf_do_deactivate_file }, { 0xE6, yf_do_terminate_file },
    { 0xE8, yf_do_terminate_file },  { 0x20, yf_do_verify },
    { 0x21, yf_do_verify },          { 0x24, yf_do_change_reference },
    { 0x2C, yf_do_reset_retry },
};

static inline bool
hand_open(struct hand *h, uint32_t pages)
{
    memset(h, 0, sizeof *h);
    h->card.app = HAND_APP;
    h->shown = YF_NEED_NOTHING;
    return yf_flashram_open(&h->flash, YF_FLASH_PAGE, pages, YF_FLASH_UNIT) == YF_OK &&
           yf_store_format(&h->card.store, &h->flash.flash) == YF_OK;
}

static inline void
hand_close(struct hand *h)
{
    yf_flashram_close(&h->flash);
}

/* What a reset leaves. */
static inline void
hand_reset(struct hand *h)
{
    h->card.at = (struct yf_files_at){ 0 };
    h->card.shown = 0;
}

/* One command; 6D00 if no handler is for it. The data of an error is dropped, as the card does. */
static inline yf_sw
hand_run(struct hand *h, const yf_apdu_cmd *cmd)
{
    yf_out out = yf_out_of(h->mem, YF_CARD_NE);
    struct yf_call call = { .card = &h->card, .app = HAND_APP, .cmd = *cmd, .out = &out };
    yf_sw sw = YF_SW_WRONG_INS;

    call.shown = h->shown | h->card.shown;
    for (size_t i = 0; i < sizeof hand_table / sizeof hand_table[0]; i++)
        if (hand_table[i].ins == cmd->ins)
            sw = hand_table[i].run(&call);
    h->rsp = yf_out_span(&out);
    if (yf_sw_class_of(sw) != YF_SW_CLASS_NORMAL && yf_sw_class_of(sw) != YF_SW_CLASS_WARNING)
        h->rsp.n = 0;
    return sw;
}

static inline yf_sw
hand(struct hand *h, const char *hex)
{
    uint8_t b[YF_CARD_IN];
    yf_apdu_cmd cmd;

    if (yf_apdu_cmd_parse(hex_span(hex, b, sizeof b), &cmd))
        abort();
    return hand_run(h, &cmd);
}

/* Did the last command answer with this data? */
static inline bool
hand_said(const struct hand *h, const char *hex)
{
    uint8_t b[YF_CARD_NE];

    return yf_span_eq(h->rsp, hex_span(hex, b, sizeof b));
}

#endif
