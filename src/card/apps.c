/* SPDX-License-Identifier: Apache-2.0 */
#include "inner.h"

#include <string.h>

enum { AID_MIN = 5 }; // a registered provider's identifier, 7816-4 8.2.1.2

/* One object an application:  state | n module | n aid, in a record of one size. */
enum { RECORD = 1 + 2 * (1 + YF_CARD_AID) };

static yf_obj
object(uint8_t number)
{
    return YF_OBJ(0, YF_OBJ_CARD, YF_CARD_APP + number);
}

static void
put_name(yf_out *o, const uint8_t *name, uint8_t n)
{
    yf_out_u8(o, n);
    yf_out_put(o, (yf_span){ name, YF_CARD_AID });
}

static yf_err
put(struct yf_store *s, const struct yf_app *app)
{
    uint8_t record[RECORD];
    yf_out o = yf_out_of(record, sizeof record);
    yf_span bytes;

    yf_out_u8(&o, app->state);
    put_name(&o, app->module, app->module_n);
    put_name(&o, app->aid, app->aid_n);
    yf_err e = yf_out_done(&o, &bytes);
    return e ? e : yf_store_put(s, object(app->number), bytes);
}

static uint8_t
get_name(yf_cur *c, uint8_t *name)
{
    uint8_t n = yf_cur_u8(c);
    yf_span bytes = yf_cur_take(c, YF_CARD_AID);

    if (n > YF_CARD_AID)
        yf_cur_fail(c, YF_E_FORMAT);
    if (!c->err)
        memcpy(name, bytes.p, bytes.n);
    return n;
}

yf_err
yf_apps_get(const struct yf_store *s, uint8_t number, struct yf_app *app)
{
    uint8_t record[RECORD];
    struct yf_app r = { .number = number };
    yf_err e;

    if (number >= YF_CARD_APPS)
        return YF_E_NOTFOUND;
    if ((e = yf_store_read(s, object(number), 0, record, sizeof record)))
        return e;
    yf_cur c = yf_cur_of(YF_SPAN(record));
    r.state = yf_cur_u8(&c);
    r.module_n = get_name(&c, r.module);
    r.aid_n = get_name(&c, r.aid);
    if (!(e = yf_cur_done(&c)))
        *app = r;
    return e;
}

static bool
begins(const struct yf_app *app, yf_span name)
{
    return name.n <= app->aid_n && memcmp(app->aid, name.p, name.n) == 0;
}

yf_err
yf_apps_find(const struct yf_store *s, yf_span aid, unsigned from, struct yf_app *app)
{
    for (unsigned n = from; n < YF_CARD_APPS; n++) {
        struct yf_app one;
        yf_err e = yf_apps_get(s, (uint8_t)n, &one);

        if (e && e != YF_E_NOTFOUND)
            return e;
        if (!e && one.state != YF_APP_REMOVED && begins(&one, aid)) {
            *app = one;
            return YF_OK;
        }
    }
    return YF_E_NOTFOUND;
}

static const struct yf_applet *
applet_named(const struct yf_card *c, yf_span module)
{
    for (const struct yf_applet *const *a = c->parts.applets; *a; a++)
        if (yf_span_eq((*a)->aid, module))
            return *a;
    return NULL;
}

const struct yf_applet *
yf_apps_applet(const struct yf_card *c, const struct yf_app *app)
{
    return applet_named(c, (yf_span){ app->module, app->module_n });
}

/* ---- coming ---- */

static yf_sw
install(struct yf_call *call, const struct yf_applet *applet, const struct yf_app *app,
        yf_span parameters)
{
    struct yf_call own = yf_apps_call(call, app->number);
    yf_sw sw = yf_call_sw(put(yf_call_store(call), app));

    if (sw == YF_SW_OK && applet->install)
        sw = applet->install(&own, parameters);
    return sw;
}

static void
name(struct yf_app *app, yf_span module, yf_span aid)
{
    app->module_n = (uint8_t)module.n;
    memcpy(app->module, module.p, module.n);
    app->aid_n = (uint8_t)aid.n;
    memcpy(app->aid, aid.p, aid.n);
}

yf_sw
yf_apps_found(struct yf_call *call, uint8_t number, const struct yf_applet *applet,
              yf_span parameters)
{
    struct yf_app app = { .number = number, .state = YF_APP_SELECTABLE };

    name(&app, applet->aid, applet->aid);
    return install(call, applet, &app, parameters);
}

static yf_sw
install_whole(struct yf_call *call, const struct yf_applet *applet, const struct yf_app *app,
              yf_span parameters)
{
    struct yf_store *s = yf_call_store(call);
    yf_err e = yf_store_begin(s);

    if (e)
        return yf_call_sw(e);
    yf_sw sw = install(call, applet, app, parameters);
    if (sw == YF_SW_OK)
        sw = yf_call_sw(yf_store_commit(s));
    if (sw != YF_SW_OK)
        yf_store_abort(s);
    return sw;
}

/* The numbers of the root and the issuer's domain are given once, when a card is made. */
static yf_err
free_number(const struct yf_store *s, uint8_t *number)
{
    struct yf_app app;

    for (unsigned n = YF_APP_FIRST; n < YF_CARD_APPS; n++)
        if (yf_apps_get(s, (uint8_t)n, &app) == YF_E_NOTFOUND) {
            *number = (uint8_t)n;
            return YF_OK;
        }
    return YF_E_ROOM;
}

/* 6A8A if an application has this very name; others may begin with it. */
static yf_sw
name_free(const struct yf_store *s, yf_span aid)
{
    struct yf_app app = { 0 };
    yf_err e = YF_OK;

    for (unsigned n = 0; !(e = yf_apps_find(s, aid, n, &app)); n = app.number + 1u)
        if (app.aid_n == aid.n)
            return YF_SW_NAME_EXISTS;
    return e == YF_E_NOTFOUND ? YF_SW_OK : yf_call_sw(e);
}

yf_sw
yf_apps_install(struct yf_call *call, yf_span module, yf_span aid, yf_span parameters,
                uint8_t *number)
{
    const struct yf_store *s = yf_call_store(call);
    const struct yf_applet *applet = applet_named(call->card, module);
    struct yf_app app = { .state = YF_APP_SELECTABLE };
    yf_sw sw;

    if (!applet || applet == call->card->parts.applets[YF_APP_ROOT] ||
        applet == call->card->parts.applets[YF_APP_ISSUER])
        return YF_SW_REFERENCE_NOT_FOUND;
    if (aid.n == 0)
        aid = module;
    if (aid.n < AID_MIN || aid.n > YF_CARD_AID)
        return YF_SW_WRONG_DATA;
    if ((sw = name_free(s, aid)) != YF_SW_OK)
        return sw;
    if ((sw = yf_call_sw(free_number(s, &app.number))) != YF_SW_OK)
        return sw;
    name(&app, module, aid);
    if ((sw = install_whole(call, applet, &app, parameters)) == YF_SW_OK)
        *number = app.number;
    return sw;
}

/* ---- staying ---- */

struct yf_call
yf_apps_call(const struct yf_call *call, uint8_t number)
{
    struct yf_call own = *call;

    own.row = NULL;
    own.app = number;
    own.shown = YF_NEED_NOTHING;
    return own;
}

yf_err
yf_apps_set(struct yf_store *s, uint8_t number, enum yf_app_state state)
{
    struct yf_app app;
    yf_err e;

    if (number < YF_APP_FIRST || (state != YF_APP_SELECTABLE && state != YF_APP_LOCKED))
        return YF_E_DENIED;
    if ((e = yf_apps_get(s, number, &app)))
        return e;
    if (app.state == YF_APP_REMOVED)
        return YF_E_NOTFOUND;
    app.state = (uint8_t)state;
    return put(s, &app);
}

/* ---- going ---- */

static yf_err
remove_objects(struct yf_store *s, uint8_t number)
{
    yf_obj o;
    yf_err e = YF_OK;

    while (!e && yf_store_next(s, YF_OBJ(number, 0, 0) - 1, &o) && yf_obj_app(o) == number)
        e = yf_store_remove(s, o);
    return e;
}

static yf_err
finish(struct yf_store *s, uint8_t number)
{
    yf_err e = remove_objects(s, number);

    return e ? e : yf_store_remove(s, object(number));
}

/* More objects than one transaction holds: first nobody can choose it any more. */
yf_err
yf_apps_remove(struct yf_store *s, uint8_t number)
{
    struct yf_app app;
    yf_err e;

    if (number < YF_APP_FIRST)
        return YF_E_DENIED;
    if ((e = yf_apps_get(s, number, &app)))
        return e;
    app.state = YF_APP_REMOVED;
    if ((e = put(s, &app)))
        return e;
    return finish(s, number);
}

yf_err
yf_apps_mend(struct yf_store *s)
{
    for (unsigned n = YF_APP_FIRST; n < YF_CARD_APPS; n++) {
        struct yf_app app;
        yf_err e = yf_apps_get(s, (uint8_t)n, &app);

        if (!e && app.state == YF_APP_REMOVED)
            e = finish(s, (uint8_t)n);
        if (e && e != YF_E_NOTFOUND)
            return e;
    }
    return YF_OK;
}

/* ---- the end of a card ---- */

/* What the root and the domain keep beyond the card's own objects and the domain's production data.
 */
static yf_err
empty(struct yf_store *s)
{
    yf_obj o = YF_OBJ(0, 0, 0) - 1;
    yf_err e = YF_OK;

    while (!e && yf_store_next(s, o, &o)) {
        uint8_t kind = (uint8_t)(o >> 16);
        bool stays = kind == YF_OBJ_CARD || (kind == YF_OBJ_DATA && yf_obj_app(o) == YF_APP_ISSUER);

        if (!stays)
            e = yf_store_remove(s, o);
    }
    return e;
}

yf_err
yf_apps_bury(struct yf_store *s)
{
    yf_err e = YF_OK;

    for (uint8_t n = YF_APP_FIRST; n < YF_CARD_APPS && !e; n++) {
        struct yf_app app;

        e = yf_apps_get(s, n, &app);
        e = e == YF_E_NOTFOUND ? YF_OK : e ? e : finish(s, n);
    }
    if (!e)
        e = empty(s);
    return e ? e : yf_store_scrub(s);
}
