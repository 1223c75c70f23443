/* SPDX-License-Identifier: Apache-2.0 */
/* The table: who may say what to the issuer's domain, and when. */
#include "domain.h"

#include <string.h>

enum {
    BEFORE_USE = YF_IN(YF_STAGE_CHIP) | YF_IN(YF_STAGE_CARD) | YF_IN(YF_STAGE_PERSO) |
                 YF_IN(YF_STAGE_ISSUER),
    MANAGED = BEFORE_USE | YF_IN(YF_STAGE_ACTIVE),
    FURNISHED = MANAGED & ~YF_IN(YF_STAGE_CHIP), // applications come and go
    ALIVE = MANAGED | YF_IN(YF_STAGE_LOCKED),
    ALWAYS = ALIVE | YF_IN(YF_STAGE_TERMINATED),
};

enum { ADMIN = YF_NEED_ADMIN, SECRET = YF_NEED_ADMIN | YF_NEED_SECRET };

static const struct yf_command commands[] = {
    { 0x80, 0x50, ALIVE, YF_CMD_ANEW, YF_NEED_NOTHING, yf_domain_initialize_update },
    { 0x80, 0x82, ALIVE, YF_CMD_RAW, YF_NEED_NOTHING, yf_domain_external_authenticate },
    { 0x80, 0xCA, ALWAYS, 0, YF_NEED_NOTHING, yf_domain_get_data },
    { 0x00, 0xCA, ALWAYS, 0, YF_NEED_NOTHING, yf_domain_get_data },
    { 0x80, 0xD8, MANAGED, 0, SECRET, yf_domain_put_key },
    { 0x80, 0xE2, MANAGED, 0, ADMIN, yf_domain_store_data },
    { 0x80, 0xE4, MANAGED, 0, ADMIN, yf_domain_delete },
    { 0x80, 0xE6, FURNISHED, 0, ADMIN, yf_domain_install },
    { 0x80, 0xF0, ALIVE, 0, ADMIN, yf_domain_set_status },
    { 0x80, 0xF2, ALIVE, 0, ADMIN, yf_domain_get_status },
};

/* The card's making: keys in the form of yf_card_make, one byte of cipher before them. */
static yf_sw
install(struct yf_call *call, yf_span parameters)
{
    yf_cur c = yf_cur_of(parameters);
    struct key_set set = { .kvn = YF_ISSUER_TRANSPORT };
    uint8_t cipher = yf_cur_u8(&c);
    const struct yf_cipher_alg *alg =
        yf_provider_cipher(yf_call_provider(call), (enum yf_cipher_id)cipher);
    uint8_t *to[] = { set.keys.enc, set.keys.mac, set.keys.dek };
    yf_err e;

    if (!alg)
        return YF_SW_WRONG_DATA;
    set.keys.cipher = alg->id;
    for (size_t i = 0; i < 3; i++) {
        yf_span key = yf_cur_take(&c, alg->key);
        memcpy(to[i], key.p, key.n);
    }
    if (!(e = yf_cur_done(&c)))
        e = yf_keys_create(yf_call_store(call), &set);
    yf_wipe(&set, sizeof set);
    return yf_call_sw(e);
}

const struct yf_applet yf_applet_issuer = {
    .name = "issuer",
    .aid = { (const uint8_t *)"\xA0\x00\x00\x01\x51\x00\x00\x00", 8 }, // GPCS: the ISD's
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = install,
    .selected = yf_domain_selected,
};
