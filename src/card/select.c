/* SPDX-License-Identifier: Apache-2.0 */
/* Which application answers: 7816-4 7.1.1, GPCS 11.9. */
#include "inner.h"

enum { INS_SELECT = 0xA4, BY_IDENTIFIER = 0x00, BY_NAME = 0x04 };
enum { NEXT = 0x02, NO_ANSWER = 0x0C, P2_KNOWN = NEXT | NO_ANSWER };

static bool
is_select(const yf_apdu_cmd *cmd)
{
    return yf_base_class(cmd->cla) == 0 && cmd->ins == INS_SELECT;
}

bool
yf_select_is_name(const yf_apdu_cmd *cmd)
{
    return is_select(cmd) && cmd->p1 == BY_NAME;
}

/* Identifier 3F00 or none (7816-4 7.1.1 and table 39). */
bool
yf_select_is_mf(const yf_apdu_cmd *cmd)
{
    static const uint8_t mf[] = { 0x3F, 0x00 };

    return is_select(cmd) && cmd->p1 == BY_IDENTIFIER &&
           (cmd->data.n == 0 || yf_span_eq(cmd->data, YF_SPAN(mf)));
}

void
yf_select_enter(struct yf_card *c, uint8_t number, const struct yf_applet *applet)
{
    c->app = number;
    c->applet = applet;
    c->shown = 0;
    c->at = (struct yf_files_at){ 0 };
    yf_wipe(&c->ram, sizeof c->ram);
}

/* Messaging that is global goes along; that of one application stays with it. */
static bool
stays(const struct yf_channel *ch, bool same)
{
    return ch->kind == YF_CHANNEL_ISO && (ch->global || same);
}

static void
change(struct yf_way *w, struct yf_call *call, uint8_t number, const struct yf_applet *applet)
{
    struct yf_card *c = w->card;

    if (c->applet->left)
        c->applet->left(call);
    w->leaves = w->wrapped && !stays(&c->channel, number == c->app);
    yf_select_enter(c, number, applet);
    call->app = number;
    call->shown = YF_NEED_NOTHING;
    if (w->wrapped && !w->leaves)
        call->shown |= YF_NEED_SM | c->channel.shown;
}

/* Only if the root has an answer to it. */
yf_sw
yf_select_root(struct yf_way *w, struct yf_call *call)
{
    struct yf_card *c = w->card;
    const struct yf_applet *root = c->parts.applets[YF_APP_ROOT];
    yf_sw sw = YF_SW_OK;

    if (c->app == YF_APP_ROOT)
        return YF_SW_OK;
    if (c->stage == YF_STAGE_LOCKED)
        return YF_SW_NO_FUNCTION;
    if (!yf_dispatch_row(root, c->stage, &w->cmd, &sw))
        return sw;
    if (w->cmd.p2 & ~NO_ANSWER)
        return YF_SW_WRONG_P1P2;
    change(w, call, YF_APP_ROOT, root);
    return YF_SW_OK;
}

/* ---- by name ---- */

/* No name at all is the issuer's domain's (GPCS 11.9.2.3). */
static yf_err
find(const struct yf_card *c, yf_span name, unsigned from, struct yf_app *app)
{
    if (name.n == 0 && from == 0)
        return yf_apps_get(&c->store, YF_APP_ISSUER, app);
    return name.n ? yf_apps_find(&c->store, name, from, app) : YF_E_NOTFOUND;
}

/* The first, or the next after the selected one, that can be selected. */
static yf_err
choose(const struct yf_card *c, const yf_apdu_cmd *cmd, struct yf_app *app)
{
    unsigned from = cmd->p2 & NEXT ? c->app + 1u : 0;
    yf_err e;

    while (!(e = find(c, cmd->data, from, app))) {
        if (app->state == YF_APP_SELECTABLE && yf_apps_applet(c, app))
            return YF_OK;
        from = app->number + 1u;
    }
    return e;
}

/* GPCS 11.9.3.2: a locked card has one application, and says that it is locked. */
static yf_sw
answer(struct yf_way *w, struct yf_call *call)
{
    const struct yf_applet *applet = w->card->applet;
    yf_sw sw = applet->selected ? applet->selected(call) : YF_SW_OK;

    if ((w->cmd.p2 & NO_ANSWER) == NO_ANSWER)
        w->out.n = 0;
    if (sw == YF_SW_OK && w->card->stage == YF_STAGE_LOCKED)
        sw = YF_SW_FILE_DEACTIVATED;
    return sw;
}

yf_sw
yf_select_name(struct yf_way *w, struct yf_call *call)
{
    struct yf_card *c = w->card;
    unsigned control = w->cmd.p2 & NO_ANSWER;
    struct yf_app app;
    yf_err e;

    if (c->stage == YF_STAGE_TERMINATED)
        return YF_SW_WRONG_INS;
    if ((w->cmd.p2 & ~P2_KNOWN) || (control && control != NO_ANSWER))
        return YF_SW_WRONG_P1P2;
    if (w->cmd.data.n > YF_CARD_AID)
        return YF_SW_WRONG_DATA;
    if ((e = choose(c, &w->cmd, &app)))
        return e == YF_E_NOTFOUND ? YF_SW_FILE_NOT_FOUND : yf_call_sw(e);
    if (c->stage == YF_STAGE_LOCKED && app.number != YF_APP_ISSUER)
        return YF_SW_NO_FUNCTION;
    change(w, call, app.number, yf_apps_applet(c, &app));
    return answer(w, call);
}
