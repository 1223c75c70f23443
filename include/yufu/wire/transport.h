/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transport - the one place where a card and a reader meet: a function that
 * sends a command and receives its response.
 *
 * Whoever opens a card - PC/SC, a simulator in the same process, secure
 * messaging around either - fills a struct yf_transport and owns its state for
 * as long as anyone uses it. One command at a time; a transport is not shared
 * between threads.
 */
#ifndef YUFU_WIRE_TRANSPORT_H
#define YUFU_WIRE_TRANSPORT_H

#include <yufu/wire/apdu.h>

#ifdef __cplusplus
extern "C" {
#endif

struct yf_transport {
    /*
     * Send the bytes of one command and append the bytes of its response (data,
     * SW1, SW2) to rsp. cmd and rsp do not overlap; cmd may be a secret and is
     * not kept. A status word is not an error, whatever it says.
     *
     * YF_E_IO    the card is gone, or the way to it; no later call will succeed
     * YF_E_ROOM  the response does not fit rsp; what was received is lost
     */
    yf_err (*transmit)(void *state, yf_span cmd, yf_out *rsp);
    void *state;
};

/*
 * Send cmd and follow 61xx and 6Cxx to the whole response (yf_apdu_fetch), in
 * memory that holds the command's bytes next to the response:
 * at least YF_APDU_MAX_SHORT_CMD + YF_APDU_MAX_SHORT_RSP for short commands.
 * rsp->data lies at its start; the command's bytes are wiped from it.
 *
 * Errors of transmit are handed on; YF_E_SHORT and YF_E_FORMAT say that the card
 * answered something that is no response, YF_E_ROOM that mem is too small.
 */
YF_MUST YF_API yf_err yf_transport_exchange(const struct yf_transport *t, const yf_apdu_cmd *cmd,
                                            uint8_t *mem, size_t cap, yf_apdu_rsp *rsp);

#ifdef __cplusplus
}
#endif

#endif
