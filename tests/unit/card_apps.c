/* SPDX-License-Identifier: Apache-2.0 */
#include "box.h"
#include "t.h"
#include "tiny.h"

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, NULL };

static yf_sw
install(struct box *b, yf_span module, yf_span aid, yf_span parameters, uint8_t *number)
{
    yf_out none = yf_out_of(NULL, 0);
    struct yf_call call = box_call(b, YF_APP_ISSUER, &none);

    return yf_apps_install(&call, module, aid, parameters, number);
}

static unsigned
objects_of(struct box *b, uint8_t app)
{
    yf_obj o = YF_OBJ(app, 0, 0) - 1;
    unsigned n = 0;

    while (yf_store_next(&b->card.store, o, &o) && yf_obj_app(o) == app)
        n++;
    return n;
}

static void
a_new_card_has_two(void **st)
{
    struct yf_app app;
    struct box b;

    (void)st;
    box_open(&b, applets);
    T_OK(yf_apps_get(&b.card.store, YF_APP_ROOT, &app));
    T(app.state == YF_APP_SELECTABLE && yf_apps_applet(&b.card, &app) == &tiny_root);
    T_OK(yf_apps_get(&b.card.store, YF_APP_ISSUER, &app));
    T(app.state == YF_APP_SELECTABLE && yf_apps_applet(&b.card, &app) == &tiny_domain);
    for (unsigned n = YF_APP_FIRST; n < 256; n++)
        T_ERR(YF_E_NOTFOUND, yf_apps_get(&b.card.store, (uint8_t)n, &app));
    box_close(&b);
}

static void
installed_is_there_after_power(void **st)
{
    struct yf_app app;
    struct box b;
    uint8_t n = 0;

    (void)st;
    box_open(&b, applets);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK && n == 2);
    T_OK(box_restart(&b));
    T_OK(yf_apps_get(&b.card.store, 2, &app));
    T(app.number == 2 && app.state == YF_APP_SELECTABLE && yf_apps_applet(&b.card, &app) == &tiny);
    T_SPAN(((yf_span){ app.aid, app.aid_n }), TINY_AID);
    T(objects_of(&b, 2) == 1);
    box_close(&b);
}

static void
what_cannot_be_installed_leaves_nothing(void **st)
{
    struct box b;
    uint8_t n = 0x55;

    (void)st;
    box_open(&b, applets);
    T(install(&b, YF_STR("nobody"), (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_REFERENCE_NOT_FOUND);
    T(install(&b, tiny_root.aid, YF_STR("other"), YF_STR("x"), &n) == YF_SW_REFERENCE_NOT_FOUND);
    T(install(&b, tiny_domain.aid, YF_STR("other"), YF_STR("x"), &n) == YF_SW_REFERENCE_NOT_FOUND);
    T(install(&b, TINY_AID, YF_STR("four"), YF_STR("x"), &n) == YF_SW_WRONG_DATA);
    T(install(&b, TINY_AID, YF_STR("seventeen letters"), YF_STR("x"), &n) == YF_SW_WRONG_DATA);
    T(install(&b, TINY_AID, tiny_domain.aid, YF_STR("x"), &n) == YF_SW_NAME_EXISTS);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("refuse"), &n) == YF_SW_WRONG_DATA);
    T(n == 0x55 && objects_of(&b, 2) == 0);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK && n == 2);
    box_close(&b);
}

static void
there_is_room_for_so_many(void **st)
{
    struct box b;
    uint8_t n = 0, aid[] = "app 0";

    (void)st;
    box_open(&b, applets);
    for (uint8_t i = YF_APP_FIRST; i < YF_CARD_APPS; i++, aid[4]++)
        T(install(&b, TINY_AID, (yf_span){ aid, 5 }, YF_STR("x"), &n) == YF_SW_OK && n == i);
    T(install(&b, TINY_AID, YF_STR("one more"), YF_STR("x"), &n) == YF_SW_NO_MEMORY);
    T_OK(yf_apps_remove(&b.card.store, 4));
    T(install(&b, TINY_AID, YF_STR("one more"), YF_STR("x"), &n) == YF_SW_OK && n == 4);
    box_close(&b);
}

/* 7816-4 8.2.2.2: names may be cut on the right; the walk sees each once, in order. */
static void
found_by_the_beginning_of_a_name(void **st)
{
    struct yf_app app;
    struct box b;
    uint8_t n = 0;

    (void)st;
    box_open(&b, applets);
    T(install(&b, TINY_AID, YF_STR("names2"), YF_STR("x"), &n) == YF_SW_OK);
    T(install(&b, TINY_AID, YF_STR("names"), YF_STR("x"), &n) == YF_SW_OK);
    T_OK(yf_apps_find(&b.card.store, YF_STR("names"), 0, &app));
    T(app.number == 2);
    T_OK(yf_apps_find(&b.card.store, YF_STR("names"), 3, &app));
    T(app.number == 3);
    T_ERR(YF_E_NOTFOUND, yf_apps_find(&b.card.store, YF_STR("names"), 4, &app));
    T_OK(yf_apps_find(&b.card.store, YF_STR("names2"), 0, &app));
    T(app.number == 2);
    T_ERR(YF_E_NOTFOUND, yf_apps_find(&b.card.store, YF_STR("names23"), 0, &app));
    T_ERR(YF_E_NOTFOUND, yf_apps_find(&b.card.store, YF_STR("Names"), 0, &app));
    box_close(&b);
}

static void
the_first_two_stay(void **st)
{
    struct box b;

    (void)st;
    box_open(&b, applets);
    for (uint8_t n = 0; n < YF_APP_FIRST; n++) {
        T_ERR(YF_E_DENIED, yf_apps_remove(&b.card.store, n));
        T_ERR(YF_E_DENIED, yf_apps_set(&b.card.store, n, YF_APP_LOCKED));
    }
    T_ERR(YF_E_NOTFOUND, yf_apps_remove(&b.card.store, 2));
    T_ERR(YF_E_NOTFOUND, yf_apps_set(&b.card.store, 2, YF_APP_LOCKED));
    box_close(&b);
}

static void
states_a_command_may_set(void **st)
{
    struct yf_app app;
    struct box b;
    uint8_t n = 0;

    (void)st;
    box_open(&b, applets);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK);
    for (unsigned s = 0; s < 256; s++) {
        bool may = s == YF_APP_SELECTABLE || s == YF_APP_LOCKED;
        T_ERR(may ? YF_OK : YF_E_DENIED, yf_apps_set(&b.card.store, n, (enum yf_app_state)s));
    }
    T_OK(yf_apps_set(&b.card.store, n, YF_APP_LOCKED));
    T_OK(yf_apps_get(&b.card.store, n, &app));
    T(app.state == YF_APP_LOCKED);
    T(box_select(&b, TINY_AID) == YF_SW_FILE_NOT_FOUND);
    T_OK(yf_apps_set(&b.card.store, n, YF_APP_SELECTABLE));
    T(box_select(&b, TINY_AID) == YF_SW_OK);
    box_close(&b);
}

/* Cut after the first write: nobody can choose it, and the next start cleans up. */
static void
a_removal_is_finished_at_start(void **st)
{
    struct yf_app app;
    struct box b;
    uint8_t n = 0, removed = YF_APP_REMOVED;

    (void)st;
    box_open(&b, applets);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK);
    T_OK(yf_store_write(&b.card.store, YF_OBJ(0, YF_OBJ_CARD, YF_CARD_APP + n), 0,
                        (yf_span){ &removed, 1 }));
    T(box_select(&b, TINY_AID) == YF_SW_FILE_NOT_FOUND);
    T(objects_of(&b, n) == 1);
    T_OK(box_restart(&b));
    T(objects_of(&b, n) == 0);
    T_ERR(YF_E_NOTFOUND, yf_apps_get(&b.card.store, n, &app));
    box_close(&b);
}

/* A card meets a program that no longer has one of its applets. */
static void
without_its_applet_it_cannot_be_chosen(void **st)
{
    static const struct yf_applet *const fewer[] = { &tiny_root, &tiny_domain, NULL };
    static const struct yf_applet *const others[] = { &tiny_domain, &tiny_root, NULL };
    struct box b;
    uint8_t n = 0;

    (void)st;
    box_open(&b, applets);
    T(install(&b, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &n) == YF_SW_OK);
    b.parts.applets = fewer;
    T_OK(box_restart(&b));
    T(box_select(&b, TINY_AID) == YF_SW_FILE_NOT_FOUND);
    b.parts.applets = others;
    T_ERR(YF_E_NOTFOUND, box_restart(&b));
    box_close(&b);
}

T_MAIN(cmocka_unit_test(a_new_card_has_two), cmocka_unit_test(installed_is_there_after_power),
       cmocka_unit_test(what_cannot_be_installed_leaves_nothing),
       cmocka_unit_test(there_is_room_for_so_many),
       cmocka_unit_test(found_by_the_beginning_of_a_name), cmocka_unit_test(the_first_two_stay),
       cmocka_unit_test(states_a_command_may_set), cmocka_unit_test(a_removal_is_finished_at_start),
       cmocka_unit_test(without_its_applet_it_cannot_be_chosen))
