/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messaging as a layer under every application: what comes in is taken out of it,
 * what goes out is put into it, and it ends where its standard says.
 *
 *                     in clear             its own messaging   another messaging
 *     plain           as it is             -                   6882
 *     ISO             ends it, then as     unwrapped           ends it, 6882
 *                     it is (9303-11 9.8.3)
 *     SCP03 begun     ends it, then as it is; EXTERNAL AUTHENTICATE stays as it is
 *     SCP03           aborts it, 6982      unwrapped           aborts it, 6982
 *     SCP03 aborted   6982                 6982                6982
 *
 * What is no command, or one for another channel, is a fault as well. SCP03 is after
 * GPC_SPE_014 5.6. A new INITIALIZE UPDATE and a choice of application
 * end it in any of these states and are then commands in clear.
 */
#include "inner.h"

static void
close_channel(struct yf_card *c)
{
    if (c->channel.kind == YF_CHANNEL_ISO)
        yf_sm_close(&c->channel.as.iso);
    else if (c->channel.kind != YF_CHANNEL_PLAIN)
        yf_scp03_close(&c->channel.as.gp);
    yf_wipe(&c->channel, sizeof c->channel);
}

static void
forget_next(struct yf_card *c)
{
    yf_wipe(&c->next, sizeof c->next);
    c->next.cipher = YF_CIPHERS;
}

/* 9303-11 9.8.3: keys deleted, the terminal's access rights reset. */
void
yf_channel_end(struct yf_card *c)
{
    close_channel(c);
    forget_next(c);
    c->shown = 0;
}

/* What stood under SCP03 refuses until something new begins. */
void
yf_channel_fault(struct yf_card *c)
{
    bool gp = c->channel.kind == YF_CHANNEL_SCP03 || c->channel.kind == YF_CHANNEL_ABORTED;

    yf_channel_end(c);
    if (gp)
        c->channel.kind = YF_CHANNEL_ABORTED;
}

static yf_sw
abort_scp03(struct yf_card *c)
{
    yf_channel_fault(c);
    return YF_SW_SECURITY_STATUS;
}

/* ---- down ---- */

/* Does its row say this of the command? */
static bool
flagged(const struct yf_way *w, unsigned flag)
{
    const struct yf_card *c = w->card;
    yf_sw sw;
    const struct yf_command *row = yf_dispatch_row(c->applet, c->stage, &w->cmd, &sw);

    return row && (row->flags & flag);
}

/* Those commands that leave an SCP03 session behind: 5.6, "terminated". */
static bool
begins_anew(const struct yf_way *w)
{
    return yf_select_is_name(&w->cmd) || flagged(w, YF_CMD_ANEW);
}

yf_sw
yf_channel_in_clear(struct yf_way *w)
{
    struct yf_card *c = w->card;
    bool strict = c->channel.kind == YF_CHANNEL_SCP03 || c->channel.kind == YF_CHANNEL_ABORTED;

    if (strict && !begins_anew(w))
        return abort_scp03(c);
    if (c->channel.kind != YF_CHANNEL_PLAIN)
        yf_channel_end(c);
    return YF_SW_OK;
}

static yf_sw
unwrap_iso(struct yf_way *w)
{
    struct yf_card *c = w->card;
    yf_apdu_cmd wrapped = w->cmd;
    yf_err e = yf_sm_unwrap_cmd(&c->channel.as.iso, &wrapped, c->in, sizeof c->in, &w->cmd);

    if (!e) {
        w->wrapped = true;
        return YF_SW_OK;
    }
    yf_channel_end(c);
    return yf_sm_refusal(e);
}

static yf_sw
unwrap_scp03(struct yf_way *w)
{
    struct yf_card *c = w->card;
    yf_apdu_cmd wrapped = w->cmd;

    if (yf_scp03_unwrap_cmd(&c->channel.as.gp, &wrapped, c->in, sizeof c->in, &w->cmd))
        return abort_scp03(c);
    w->wrapped = true;
    return YF_SW_OK;
}

/* Messaging that is not the one in force. */
static yf_sw
unexpected(struct yf_way *w)
{
    struct yf_card *c = w->card;
    enum yf_channel_kind kind = c->channel.kind;
    bool may_open = kind == YF_CHANNEL_PLAIN || kind == YF_CHANNEL_BEGUN;

    if (w->cla.sm == YF_APDU_SM_OWN && may_open && flagged(w, YF_CMD_RAW)) {
        w->opens = true;
        return YF_SW_OK;
    }
    if (kind == YF_CHANNEL_SCP03 || kind == YF_CHANNEL_ABORTED)
        return abort_scp03(c);
    yf_channel_end(c);
    return YF_SW_NO_SM;
}

yf_sw
yf_channel_unwrap(struct yf_way *w)
{
    enum yf_channel_kind kind = w->card->channel.kind;

    if (w->cla.sm == YF_APDU_SM_HEADER && kind == YF_CHANNEL_ISO)
        return unwrap_iso(w);
    if (w->cla.sm == YF_APDU_SM_OWN && kind == YF_CHANNEL_SCP03)
        return unwrap_scp03(w);
    return unexpected(w);
}

/* ---- up ---- */

/* In place: the wrapped response grows over the plain one. */
void
yf_channel_wrap(struct yf_way *w)
{
    struct yf_card *c = w->card;
    yf_apdu_rsp plain = { w->sw, yf_out_span(&w->out) };
    yf_out o = yf_out_of(c->out, sizeof c->out);
    yf_err e = c->channel.kind == YF_CHANNEL_ISO ? yf_sm_wrap_rsp(&c->channel.as.iso, &plain, &o)
                                                 : yf_scp03_wrap_rsp(&c->channel.as.gp, &plain, &o);

    w->out = o;
    if (e || o.err) {
        w->out = yf_out_of(c->out, sizeof c->out);
        w->sw = YF_SW_UNKNOWN;
        w->leaves = true;
    }
}

static void
secure(struct yf_card *c)
{
    close_channel(c);
    if (yf_sm_open(&c->channel.as.iso, c->parts.provider, &c->next))
        return;
    c->channel.kind = YF_CHANNEL_ISO;
    c->channel.shown = c->next_shown;
    c->channel.global = c->next_global;
}

void
yf_channel_next(struct yf_way *w)
{
    struct yf_card *c = w->card;

    if (w->leaves || (w->opens && c->channel.kind == YF_CHANNEL_BEGUN))
        yf_channel_end(c);
    else if (c->next.cipher != YF_CIPHERS && w->sw == YF_SW_OK)
        secure(c);
    forget_next(c);
}
