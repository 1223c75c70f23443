/* SPDX-License-Identifier: Apache-2.0 */
/* Files and the commands on them: 7816-4 (2005) 7.1, 7.2, 7816-9; 9303-10 3.6. */
#include "hand.h"
#include "t.h"

#define SW(sw, hex) assert_int_equal(hand(&h, hex), sw)
#define SAID(hex) T(hand_said(&h, hex))

static struct hand h;

enum { NOTHING = YF_NEED_NOTHING, ADMIN = YF_NEED_ADMIN, PIN1 = YF_NEED_PIN1 };

/* A file as the installer of an application makes it; its number. */
static uint8_t
make(uint8_t kind, uint8_t parent, uint16_t fid, uint8_t sfi, uint32_t size)
{
    struct yf_fcp f = {
        .parent = parent, .kind = kind, .state = YF_FILE_ACTIVATED, .fid = fid, .sfi = sfi
    };

    if (kind == YF_FILE_TRANSPARENT)
        f.size = size;
    else if (kind != YF_FILE_DF) {
        f.record = 4;
        f.records = (uint8_t)size;
    }
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        f.need[op] = NOTHING;
    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    return f.number;
}

/*
 *   3F00 --- 0001 (SFI 1, 300 bytes 00 01 02 ..)
 *         |- 0002 (SFI 2, linear fixed)
 *         |- 0100 --- 0001 (SFI 3, 4 bytes)
 *         |        '- 0101 --- 0003
 *         '- 0200
 */
static int
tree(void **st)
{
    uint8_t b[300];
    struct yf_fcp f;
    (void)st;

    T(hand_open(&h, YF_FLASH_PAGES));
    make(YF_FILE_DF, 0, 0x3F00, 0, 0);
    make(YF_FILE_TRANSPARENT, 0, 0x0001, 1, 300);
    make(YF_FILE_LINEAR_FIXED, 0, 0x0002, 2, 3);
    make(YF_FILE_DF, 0, 0x0100, 0, 0);
    make(YF_FILE_TRANSPARENT, 3, 0x0001, 3, 4);
    make(YF_FILE_DF, 3, 0x0101, 0, 0);
    make(YF_FILE_TRANSPARENT, 5, 0x0003, 0, 1);
    make(YF_FILE_DF, 0, 0x0200, 0, 0);
    for (unsigned i = 0; i < sizeof b; i++)
        b[i] = (uint8_t)i;
    T_OK(yf_files_get(&h.card.store, HAND_APP, 1, &f));
    T_OK(yf_files_write(&h.card.store, HAND_APP, &f, 0, YF_SPAN(b)));
    return 0;
}

static int
felled(void **st)
{
    (void)st;
    hand_close(&h);
    return 0;
}

static bool
current(uint8_t df, uint8_t ef)
{
    return h.card.at.df == df && h.card.at.ef == ef;
}

/* ---- SELECT: tables 39, 40 ---- */

static void
selects_by_identifier(void **st)
{
    (void)st;
    SW(0x9000, "00A4000C 02 0001");
    T(current(0, 1));
    SW(0x9000, "00A4000C 02 0100");
    T(current(3, 0));
    SW(0x9000, "00A4000C 02 0001"); // a child comes before a brother of the parent
    T(current(3, 4));
    SW(0x9000, "00A4000C 02 0002"); // among the parent's children
    T(current(0, 2));
    SW(0x9000, "00A4000C 02 0100");
    SW(0x9000, "00A4000C 02 0101");
    SW(0x9000, "00A4000C 02 0100"); // the parent itself
    T(current(3, 0));
    SW(0x9000, "00A4000C 02 0101");
    SW(0x6A82, "00A4000C 02 0200"); // an uncle is too far
    T(current(5, 0));
    SW(0x9000, "00A4000C 02 3F00"); // the MF never is
    T(current(0, 0));
    SW(0x9000, "00A4000C 02 0100");
    SW(0x9000, "00A4000C");
    T(current(0, 0));
}

static void
selects_children_and_parents(void **st)
{
    (void)st;
    SW(0x6A82, "00A4030C");         // nothing above the MF
    SW(0x6A82, "00A4010C 02 0001"); // an EF is no child DF
    SW(0x6A82, "00A4020C 02 0100"); // a DF is no EF
    SW(0x9000, "00A4020C 02 0001");
    T(current(0, 1));
    SW(0x9000, "00A4010C 02 0100");
    T(current(3, 0));
    SW(0x6A82, "00A4020C 02 0002"); // not of this DF
    SW(0x9000, "00A4010C 02 0101");
    SW(0x9000, "00A4030C");
    T(current(3, 0));
    SW(0x9000, "00A4030C");
    T(current(0, 0));
}

static void
selects_by_path(void **st)
{
    (void)st;
    SW(0x9000, "00A4080C 06 010001010003");
    T(current(5, 6));
    SW(0x9000, "00A4080C 02 0001");
    T(current(0, 1));
    SW(0x9000, "00A4090C 04 01000001");
    T(current(3, 4));
    SW(0x9000, "00A4090C 02 0101");
    T(current(5, 0));
    SW(0x6A82, "00A4090C 02 0101");
    SW(0x6A82, "00A4080C 04 00010001"); // through an EF
    SW(0x6A82, "00A4080C 04 01000002");
    SW(0x6A82, "00A4080C 04 3F000001"); // from the MF on, without its identifier
    T(current(5, 0));
}

static void
select_refuses(void **st)
{
    (void)st;
    SW(0x9000, "00A4020C 02 0001");
    for (unsigned p1 = 0; p1 < 256; p1++) { // table 39: 04 is the card's, the rest reserved
        char hex[32];
        snprintf(hex, sizeof hex, "00A4%02X0C 02 0001", p1);
        yf_sw sw = hand(&h, hex);
        if (p1 > 3 && p1 != 8 && p1 != 9)
            assert_int_equal(sw, 0x6A86);
    }
    for (unsigned p2 = 0; p2 < 256; p2++) { // table 40: only the first, four templates
        char hex[32];
        snprintf(hex, sizeof hex, "00A402%02X 02 0001", p2);
        assert_int_equal(hand(&h, hex), p2 & 0xF3 ? 0x6A86 : 0x9000);
    }
    SW(0x6A87, "00A4000C 01 00");
    SW(0x6A87, "00A4000C 03 000100");
    SW(0x6A87, "00A4010C");
    SW(0x6A87, "00A4020C");
    SW(0x6A87, "00A4030C 02 0001");
    SW(0x6A87, "00A4080C");
    SW(0x6A87, "00A4080C 03 000100");
    SW(0x6A87, "00A4090C 01 00");
    SW(0x6A82, "00A4020C 02 FFFF");
    SW(0x6A82, "00A4020C 02 0000");
    T(current(0, 1));
}

static void
select_answers_with_control_parameters(void **st)
{
    (void)st;
    SW(0x9000, "00A40204 02 0001 00");
    SAID("62 11 8002012C 820101 83020001 880108 8A0105");
    SW(0x9000, "00A40200 02 0001 00");
    SAID("6F 11 8002012C 820101 83020001 880108 8A0105");
    SW(0x9000, "00A40208 02 0001 00");
    SAID("64 00");
    SW(0x9000, "00A4020C 02 0001 00");
    SAID("");
    SW(0x9000, "00A40204 02 0001"); // no Le, no answer
    SAID("");
    SW(0x9000, "00A40204 02 0001 13");
    SAID("62 11 8002012C 820101 83020001 880108 8A0105");
    SW(0x9000, "00A40204 02 0002 00");
    SAID("62 15 8002000C 8205022100 0403 83020002 880110 8A0105");
    SW(0x9000, "00A40004 02 3F00 00");
    SAID("62 0A 820138 83023F00 8A0105");
    SW(0x9000, "00A40804 06 010001010003 00");
    SAID("62 10 80020001 820101 83020003 8800 8A0105");
    T(current(5, 6));
    SW(0x6C13, "00A40804 02 0001 12"); // Le too short: nothing happened
    T(current(5, 6));
}

/* ---- READ BINARY: 7.2.3 ---- */

static void
reads_the_current_file(void **st)
{
    (void)st;
    SW(0x6986, "00B00000 01");
    SW(0x9000, "00A4020C 02 0001");
    SW(0x9000, "00B00000 04");
    SAID("00010203");
    SW(0x9000, "00B00101 02"); // offset 257
    SAID("0102");
    SW(0x9000, "00B0012B 01"); // the last byte
    SAID("2B");
    SW(0x6282, "00B0012A 03"); // beyond the end: what there is
    SAID("2A2B");
    SW(0x6282, "00B00128 000020");
    SAID("28292A2B");
    SW(0x6B00, "00B0012C 01"); // at the end, and after it
    SW(0x6B00, "00B07FFF 01");
    SW(0x6700, "00B00000");          // without Le
    SW(0x6700, "00B00000 01 00 01"); // with data
}

/* Le of zeros: whatever there is, in one answer. */
static void
reads_all_there_is(void **st)
{
    (void)st;
    SW(0x9000, "00A4020C 02 0001");
    SW(0x9000, "00B00000 00");
    T(h.rsp.n == 256 && h.rsp.p[255] == 0xFF);
    SW(0x9000, "00B00100 00");
    T(h.rsp.n == 44 && h.rsp.p[43] == 0x2B);
    SW(0x9000, "00B00000 000000");
    T(h.rsp.n == 300);
    SW(0x9000, "00B00100 000100");
    T(h.rsp.n == 44);
    SW(0x6282, "00B00000 00012D");
    T(h.rsp.n == 300);
    SW(0x9000, "00B00000 00012C");
    T(h.rsp.n == 300);
}

static void
reads_by_short_identifier(void **st)
{
    (void)st;
    SW(0x6A82, "00B08300 01"); // not in this DF
    SW(0x6A82, "00B09E00 01");
    SW(0x9000, "00B08102 01");
    SAID("02");
    T(current(0, 1)); // 7.1: it becomes current
    SW(0x9000, "00B00003 01");
    SAID("03");
    SW(0x9000, "00B08005 01"); // SFI 0 is the current EF
    SAID("05");
    SW(0x6A86, "00B09F00 01");                         // 31
    for (unsigned p1 = 0xA0; p1 < 0x100; p1 += 0x20) { // bits 7 and 6
        char hex[32];
        snprintf(hex, sizeof hex, "00B0%02X00 01", p1 | 1);
        assert_int_equal(hand(&h, hex), 0x6A86);
    }
    SW(0x6981, "00B08200 01"); // records
    T(current(0, 1));          // a refusal changes nothing
    SW(0x9000, "00A4010C 02 0100");
    SW(0x6986, "00B08000 01");
    SW(0x6A82, "00B08100 01");
    SW(0x6B00, "00B08304 01");
    T(current(3, 0));
}

static void
odd_instructions_say_the_offset_in_the_data(void **st)
{
    (void)st;
    SW(0x6986, "00B10000 03 540100 00");
    SW(0x9000, "00B10001 03 540102 04"); // SFI
    SAID("53 02 0203");
    T(current(0, 1));
    SW(0x9000, "00B10000 04 54020101 04");
    SAID("53 02 0102");
    SW(0x9000, "00B10000 06 540400000101 04");
    SAID("53 02 0102");
    SW(0x9000, "00B10000 05 5403000101 03");
    SAID("53 01 01");
    SW(0x6282, "00B10000 04 5402012A 05"); // room for three, two there
    SAID("53 02 2A2B");
    SW(0x9000, "00B10000 04 5402012A 04");
    SAID("53 02 2A2B");
    SW(0x9000, "00B10000 04 5402012A 00");
    SAID("53 02 2A2B");
    SW(0x9000, "00B10000 03 540100 00"); // 256 hold a header of three and 253
    T(h.rsp.n == 256 && h.rsp.p[1] == 0x81 && h.rsp.p[2] == 253 && h.rsp.p[255] == 252);
    SW(0x9000, "00B10000 03 540100 82"); // 130 hold 127, not 128
    T(h.rsp.n == 129 && h.rsp.p[1] == 127);
    SW(0x9000, "00B10000 03 540100 83");
    T(h.rsp.n == 131 && h.rsp.p[2] == 128);
    SW(0x6B00, "00B10000 04 5402012C 00");
    SW(0x6B00, "00B10000 06 5404FFFFFFFF 00");
    SW(0x6700, "00B10000 03 540100");
    SW(0x6700, "00B10000 03 540100 02");
    SW(0x6A80, "00B10000 02 5400 00");
    SW(0x6A80, "00B10000 07 54050000000001 00");
    SW(0x6A80, "00B10000 05 5401005300 00");
    SW(0x6A80, "00B10000 03 550100 00");
    SW(0x6A80, "00B10000 00");
}

static void
odd_instructions_name_files_by_identifier(void **st)
{
    (void)st;
    SW(0x9000, "00A4010C 02 0100");
    SW(0x9000, "00A4010C 02 0101");
    SW(0x6A82, "00B10100 03 540100 00"); // not a child
    SW(0x9000, "00A4030C");
    SW(0x6981, "00B10101 03 540100 00"); // a DF
    SW(0x6A82, "00B1001F 03 540100 00"); // 31 is no SFI: an identifier
    T(current(3, 0));
    make(YF_FILE_TRANSPARENT, 3, 0x0140, 0, 2);
    SW(0x9000, "00B10140 03 540101 03");
    SAID("53 01 00");
    T(current(3, 8));
}

/* Doc 9303-10 3.6.3.3: DG2 is longer than an offset of 15 bits. */
static void
reads_beyond_32_kilobytes(void **st)
{
    struct yf_fcp f;
    (void)st;

    uint8_t n = make(YF_FILE_TRANSPARENT, 0, 0x0102, 5, 0x9000);
    T_OK(yf_files_get(&h.card.store, HAND_APP, n, &f));
    T_OK(yf_files_write(&h.card.store, HAND_APP, &f, 0x8FFE, BYTES(0xAB, 0xCD)));
    SW(0x9000, "00B10005 05 540300 8FFE 00");
    SAID("53 02 ABCD");
    SW(0x9000, "00B10005 000005 540300 8000 0800"); // all that 2048 bytes can hold
    T(h.rsp.n == 2048 && h.rsp.p[1] == 0x82 && yf_be16(h.rsp.p + 2) == 2044);
    SW(0x9000, "00B08500 000000");
    T(h.rsp.n == YF_CARD_NE);
    SW(0x9000, "00B08500 000FFF");
    T(h.rsp.n == YF_CARD_NE);
}

/* ---- UPDATE and ERASE BINARY: 7.2.5, 7.2.7 ---- */

static void
updates(void **st)
{
    (void)st;
    SW(0x6986, "00D60000 01 AA");
    SW(0x9000, "00D68102 02 AABB");
    T(current(0, 1));
    SW(0x9000, "00B00000 05");
    SAID("0001AABB04");
    SW(0x9000, "00D60129 03 CCDDEE");
    SW(0x9000, "00B00128 04");
    SAID("28CCDDEE");
    SW(0x6A84, "00D6012A 03 010203"); // beyond the end: nothing is written
    SW(0x6B00, "00D6012C 01 01");
    SW(0x9000, "00B00128 04");
    SAID("28CCDDEE");
    SW(0x6700, "00D60000");
    SW(0x6981, "00D68200 01 AA");
    SW(0x6A86, "00D69F00 01 AA");
}

static void
updates_with_objects(void **st)
{
    (void)st;
    SW(0x9000, "00D70001 07 540103 53024455");
    SW(0x9000, "00B00002 04");
    SAID("02445505");
    SW(0x9000, "00D70000 08 5402012A 53024455");
    SW(0x6A84, "00D70000 08 5402012B 53024455");
    SW(0x6B00, "00D70000 08 5402012C 53024455");
    SW(0x6A80, "00D70000 03 540100");
    SW(0x6A80, "00D70000 05 540100 5300");
    SW(0x6A80, "00D70000 03 530111");
    SW(0x6A80, "00D70000 06 530111 540100");
    SW(0x6A80, "00D70000 08 540100 530111 5300");
    SW(0x6A80, "00D70000");
    SW(0x9000, "00B00000 03");
    SAID("000102");
}

static void
erases(void **st)
{
    (void)st;
    SW(0x9000, "000E8102 02 0005");
    SW(0x9000, "00B00000 07");
    SAID("00010000000506");
    SW(0x6A80, "000E0005 02 0005"); // the end comes after the beginning
    SW(0x6A80, "000E0005 02 012D");
    SW(0x6700, "000E0005 01 06");
    SW(0x6B00, "000E012C");
    SW(0x9000, "000E0100");
    SW(0x9000, "00B000FE 00");
    T(h.rsp.n == 46 && h.rsp.p[0] == 0xFE && h.rsp.p[1] == 0xFF);
    for (unsigned i = 2; i < 46; i++)
        T(h.rsp.p[i] == 0);
    SW(0x6981, "000E8200");
}

/* More than one transaction can change is refused before anything is. */
static void
what_cannot_be_atomic_is_refused(void **st)
{
    struct yf_fcp f;
    uint8_t b;
    (void)st;

    uint8_t n = make(YF_FILE_TRANSPARENT, 0, 0x0102, 5, 20000);
    T_OK(yf_files_get(&h.card.store, HAND_APP, n, &f));
    for (uint32_t at = 0; at < f.size; at += 1000)
        T_OK(yf_files_write(&h.card.store, HAND_APP, &f, at, BYTES(0x77)));
    SW(0x6A84, "000E8500");
    for (uint32_t at = 0; at < f.size; at += 1000) {
        T_OK(yf_files_read(&h.card.store, HAND_APP, &f, at, &b, 1));
        T(b == 0x77);
    }
    SW(0x9000, "000E8500 02 0FA0");
    T_OK(yf_files_read(&h.card.store, HAND_APP, &f, 3000, &b, 1));
    T(b == 0);
    T_OK(yf_files_read(&h.card.store, HAND_APP, &f, 4000, &b, 1));
    T(b == 0x77);
}

/* ---- access ---- */

static void
needs_are_asked_for(void **st)
{
    struct yf_fcp f = { .kind = YF_FILE_TRANSPARENT,
                        .state = YF_FILE_ACTIVATED,
                        .fid = 0x0500,
                        .sfi = 9,
                        .size = 2,
                        .need = { [YF_FILE_READ] = PIN1, [YF_FILE_UPDATE] = ADMIN | YF_NEED_SM } };
    (void)st;

    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    SW(0x9000, "00A40204 02 0500 00"); // that it is there is no secret
    SW(0x6982, "00B00000 01");
    SW(0x6982, "00B07000 01"); // nor does the answer tell its size
    SW(0x6982, "00B10000 03 540100 00");
    SW(0x6982, "00D60000 01 AA");
    h.shown = NOTHING | PIN1;
    SW(0x9000, "00B08900 02");
    SAID("0000");
    SW(0x6B00, "00B07000 01");
    SW(0x6982, "00D60000 01 AA");
    h.shown = NOTHING | ADMIN;
    SW(0x6982, "00B00000 01");
    SW(0x6982, "00D60000 01 AA"); // one of two
    SW(0x6982, "000E0000");
    h.shown = NOTHING | ADMIN | YF_NEED_SM;
    SW(0x9000, "00D60000 01 AA");
    SW(0x9000, "000E0000");
    h.shown = (yf_need)0xFFFF; // what nobody wrote down is refused, whatever was shown
    SW(0x6982, "00440000");
    SW(0x6982, "00040000");
    SW(0x6982, "00E80000");
}

/* By SFI, too, a refused file does not become current. */
static void
a_refusal_selects_nothing(void **st)
{
    struct yf_fcp f = {
        .kind = YF_FILE_TRANSPARENT, .state = YF_FILE_ACTIVATED, .fid = 0x0500, .sfi = 9, .size = 2
    };
    (void)st;

    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    SW(0x9000, "00B08100 01");
    SW(0x6982, "00B08900 01");
    T(current(0, 1));
}

/* ---- states: table 13, 7816-9 ---- */

static void
states_decide(void **st)
{
    (void)st;
    SW(0x9000, "00A4020C 02 0001");
    SW(0x9000, "00440000"); // is activated already
    SW(0x9000, "00040000");
    SW(0x9000, "00040000");
    SW(0x6985, "00B00000 01");
    SW(0x6985, "00D60000 01 AA");
    SW(0x6985, "000E0000");
    SW(0x6283, "00A40204 02 0001 00");
    SAID("62 11 8002012C 820101 83020001 880108 8A0104");
    SW(0x9000, "00440000");
    SW(0x9000, "00B00000 01");
    SW(0x6981, "00E60000"); // an EF is terminated as an EF
    SW(0x9000, "00E80000");
    SW(0x6985, "00B00000 01");
    SW(0x6985, "00440000"); // no way back
    SW(0x6985, "00040000");
    SW(0x6985, "00E80000");
    SW(0x6285, "00A40204 02 0001 00");
    SAID("62 11 8002012C 820101 83020001 880108 8A010C");
    SW(0x9000, "00E40000");
    SW(0x6A82, "00A4020C 02 0001");
}

static void
a_directory_decides_for_all_below(void **st)
{
    (void)st;
    SW(0x9000, "00A4080C 04 01000101");
    SW(0x9000, "00A4030C");
    SW(0x6981, "00E80000");
    SW(0x9000, "00040000");
    SW(0x6283, "00A4000C 02 0100");
    SW(0x9000, "00A4020C 02 0001"); // the EF's own state is what it was
    SW(0x6985, "00B00000 01");
    SW(0x6985, "00E40000");
    SW(0x9000, "00A4080C 06 010001010003"); // and two levels down
    SW(0x6985, "00B00000 01");
    SW(0x6283, "00A4030C");
    SW(0x6985, "00E00000 0C 620A 800101 820101 83020777");
    SW(0x6283, "00A4000C 02 0100");
    SW(0x9000, "00440000");
    SW(0x9000, "00A4080C 06 010001010003");
    SW(0x9000, "00B00000 01");
}

/* A file in creation belongs to whoever may create it. */
static void
young_files_need_what_creating_them_needs(void **st)
{
    struct yf_fcp df = { .kind = YF_FILE_DF,
                         .state = YF_FILE_ACTIVATED,
                         .fid = 0x0600,
                         .need = { [YF_FILE_CREATE_EF] = ADMIN, [YF_FILE_CREATE_DF] = PIN1 } };
    (void)st;

    T_OK(yf_files_create(&h.card.store, HAND_APP, &df));
    SW(0x9000, "00A4010C 02 0600");
    h.shown = NOTHING | ADMIN;
    // readable by everyone, and nothing else, once it is activated
    SW(0x9000, "00E00000 14 6212 80020002 820101 83020601 8A0101 8C020100");
    T(current(df.number, df.number + 1));
    SW(0x9000, "00D60000 02 1234");
    h.shown = NOTHING;
    SW(0x6982, "00B00000 02");
    SW(0x6982, "00440000");
    SW(0x6982, "00E40000");
    h.shown = NOTHING | PIN1; // may create DFs only
    SW(0x6982, "00D60000 02 1234");
    h.shown = NOTHING | ADMIN;
    SW(0x6985, "00040000"); // was never active
    SW(0x9000, "00440000");
    SW(0x6982, "00D60000 02 5678");
    h.shown = NOTHING;
    SW(0x9000, "00B00000 02");
    SAID("1234");
}

/* ---- CREATE and DELETE FILE ---- */

static void
creates_files_and_directories(void **st)
{
    (void)st;
    SW(0x9000, "00A4010C 02 0200");
    SW(0x9000, "00E00000 18 6216 80020003 820101 83020010 880120 8A0105 8C03030000");
    T(current(7, 8)); // it is current
    SW(0x9000, "00B00000 00");
    SAID("000000");
    SW(0x9000, "00D60000 03 010203");
    SW(0x9000, "00B08400 00");
    SAID("010203");
    SW(0x9000, "00E00000 0D 620B 820138 83020011 8C020200");
    T(current(9, 0)); // EFs may be created in it, and nothing else
    SW(0x6982, "00E00000 09 6207 820138 83020012");
    SW(0x9000, "00E00000 10 620E 80020003 820101 83020010 880120");
    T(current(9, 10));
}

static void
creating_is_refused(void **st)
{
    (void)st;
    SW(0x9000, "00A4010C 02 0200");
    SW(0x6A86, "00E00100 0F 620D 80020003 820101 83020010 8800");
    SW(0x6A86, "00E00001 0F 620D 80020003 820101 83020010 8800");
    SW(0x6A80, "00E00000");
    SW(0x6A80, "00E00000 07 6205 820101 8300");
    SW(0x9000, "00E00000 0F 620D 80020003 820101 83020010 8800");
    SW(0x6A89, "00E00000 0F 620D 80020003 820101 83020010 8800"); // the name
    SW(0x6A89, "00E00000 0F 620D 80020003 820101 83020200 8800"); // the DF's own
    SW(0x9000, "00E00000 10 620E 80020003 820101 83020012 880120");
    SW(0x6A89, "00E00000 10 620E 80020003 820101 83020013 880120"); // the SFI
    SW(0x6A80, "00E00000 0F 620D 80020003 820101 83023F00 8800");
    SW(0x6A80, "00E00000 0F 620D 80020003 820101 83023FFF 8800");
    SW(0x6A80, "00E00000 0F 620D 80020003 820101 8302FFFF 8800");
    SW(0x6A80, "00E00000 0F 620D 80020003 820101 83020000 8800");
    T(current(7, 9)); // the last that went well
}

static void
fills_up(void **st)
{
    struct yf_fcp f = { .kind = YF_FILE_DF, .state = YF_FILE_ACTIVATED, .fid = 0x1000 };
    unsigned depth = 1, files = 8;
    (void)st;

    while (f.fid++, yf_files_create(&h.card.store, HAND_APP, &f) == YF_OK) {
        f.parent = f.number;
        depth++;
        files++;
    }
    T(depth == 8);
    T_ERR(YF_E_ROOM, yf_files_create(&h.card.store, HAND_APP, &f));
    f.parent = 7;
    for (; files < 256; files++, f.fid++)
        T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    T_ERR(YF_E_ROOM, yf_files_create(&h.card.store, HAND_APP, &f));
    T_OK(yf_files_delete(&h.card.store, HAND_APP, 200));
    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    T(f.number == 200);
}

static void
deletes(void **st)
{
    struct yf_fcp f;
    uint32_t size;
    (void)st;

    SW(0x9000, "00B08100 01");
    SW(0x6A86, "00E40001");
    SW(0x6A86, "00E40400 02 0001");
    SW(0x6A82, "00E40200 02 0009");
    SW(0x9000, "00E40000"); // the current EF
    T(current(0, 0));
    T_ERR(YF_E_NOTFOUND, yf_files_get(&h.card.store, HAND_APP, 1, &f));
    T_ERR(YF_E_NOTFOUND, yf_store_size(&h.card.store, YF_OBJ(HAND_APP, YF_OBJ_FILE, 1), &size));
    T_ERR(YF_E_NOTFOUND, yf_store_size(&h.card.store, YF_OBJ(HAND_APP, YF_OBJ_BODY, 1), &size));
    SW(0x6986, "00B00000 01");
    SW(0x6985, "00E40000");         // the application's own directory
    SW(0x6985, "00E40100 02 0100"); // not empty
    SW(0x9000, "00E40200 02 0002"); // by name
    SW(0x9000, "00E40100 02 0200");
    SW(0x9000, "00A4080C 04 01000101");
    SW(0x9000, "00E40900 02 0003");
    T(current(5, 0));
    SW(0x9000, "00E40000"); // the current DF: its parent is current then
    T(current(3, 0));
    SW(0x9000, "00E40200 02 0001");
    SW(0x9000, "00E40000");
    T(current(0, 0));
}

/* What a directory lets be done to its children, or the file itself: either is enough. */
static void
deleting_asks_the_file_or_its_directory(void **st)
{
    struct yf_fcp f = { .kind = YF_FILE_TRANSPARENT,
                        .state = YF_FILE_ACTIVATED,
                        .fid = 0x0500,
                        .size = 1,
                        .parent = 8,
                        .need = { [YF_FILE_DELETE] = PIN1 } };
    struct yf_fcp df = { .kind = YF_FILE_DF,
                         .state = YF_FILE_ACTIVATED,
                         .fid = 0x0600,
                         .need = { [YF_FILE_DELETE_CHILD] = ADMIN } };
    static const yf_need enough[] = { PIN1, ADMIN };
    (void)st;

    T_OK(yf_files_create(&h.card.store, HAND_APP, &df));
    SW(0x9000, "00A4010C 02 0600");
    for (unsigned i = 0; i < 2; i++) {
        T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
        h.shown = NOTHING;
        SW(0x6982, "00E40200 02 0500");
        h.shown = enough[i];
        SW(0x9000, "00E40200 02 0500");
    }
}

/* ---- for applications ---- */

static void
an_application_sees_its_own_files_only(void **st)
{
    struct yf_fcp f = { .kind = YF_FILE_DF, .state = YF_FILE_ACTIVATED }, g;
    (void)st;

    T_ERR(YF_E_NOTFOUND, yf_files_get(&h.card.store, HAND_APP + 1, 0, &g));
    T_ERR(YF_E_NOTFOUND, yf_files_by_fid(&h.card.store, HAND_APP - 1, 0, 0x0001, &g));
    T_ERR(YF_E_NOTFOUND, yf_files_by_sfi(&h.card.store, HAND_APP + 1, 0, 1, &g));
    T_OK(yf_files_create(&h.card.store, HAND_APP + 1, &f));
    T(f.number == 0);
    T_ERR(YF_E_NOTFOUND, yf_files_by_fid(&h.card.store, HAND_APP + 1, 0, 0x0001, &g));
    T_ERR(YF_E_NOTFOUND, yf_files_by_fid(&h.card.store, HAND_APP, 0, 0, &g));
    T_ERR(YF_E_NOTFOUND, yf_files_by_sfi(&h.card.store, HAND_APP, 0, 0, &g));
}

static void
files_that_cannot_be(void **st)
{
    static const struct yf_fcp wrong[] = {
        { 0 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = 0 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = YF_OBJ_MAX + 1 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = 1, .record = 1 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = 1, .sfi = 31 },
        { .kind = YF_FILE_TRANSPARENT, .state = 2, .fid = 9, .size = 1 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 0, .size = 1 },
        { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 0x3F00, .size = 1 },
        { .kind = YF_FILE_CYCLIC, .state = 5, .fid = 9, .record = 1 },
        { .kind = YF_FILE_CYCLIC, .state = 5, .fid = 9, .records = 1 },
        { .kind = YF_FILE_CYCLIC, .state = 5, .fid = 9, .record = 1, .records = 255 },
        { .kind = YF_FILE_CYCLIC, .state = 5, .fid = 9, .record = 1, .records = 2, .size = 2 },
        { .kind = YF_FILE_DF, .state = 5, .fid = 9, .sfi = 1 },
        { .kind = YF_FILE_DF, .state = 5, .fid = 9, .size = 1 },
        { .kind = YF_FILE_KINDS, .state = 5, .fid = 9 },
    };
    struct yf_fcp f = { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = 1 };
    (void)st;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct yf_fcp w = wrong[i];
        T_ERR(YF_E_FORMAT, yf_files_create(&h.card.store, HAND_APP, &w));
    }
    T_ERR(YF_E_FORMAT, yf_files_create(&h.card.store, HAND_APP + 1, &f)); // no directory yet
    f.parent = 1;
    T_ERR(YF_E_FORMAT, yf_files_create(&h.card.store, HAND_APP, &f)); // an EF is no parent
    f.parent = 99;
    T_ERR(YF_E_NOTFOUND, yf_files_create(&h.card.store, HAND_APP, &f));
    T_ERR(YF_E_NOTFOUND, yf_files_delete(&h.card.store, HAND_APP, 99));
    T_ERR(YF_E_STATE, yf_files_delete(&h.card.store, HAND_APP, 3));
    T_ERR(YF_E_FORMAT, yf_files_set_state(&h.card.store, HAND_APP, 3, (enum yf_file_state)2));
}

static void
a_change_can_be_part_of_a_greater_one(void **st)
{
    struct yf_store *s = &h.card.store;
    struct yf_fcp f = { .kind = YF_FILE_TRANSPARENT, .state = 5, .fid = 9, .size = 5 }, g;
    (void)st;

    T_OK(yf_store_begin(s));
    T_OK(yf_files_create(s, HAND_APP, &f));
    T_OK(yf_files_write(s, HAND_APP, &f, 0, YF_STR("hello")));
    T_OK(yf_files_delete(s, HAND_APP, 1));
    T_ERR(YF_E_STATE, yf_store_begin(s)); // still open
    yf_store_abort(s);
    T_ERR(YF_E_NOTFOUND, yf_files_by_fid(s, HAND_APP, 0, 9, &g));
    T_OK(yf_files_get(s, HAND_APP, 1, &g));
}

static void
contents_end_where_the_file_does(void **st)
{
    struct yf_fcp f;
    uint8_t b[8];
    (void)st;

    T_OK(yf_files_by_fid(&h.card.store, HAND_APP, 3, 0x0001, &f));
    T_OK(yf_files_read(&h.card.store, HAND_APP, &f, 0, b, 4));
    T_OK(yf_files_read(&h.card.store, HAND_APP, &f, 4, b, 0));
    T_ERR(YF_E_SHORT, yf_files_read(&h.card.store, HAND_APP, &f, 0, b, 5));
    T_ERR(YF_E_SHORT, yf_files_read(&h.card.store, HAND_APP, &f, 5, b, 0));
    T_ERR(YF_E_SHORT, yf_files_read(&h.card.store, HAND_APP, &f, UINT32_MAX, b, 2));
    T_ERR(YF_E_SHORT, yf_files_write(&h.card.store, HAND_APP, &f, 3, YF_STR("ab")));
    T_OK(yf_files_get(&h.card.store, HAND_APP, 2, &f));
    T_ERR(YF_E_SHORT, yf_files_read(&h.card.store, HAND_APP, &f, 0, b, 1));
}

static void
without_an_mf(void **st)
{
    (void)st;
    T_OK(yf_store_format(&h.card.store, &h.flash.flash));
    make(YF_FILE_DF, 0, 0x5000, 0, 0); // a directory with a name of its own
    make(YF_FILE_TRANSPARENT, 0, 0x0001, 1, 3);
    SW(0x6A82, "00A4000C 02 3F00");
    SW(0x6A82, "00A4000C");
    SW(0x6A82, "00A4080C 02 0001");
    SW(0x9000, "00A4090C 02 0001");
    SW(0x9000, "00A4000C 02 5000");
    T(current(0, 0));
}

/* ---- a memory that fails, or holds what nobody wrote ---- */

static const char *const any[] = {
    "00A40004 02 0001 00",
    "00A40304 00",
    "00A40804 04 01000001 00",
    "00A40904 02 0001 00",
    "00B00000 00",
    "00B08100 00",
    "00B10000 03 540100 00",
    "00D60000 01 AA",
    "000E0000",
    "00B20114 00",
    "00DC0114 04 01020304",
    "00E20010 04 01020304",
    "00E40000",
    "00E40200 02 0002",
    "00440000",
    "00040000",
    "00E80000",
    "00E00000 09 6207 820138 83020777",
};

static yf_err
refuse(void *state, uint32_t at, uint8_t *to, size_t n)
{
    (void)state;
    (void)at;
    memset(to, 0, n);
    return YF_E_IO;
}

static void
a_memory_that_fails(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof any / sizeof any[0]; i++) {
        struct yf_files_at before = { .df = 3, .ef = i == 1 ? 0 : 4 };
        if (i > 3)
            before = (struct yf_files_at){ .ef = 1 };
        h.card.at = before;
        h.flash.flash.read = refuse;
        SW(0x6581, any[i]);
        SAID("");
        T(memcmp(&h.card.at, &before, sizeof before) == 0);
        T_OK(felled(st));
        T_OK(tree(st));
    }
}

/* The store would have noticed damage: these objects were written so, by whomever. */
static void
objects_that_make_no_sense(void **st)
{
    struct yf_store *s = &h.card.store;
    struct yf_fcp f;
    uint8_t n;
    (void)st;

    T_OK(yf_files_get(s, HAND_APP, 2, &f));
    T_OK(yf_records_append(s, HAND_APP, &f, YF_STR("1234")));
    T_OK(yf_store_write(s, YF_OBJ(HAND_APP, YF_OBJ_BODY, 2), 2, BYTES(5))); // longer than it can be
    SW(0x6581, "00B20114 00");
    T_OK(
        yf_store_write(s, YF_OBJ(HAND_APP, YF_OBJ_BODY, 2), 0, BYTES(4))); // more than there can be
    SW(0x6581, "00B20114 00");
    T_ERR(YF_E_FORMAT, yf_records_count(s, HAND_APP, &f, &n));
    T_OK(yf_store_write(s, YF_OBJ(HAND_APP, YF_OBJ_FILE, 1), 0, BYTES(9))); // no such kind
    SW(0x6581, "00B08100 01");
    SW(0x6581, "00A4000C 02 0777"); // who looks for another meets it, too
    T_ERR(YF_E_FORMAT, yf_files_set_state(s, HAND_APP, 1, YF_FILE_ACTIVATED));
    T_OK(yf_store_remove(s, YF_OBJ(HAND_APP, YF_OBJ_FILE, 0)));
    SW(0x6A82, "00A4000C");
}

#define TREE(f) cmocka_unit_test_setup_teardown(f, tree, felled)

T_MAIN(TREE(selects_by_identifier), TREE(selects_children_and_parents), TREE(selects_by_path),
       TREE(select_refuses), TREE(select_answers_with_control_parameters),
       TREE(reads_the_current_file), TREE(reads_all_there_is), TREE(reads_by_short_identifier),
       TREE(odd_instructions_say_the_offset_in_the_data),
       TREE(odd_instructions_name_files_by_identifier), TREE(reads_beyond_32_kilobytes),
       TREE(updates), TREE(updates_with_objects), TREE(erases),
       TREE(what_cannot_be_atomic_is_refused), TREE(needs_are_asked_for),
       TREE(a_refusal_selects_nothing), TREE(states_decide),
       TREE(a_directory_decides_for_all_below), TREE(young_files_need_what_creating_them_needs),
       TREE(creates_files_and_directories), TREE(creating_is_refused), TREE(fills_up),
       TREE(deletes), TREE(deleting_asks_the_file_or_its_directory),
       TREE(an_application_sees_its_own_files_only), TREE(files_that_cannot_be),
       TREE(a_change_can_be_part_of_a_greater_one), TREE(contents_end_where_the_file_does),
       TREE(without_an_mf), TREE(a_memory_that_fails), TREE(objects_that_make_no_sense))
