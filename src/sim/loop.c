/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/sim/loop.h>

static yf_err
transmit(void *state, yf_span cmd, yf_out *rsp)
{
    struct yf_card *card = state;

    if (rsp->err)
        return rsp->err;
    if (rsp->cap - rsp->n < YF_APDU_MAX_SHORT_RSP)
        return YF_E_ROOM;
    yf_card_transmit(card, cmd, rsp);
    return rsp->err;
}

struct yf_transport
yf_sim_loop(struct yf_card *card)
{
    return (struct yf_transport){ transmit, card };
}
