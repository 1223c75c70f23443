/* SPDX-License-Identifier: Apache-2.0 */
/* Applications and stages: INSTALL, DELETE, STORE DATA, GET STATUS, SET STATUS. */
#include "domain.h"

#include <yufu/wire/tlv.h>

/* The application with exactly this name; 6A88. */
static yf_sw
named(const struct yf_store *s, yf_span aid, struct yf_app *app)
{
    yf_err e = YF_OK;

    for (unsigned from = 0; !e; from = app->number + 1u) {
        e = yf_apps_find(s, aid, from, app);
        if (!e && app->aid_n == aid.n)
            return YF_SW_OK;
    }
    return yf_call_sw(e);
}

static yf_sw
done(struct yf_call *call, yf_sw sw)
{
    if (sw == YF_SW_OK)
        yf_out_u8(call->out, 0); // no confirmation follows
    return sw;
}

/* ---- INSTALL, GPCS 11.5 ---- */

enum { FOR_INSTALL = 0x0C, FOR_PERSONALISATION = 0x20 };

/* A length and that many bytes, as lengths of table 11-43 are coded. */
static yf_span
lv(yf_cur *c)
{
    size_t n = yf_cur_u8(c);

    if (n == 0x81)
        n = yf_cur_u8(c);
    else if (n == 0x82)
        n = yf_cur_u16(c);
    else if (n > 0x82)
        yf_cur_fail(c, YF_E_FORMAT);
    return yf_cur_take(c, n);
}

static bool
all_zero(yf_span s)
{
    uint8_t any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= s.p[i];
    return any == 0;
}

/* Table 11-43. Code is in the card, so the load file's name says nothing; nobody gets privileges.
 */
static yf_sw
install(struct yf_call *call)
{
    yf_cur c = yf_cur_of(call->cmd.data);
    uint8_t number;

    (void)lv(&c);
    yf_span module = lv(&c), aid = lv(&c), privileges = lv(&c), parameters = lv(&c), token = lv(&c);
    yf_span own = { 0 };
    if (yf_cur_done(&c) || token.n || !all_zero(privileges) || aid.n == 0)
        return YF_SW_WRONG_DATA;
    yf_err e = yf_tlv_find(parameters, 0xC9, &own); // table 11-49: the application's own
    if (e && e != YF_E_NOTFOUND)
        return YF_SW_WRONG_DATA;
    return yf_apps_install(call, module.n ? module : aid, aid, own, &number);
}

/* Table 11-47: what STORE DATA brings from now on is for this application. */
static yf_sw
personalise(struct yf_call *call)
{
    struct domain *d = domain_of(call);
    yf_cur c = yf_cur_of(call->cmd.data);
    yf_span empty[5], aid;
    struct yf_app app = { 0 };
    size_t n = 0;
    yf_sw sw;

    empty[0] = lv(&c);
    empty[1] = lv(&c);
    aid = lv(&c);
    for (size_t i = 2; i < 5; i++)
        empty[i] = lv(&c);
    for (size_t i = 0; i < 5; i++)
        n += empty[i].n;
    if (yf_cur_done(&c) || n || aid.n == 0)
        return YF_SW_WRONG_DATA;
    if ((sw = named(yf_call_store(call), aid, &app)) != YF_SW_OK)
        return sw;
    const struct yf_applet *applet = yf_apps_applet(call->card, &app);
    if (!applet || !applet->store)
        return YF_SW_CONDITIONS;
    *d = (struct domain){ .kvn = d->kvn, .personalising = true, .target = app.number };
    return YF_SW_OK;
}

yf_sw
yf_domain_install(struct yf_call *call)
{
    if (call->cmd.p2 != 0)
        return YF_SW_WRONG_P1P2;
    switch (call->cmd.p1) {
    case FOR_INSTALL:
        return done(call, install(call));
    case FOR_PERSONALISATION:
        return done(call, personalise(call));
    default:
        return YF_SW_WRONG_P1P2;
    }
}

/* ---- STORE DATA, GPCS 11.11 ---- */

enum { P1_LAST = 0x80, P1_FORMAT = 0x18, P1_DGI = 0x08, P1_TLV = 0x10, P1_ANSWER = 0x01 };

static void
end_personalisation(struct domain *d)
{
    *d = (struct domain){ .kvn = d->kvn };
}

/* The head of a data grouping: two bytes of name, one of length, or FF and two. */
static void
dgi_head(yf_cur *c, struct domain *d)
{
    uint16_t dgi = yf_cur_u16(c);
    uint32_t total = yf_cur_u8(c);

    if (total == 0xFF)
        total = yf_cur_u16(c);
    d->dgi = dgi;
    d->total = total;
    d->at = 0;
}

/* One block, in pieces as data groupings end in it; none of them is ever held here. */
static yf_sw
dgi_block(struct yf_call *call, struct domain *d)
{
    struct yf_call own = yf_apps_call(call, d->target);
    struct yf_app app;
    yf_cur c = yf_cur_of(call->cmd.data);
    yf_err e = yf_apps_get(yf_call_store(call), d->target, &app);
    const struct yf_applet *applet = e ? NULL : yf_apps_applet(call->card, &app);
    yf_sw sw = YF_SW_OK;

    if (!applet)
        return YF_SW_CONDITIONS;
    own.shown |= call->shown & (YF_NEED_ADMIN | YF_NEED_SECRET);
    while (sw == YF_SW_OK && yf_cur_more(&c)) {
        if (d->at == d->total)
            dgi_head(&c, d);
        if (c.err)
            return YF_SW_WRONG_DATA;
        uint32_t left = d->total - d->at;
        yf_span piece = yf_cur_take(&c, left < c.left ? left : c.left);
        sw = applet->store(&own, d->dgi, d->total, d->at, piece);
        d->at += (uint32_t)piece.n;
    }
    if (sw != YF_SW_OK || !(call->cmd.p1 & P1_LAST))
        return sw;
    if (d->at != d->total)
        return YF_SW_WRONG_DATA;
    return applet->stored ? applet->stored(&own) : YF_SW_OK;
}

/* 11.11.2.2: an error ends the session, and so does the last block. */
yf_sw
yf_domain_store_data(struct yf_call *call)
{
    struct domain *d = domain_of(call);
    uint8_t p1 = call->cmd.p1, format = p1 & P1_FORMAT;
    yf_sw sw = YF_SW_WRONG_P1P2;

    if (!(p1 & ~(P1_LAST | P1_FORMAT | P1_ANSWER)) && call->cmd.p2 == d->block) {
        if (d->personalising && format == P1_DGI)
            sw = dgi_block(call, d);
        else if (!d->personalising && format == P1_TLV)
            sw = yf_domain_store(call, call->cmd.data);
    }
    d->block++;
    if (sw != YF_SW_OK || (p1 & P1_LAST))
        end_personalisation(d);
    return sw;
}

/* ---- DELETE, GPCS 11.2 ---- */

static yf_sw
delete_application(struct yf_call *call, yf_span aid)
{
    struct yf_app app = { 0 };
    yf_sw sw = named(yf_call_store(call), aid, &app);

    if (sw != YF_SW_OK)
        return sw;
    end_personalisation(domain_of(call));
    yf_err e = yf_apps_remove(yf_call_store(call), app.number);
    return e == YF_E_DENIED ? YF_SW_CONDITIONS : yf_call_sw(e);
}

/* Not those of this session: so the issuer cannot shut himself out. */
static yf_sw
delete_keys(struct yf_call *call, uint8_t kvn)
{
    struct yf_store *s = yf_call_store(call);
    uint8_t type, length, mine = domain_of(call)->kvn;
    yf_err e;

    if (mine == 0 || mine == kvn)
        return YF_SW_CONDITIONS;
    if ((e = yf_keys_kind(s, kvn, &type, &length)))
        return yf_call_sw(e);
    if ((e = yf_store_begin(s)))
        return yf_call_sw(e);
    if (!(e = yf_keys_remove(s, kvn)))
        e = yf_store_commit(s);
    if (e)
        yf_store_abort(s);
    return yf_call_sw(e);
}

yf_sw
yf_domain_delete(struct yf_call *call)
{
    yf_cur c = yf_cur_of(call->cmd.data);
    yf_span name = { 0 }, kvn = { 0 };

    if (call->cmd.p1 != 0 || (call->cmd.p2 & 0x7F))
        return YF_SW_WRONG_P1P2;
    if (yf_tlv_maybe(&c, 0x4F, 5, YF_CARD_AID, &name) == yf_tlv_maybe(&c, 0xD2, 1, 1, &kvn) ||
        yf_cur_done(&c))
        return YF_SW_WRONG_DATA;
    return done(call, name.n ? delete_application(call, name) : delete_keys(call, kvn.p[0]));
}

/* ---- GET STATUS, GPCS 11.4 ---- */

/* Security domain, card lock, card terminate; authorised management, global delete, lock, registry.
 */
static const uint8_t domain_privileges[3] = { 0x98, 0x5C, 0x00 }, no_privileges[3];

static void
put_entry(yf_out *o, const struct yf_app *app, uint8_t state, const uint8_t privileges[3])
{
    size_t e3 = yf_tlv_open(o, 0xE3);

    yf_tlv_put(o, 0x4F, (yf_span){ app->aid, app->aid_n });
    yf_tlv_put(o, 0x9F70, (yf_span){ &state, 1 });
    yf_tlv_put(o, 0xC5, (yf_span){ privileges, 3 });
    yf_tlv_close(o, e3);
}

static yf_sw
list_applications(struct yf_call *call, yf_span aid)
{
    struct yf_app app = { 0 };
    yf_err e = YF_OK;
    bool any = false;

    for (unsigned from = 0; !(e = yf_apps_find(yf_call_store(call), aid, from, &app));
         from = app.number + 1u) {
        if (app.number == YF_APP_ISSUER)
            continue;
        put_entry(call->out, &app, app.state, no_privileges);
        any = true;
    }
    return e == YF_E_NOTFOUND && any ? YF_SW_OK : yf_call_sw(e);
}

/* All of them fit one response, so there is no next. There are no load files. */
yf_sw
yf_domain_get_status(struct yf_call *call)
{
    yf_cur c = yf_cur_of(call->cmd.data);
    yf_span aid = yf_tlv_need(&c, 0x4F, 0, YF_CARD_AID), tags;
    struct yf_app self;

    (void)yf_tlv_maybe(&c, 0x5C, 1, 32, &tags);
    if (call->cmd.p2 != 0x02)
        return YF_SW_WRONG_P1P2;
    if (yf_cur_done(&c))
        return YF_SW_WRONG_DATA;
    switch (call->cmd.p1) {
    case 0x80: {
        yf_err e = yf_apps_get(yf_call_store(call), call->app, &self);
        if (!e)
            put_entry(call->out, &self, yf_stage_code(yf_call_stage(call)), domain_privileges);
        return yf_call_sw(e);
    }
    case 0x40:
        return list_applications(call, aid);
    case 0x20:
    case 0x10:
        return YF_SW_REFERENCE_NOT_FOUND;
    default:
        return YF_SW_WRONG_P1P2;
    }
}

/* ---- SET STATUS, GPCS 11.10 ---- */

/*
 * From maker to maker only with keys that were put in this stage: whoever had the
 * card before has then none that is good.
 */
static yf_sw
advance(struct yf_call *call, uint8_t code)
{
    yf_stage now = yf_call_stage(call), to;
    yf_err e = YF_OK;

    if (yf_stage_of(code, &to))
        return YF_SW_WRONG_P1P2;
    if (to <= YF_STAGE_ACTIVE)
        e = yf_keys_fresh(yf_call_store(call), now);
    if (!e)
        e = yf_call_advance(call, to);
    return e == YF_E_DENIED ? YF_SW_CONDITIONS : yf_call_sw(e);
}

static yf_sw
lock(struct yf_call *call, bool locked)
{
    struct yf_app app = { 0 };
    yf_sw sw = named(yf_call_store(call), call->cmd.data, &app);

    if (sw != YF_SW_OK)
        return sw;
    if ((app.state == YF_APP_LOCKED) == locked)
        return YF_SW_CONDITIONS;
    yf_err e =
        yf_apps_set(yf_call_store(call), app.number, locked ? YF_APP_LOCKED : YF_APP_SELECTABLE);
    return e == YF_E_DENIED ? YF_SW_CONDITIONS : yf_call_sw(e);
}

yf_sw
yf_domain_set_status(struct yf_call *call)
{
    switch (call->cmd.p1) {
    case 0x80:
        return advance(call, call->cmd.p2);
    case 0x40:
        return lock(call, call->cmd.p2 & 0x80);
    default:
        return YF_SW_WRONG_P1P2;
    }
}
