/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and PINs of an application that has been installed, in a whole card: what holds between
 * commands, what ends with a selection or a reset, and what a command takes.
 */
#include "box.h"
#include "hex.h"
#include "stack.h"
#include "t.h"
#include "tiny.h"

#include <yufu/card/pin.h>

enum { PUBLIC = 1, BEHIND_PIN, LOG };

static yf_sw
install(struct yf_call *c, yf_span parameters)
{
    static const struct yf_pin_rule rule = {
        .min = 4, .max = 8, .tries = 3, .pad = 0xFF, .change = YF_NEED_NOTHING
    };
    static const struct yf_fcp wanted[] = {
        { .kind = YF_FILE_DF,
          .state = YF_FILE_ACTIVATED,
          .fid = 0x5000,
          .need = { [YF_FILE_CREATE_EF] = YF_NEED_PIN1 } },
        { .kind = YF_FILE_TRANSPARENT,
          .state = YF_FILE_ACTIVATED,
          .fid = 0x0001,
          .sfi = PUBLIC,
          .size = 0x9000,
          .need = { [YF_FILE_READ] = YF_NEED_NOTHING, [YF_FILE_UPDATE] = YF_NEED_NOTHING } },
        { .kind = YF_FILE_TRANSPARENT,
          .state = YF_FILE_ACTIVATED,
          .fid = 0x0002,
          .sfi = BEHIND_PIN,
          .size = 4,
          .need = { [YF_FILE_READ] = YF_NEED_PIN1 } },
        { .kind = YF_FILE_CYCLIC,
          .state = YF_FILE_ACTIVATED,
          .fid = 0x0003,
          .sfi = LOG,
          .record = 255,
          .records = 20,
          .need = { [YF_FILE_READ] = YF_NEED_NOTHING, [YF_FILE_APPEND] = YF_NEED_NOTHING } },
    };
    struct yf_store *s = yf_call_store(c);
    yf_err e = yf_pin_create(s, c->app, 1, &rule, YF_STR("1234"));
    (void)parameters;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && !e; i++) {
        struct yf_fcp f = wanted[i];
        e = yf_files_create(s, c->app, &f);
    }
    return yf_call_sw(e);
}

static const struct yf_command commands[] = {
    { 0x00, 0xA4, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_select },
    { 0x00, 0xB0, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xB1, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_read_binary },
    { 0x00, 0xD6, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_NOTHING, yf_do_update_binary },
    { 0x00, 0xD7, YF_IN_USE, YF_CMD_CHAIN, YF_NEED_NOTHING, yf_do_update_binary },
    { 0x00, 0x0E, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_erase_binary },
    { 0x00, 0xB2, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_read_record },
    { 0x00, 0xE2, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_append_record },
    { 0x00, 0xE0, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_create_file },
    { 0x00, 0x20, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_verify },
    { 0x00, 0x24, YF_IN_USE, 0, YF_NEED_NOTHING, yf_do_change_reference },
};

static const struct yf_applet filing = {
    .name = "filing",
    .aid = { (const uint8_t *)"\xF0Yufu.filing", 12 },
    .commands = commands,
    .n_commands = sizeof commands / sizeof *commands,
    .install = install,
};

static const struct yf_applet *const applets[] = { &tiny_root, &tiny_domain, &tiny, &filing, NULL };
static struct box b;

static int
open(void **st)
{
    yf_out none = yf_out_of(NULL, 0);
    uint8_t n;
    (void)st;

    box_open(&b, applets);
    struct yf_call call = box_call(&b, YF_APP_ISSUER, &none);
    box_advance(&b, YF_STAGE_PERSO);
    T(yf_apps_install(&call, filing.aid, (yf_span){ 0 }, (yf_span){ 0 }, &n) == YF_SW_OK);
    T(yf_apps_install(&call, tiny.aid, (yf_span){ 0 }, (yf_span){ 0 }, &n) == YF_SW_OK);
    box_advance(&b, YF_STAGE_ISSUER);
    T(box_select(&b, filing.aid) == YF_SW_OK);
    return 0;
}

static int
done(void **st)
{
    (void)st;
    box_close(&b);
    return 0;
}

static yf_sw
say(const char *hex)
{
    uint8_t bytes[64];

    return box_say(&b, hex_span(hex, bytes, sizeof bytes));
}

#define SW(sw, hex) assert_int_equal(say(hex), sw)

static void
a_pin_opens_a_file(void **st)
{
    (void)st;
    SW(0x6982, "00B08200 00");
    SW(0x63C2, "00200081 04 00000000");
    SW(0x6982, "00B08200 00");
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "00B08200 00");
    T_SPAN(b.data, BYTES(0, 0, 0, 0));
    SW(0x63C2, "00200081 04 00000000"); // and shuts it
    SW(0x6982, "00B08200 00");
}

static void
what_was_shown_ends_with_the_selection(void **st)
{
    (void)st;
    for (unsigned way = 0; way < 5; way++) {
        SW(0x9000, "00200081 04 31323334");
        SW(0x9000, "00B08200 00");
        switch (way) {
        case 0: // another application
            T(box_select(&b, tiny.aid) == YF_SW_OK);
            break;
        case 1: // the same one
            break;
        case 2: // the MF, which is in the root
            SW(0x9000, "00A4000C 02 3F00");
            break;
        case 3:
            yf_card_reset(&b.card);
            break;
        default:
            T_OK(box_restart(&b));
        }
        T(box_select(&b, filing.aid) == YF_SW_OK);
        SW(0x6986, "00B00000 00"); // nor is the file current
        SW(0x6982, "00B08200 00");
        SW(0x63C3, "00200081");
    }
}

static void
tries_outlive_the_power(void **st)
{
    (void)st;
    SW(0x63C2, "00200081 04 00000000");
    T_OK(box_restart(&b));
    T(box_select(&b, filing.aid) == YF_SW_OK);
    SW(0x63C2, "00200081");
    SW(0x63C1, "00200081 04 00000000");
    yf_card_reset(&b.card);
    T(box_select(&b, filing.aid) == YF_SW_OK);
    SW(0x63C0, "00200081 04 00000000");
    T_OK(box_restart(&b));
    T(box_select(&b, filing.aid) == YF_SW_OK);
    SW(0x6983, "00200081 04 31323334");
}

/* As much as a command can carry, extended and as a chain, beyond 32 KB; and back in pieces. */
static void
the_longest_updates(void **st)
{
    static uint8_t data[YF_CARD_NC];
    static const uint8_t head[] = { 0x54, 0x02, 0x85, 0x55, 0x53, 0x82, 0x07, 0xF8 };
    yf_apdu_cmd cmd = { .ins = 0xD7, .p2 = PUBLIC, .data = YF_SPAN(data) };
    struct yf_apdu_split split;
    (void)st;

    memset(data, 0x5A, sizeof data);
    memcpy(data, head, sizeof head);
    T(box_do(&b, &cmd) == YF_SW_OK);
    SW(0x9000, "00B10001 000004 54028D4C 0003");
    T_SPAN(b.data, BYTES(0x53, 0x01, 0x5A));
    SW(0x9000, "00B10001 000004 54028D4D 0003");
    T_SPAN(b.data, BYTES(0x53, 0x01, 0x00));

    cmd.ins = 0xD6;
    cmd.p1 = 0x80 | PUBLIC;
    cmd.p2 = 0xFF;
    T_OK(yf_apdu_split_init(&split, &cmd, 255));
    for (yf_apdu_cmd part; yf_apdu_split_next(&split, &part);)
        T(box_do(&b, &part) == YF_SW_OK);
    SW(0x9000, "00B000FE 00");
    T(b.data.n == 256 && b.data.p[0] == 0 && b.data.p[1] == 0x54 && b.data.p[255] == 0x5A);
    cmd = (yf_apdu_cmd){ .ins = 0xB0, .p2 = 0xFF, .ne = 65536 };
    T(box_do(&b, &cmd) == YF_SW_OK);
    T_SPAN(b.data, YF_SPAN(data));
}

static void
files_made_by_commands_stay(void **st)
{
    (void)st;
    SW(0x6982, "00E00000 0F 620D 80020003 820101 83020010 8800");
    SW(0x9000, "00200081 04 31323334");
    SW(0x9000, "00E00000 13 6211 80020003 820101 83020010 8800 8C020100");
    T_OK(box_restart(&b));
    T(box_select(&b, filing.aid) == YF_SW_OK);
    SW(0x9000, "00A40204 02 0010 00");
    SW(0x9000, "00B00000 00");
    T_SPAN(b.data, BYTES(0, 0, 0));
    SW(0x6982, "00D60000 01 00");
}

/* ---- what a command takes ---- */

static void
all_kinds(void *arg)
{
    static uint8_t record[255];
    yf_apdu_cmd append = { .ins = 0xE2, .p2 = LOG << 3, .data = YF_SPAN(record) };
    (void)arg;

    SW(0x9000, "00240081 0C 31323334FFFFFFFF 35363738");
    SW(0x9000, "00200081 04 35363738");
    SW(0x9000, "00A40204 02 0001 00");
    SW(0x9000, "00B00000 000000");
    SW(0x9000, "00D60000 02 1234");
    SW(0x9000, "000E0000 02 0400");
    T(box_do(&b, &append) == YF_SW_OK);
    SW(0x9000, "00B2011D 000000");
    SW(0x9000, "00E00000 0F 620D 80020003 820101 83020010 8800");
}

static void
stack_is_bounded(void **st)
{
    (void)st;
    size_t used = stack_used(all_kinds, NULL);
    print_message("# commands on files and PINs: %zu bytes of stack\n", used);
    T(used > 0 && used < YF_CARD_STACK);
}

#define OPEN(f) cmocka_unit_test_setup_teardown(f, open, done)

T_MAIN(OPEN(a_pin_opens_a_file), OPEN(what_was_shown_ends_with_the_selection),
       OPEN(tries_outlive_the_power), OPEN(the_longest_updates), OPEN(files_made_by_commands_stay),
       OPEN(stack_is_bounded))
