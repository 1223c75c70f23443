/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER: 7816-4 7.5.6, 7.5.7, 7.5.10.
 *
 * Where two values stand one behind the other, the first has its full, padded length:
 * the card does not tell by where it cuts how long a PIN is.
 */
#include "pin_parts.h"

#include <yufu/wire/tlv.h>

/* The PIN a command is about. */
struct pin {
    uint8_t number;
    yf_need bit;
    struct yf_pin_about about;
};

static yf_sw
load(struct yf_call *c, uint8_t number, struct pin *p)
{
    p->number = number;
    p->bit = (yf_need)(YF_NEED_PIN1 << (number - 1));
    switch (yf_pin_about(yf_call_store(c), c->app, number, &p->about)) {
    case YF_OK:
        return YF_SW_OK;
    case YF_E_NOTFOUND:
        return YF_SW_REFERENCE_NOT_FOUND;
    default:
        return YF_SW_MEMORY;
    }
}

/* Table 65: bit 8 says that it belongs to the application, bits 5 to 1 are its number. */
static yf_sw
named(struct yf_call *c, struct pin *p)
{
    uint8_t p2 = c->cmd.p2, number = p2 & 0x1F;

    if (p2 & 0x60)
        return YF_SW_WRONG_P1P2;
    if (!(p2 & 0x80) || number < 1 || number > 8)
        return YF_SW_REFERENCE_NOT_FOUND;
    return load(c, number, p);
}

/* Compare; whatever was shown before is gone unless it is right. */
static yf_sw
compare(struct yf_call *c, const struct pin *p, yf_span value)
{
    uint8_t left = 0;
    yf_err e = yf_pin_verify(yf_call_store(c), c->app, p->number, value, &left);

    if (e)
        yf_call_withdraw(c, p->bit);
    switch (e) {
    case YF_E_AUTH:
        return yf_sw_tries(left);
    case YF_E_DENIED:
        return YF_SW_AUTH_BLOCKED;
    case YF_E_STATE:
        return YF_SW_REFERENCE_UNUSABLE;
    case YF_E_FORMAT:
        return YF_SW_WRONG_LENGTH;
    default:
        return yf_call_sw(e);
    }
}

/* ---- VERIFY ---- */

/* No value: is there need of one? */
static yf_sw
state_of(struct yf_call *c, const struct pin *p)
{
    uint8_t left;

    if (yf_need_met(p->bit, c->shown))
        return YF_SW_OK;
    if (!p->about.set)
        return YF_SW_REFERENCE_UNUSABLE;
    if (yf_pin_left(yf_call_store(c), c->app, p->number, &left))
        return YF_SW_MEMORY;
    return left ? yf_sw_tries(left) : YF_SW_AUTH_BLOCKED;
}

/* P1 FF: as if it had never been right. */
static yf_sw
unverify(struct yf_call *c, const struct pin *p)
{
    if (c->cmd.data.n)
        return YF_SW_NC_P1P2;
    yf_call_withdraw(c, p->bit);
    return YF_SW_OK;
}

/* The value: the data or, for an odd INS, what is in its DO 53. */
static yf_sw
value_of(const struct yf_call *c, yf_span *value)
{
    yf_cur data = yf_cur_of(c->cmd.data);

    *value = c->cmd.data;
    if (!(c->cmd.ins & 1))
        return YF_SW_OK;
    *value = yf_tlv_need(&data, 0x53, 0, SIZE_MAX);
    return yf_cur_done(&data) ? YF_SW_WRONG_DATA : YF_SW_OK;
}

yf_sw
yf_do_verify(struct yf_call *c)
{
    yf_span value;
    struct pin p;
    yf_sw sw;

    if (c->cmd.p1 != 0x00 && c->cmd.p1 != 0xFF)
        return YF_SW_WRONG_P1P2;
    if ((sw = named(c, &p)) != YF_SW_OK)
        return sw;
    if (c->cmd.p1 == 0xFF)
        return unverify(c, &p);
    if ((sw = value_of(c, &value)) != YF_SW_OK)
        return sw;
    if (value.n == 0)
        return state_of(c, &p);
    if ((sw = compare(c, &p, value)) == YF_SW_OK)
        yf_call_show(c, p.bit);
    return sw;
}

/* ---- another value ---- */

/* Set it, or where there is none only give it all its tries. Either way it is to be shown anew. */
static yf_sw
renew(struct yf_call *c, const struct pin *p, yf_span value)
{
    struct yf_store *s = yf_call_store(c);

    yf_call_withdraw(c, p->bit);
    return yf_call_sw(value.n ? yf_pin_set(s, c->app, p->number, value)
                              : yf_pin_unblock(s, c->app, p->number));
}

static yf_sw
fits(const struct pin *p, yf_span value)
{
    if (value.n == 0 || value.n > p->about.rule.max)
        return YF_SW_WRONG_LENGTH;
    return yf_pin_fits(&p->about.rule, value) ? YF_SW_WRONG_DATA : YF_SW_OK;
}

/* The old value and a new one. */
static yf_sw
change_with_old(struct yf_call *c, const struct pin *p)
{
    yf_cur data = yf_cur_of(c->cmd.data);
    yf_span old = yf_cur_take(&data, p->about.rule.max), value = yf_cur_rest(&data);
    yf_sw sw = data.err ? YF_SW_WRONG_LENGTH : fits(p, value);

    if (sw != YF_SW_OK || (sw = compare(c, p, old)) != YF_SW_OK)
        return sw;
    return renew(c, p, value);
}

/* Only a new value: the first one, or after the old one was verified. */
static yf_sw
change_alone(struct yf_call *c, const struct pin *p)
{
    yf_sw sw;

    if (p->about.set && !yf_need_met(p->bit, c->shown))
        return YF_SW_SECURITY_STATUS;
    sw = fits(p, c->cmd.data);
    return sw == YF_SW_OK ? renew(c, p, c->cmd.data) : sw;
}

yf_sw
yf_do_change_reference(struct yf_call *c)
{
    struct pin p;
    yf_sw sw;

    if (c->cmd.p1 > 0x01)
        return YF_SW_WRONG_P1P2;
    if ((sw = named(c, &p)) != YF_SW_OK)
        return sw;
    if (!yf_need_met(p.about.rule.change, c->shown))
        return YF_SW_SECURITY_STATUS;
    return c->cmd.p1 == 0x00 ? change_with_old(c, &p) : change_alone(c, &p);
}

/* ---- all tries again ---- */

enum { NO_PUK = 2, NO_VALUE = 1 }; // bits of P1

/* What the data is: a PUK, a new value, both or neither, as P1 says. */
static yf_sw
split(const struct yf_call *c, const struct pin *p, const struct pin *puk, yf_span *code,
      yf_span *value)
{
    yf_cur data = yf_cur_of(c->cmd.data);

    *code = *value = (yf_span){ 0 };
    if (c->cmd.p1 == NO_VALUE)
        *code = yf_cur_rest(&data);
    else if (!(c->cmd.p1 & NO_PUK))
        *code = yf_cur_take(&data, puk->about.rule.max);
    *value = yf_cur_rest(&data);
    if (data.err || (!(c->cmd.p1 & NO_PUK) && code->n == 0))
        return YF_SW_WRONG_LENGTH;
    if (c->cmd.p1 & NO_VALUE)
        return value->n ? YF_SW_WRONG_LENGTH : p->about.set ? YF_SW_OK : YF_SW_REFERENCE_UNUSABLE;
    return fits(p, *value);
}

/* Is there someone to ask: the PUK, or else who may do without? */
static yf_sw
asked(struct yf_call *c, const struct pin *p, struct pin *puk)
{
    if (c->cmd.p1 & NO_PUK)
        return yf_need_met(p->about.rule.reset, c->shown) ? YF_SW_OK : YF_SW_SECURITY_STATUS;
    return p->about.rule.unblocker ? load(c, p->about.rule.unblocker, puk) : YF_SW_CONDITIONS;
}

yf_sw
yf_do_reset_retry(struct yf_call *c)
{
    struct pin p, puk = { 0 };
    yf_span code, value;
    yf_sw sw;

    if (c->cmd.p1 > 0x03)
        return YF_SW_WRONG_P1P2;
    if ((sw = named(c, &p)) != YF_SW_OK || (sw = asked(c, &p, &puk)) != YF_SW_OK)
        return sw;
    if ((sw = split(c, &p, &puk, &code, &value)) != YF_SW_OK)
        return sw;
    if (code.n && (sw = compare(c, &puk, code)) != YF_SW_OK)
        return sw;
    return renew(c, &p, value);
}
