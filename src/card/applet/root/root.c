/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The root of the card: application 0, selected at reset, with the files that say what the
 * card is (9303-10 3.11) and PACE, which opens it (9303-11 4.4).
 *
 * EF.CardAccess is the one place where the suites of PACE are written: what it names can be
 * chosen, and nothing else can.
 */
#include "../given.h"
#include "../offer.h"

#include <yufu/card/apps.h>
#include <yufu/card/root.h>
#include <yufu/proto/pace.h>
#include <yufu/wire/tlv.h>

enum { MF = 0x3F00, SECRET_MAX = 64 /* bytes of a password */ };

static yf_sw
card_access_true(struct yf_call *call, yf_span file)
{
    return offer_secinfos(yf_call_provider(call), file,
                          1u << YF_SECINFO_OTHER | 1u << YF_SECINFO_PACE);
}

static const struct given_file files[] = {
    { YF_ROOT_DIR, 0x1E, YF_NEED_NOTHING, 1024, NULL },
    { YF_ROOT_ATR_INFO, 0x01, YF_NEED_NOTHING, 256, NULL },
    { YF_ROOT_CARD_ACCESS, 0x1C, YF_NEED_NOTHING, 1024, card_access_true },
    { YF_ROOT_CARD_SECURITY, 0x1D, YF_NEED_PACE, 16384, NULL },
};

/* Passwords of PACE (9303-11 9.7.2): the MRZ information as for BAC, and the CAN's digits. */
static const struct given_key keys[] = {
    { YF_ROOT_PASSWORD + YF_PACE_MRZ, YF_ROOT_PASSWORD + YF_PACE_MRZ, 16, SECRET_MAX },
    { YF_ROOT_PASSWORD + YF_PACE_CAN, YF_ROOT_PASSWORD + YF_PACE_CAN, 6, 16 },
};

static const struct given given = { files, sizeof files / sizeof *files, keys,
                                    sizeof keys / sizeof *keys };

static yf_sw
root_install(struct yf_call *call, yf_span parameters)
{
    return parameters.n ? YF_SW_WRONG_DATA : given_install(call, MF);
}

static yf_sw
root_store(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece)
{
    return given_store(call, &given, dgi, total, at, piece);
}

/* Who names PACE has a password for it, and the other way round. */
static yf_sw
root_stored(struct yf_call *call)
{
    bool password = given_key(call, YF_ROOT_PASSWORD + YF_PACE_MRZ) ||
                    given_key(call, YF_ROOT_PASSWORD + YF_PACE_CAN);
    yf_sw sw = given_whole(call);

    if (sw != YF_SW_OK)
        return sw;
    return given_file(call, YF_ROOT_CARD_ACCESS) == password ? YF_SW_OK : YF_SW_CONDITIONS;
}

/* ---- PACE ---- */

struct root_ram {
    struct yf_pace pace;
};

_Static_assert(sizeof(struct root_ram) <= YF_CARD_APP_RAM, "PACE fits an application's memory");

/*
 * What EF.CardAccess offers of what was asked for. Without a parameter id the protocol
 * must stand there once (4.4.4.1). 6A80 for another protocol, 6A88 for other parameters.
 */
static yf_sw
choose_in(yf_span card_access, const struct yf_pace_select *want, int32_t *parameters)
{
    yf_cur c = yf_secinfos(card_access);
    struct yf_secinfo info;
    unsigned named = 0, chosen = 0;

    while (yf_secinfo_next(&c, &info)) {
        if (info.kind != YF_SECINFO_PACE || !yf_span_eq(info.protocol, want->oid))
            continue;
        named++;
        if (want->parameters == -1 || want->parameters == info.id) {
            chosen++;
            *parameters = info.id;
        }
    }
    if (chosen == 1)
        return YF_SW_OK;
    return named && want->parameters != -1 ? YF_SW_REFERENCE_NOT_FOUND : YF_SW_WRONG_DATA;
}

static yf_sw
choose(struct yf_call *call, const struct yf_pace_select *want, struct yf_pace_suite *suite)
{
    int32_t parameters = -1;
    yf_span file;
    yf_sw sw = given_read_file(call, YF_ROOT_CARD_ACCESS, &file);

    if (sw != YF_SW_OK)
        return sw == YF_SW_FILE_NOT_FOUND ? YF_SW_WRONG_DATA : sw;
    sw = choose_in(file, want, &parameters);
    given_release(call, file);
    if (sw != YF_SW_OK)
        return sw;
    return yf_pace_suite(yf_call_provider(call), want->oid, parameters, suite) ? YF_SW_WRONG_DATA
                                                                               : YF_SW_OK;
}

static yf_sw
begin(struct yf_call *call, uint8_t password, const struct yf_pace_suite *suite)
{
    const yf_provider *p = yf_call_provider(call);
    struct root_ram *ram = yf_call_ram(call);
    uint8_t secret[SECRET_MAX], k_pi[YF_CIPHER_KEY_MAX];
    size_t n = 0;
    yf_err e = YF_OK;
    yf_sw sw = given_read_key(call, YF_ROOT_PASSWORD + password, secret, sizeof secret, &n);

    if (sw != YF_SW_OK)
        goto out;
    if (!(e = yf_pace_key(p, suite->cipher, password, (yf_span){ secret, n }, k_pi)))
        e = yf_pace_begin(&ram->pace, p, YF_PACE_CARD, suite, k_pi);
    sw = yf_call_sw(e);
out:
    yf_wipe(secret, sizeof secret);
    yf_wipe(k_pi, sizeof k_pi);
    return sw;
}

/* MSE:Set AT, 9303-11 4.4.4.1. */
static yf_sw
do_mse(struct yf_call *call)
{
    struct root_ram *ram = yf_call_ram(call);
    struct yf_pace_select want;
    struct yf_pace_suite suite;
    yf_sw sw;

    yf_pace_drop(&ram->pace);
    if (call->cmd.p1 != 0xC1 || call->cmd.p2 != 0xA4)
        return YF_SW_WRONG_P1P2;
    if (yf_pace_select_parse(call->cmd.data, &want))
        return YF_SW_WRONG_DATA;
    if (want.password != YF_PACE_MRZ && want.password != YF_PACE_CAN)
        return YF_SW_REFERENCE_NOT_FOUND;
    if ((sw = choose(call, &want, &suite)) != YF_SW_OK)
        return sw;
    return begin(call, want.password, &suite);
}

/* 9303-11 4.4.4.2: 6300 for a wrong token; whatever else is wrong with the data is 6A80. */
static yf_sw
pace_sw(yf_err e)
{
    return e == YF_E_SHORT || e == YF_E_DENIED ? YF_SW_WRONG_DATA : yf_call_sw(e);
}

static yf_sw
finish(struct yf_call *call, struct yf_pace *pace)
{
    struct yf_sm_keys k;
    yf_err e = yf_pace_keys(pace, &k);

    if (!e)
        yf_call_secure(call, &k, YF_NEED_BASIC | YF_NEED_PACE, true);
    yf_wipe(&k, sizeof k);
    return pace_sw(e);
}

/* GENERAL AUTHENTICATE: all steps but the last are linked by the chaining bit. */
static yf_sw
do_general_authenticate(struct yf_call *call)
{
    struct yf_pace *pace = &((struct root_ram *)yf_call_ram(call))->pace;
    bool last = yf_pace_last(pace), chained = (call->cmd.cla & 0x10) != 0;
    yf_sw sw = YF_SW_OK;
    yf_err e;

    if (call->cmd.p1 || call->cmd.p2)
        sw = YF_SW_WRONG_P1P2;
    else if (last == chained)
        sw = last ? YF_SW_LAST_OF_CHAIN : YF_SW_CONDITIONS;
    else if ((e = yf_pace_answer(pace, yf_call_rng(call), call->cmd.data, call->out)))
        sw = pace_sw(e);
    else if (last)
        sw = finish(call, pace);
    if (sw != YF_SW_OK)
        yf_pace_drop(pace);
    return sw;
}

/* ---- GET DATA ---- */

static yf_sw
put_serial(struct yf_call *call)
{
    const struct yf_store *s = yf_call_store(call);
    uint8_t serial[YF_CARD_SERIAL_MAX];
    yf_obj o = YF_OBJ(YF_APP_ROOT, YF_OBJ_CARD, YF_CARD_SERIAL);
    uint32_t n = 0;
    yf_err e = yf_store_size(s, o, &n);

    if (!e)
        e = n <= sizeof serial ? yf_store_read(s, o, 0, serial, n) : YF_E_ROOM;
    if (!e)
        yf_tlv_put(call->out, YF_ROOT_SERIAL, (yf_span){ serial, n });
    return yf_call_sw(e);
}

/* Which card it is and what has become of it: GPCS 11.3, and in every stage, also the last. */
static yf_sw
do_get_data(struct yf_call *call)
{
    uint8_t stage = yf_stage_code(yf_call_stage(call));

    switch (call->cmd.p1 << 8 | call->cmd.p2) {
    case YF_ROOT_SERIAL:
        return put_serial(call);
    case YF_ROOT_STAGE:
        yf_tlv_put(call->out, YF_ROOT_STAGE, (yf_span){ &stage, 1 });
        return YF_SW_OK;
    default:
        return YF_SW_REFERENCE_NOT_FOUND;
    }
}

/* ---- the table ---- */

enum { ALWAYS = YF_IN(YF_STAGES) - 1 };

static const struct yf_command commands[] = {
    { 0x00, 0xA4, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_select },
    { 0x00, 0xB0, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xB1, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xCA, ALWAYS, 0, YF_NEED_NOTHING, do_get_data },
    { 0x80, 0xCA, ALWAYS, 0, YF_NEED_NOTHING, do_get_data },
    { 0x00, 0x22, YF_IN_USE, 0, YF_NEED_NOTHING, do_mse },
    { 0x00, 0x86, YF_IN_USE, YF_CMD_STEPS, YF_NEED_NOTHING, do_general_authenticate },
};

const struct yf_applet yf_applet_root = {
    .name = "root",
    .aid = YF_STR("\xF0\x59\x55\x46\x55\x00\x01"),
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = root_install,
    .store = root_store,
    .stored = root_stored,
};
