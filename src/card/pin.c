/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PIN n of an application is two objects: its counter, which changes with each try, and
 *
 *     min, max, pad, unblocker, set    1 byte each
 *     change, reset                    2 bytes each
 *     value                            YF_PIN_MAX bytes, padded to max, then 00
 */
#include "change.h"
#include "pin_parts.h"

#include "../crypto/soft/declassify.h"

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#include <string.h>

enum { VALUE_AT = 9, PIN_BYTES = VALUE_AT + YF_PIN_MAX, VALUES = 0x100, NUMBERS = 8 };

static yf_obj
counter(uint8_t app, uint8_t number)
{
    return YF_OBJ(app, YF_OBJ_PIN, number);
}

static yf_obj
value_of(uint8_t app, uint8_t number)
{
    return YF_OBJ(app, YF_OBJ_PIN, VALUES + number);
}

static bool
sound(const struct yf_pin_rule *r)
{
    return r->min >= 1 && r->min <= r->max && r->max <= YF_PIN_MAX && r->tries >= 1 &&
           r->tries <= YF_TRIES_MAX && r->unblocker <= NUMBERS;
}

/* ---- as it is kept ---- */

/* value (at most max bytes) as it is kept and compared. */
static void
padded(const struct yf_pin_rule *r, yf_span value, uint8_t to[YF_PIN_MAX])
{
    memset(to, 0, YF_PIN_MAX);
    memset(to, r->pad, r->max);
    if (value.n)
        memcpy(to, value.p, value.n);
}

/* How many bytes come before the padding. Looks at all of them always. */
static unsigned
length(const struct yf_pin_rule *r, const uint8_t v[YF_PIN_MAX])
{
    unsigned n = 0, seen = 0;

    for (unsigned i = r->max; i-- > 0;) {
        unsigned differs = (((unsigned)v[i] ^ r->pad) + 0xFF) >> 8;
        seen |= differs;
        n += seen;
    }
    return n;
}

yf_err
yf_pin_fits(const struct yf_pin_rule *r, yf_span value)
{
    uint8_t v[YF_PIN_MAX];

    if (value.n > r->max)
        return YF_E_FORMAT;
    padded(r, value, v);
    unsigned bad = length(r, v) < r->min;
    YF_DECLASSIFY(&bad, sizeof bad);
    yf_wipe(v, sizeof v);
    return bad ? YF_E_FORMAT : YF_OK;
}

static yf_err
put(struct yf_store *s, uint8_t app, uint8_t number, const struct yf_pin_rule *r, yf_span value)
{
    uint8_t b[PIN_BYTES];
    yf_out o = yf_out_of(b, sizeof b);

    yf_out_u8(&o, r->min);
    yf_out_u8(&o, r->max);
    yf_out_u8(&o, r->pad);
    yf_out_u8(&o, r->unblocker);
    yf_out_u8(&o, value.n != 0);
    yf_out_u16(&o, r->change);
    yf_out_u16(&o, r->reset);
    padded(r, value, yf_out_claim(&o, YF_PIN_MAX));
    yf_err e = yf_store_put(s, value_of(app, number), yf_out_span(&o));
    yf_wipe(b, sizeof b);
    return e;
}

yf_err
yf_pin_about(const struct yf_store *s, uint8_t app, uint8_t number, struct yf_pin_about *a)
{
    uint8_t b[VALUE_AT];
    struct yf_pin_rule r = { .tries = 1 };
    yf_err e = yf_store_read(s, value_of(app, number), 0, b, sizeof b);

    if (e)
        return e;
    yf_cur c = yf_cur_of(YF_SPAN(b));
    r.min = yf_cur_u8(&c);
    r.max = yf_cur_u8(&c);
    r.pad = yf_cur_u8(&c);
    r.unblocker = yf_cur_u8(&c);
    bool set = yf_cur_u8(&c);
    r.change = yf_cur_u16(&c);
    r.reset = yf_cur_u16(&c);
    if (!sound(&r))
        return YF_E_FORMAT;
    *a = (struct yf_pin_about){ r, set };
    return YF_OK;
}

/* ---- making, changing ---- */

yf_err
yf_pin_create(struct yf_store *s, uint8_t app, uint8_t number, const struct yf_pin_rule *rule,
              yf_span value)
{
    bool own;
    yf_err e;

    if (number < 1 || number > NUMBERS || !sound(rule))
        return YF_E_FORMAT;
    if (value.n && (e = yf_pin_fits(rule, value)))
        return e;
    if ((e = yf_change_begin(s, &own)))
        return e;
    if (!(e = yf_tries_create(s, counter(app, number), rule->tries)))
        e = put(s, app, number, rule, value);
    return yf_change_end(s, own, e);
}

yf_err
yf_pin_left(const struct yf_store *s, uint8_t app, uint8_t number, uint8_t *left)
{
    return yf_tries_left(s, counter(app, number), left);
}

yf_err
yf_pin_unblock(struct yf_store *s, uint8_t app, uint8_t number)
{
    return yf_tries_restore(s, counter(app, number));
}

yf_err
yf_pin_set(struct yf_store *s, uint8_t app, uint8_t number, yf_span value)
{
    struct yf_pin_about a;
    bool own;
    yf_err e;

    if ((e = yf_pin_about(s, app, number, &a)))
        return e;
    if ((e = yf_pin_fits(&a.rule, value)))
        return e;
    if ((e = yf_change_begin(s, &own)))
        return e;
    if (!(e = put(s, app, number, &a.rule, value)))
        e = yf_pin_unblock(s, app, number);
    return yf_change_end(s, own, e);
}

/* ---- comparing ---- */

static yf_err
compare(const struct yf_store *s, uint8_t app, uint8_t number, const struct yf_pin_rule *r,
        yf_span value)
{
    uint8_t kept[YF_PIN_MAX] = { 0 }, said[YF_PIN_MAX];
    yf_err e = yf_store_read(s, value_of(app, number), VALUE_AT, kept, sizeof kept);

    padded(r, value, said);
    bool same = yf_ct_eq(kept, said, sizeof said);
    YF_DECLASSIFY(&same, sizeof same);
    yf_wipe(kept, sizeof kept);
    yf_wipe(said, sizeof said);
    return e ? e : same ? YF_OK : YF_E_AUTH;
}

yf_err
yf_pin_verify(struct yf_store *s, uint8_t app, uint8_t number, yf_span value, uint8_t *left)
{
    struct yf_pin_about a;
    yf_err e;

    if ((e = yf_pin_about(s, app, number, &a)))
        return e;
    if (value.n > a.rule.max)
        return YF_E_FORMAT;
    if (!a.set)
        return YF_E_STATE;
    if ((e = yf_tries_take(s, counter(app, number))))
        return e;
    if ((e = compare(s, app, number, &a.rule, value)) == YF_OK)
        return yf_pin_unblock(s, app, number);
    if (e == YF_E_AUTH && (e = yf_pin_left(s, app, number, left)) == YF_OK)
        return YF_E_AUTH;
    return e;
}
