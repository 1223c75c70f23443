/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: in a session, a card that takes what comes in clear for the issuer's. */
#include <yufu/card/card.h>

static void
faulty_transmit(struct yf_card *c, yf_span cmd, yf_out *rsp)
{
    struct yf_call call = { .card = c, .app = c->app, .shown = c->channel.shown, .out = rsp };

    if (c->channel.kind == YF_CHANNEL_SCP03 && !yf_apdu_cmd_parse(cmd, &call.cmd))
        for (size_t i = 0; i < c->applet->n_commands; i++) {
            const struct yf_command *row = &c->applet->commands[i];
            if (call.cmd.cla == 0x80 && row->ins == call.cmd.ins && (row->need & YF_NEED_ADMIN)) {
                yf_out_u16(rsp, row->run(&call));
                return;
            }
        }
    yf_card_transmit(c, cmd, rsp);
}

#define yf_card_transmit faulty_transmit
#include "card_issuer.c"
