/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No application reaches another's objects. One that has every command on files there is
 * tries every identifier, path, short identifier and data tag on a card beside a travel document
 * with all it holds.
 */
#include "t.h"
#include "terminal.h"
#include "travelcard.h"

#include <yufu/card/files.h>

#define SPY_AID YF_STR("\xF0Yufu.spy")

enum { OWN = 0x0E01, OWN_SFI = 0x0B };

static yf_sw
install(struct yf_call *c, yf_span parameters)
{
    struct yf_fcp df = { .kind = YF_FILE_DF, .state = YF_FILE_ACTIVATED };
    struct yf_fcp own = { .kind = YF_FILE_TRANSPARENT,
                          .state = YF_FILE_ACTIVATED,
                          .fid = OWN,
                          .sfi = OWN_SFI,
                          .size = 4 };
    yf_err e;

    (void)parameters;
    for (size_t i = 0; i < YF_FILE_OPS; i++)
        df.need[i] = own.need[i] = YF_NEED_NOTHING;
    if ((e = yf_files_create(yf_call_store(c), c->app, &df)))
        return yf_call_sw(e);
    if ((e = yf_files_create(yf_call_store(c), c->app, &own)))
        return yf_call_sw(e);
    return yf_call_sw(yf_files_write(yf_call_store(c), c->app, &own, 0, YF_STR("mine")));
}

enum { ANY = YF_IN(YF_STAGES) - 1 };

static const struct yf_command commands[] = {
    { 0x00, 0xA4, ANY, 0, YF_NEED_NOTHING, yf_do_select },
    { 0x00, 0xB0, ANY, 0, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xB1, ANY, 0, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xB2, ANY, 0, YF_NEED_NOTHING, yf_do_read_record },
    { 0x00, 0xD6, ANY, 0, YF_NEED_NOTHING, yf_do_update_binary },
    { 0x00, 0xE4, ANY, 0, YF_NEED_NOTHING, yf_do_delete_file },
};

static const struct yf_applet spy = {
    .name = "spy",
    .aid = { (const uint8_t *)"\xF0Yufu.spy", 9 },
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = install,
};

static struct table {
    struct travelcard t;
    struct terminal reader;
    uint8_t spy; // number of the application
    struct yf_card chosen;
    struct yf_sm sm;
    uint64_t programs;
} now;

static void
pace(void)
{
    struct yf_pace_suite suite;

    T_OK(yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, YF_AES128, &yf_curve_p256, &suite));
    T(terminal_pace(&now.reader, &suite, YF_PACE_CAN, now.t.can) == YF_SW_OK);
}

/* The spy is selected; that is where every try begins. */
static void
open(bool with_pace)
{
    static const struct yf_applet *applets[8];
    static struct travelcard_profile profile;
    yf_apdu_cmd select = { .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = SPY_AID };
    yf_out none = yf_out_of(NULL, 0);
    size_t n = 0;

    for (; yf_card_applets[n]; n++)
        applets[n] = yf_card_applets[n];
    applets[n] = &spy;
    profile = travelcard_p256;
    profile.applets = applets;
    travelcard_make(&now.t, &profile);
    struct yf_call call = travelcard_call(&now.t, YF_APP_ISSUER, &none);
    T(yf_apps_install(&call, SPY_AID, (yf_span){ 0 }, (yf_span){ 0 }, &now.spy) == YF_SW_OK);
    terminal_open(&now.reader, &now.t.card, now.t.parts.rng);
    if (with_pace)
        pace();
    T(terminal_send(&now.reader, &select) == YF_SW_OK);
    now.chosen = now.t.card;
    now.sm = now.reader.sm;
    now.programs = now.t.flash.programs;
}

static void
close(void)
{
    T(now.t.flash.programs == now.programs); // nothing was changed by any try
    travelcard_drop(&now.t);
}

static yf_sw
attempt(const yf_apdu_cmd *cmd)
{
    now.t.card = now.chosen;
    now.reader.sm = now.sm;
    return terminal_send(&now.reader, cmd);
}

/*
 * What is selected now is the spy's own file, or its own directory - or, for the MF, it is
 * no longer the spy that is selected.
 */
static void
expect_own_selected(uint16_t fid)
{
    yf_apdu_cmd read = { .ins = 0xB0, .ne = 256 };

    T(now.t.card.app == (fid == 0x3F00 ? YF_APP_ROOT : now.spy));
    if (now.t.card.app != now.spy)
        return;
    if (terminal_send(&now.reader, &read) == YF_SW_OK)
        T_SPAN(now.reader.data, YF_STR("mine"));
    else
        T(fid != OWN && now.t.card.at.ef == 0 && now.reader.data.n == 0);
}

static void
every_identifier(bool with_pace)
{
    static const uint8_t by[] = { 0x00, 0x01, 0x02, 0x03, 0x08, 0x09 };
    unsigned found = 0;

    open(with_pace);
    for (unsigned fid = 0; fid < 0x10000; fid++)
        for (size_t i = 0; i < sizeof by; i++) {
            uint8_t path[2];
            yf_apdu_cmd select = { .ins = 0xA4, .p1 = by[i], .p2 = 0x0C, .data = YF_SPAN(path) };

            yf_put_be16(path, (uint16_t)fid);
            if (attempt(&select) == YF_SW_OK) {
                expect_own_selected((uint16_t)fid);
                found++;
            }
        }
    printf("# %u of %u selected something\n", found, 0x10000u * (unsigned)sizeof by);
    T(found >= 2 && found <= 4 * sizeof by);
    close();
}

static void
no_identifier_leads_out(void **st)
{
    (void)st;
    every_identifier(false);
    every_identifier(true);
}

/* Paths of two: from the MF's identifier, from the spy's, from every file of the document. */
static void
no_path_leads_out(void **st)
{
    static const uint16_t from[] = { 0x3F00, 0x3FFF, OWN, 0x0101, 0x011C, 0x0000 };

    (void)st;
    open(false);
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        for (unsigned fid = 0; fid < 0x10000; fid++) {
            uint8_t path[4];
            yf_apdu_cmd select = { .ins = 0xA4, .p1 = 0x08, .p2 = 0x0C, .data = YF_SPAN(path) };

            yf_put_be16(path, from[i]);
            yf_put_be16(path + 2, (uint16_t)fid);
            if (attempt(&select) == YF_SW_OK)
                expect_own_selected((uint16_t)fid);
        }
    close();
}

/* Short identifiers with every command that takes one, reading and writing. */
static void
no_short_identifier_leads_out(void **st)
{
    (void)st;
    open(true);
    for (unsigned sfi = 1; sfi < 31; sfi++) {
        yf_apdu_cmd read = { .ins = 0xB0, .p1 = (uint8_t)(0x80 | sfi), .ne = 256 };
        yf_apdu_cmd odd = {
            .ins = 0xB1, .p2 = (uint8_t)sfi, .ne = 256, .data = YF_STR("\x54\x01\x00")
        };
        yf_apdu_cmd record = { .ins = 0xB2, .p1 = 1, .p2 = (uint8_t)(sfi << 3 | 4), .ne = 256 };
        yf_apdu_cmd write = { .ins = 0xD6, .p1 = (uint8_t)(0x80 | sfi), .data = YF_STR("x") };
        bool own = sfi == OWN_SFI;

        T(attempt(&read) == (own ? YF_SW_OK : YF_SW_FILE_NOT_FOUND));
        T((attempt(&odd) == YF_SW_OK) == own);
        T(attempt(&record) != YF_SW_OK);
        if (!own)
            T(attempt(&write) == YF_SW_FILE_NOT_FOUND);
    }
    close();
}

/* GET DATA of every tag, in both classes: the spy's table has none, and nobody else's counts. */
static void
no_tag_leads_out(void **st)
{
    (void)st;
    open(false);
    for (unsigned tag = 0; tag < 0x10000; tag++)
        for (unsigned cla = 0; cla < 256; cla += 0x80) {
            yf_apdu_cmd get = { .cla = (uint8_t)cla,
                                .ins = 0xCA,
                                .p1 = (uint8_t)(tag >> 8),
                                .p2 = (uint8_t)tag,
                                .ne = 256 };

            T(attempt(&get) == (cla ? YF_SW_WRONG_CLA : YF_SW_WRONG_INS));
        }
    close();
}

T_MAIN(cmocka_unit_test(no_identifier_leads_out), cmocka_unit_test(no_path_leads_out),
       cmocka_unit_test(no_short_identifier_leads_out), cmocka_unit_test(no_tag_leads_out))
