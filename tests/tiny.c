/* SPDX-License-Identifier: Apache-2.0 */
#include "tiny.h"

#include <yufu/proto/scp03.h>

#include <string.h>

enum {
    ALWAYS = YF_IN(YF_STAGES) - 1,
    IN_LIFE = YF_IN(YF_STAGE_PERSO) | YF_IN(YF_STAGE_ISSUER) | YF_IN(YF_STAGE_ACTIVE),
};

/* ---- root ---- */

static yf_sw
serial(struct yf_call *c)
{
    yf_obj o = YF_OBJ(0, YF_OBJ_CARD, YF_CARD_SERIAL);
    uint8_t bytes[YF_CARD_SERIAL_MAX];
    uint32_t n = 0;
    yf_err e = yf_store_size(yf_call_store(c), o, &n);

    if (!e)
        e = yf_store_read(yf_call_store(c), o, 0, bytes, n);
    if (!e)
        yf_out_put(c->out, (yf_span){ bytes, n });
    return yf_call_sw(e);
}

static yf_sw
mf(struct yf_call *c)
{
    yf_out_put(c->out, YF_STR("mf"));
    return YF_SW_OK;
}

static const struct yf_command root_commands[] = {
    { 0x80, 0xCA, ALWAYS, 0, YF_NEED_NOTHING, serial },
    { 0x00, 0xA4, YF_IN_USE, 0, YF_NEED_NOTHING, mf },
};

static yf_sw
root_install(struct yf_call *c, yf_span parameters)
{
    (void)parameters;
    return yf_call_sw(yf_store_put(yf_call_store(c), YF_OBJ(c->app, YF_OBJ_DATA, 1), YF_STR("r")));
}

const struct yf_applet tiny_root = {
    .name = "tiny root",
    .aid = { (const uint8_t *)"\xF0Yufu.root", 10 },
    .commands = root_commands,
    .n_commands = sizeof root_commands / sizeof *root_commands,
    .install = root_install,
};

/* ---- the issuer's domain ---- */

static yf_sw
domain_install(struct yf_call *c, yf_span keys)
{
    return yf_call_sw(yf_store_put(yf_call_store(c), YF_OBJ(c->app, YF_OBJ_KEY, 1), keys));
}

static yf_err
read_keys(struct yf_call *c, struct yf_scp03_keys *k)
{
    yf_obj o = YF_OBJ(c->app, YF_OBJ_KEY, 1);
    uint8_t bytes[1 + 3 * YF_CIPHER_KEY_MAX];
    uint32_t n = 0;
    yf_err e = yf_store_size(yf_call_store(c), o, &n);

    if (e || (e = yf_store_read(yf_call_store(c), o, 0, bytes, n)))
        return e;
    size_t each = (n - 1) / 3;
    k->cipher = (enum yf_cipher_id)bytes[0];
    memcpy(k->enc, bytes + 1, each);
    memcpy(k->mac, bytes + 1 + each, each);
    memcpy(k->dek, bytes + 1 + 2 * each, each);
    return YF_OK;
}

static yf_sw
initialize_update(struct yf_call *c)
{
    static const uint8_t diversification[YF_SCP03_DIVERSIFICATION] = { 0 };
    struct yf_scp03 *s = yf_call_channel_begin(c);
    struct yf_scp03_keys keys = { 0 };
    struct yf_scp03_offer offer = { .keys = &keys,
                                    .kvn = 0xFF,
                                    .diversification = diversification };

    offer.i = YF_SCP03_I_R_MAC | YF_SCP03_I_R_ENC;
    yf_err e = s ? read_keys(c, &keys) : YF_E_STATE;
    if (!e)
        e = yf_scp03_card_begin(s, yf_call_provider(c), yf_call_rng(c), &offer, c->cmd.data,
                                c->out);
    return yf_call_sw(e);
}

static yf_sw
external_authenticate(struct yf_call *c)
{
    struct yf_scp03 *s = yf_call_channel_begun(c);
    yf_err e = s ? yf_scp03_card_open(s, &c->cmd) : YF_E_STATE;

    if (!e)
        yf_call_channel_stands(c, s->level & YF_SCP03_C_ENC ? YF_NEED_ADMIN | YF_NEED_SECRET
                                                            : YF_NEED_ADMIN);
    return yf_call_sw(e);
}

static yf_sw
say(struct yf_call *c)
{
    yf_out_put(c->out, c->cmd.data);
    return YF_SW_OK;
}

static const struct yf_command domain_commands[] = {
    { 0x80, 0x50, ALWAYS, YF_CMD_ANEW, YF_NEED_NOTHING, initialize_update },
    { 0x80, 0x82, ALWAYS, YF_CMD_RAW, YF_NEED_NOTHING, external_authenticate },
    { 0x80, 0x02, ALWAYS, 0, YF_NEED_ADMIN, say },
    { 0x80, 0x04, ALWAYS, YF_CMD_CHAIN, YF_NEED_NOTHING, say },
};

const struct yf_applet tiny_domain = {
    .name = "tiny domain",
    .aid = { (const uint8_t *)"\xF0Yufu.domain", 12 },
    .commands = domain_commands,
    .n_commands = sizeof domain_commands / sizeof *domain_commands,
    .install = domain_install,
};

/* ---- the third ---- */

static yf_sw
step(struct yf_call *c)
{
    yf_out_u8(c->out, c->cmd.cla);
    return YF_SW_OK;
}

static yf_sw
pin(struct yf_call *c)
{
    if (c->cmd.p1)
        yf_call_show(c, YF_NEED_PIN1);
    else
        yf_call_withdraw(c, YF_NEED_PIN1);
    return YF_SW_OK;
}

static yf_sw
secure(struct yf_call *c)
{
    struct yf_sm_keys k = { .cipher = YF_DES3_2KEY };

    memset(k.enc, c->cmd.p1, sizeof k.enc);
    memset(k.mac, c->cmd.p1, sizeof k.mac);
    yf_call_secure(c, &k, c->cmd.p2 ? YF_NEED_BASIC | YF_NEED_PACE : YF_NEED_BASIC, c->cmd.p2);
    return YF_SW_OK;
}

static yf_sw
answer(struct yf_call *c)
{
    yf_out_put(c->out, c->cmd.data);
    return (yf_sw)(c->cmd.p1 << 8 | c->cmd.p2);
}

static yf_sw
count(struct yf_call *c)
{
    for (unsigned i = 0; i < (unsigned)c->cmd.p1 * c->cmd.p2; i++)
        yf_out_u8(c->out, (uint8_t)i);
    return YF_SW_OK;
}

static yf_sw
memory(struct yf_call *c)
{
    uint8_t *ram = yf_call_ram(c);

    yf_out_u8(c->out, *ram);
    memset(ram, c->cmd.p1, YF_CARD_APP_RAM);
    yf_call_at(c)->ef = c->cmd.p1;
    return YF_SW_OK;
}

static yf_sw
advance(struct yf_call *c)
{
    return yf_call_sw(yf_call_advance(c, (yf_stage)c->cmd.p1));
}

static yf_sw
tell_shown(struct yf_call *c)
{
    yf_out_u16(c->out, c->shown);
    return YF_SW_OK;
}

static yf_sw
too_much(struct yf_call *c)
{
    yf_out_fill(c->out, 0xEE, YF_CARD_OUT);
    yf_out_u8(c->out, 0xEE);
    return YF_SW_OK;
}

static yf_sw
install_other(struct yf_call *c)
{
    uint8_t number = 0;
    yf_sw sw = yf_apps_install(c, c->cmd.data, (yf_span){ 0 }, YF_STR("parameters"), &number);

    if (c->cmd.p1 && sw == YF_SW_NAME_EXISTS) {
        uint8_t aid[] = { 0xF0, 'Y', 'u', 'f', 'u', '.', 't', 'i', 'n', 'y', c->cmd.p1 };

        sw = yf_apps_install(c, c->cmd.data, YF_SPAN(aid), YF_STR("parameters"), &number);
    }
    yf_out_u8(c->out, number);
    return sw;
}

static yf_sw
remove_other(struct yf_call *c)
{
    return yf_call_sw(yf_apps_remove(yf_call_store(c), c->cmd.p1));
}

static yf_sw
set_other(struct yf_call *c)
{
    return yf_call_sw(yf_apps_set(yf_call_store(c), c->cmd.p1, (enum yf_app_state)c->cmd.p2));
}

static yf_sw
object(struct yf_call *c)
{
    yf_obj o = YF_OBJ(c->app, YF_OBJ_DATA, c->cmd.p1);
    uint8_t bytes[256];
    uint32_t n = 0;

    if (c->cmd.data.n)
        return yf_call_sw(yf_store_put(yf_call_store(c), o, c->cmd.data));
    yf_err e = yf_store_size(yf_call_store(c), o, &n);
    if (!e)
        e = yf_store_read(yf_call_store(c), o, 0, bytes, n);
    if (!e)
        yf_out_put(c->out, (yf_span){ bytes, n });
    return yf_call_sw(e);
}

static const struct yf_command commands[] = {
    { 0x00, 0x02, IN_LIFE, 0, YF_NEED_NOTHING, say },
    { 0x00, 0x04, IN_LIFE, YF_CMD_CHAIN, YF_NEED_NOTHING, say },
    { 0x00, 0x06, IN_LIFE, YF_CMD_STEPS, YF_NEED_NOTHING, step },
    { 0x00, 0x08, IN_LIFE, 0, YF_NEED_NEVER, say },
    { 0x00, 0x0A, IN_LIFE, 0, YF_NEED_PIN1, say },
    { 0x00, 0x0C, IN_LIFE, 0, YF_NEED_NOTHING, pin },
    { 0x00, 0x0E, IN_LIFE, 0, YF_NEED_SM, say },
    { 0x00, 0x10, IN_LIFE, 0, YF_NEED_BASIC, say },
    { 0x00, 0x12, IN_LIFE, 0, YF_NEED_NOTHING, secure },
    { 0x00, 0x14, IN_LIFE, 0, YF_NEED_NOTHING, answer },
    { 0x00, 0x16, IN_LIFE, 0, YF_NEED_NOTHING, count },
    { 0x00, 0x18, IN_LIFE, 0, YF_NEED_NOTHING, memory },
    { 0x00, 0x1A, YF_IN(YF_STAGE_ACTIVE), 0, YF_NEED_NOTHING, say },
    { 0x00, 0x1C, ALWAYS, 0, YF_NEED_NOTHING, advance },
    { 0x00, 0x1E, IN_LIFE, 0, YF_NEED_NOTHING, tell_shown },
    { 0x00, 0x20, IN_LIFE, 0, YF_NEED_NOTHING, too_much },
    { 0x00, 0x22, ALWAYS, 0, YF_NEED_NOTHING, install_other },
    { 0x00, 0x24, ALWAYS, 0, YF_NEED_NOTHING, remove_other },
    { 0x00, 0x26, ALWAYS, 0, YF_NEED_NOTHING, set_other },
    { 0x00, 0x28, ALWAYS, 0, YF_NEED_NOTHING, object },
};

/* Parameters "refuse" are refused, after something was already stored. */
static yf_sw
tiny_install(struct yf_call *c, yf_span parameters)
{
    yf_sw sw =
        yf_call_sw(yf_store_put(yf_call_store(c), YF_OBJ(c->app, YF_OBJ_DATA, 1), parameters));

    return yf_span_eq(parameters, YF_STR("refuse")) ? YF_SW_WRONG_DATA : sw;
}

static yf_sw
tiny_selected(struct yf_call *c)
{
    yf_out_u8(c->out, c->app);
    yf_out_u16(c->out, c->shown);
    return YF_SW_OK;
}

const struct yf_applet tiny = {
    .name = "tiny",
    .aid = { (const uint8_t *)"\xF0Yufu.tiny", 10 },
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = tiny_install,
    .selected = tiny_selected,
};
