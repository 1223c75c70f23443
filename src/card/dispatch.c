/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way of a command: its bytes, its class, GET RESPONSE, messaging in clear, chaining,
 * messaging, the choice of an application or the table of the one chosen, what its row
 * needs, its handler; then the response's data, its messaging, its pieces.
 *
 * What one step refuses does not reach the next. docs/card.md has the status words.
 */
#include "inner.h"

enum { INS_GET_RESPONSE = 0xC0 };

/* ---- which row ---- */

/* A row for another stage is as if it were not there: 6D00 and 6E00 tell nothing of other stages.
 */
const struct yf_command *
yf_dispatch_row(const struct yf_applet *applet, yf_stage stage, const yf_apdu_cmd *cmd, yf_sw *sw)
{
    uint8_t cla = yf_base_class(cmd->cla);
    bool known = cla == 0 && stage != YF_STAGE_TERMINATED; // there is SELECT

    for (size_t i = 0; i < applet->n_commands; i++) {
        const struct yf_command *row = &applet->commands[i];

        if (row->cla != cla || !(row->stages & YF_IN(stage)))
            continue;
        if (row->ins == cmd->ins)
            return row;
        known = true;
    }
    *sw = known ? YF_SW_WRONG_INS : YF_SW_WRONG_CLA;
    return NULL;
}

/* ---- down ---- */

/* What has been shown to this application when this command comes. */
static yf_need
shown(const struct yf_way *w)
{
    const struct yf_card *c = w->card;
    yf_need bits = YF_NEED_NOTHING | c->shown;

    if (w->wrapped)
        bits |= c->channel.shown;
    if (w->wrapped && c->channel.kind == YF_CHANNEL_ISO)
        bits |= YF_NEED_SM;
    return bits;
}

static yf_sw
run_row(struct yf_call *call)
{
    const struct yf_card *c = call->card;
    yf_sw sw = YF_SW_OK;

    call->row = yf_dispatch_row(c->applet, c->stage, &call->cmd, &sw);
    if (!call->row)
        return sw;
    if (!yf_need_met(call->row->need, call->shown))
        return YF_SW_SECURITY_STATUS;
    return call->row->run(call);
}

static yf_sw
run(struct yf_way *w)
{
    struct yf_card *c = w->card;
    struct yf_call call = {
        .card = c, .app = c->app, .cmd = w->cmd, .shown = shown(w), .out = &w->out
    };

    if (w->cmd.data.n > YF_CARD_NC)
        return YF_SW_WRONG_LENGTH;
    if (yf_select_is_name(&w->cmd))
        return yf_select_name(w, &call);
    if (yf_select_is_mf(&w->cmd)) {
        yf_sw sw = yf_select_root(w, &call);

        if (sw != YF_SW_OK)
            return sw;
    }
    return run_row(&call);
}

/* May a chain of this begin, and is it joined here? */
static yf_sw
chain_begins(const struct yf_way *w, bool *joined)
{
    const struct yf_card *c = w->card;
    yf_sw sw = YF_SW_OK;
    const struct yf_command *row = yf_dispatch_row(c->applet, c->stage, &w->cmd, &sw);

    if (yf_select_is_name(&w->cmd))
        return YF_SW_NO_CHAINING;
    if (!row)
        return sw;
    *joined = !(row->flags & YF_CMD_STEPS);
    return (row->flags & (YF_CMD_STEPS | YF_CMD_CHAIN)) ? YF_SW_OK : YF_SW_NO_CHAINING;
}

/* *whole if w->cmd is now a whole command. */
static yf_sw
join(struct yf_way *w, bool *whole)
{
    struct yf_apdu_chain *chain = &w->card->chain;
    bool joined = chain->open;
    yf_sw sw = YF_SW_OK;
    yf_apdu_cmd part = w->cmd;

    *whole = true;
    if (w->cla.chained && !chain->open)
        sw = chain_begins(w, &joined);
    if (sw != YF_SW_OK || !joined)
        return sw;
    switch (yf_apdu_chain_add(chain, &part, &w->cmd, whole)) {
    case YF_OK:
        return YF_SW_OK;
    case YF_E_STATE:
        return YF_SW_LAST_OF_CHAIN;
    default:
        return YF_SW_WRONG_LENGTH;
    }
}

static yf_sw
down(struct yf_way *w)
{
    bool whole;
    yf_sw sw;

    if (w->cla.sm == YF_APDU_SM_NONE && (sw = yf_channel_in_clear(w)) != YF_SW_OK)
        return sw;
    if ((sw = join(w, &whole)) != YF_SW_OK && w->cla.sm != YF_APDU_SM_NONE)
        yf_channel_fault(w->card); // its answer is in clear
    if (sw != YF_SW_OK || !whole)
        return sw;
    if (w->cla.sm != YF_APDU_SM_NONE && (sw = yf_channel_unwrap(w)) != YF_SW_OK)
        return sw;
    return run(w);
}

/* ---- up ---- */

static void
drop_data(struct yf_way *w)
{
    yf_wipe(w->card->out, w->out.n);
    w->out.n = 0;
}

/* Of an error only its status word goes out. */
static void
settle(struct yf_way *w)
{
    yf_sw_class k = yf_sw_class_of(w->sw);

    if (k == YF_SW_CLASS_INVALID || w->out.err) {
        w->sw = YF_SW_UNKNOWN;
        k = YF_SW_CLASS_CHECKING;
        w->out.err = YF_OK;
    }
    if (k == YF_SW_CLASS_EXECUTION || k == YF_SW_CLASS_CHECKING)
        drop_data(w);
}

/* Under messaging there are no pieces: what does not fit the Le inside has another one. */
static void
fit_inside(struct yf_way *w)
{
    size_t n = w->out.n;

    if (n <= w->cmd.ne)
        return;
    drop_data(w);
    if (w->cmd.ne)
        w->sw = n <= 256 ? yf_sw_wrong_le(n) : YF_SW_WRONG_LENGTH;
}

/* The next piece of what is held: as much as is expected and fits. */
static void
give(struct yf_card *c, uint32_t ne, yf_out *rsp)
{
    size_t room = rsp->cap - rsp->n - 2;
    uint32_t n = c->held < ne ? c->held : ne;

    if (n > room)
        n = (uint32_t)room;
    yf_out_put(rsp, (yf_span){ c->out + c->held_at, n });
    c->held_at += n;
    c->held -= n;
    yf_out_u16(rsp, c->held ? yf_sw_more(c->held) : c->held_sw);
    if (!c->held)
        yf_wipe(c->out, sizeof c->out);
}

/* 7816-3 12.1: who sends no Le gets no data - but for the MAC of messaging. */
static void
up(struct yf_way *w, yf_out *rsp)
{
    struct yf_card *c = w->card;

    settle(w);
    if (w->wrapped) {
        fit_inside(w);
        yf_channel_wrap(w);
        w->ne = w->ne ? w->ne : 256;
    }
    yf_channel_next(w);
    c->held_at = 0;
    c->held = w->ne ? (uint32_t)w->out.n : 0;
    c->held_sw = w->sw;
    give(c, w->ne, rsp);
    if (!c->chain.open)
        yf_wipe(c->in, sizeof c->in);
}

/* ---- 7816-4 7.6.1: the rest of a response; outside messaging and chaining ---- */

static bool
is_get_response(const struct yf_way *w)
{
    return yf_base_class(w->cmd.cla) == 0 && w->cmd.ins == INS_GET_RESPONSE &&
           w->cla.sm == YF_APDU_SM_NONE && !w->cla.chained;
}

static yf_sw
get_response_wrong(const struct yf_way *w)
{
    if (w->cmd.p1 || w->cmd.p2)
        return YF_SW_WRONG_P1P2;
    if (w->cmd.data.n || !w->cmd.ne)
        return YF_SW_WRONG_LENGTH;
    return YF_SW_OK;
}

/* ---- all of it ---- */

static yf_sw
arrive(struct yf_way *w, yf_span bytes)
{
    yf_err e = yf_apdu_cmd_parse(bytes, &w->cmd);

    if (e)
        return YF_SW_WRONG_LENGTH;
    if (yf_apdu_cla_parse(w->cmd.cla, &w->cla))
        return YF_SW_WRONG_CLA;
    w->ne = w->cmd.ne;
    return w->cla.channel ? YF_SW_NO_CHANNEL : YF_SW_OK;
}

void
yf_dispatch(struct yf_card *c, yf_span bytes, yf_out *rsp)
{
    struct yf_way w = { .card = c, .out = yf_out_of(c->out, sizeof c->out) };
    yf_sw sw = arrive(&w, bytes);

    if (sw == YF_SW_OK && c->held && is_get_response(&w)) {
        if ((sw = get_response_wrong(&w)) == YF_SW_OK)
            give(c, w.ne, rsp);
        else
            yf_out_u16(rsp, sw);
        return;
    }
    c->held = 0;
    yf_wipe(c->out, sizeof c->out);
    if (sw != YF_SW_OK)
        yf_channel_fault(c);
    w.sw = sw == YF_SW_OK ? down(&w) : sw;
    up(&w, rsp);
}
