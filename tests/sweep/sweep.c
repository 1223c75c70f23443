/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sweep - every command to every application in every stage of life and state of security,
 * against the answers of the tables beside this file.
 *
 *     sweep DIR [full | APPLICATION]   the tables in DIR; full: all classes and P1-P2 of all
 *                                      instructions; or one application alone
 *
 * A cell is a card brought to that stage and state, and one command. The card is put back
 * as it was after each: its state is one struct, and its flash is only copied when something
 * was written. Beside the status word, what must hold after any command: no data with an error,
 * no stage but one that may follow, and no messaging left where a command in clear or another
 * messaging ended it.
 */
#include "table.h"

#include "../terminal.h"
#include "../tiny.h"
#include "../travelcard.h"

#include <yufu/proto/scp03.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(x)                                                                                    \
    do {                                                                                           \
        if (!(x)) {                                                                                \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);                                \
            exit(2);                                                                               \
        }                                                                                          \
    } while (0)

const char *const table_apps[] = { "root", "issuer", "travel", "tiny", NULL };
enum { ROOT, ISSUER, TRAVEL, TINY };

/*
 * What stands when a command comes, and how the command comes: wrapped in what stands, but for
 * the last two, where it comes in clear or under some other class.
 */
const char *const table_security[] = { "plain",   "pin",     "bac",   "pace",  "chip",
                                       "scp01",   "scp03",   "scp11", "scp33", "begun",
                                       "iso-raw", "scp-raw", NULL };
enum {
    PLAIN,
    PIN,
    BAC,
    PACE,
    CHIP,
    SCP01,
    SCP03,
    SCP11,
    SCP33,
    BEGUN,
    ISO_RAW,
    SCP_RAW,
    STATES = ISO_RAW
};

static const struct yf_applet *applets[8];

/* What stands, and whose it is. */
static struct {
    struct travelcard t;
    struct terminal reader;
    struct yf_scp03 host;
    uint8_t tiny; // number of that application
    unsigned app, security, stage;
} now;

/* The same, to go back to. */
static struct {
    struct yf_card card;
    struct yf_sm sm;
    struct yf_scp03 host;
    uint8_t *mem, *programmed;
    uint64_t programs, barriers;
} before;

static struct {
    unsigned long cells, wrong, of_sw[0x10000], states;
    bool full;
    unsigned alone; // the one application that is asked, or TABLE_APPS
} tally;

/* ---- a state ---- */

static void
select_app(unsigned app)
{
    static const uint8_t tiny_aid[] = "\xF0Yufu.tiny";
    const yf_span aid[] = { applets[0]->aid,
                            applets[1]->aid,
                            YF_STR("\xA0\x00\x00\x02\x47\x10\x01"),
                            { tiny_aid, sizeof tiny_aid - 1 } };
    yf_apdu_cmd cmd = { .ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = aid[app] };

    MUST(terminal_send(&now.reader, &cmd) == YF_SW_OK);
}

static void
pace(void)
{
    struct yf_pace_suite suite;

    MUST(!yf_pace_suite_of(&yf_provider_soft, YF_PACE_GM, YF_AES128, &yf_curve_p256, &suite));
    MUST(terminal_pace(&now.reader, &suite, YF_PACE_CAN, now.t.can) == YF_SW_OK);
}

static void
chip(void)
{
    MUST(terminal_chip(&now.reader, YF_AES128, false, &yf_curve_p256, yf_key_point(&now.t.chip),
                       -1) == YF_SW_OK);
}

static void
scp03(uint8_t level)
{
    static const uint8_t challenge[8] = { 0 };
    struct yf_scp03_keys keys;
    struct yf_scp03_answer a;
    uint8_t mem[2 * YF_BLOCK_MAX];
    yf_apdu_cmd cmd = { .cla = 0x80, .ins = 0x50, .ne = 256, .data = YF_SPAN(challenge) };

    MUST(terminal_send(&now.reader, &cmd) == YF_SW_OK);
    MUST(!yf_scp03_read(now.reader.data, &a));
    MUST(
        !yf_line_keys(&now.t.line, &yf_provider_soft, YF_STAGE_ACTIVE, a.diversification.p, &keys));
    MUST(!yf_scp03_host_begin(&now.host, &yf_provider_soft, &keys, YF_SPAN(challenge), &a));
    if (!level)
        return;
    MUST(!yf_scp03_host_open(&now.host, level, mem, &cmd));
    MUST(terminal_send(&now.reader, &cmd) == YF_SW_OK);
}

/* Is there such a state for the application? */
static bool
reachable(unsigned app, unsigned security)
{
    switch (security) {
    case PLAIN:
        return true;
    case PIN:
        return app == TINY;
    case BAC:
        return app == TRAVEL;
    case PACE:
    case CHIP:
        return true;
    default:
        return app == ISSUER;
    }
}

static void
establish(unsigned app, unsigned security)
{
    static const uint8_t levels[] = { 0x01, 0x03, 0x11, 0x33, 0x00 };
    yf_apdu_cmd pin = { .ins = 0x0C, .p1 = 1 };

    terminal_reset(&now.reader);
    if (security == PACE || security == CHIP)
        pace();
    if (security == CHIP || security == BAC)
        select_app(TRAVEL);
    if (security == CHIP)
        chip();
    if (security == BAC)
        MUST(terminal_bac(&now.reader, now.t.seed) == YF_SW_OK);
    else
        select_app(app);
    if (security == PIN)
        MUST(terminal_send(&now.reader, &pin) == YF_SW_OK);
    if (security >= SCP01 && security <= BEGUN)
        scp03(levels[security - SCP01]);
}

/* Written past all rules: the sweep also asks what no life leads to. */
static void
put_stage(unsigned stage)
{
    uint8_t code = yf_stage_code((yf_stage)stage);

    MUST(!yf_store_write(&now.t.card.store, YF_OBJ(0, YF_OBJ_CARD, YF_CARD_STAGE), 0,
                         (yf_span){ &code, 1 }));
    now.t.card.stage = (yf_stage)stage;
}

/* ---- there and back ---- */

static size_t
flash_size(void)
{
    return (size_t)now.t.flash.flash.page * now.t.flash.flash.pages;
}

static void
keep(void)
{
    size_t units = flash_size() / now.t.flash.flash.unit;

    before.card = now.t.card;
    before.sm = now.reader.sm;
    before.host = now.host;
    memcpy(before.mem, now.t.flash.mem, flash_size());
    memcpy(before.programmed, now.t.flash.programmed, units);
    before.programs = now.t.flash.programs;
    before.barriers = now.t.flash.barriers;
}

static void
go_back(void)
{
    size_t units = flash_size() / now.t.flash.flash.unit;

    now.t.card = before.card;
    now.reader.sm = before.sm;
    now.host = before.host;
    if (now.t.flash.programs == before.programs && now.t.flash.barriers == before.barriers)
        return;
    memcpy(now.t.flash.mem, before.mem, flash_size());
    memcpy(now.t.flash.programmed, before.programmed, units);
    now.t.flash.programs = before.programs;
    now.t.flash.barriers = before.barriers;
}

/* ---- one cell ---- */

static bool
iso(unsigned security)
{
    return security == BAC || security == PACE || security == CHIP;
}

static bool
gp(unsigned security)
{
    return security >= SCP01 && security <= SCP33;
}

/* A command as it is, without a check of what comes back. */
static yf_apdu_rsp
transmit(const yf_apdu_cmd *cmd)
{
    static uint8_t bytes[YF_CARD_IN + 64], rsp[YF_CARD_OUT + 64];
    yf_out in = yf_out_of(bytes, sizeof bytes), out = yf_out_of(rsp, sizeof rsp);
    yf_apdu_rsp r;

    yf_apdu_cmd_put(&in, cmd);
    MUST(!in.err);
    yf_card_transmit(&now.t.card, yf_out_span(&in), &out);
    MUST(!yf_apdu_rsp_parse(yf_out_span(&out), &r));
    return r;
}

/* Wrapped in what stands; the response must be wrapped, too, and right: false. */
static bool
transmit_wrapped(const yf_apdu_cmd *cmd, yf_apdu_rsp *plain)
{
    static uint8_t mem[YF_CARD_IN + 64], back[YF_CARD_OUT + 64];
    yf_apdu_cmd wrapped;

    if (iso(now.security)) {
        MUST(!yf_sm_wrap_cmd(&now.reader.sm, cmd, mem, sizeof mem, &wrapped));
        wrapped.form = YF_APDU_EXTENDED;
        wrapped.ne = 65536;
        yf_apdu_rsp r = *plain = transmit(&wrapped);
        return !yf_sm_unwrap_rsp(&now.reader.sm, &r, back, sizeof back, plain);
    }
    MUST(!yf_scp03_wrap_cmd(&now.host, cmd, mem, sizeof mem, &wrapped));
    yf_apdu_rsp r = *plain = transmit(&wrapped);
    return !yf_scp03_unwrap_rsp(&now.host, &r, back, sizeof back, plain);
}

/* The state as the table has it: in clear, ISO messaging ends and what is left is a plain card. */
static unsigned
as_asked(uint8_t cla, bool wrapped)
{
    bool base = (cla & 0x7F) == 0;

    if (wrapped)
        return now.security;
    if (iso(now.security))
        return base ? PLAIN : ISO_RAW;
    if (gp(now.security))
        return SCP_RAW;
    return now.security == BEGUN && base ? PLAIN : now.security;
}

static yf_apdu_cmd
command(const struct cell *c)
{
    static const uint8_t eight[] = { 1, 2, 3, 4, 5, 6, 7, 8 }, mf[] = { 0x3F, 0x00 };

    return (yf_apdu_cmd){
        .cla = c->cla,
        .ins = c->ins,
        .p1 = (uint8_t)(c->p1p2 >> 8),
        .p2 = (uint8_t)c->p1p2,
        .ne = c->form == 2 || c->form >= 4 ? 256 : 0,
        .data = c->form == 4   ? YF_SPAN(mf)
                : c->form >= 3 ? YF_SPAN(eight)
                               : (yf_span){ 0 },
    };
}

static void
report(const struct cell *c, const struct row *r, uint16_t sw, const char *what)
{
    if (tally.wrong++ < 40)
        printf("# %s in stage %u, %s: %02X %02X %04X form %u: %04X %s (%s:%u %s)\n",
               table_apps[c->app], c->stage, table_security[c->security], c->cla, c->ins, c->p1p2,
               c->form, sw, what, r->file ? r->file : "-", r->line, r->clause);
}

/* One under messaging, which is looked at when it is whole. */
static bool
part_of_a_chain(uint8_t cla)
{
    return cla < 0x20 && (cla & 0x10) && (cla & 0x0C);
}

/* What must hold after any command, whatever the table says. */
static const char *
broken_rule(const struct cell *c, yf_apdu_rsp r, bool wrapped)
{
    const struct yf_card *card = &now.t.card;
    yf_sw_class k = yf_sw_class_of(r.sw);
    bool stood = iso(now.security) || gp(now.security);

    if (r.data.n && (k == YF_SW_CLASS_CHECKING || k == YF_SW_CLASS_EXECUTION))
        return "an error has data";
    if (card->stage != (yf_stage)c->stage && !yf_stage_follows((yf_stage)c->stage, card->stage))
        return "a stage that does not follow";
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): a copy of it
    bool same = memcmp(&card->channel, &before.card.channel, sizeof card->channel) == 0;
    if (!wrapped && stood && !part_of_a_chain(c->cla) && same)
        return "messaging goes on";
    return card->mute ? "mute" : NULL;
}

static void
ask(uint8_t cla, uint8_t ins, uint16_t p1p2, unsigned form, bool wrapped)
{
    struct cell c = { now.stage, now.app, as_asked(cla, wrapped), cla, ins, p1p2, form };
    struct row *row = table_row(&c);
    yf_apdu_cmd cmd = command(&c);
    yf_apdu_rsp r = { 0 };
    bool authentic = !wrapped || transmit_wrapped(&cmd, &r);
    if (!wrapped)
        r = transmit(&cmd);
    const char *rule = authentic ? broken_rule(&c, r, wrapped) : "is not authentic";

    row->cells++;
    tally.cells++;
    tally.of_sw[r.sw]++;
    if (!table_allows(row, r.sw))
        report(&c, row, r.sw, "is not what the table says");
    if (rule)
        report(&c, row, r.sw, rule);
    go_back();
}

/* ---- all cells of a state ---- */

static const uint16_t p1p2s[] = {
    0x0000, 0x0001, 0x0100, 0x0200, 0x020C, 0x0400, 0x040C, 0x0402, 0x0045, 0x9F70, 0x8000,
    0x8002, 0x8100, 0x8300, 0x9C00, 0x9E00, 0xC1A4, 0x41A4, 0x41A6, 0x0081, 0x2000, 0xFFFF,
};
enum { P1P2S = sizeof p1p2s / sizeof *p1p2s };

static const uint8_t some_classes[] = {
    0x01, 0x04, 0x08, 0x0C, 0x10, 0x14, 0x1C, 0x20, 0x3F, 0x40, 0x7F, 0x81,
    0x84, 0x88, 0x8C, 0x90, 0xA0, 0xB4, 0xC0, 0xD0, 0xE3, 0xF0, 0xFE, 0xFF,
};

static void
ask_all_forms(uint8_t cla, uint8_t ins, bool wrapped)
{
    bool all = tally.full || table_names(ins);

    for (unsigned p = 0; p < (all ? P1P2S : 1); p++)
        for (unsigned form = all ? 1 : 2; form <= (all ? TABLE_FORMS : 2u); form++)
            ask(cla, ins, p1p2s[p], form, wrapped);
}

static void
ask_all(void)
{
    bool wrapped = iso(now.security) || gp(now.security);

    for (unsigned ins = 0; ins < 256; ins++) {
        for (unsigned cla = 0; cla < 256; cla += 0x80) {
            ask_all_forms((uint8_t)cla, (uint8_t)ins, wrapped);
            if (wrapped)
                ask((uint8_t)cla, (uint8_t)ins, 0, 2, false);
        }
        if (tally.full)
            for (unsigned cla = 0; cla < 256; cla++)
                for (unsigned form = 1; cla & 0x7F && form <= TABLE_FORMS; form++)
                    ask((uint8_t)cla, (uint8_t)ins, 0, form, false);
        for (unsigned i = 0; !tally.full && i < sizeof some_classes; i++) {
            ask(some_classes[i], (uint8_t)ins, 0, 3, false);
            if (table_names((uint8_t)ins))
                ask(some_classes[i], (uint8_t)ins, 0, 1, false);
        }
    }
}

static void
one_state(unsigned app, unsigned security, unsigned stage)
{
    now.app = app;
    now.security = security;
    now.stage = stage;
    put_stage(YF_STAGE_ACTIVE);
    establish(app, security);
    put_stage(stage);
    keep();
    ask_all();
    tally.states++;
}

static void
one_application(unsigned app)
{
    for (unsigned security = 0; security < STATES; security++)
        for (unsigned stage = 0; reachable(app, security) && stage < TABLE_STAGES; stage++)
            one_state(app, security, stage);
}

/* ---- all of it ---- */

static void
make(void)
{
    static struct travelcard_profile profile;
    yf_out none = yf_out_of(NULL, 0);
    size_t n = 0;

    for (; yf_card_applets[n]; n++)
        applets[n] = yf_card_applets[n];
    applets[n] = &tiny;
    profile = travelcard_p256;
    profile.applets = applets;
    travelcard_make(&now.t, &profile);
    struct yf_call call = travelcard_call(&now.t, YF_APP_ISSUER, &none);
    MUST(yf_apps_install(&call, TINY_AID, (yf_span){ 0 }, YF_STR("x"), &now.tiny) == YF_SW_OK);
    terminal_open(&now.reader, &now.t.card, now.t.parts.rng);
    before.mem = malloc(flash_size());
    before.programmed = malloc(flash_size() / now.t.flash.flash.unit);
    MUST(before.mem && before.programmed);
}

static int
summary(void)
{
    unsigned silent = tally.alone < TABLE_APPS ? 0 : table_silent();

    printf("# %lu cells in %lu states:", tally.cells, tally.states);
    for (unsigned sw = 0; sw < 0x10000; sw++)
        if (tally.of_sw[sw])
            printf(" %04X:%lu", sw, tally.of_sw[sw]);
    printf("\n1..2\n%sok 1 - every cell is answered as its table says\n"
           "%sok 2 - every row was asked\n",
           tally.wrong || !tally.cells ? "not " : "", silent ? "not " : "");
    return tally.wrong || silent || !tally.cells;
}

int
main(int argc, char **argv)
{
    static const char *const files[] = { "core.txt", "root.txt", "issuer.txt", "travel.txt",
                                         "tiny.txt" };

    MUST(argc == 2 || argc == 3);
    tally.full = argc == 3 && strcmp(argv[2], "full") == 0;
    while (tally.alone < TABLE_APPS && (argc == 2 || strcmp(argv[2], table_apps[tally.alone]) != 0))
        tally.alone++;
    MUST(argc == 2 || tally.full || tally.alone < TABLE_APPS);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        table_read(argv[1], files[i]);
    make();
    for (unsigned app = 0; app < TABLE_APPS; app++)
        if (tally.alone == TABLE_APPS || tally.alone == app)
            one_application(app);
    travelcard_drop(&now.t);
    free(before.mem);
    free(before.programmed);
    return summary();
}
