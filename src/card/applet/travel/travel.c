/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ICAO's LDS1 application: the holder's data, and the protocols that open it and show
 * that the chip is no copy (docs/travel.md).
 *
 *     travel.c     what it is given, and the table of commands
 *     chip.c       chip authentication and active authentication
 *     basic.c      basic access control
 *
 * Everything is read under secure messaging; DG3 and DG4 also after terminal
 * authentication, which this card does not have: nothing shows that bit, and so nobody reads them.
 */
#include "parts.h"

#include "../offer.h"

#include <yufu/proto/bac.h>
#include <yufu/wire/tlv.h>

enum { EXTENDED = YF_NEED_BASIC | YF_NEED_TERMINAL };

/* 9303-10 4.6.2: DG14 and DG15 are templates '6E' and '6F' around what they say. */
static yf_sw
inside(yf_span file, uint32_t tag, yf_span *inner)
{
    yf_cur c = yf_cur_of(file);

    *inner = yf_tlv_need(&c, tag, 1, file.n);
    return yf_cur_done(&c) ? YF_SW_WRONG_DATA : YF_SW_OK;
}

/* 9303-11 9.2: what EF.CardAccess says is repeated in DG14, under the signature. */
static yf_sw
dg14_true(struct yf_call *call, yf_span file)
{
    const unsigned kinds = 1u << YF_SECINFO_OTHER | 1u << YF_SECINFO_PACE | 1u << YF_SECINFO_CA |
                           1u << YF_SECINFO_CA_KEY | 1u << YF_SECINFO_AA;
    yf_span set;
    yf_sw sw = inside(file, 0x6E, &set);

    return sw != YF_SW_OK ? sw : offer_secinfos(yf_call_provider(call), set, kinds);
}

static yf_sw
dg15_true(struct yf_call *call, yf_span file)
{
    yf_span spki;
    yf_sw sw = inside(file, 0x6F, &spki);

    return sw != YF_SW_OK ? sw : offer_aa_key(yf_call_provider(call), spki);
}

/* 9303-10 table 38: identifiers, short identifiers and who may read. */
static const struct given_file files[] = {
    { YF_TRAVEL_COM, 0x1E, YF_NEED_BASIC, 256, NULL },   // EF.COM
    { YF_TRAVEL_SOD, 0x1D, YF_NEED_BASIC, 32768, NULL }, // EF.SOD
    { YF_TRAVEL_DG1, 0x01, YF_NEED_BASIC, 256, NULL },   // DG1: the machine readable zone
    { 0x0102, 0x02, YF_NEED_BASIC, YF_OBJ_MAX, NULL },   // DG2: face
    { 0x0103, 0x03, EXTENDED, YF_OBJ_MAX, NULL },        // DG3: fingers
    { 0x0104, 0x04, EXTENDED, YF_OBJ_MAX, NULL },        // DG4: irises
    { 0x0105, 0x05, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x0106, 0x06, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x0107, 0x07, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x0108, 0x08, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x0109, 0x09, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x010A, 0x0A, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x010B, 0x0B, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x010C, 0x0C, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { 0x010D, 0x0D, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
    { YF_TRAVEL_DG14, 0x0E, YF_NEED_BASIC, YF_CARD_NE, dg14_true },
    { YF_TRAVEL_DG15, 0x0F, YF_NEED_BASIC, YF_CARD_NE, dg15_true },
    { YF_TRAVEL_DG16, 0x10, YF_NEED_BASIC, YF_OBJ_MAX, NULL },
};

static const struct given_key keys[] = {
    { YF_TRAVEL_BAC_SEED, YF_TRAVEL_BAC_SEED, YF_BAC_SEED, YF_BAC_SEED },
    { YF_TRAVEL_AA_KEY, YF_TRAVEL_AA_KEY, 32, YF_TRAVEL_AA_KEY_MAX },
    { YF_TRAVEL_CA_KEY, YF_TRAVEL_CA_KEY + 0xFF, 28, YF_FIELD_MAX },
    { YF_TRAVEL_CA_LONE_KEY, YF_TRAVEL_CA_LONE_KEY, 28, YF_FIELD_MAX },
};

static const struct given given = { files, sizeof files / sizeof *files, keys,
                                    sizeof keys / sizeof *keys };

static yf_sw
travel_install(struct yf_call *call, yf_span parameters)
{
    return parameters.n ? YF_SW_WRONG_DATA : given_install(call, 0);
}

static yf_sw
travel_store(struct yf_call *call, uint16_t dgi, uint32_t total, uint32_t at, yf_span piece)
{
    return given_store(call, &given, dgi, total, at, piece);
}

/* Whole, and every key the files promise is there and belongs to them. */
static yf_sw
travel_stored(struct yf_call *call)
{
    yf_sw sw = given_whole(call);

    if (sw == YF_SW_OK)
        sw = travel_chip_keys_true(call);
    if (sw == YF_SW_OK)
        sw = travel_active_key_true(call);
    return sw;
}

static const struct yf_command commands[] = {
    { 0x00, 0xA4, YF_IN_USE, 0, YF_NEED_BASIC, yf_do_select },
    { 0x00, 0xB0, YF_IN_USE, 0, YF_NEED_BASIC, yf_do_read_binary },
    { 0x00, 0xB1, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_BASIC, yf_do_read_binary },
    { 0x00, 0x84, YF_IN_USE, 0, YF_NEED_NOTHING, travel_do_get_challenge },
    { 0x00, 0x82, YF_IN_USE, 0, YF_NEED_NOTHING, travel_do_external_authenticate },
    { 0x00, 0x22, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_BASIC, travel_do_mse },
    { 0x00, 0x86, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_BASIC, travel_do_general_authenticate },
    { 0x00, 0x88, YF_IN_USE, 0, YF_NEED_BASIC, travel_do_internal_authenticate },
};

const struct yf_applet yf_applet_travel = {
    .name = "travel",
    .aid = YF_TRAVEL_AID,
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = travel_install,
    .store = travel_store,
    .stored = travel_stored,
};
