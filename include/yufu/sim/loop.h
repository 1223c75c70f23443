/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loop - a card in this process, as a transport: a function call for a reader.
 */
#ifndef YUFU_SIM_LOOP_H
#define YUFU_SIM_LOOP_H

#include <yufu/card/card.h>
#include <yufu/wire/transport.h>

/* The card is borrowed and started; it answers as long as the transport is used.
 * YF_E_ROOM without room for the longest short response. */
YF_API struct yf_transport yf_sim_loop(struct yf_card *card);

#endif
