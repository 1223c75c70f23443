/* SPDX-License-Identifier: Apache-2.0 */
/* Basic access control, 9303-11 4.3: there if the document's keys were stored. */
#include "parts.h"

/* 6D00: a card without the keys does not have the commands. PACE before it is enough (4.2). */
static yf_sw
basic_may(struct yf_call *call)
{
    if (!given_key(call, YF_TRAVEL_BAC_SEED))
        return YF_SW_WRONG_INS;
    if (yf_need_met(YF_NEED_BASIC, call->shown))
        return YF_SW_CONDITIONS;
    return call->cmd.p1 || call->cmd.p2 ? YF_SW_WRONG_P1P2 : YF_SW_OK;
}

/* 9303-11 4.3.4.1. */
yf_sw
travel_do_get_challenge(struct yf_call *call)
{
    struct travel_ram *ram = yf_call_ram(call);
    yf_sw sw = basic_may(call);
    yf_err e;

    ram->challenged = false;
    if (sw != YF_SW_OK)
        return sw;
    if (call->cmd.data.n || call->cmd.ne < YF_BAC_NONCE)
        return YF_SW_WRONG_LENGTH;
    if ((e = yf_rng_fill(yf_call_rng(call), ram->challenge, sizeof ram->challenge)))
        return yf_call_sw(e);
    ram->challenged = true;
    yf_out_put(call->out, YF_SPAN(ram->challenge));
    return YF_SW_OK;
}

static yf_sw
authenticate(struct yf_call *call, const uint8_t challenge[YF_BAC_NONCE])
{
    const yf_provider *p = yf_call_provider(call);
    uint8_t seed[YF_BAC_SEED], rsp[YF_BAC_MSG];
    struct yf_bac_keys k;
    struct yf_sm_keys sm;
    size_t n = 0;
    yf_err e = YF_OK;
    yf_sw sw = given_read_key(call, YF_TRAVEL_BAC_SEED, seed, sizeof seed, &n);

    if (sw != YF_SW_OK)
        goto out;
    if ((e = yf_bac_keys_of_seed(p, seed, &k)))
        goto out;
    if ((e = yf_bac_card(p, &k, challenge, yf_call_rng(call), call->cmd.data, rsp, &sm)))
        goto out;
    yf_out_put(call->out, YF_SPAN(rsp));
    yf_call_secure(call, &sm, YF_NEED_BASIC, false);
out:
    yf_wipe(seed, sizeof seed);
    yf_wipe(&k, sizeof k);
    yf_wipe(&sm, sizeof sm);
    return sw == YF_SW_OK ? yf_call_sw(e) : sw;
}

/* 9303-11 4.3.4.2. A challenge serves once, whatever comes. */
yf_sw
travel_do_external_authenticate(struct yf_call *call)
{
    struct travel_ram *ram = yf_call_ram(call);
    bool challenged = ram->challenged;
    yf_sw sw = basic_may(call);

    ram->challenged = false;
    if (sw != YF_SW_OK)
        return sw;
    if (!challenged)
        return YF_SW_CONDITIONS;
    return call->cmd.data.n == YF_BAC_MSG ? authenticate(call, ram->challenge) : YF_SW_WRONG_LENGTH;
}
