/* SPDX-License-Identifier: Apache-2.0 */
/* What a handler may ask of the card: applet.h. */
#include <yufu/card/card.h>

struct yf_store *
yf_call_store(const struct yf_call *call)
{
    return &call->card->store;
}

const yf_provider *
yf_call_provider(const struct yf_call *call)
{
    return call->card->parts.provider;
}

const yf_rng *
yf_call_rng(const struct yf_call *call)
{
    return &call->card->parts.rng;
}

yf_stage
yf_call_stage(const struct yf_call *call)
{
    return call->card->stage;
}

/* ---- what belongs to the selected application ---- */

static struct yf_card *
selected(const struct yf_call *call)
{
    if (call->app != call->card->app)
        yf_halt();
    return call->card;
}

void *
yf_call_ram(const struct yf_call *call)
{
    return &selected(call)->ram;
}

struct yf_files_at *
yf_call_at(const struct yf_call *call)
{
    return &selected(call)->at;
}

void
yf_call_show(struct yf_call *call, yf_need bits)
{
    selected(call)->shown |= bits;
    call->shown |= bits;
}

void
yf_call_withdraw(struct yf_call *call, yf_need bits)
{
    selected(call)->shown &= (yf_need)~bits;
    call->shown &= (yf_need)~bits;
}

void
yf_call_secure(struct yf_call *call, const struct yf_sm_keys *keys, yf_need bits, bool global)
{
    struct yf_card *c = selected(call);

    c->next = *keys;
    c->next_shown = bits;
    c->next_global = global;
}

/* ---- the issuer's channel ---- */

struct yf_scp03 *
yf_call_channel_begin(struct yf_call *call)
{
    struct yf_channel *ch = &selected(call)->channel;

    if (ch->kind != YF_CHANNEL_PLAIN)
        return NULL;
    ch->kind = YF_CHANNEL_BEGUN;
    return &ch->as.gp;
}

struct yf_scp03 *
yf_call_channel_begun(struct yf_call *call)
{
    struct yf_channel *ch = &selected(call)->channel;

    return ch->kind == YF_CHANNEL_BEGUN ? &ch->as.gp : NULL;
}

void
yf_call_channel_stands(struct yf_call *call, yf_need bits)
{
    struct yf_channel *ch = &selected(call)->channel;

    if (ch->kind != YF_CHANNEL_BEGUN)
        yf_halt();
    ch->kind = YF_CHANNEL_SCP03;
    ch->global = false;
    ch->shown = bits;
}

/* ---- the card ---- */

yf_err
yf_call_advance(struct yf_call *call, yf_stage to)
{
    yf_err e = yf_life_advance(yf_call_store(call), to);

    if (e)
        return e;
    call->card->stage = to;
    return to == YF_STAGE_TERMINATED ? yf_apps_bury(yf_call_store(call)) : YF_OK;
}

yf_sw
yf_call_sw(yf_err e)
{
    switch (e) {
    case YF_OK:
        return YF_SW_OK;
    case YF_E_SHORT:
        return YF_SW_WRONG_LENGTH;
    case YF_E_FORMAT:
        return YF_SW_WRONG_DATA;
    case YF_E_ROOM:
        return YF_SW_NO_MEMORY;
    case YF_E_STATE:
        return YF_SW_CONDITIONS;
    case YF_E_DENIED:
        return YF_SW_SECURITY_STATUS;
    case YF_E_AUTH:
        return YF_SW_WARNING_CHANGED;
    case YF_E_NOTFOUND:
        return YF_SW_REFERENCE_NOT_FOUND;
    case YF_E_IO:
        return YF_SW_MEMORY;
    case YF_E_UNSUPPORTED:
        return YF_SW_NO_FUNCTION;
    }
    return YF_SW_UNKNOWN;
}
