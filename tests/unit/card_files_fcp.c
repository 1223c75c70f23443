/* SPDX-License-Identifier: Apache-2.0 */
/* File control parameters: 7816-4 (2005) tables 12 to 14, 16, 17, 20. */
#include "hex.h"
#include "t.h"

#include <yufu/card/files.h>
#include <yufu/wire/tlv.h>

static yf_err
parse(const char *hex, struct yf_fcp *f)
{
    uint8_t b[64];

    return yf_fcp_parse(hex_span(hex, b, sizeof b), f);
}

static bool
same(const struct yf_fcp *a, const struct yf_fcp *b)
{
    return a->number == b->number && a->parent == b->parent && a->kind == b->kind &&
           a->state == b->state && a->fid == b->fid && a->sfi == b->sfi && a->record == b->record &&
           a->records == b->records && a->size == b->size &&
           memcmp(a->need, b->need, sizeof a->need) == 0;
}

static yf_err
why(const char *hex)
{
    struct yf_fcp f = { .fid = 0xABCD }, before = f;
    yf_err e = parse(hex, &f);

    T(e == YF_OK || same(&f, &before));
    return e;
}

static void
a_transparent_file(void **st)
{
    struct yf_fcp f;
    (void)st;

    T_OK(parse("62 0B 80021234 820101 83020102", &f));
    T(f.kind == YF_FILE_TRANSPARENT && f.size == 0x1234 && f.fid == 0x0102);
    T(f.record == 0 && f.records == 0);
    T(f.state == YF_FILE_ACTIVATED); // no word of it
    T(f.sfi == 2);                   // the identifier's last five bits
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        T(f.need[op] == YF_NEED_NEVER);
    T_OK(parse("62 0F 83020102 8800 8003010000 82020121", &f)); // any order, a coding byte
    T(f.size == 65536 && f.sfi == 0);
    T_OK(parse("62 0B 8001FF 82020141 8302011F", &f));
    T(f.size == 255 && f.sfi == 0); // 31 is no SFI
    T_OK(parse("62 0B 80021234 820101 830201E0", &f));
    T(f.sfi == 0);
}

static void
record_files(void **st)
{
    static const uint8_t kinds[] = {
        [0x02] = YF_FILE_LINEAR_FIXED, [0x04] = YF_FILE_LINEAR_VARIABLE, [0x06] = YF_FILE_CYCLIC
    };
    struct yf_fcp f;
    (void)st;

    for (unsigned d = 2; d <= 6; d += 2) {
        uint8_t b[] = { 0x62, 0x0D, 0x82, 0x05, (uint8_t)d, 0x01, 0x00, 0xFF,
                        0xFE, 0x83, 0x02, 0x01, 0x00,       0x88, 0x00 };
        T_OK(yf_fcp_parse(YF_SPAN(b), &f));
        T(f.kind == kinds[d] && f.record == 255 && f.records == 254 && f.size == 0);
    }
    T_OK(parse("62 0E 8206 0221 0010 0003 83020100 8800", &f));
    T(f.record == 16 && f.records == 3);
    T_OK(parse("62 12 80020030 8206 0221 0010 0003 83020100 8800", &f));
    T_ERR(YF_E_FORMAT, why("62 12 80020031 8206 0221 0010 0003 83020100 8800"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0E 8206 0221 0100 0003 83020100 8800"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0E 8206 0221 0010 00FF 83020100 8800"));
    T_ERR(YF_E_SHORT, why("62 0C 8204 0221 0010 83020100 8800")); // how many?
    T_ERR(YF_E_SHORT, why("62 09 820102 83020100 8800"));
    T_ERR(YF_E_FORMAT, why("62 0E 8206 0121 0010 0003 83020100 8800")); // not of records
}

static void
directories(void **st)
{
    struct yf_fcp f;
    (void)st;

    T_OK(parse("62 07 820138 83020102", &f));
    T(f.kind == YF_FILE_DF && f.sfi == 0);
    T_ERR(YF_E_FORMAT, why("62 0A 820138 83020102 880110"));
    T_ERR(YF_E_FORMAT, why("62 09 820138 83020102 8800"));
    T_ERR(YF_E_FORMAT, why("62 0B 80020010 820138 83020102"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0C 820138 83020102 8403F00001")); // a name is an application's
}

static void
descriptors_that_are_not_ours(void **st)
{
    (void)st;
    for (unsigned d = 0; d < 256; d++) {
        uint8_t b[] = { 0x62,       0x0C, 0x80, 0x01, 0x01, 0x82, 0x01,
                        (uint8_t)d, 0x83, 0x02, 0x01, 0x00, 0x88, 0x00 };
        struct yf_fcp f;
        yf_err want = d == 0x01                             ? YF_OK
                      : d == 0x38                           ? YF_E_FORMAT // a size
                      : d == 0x02 || d == 0x04 || d == 0x06 ? YF_E_SHORT
                                                            : YF_E_UNSUPPORTED;
        T_ERR(want, yf_fcp_parse(YF_SPAN(b), &f));
    }
    T_ERR(YF_E_UNSUPPORTED, why("62 0D 800101 82020122 83020100 8800")); // data units of two bytes
}

static void
short_identifiers(void **st)
{
    (void)st;
    for (unsigned v = 0; v < 256; v++) {
        uint8_t b[] = { 0x62, 0x0D, 0x80, 0x01, 0x01, 0x82, 0x01,      0x01,
                        0x83, 0x02, 0x01, 0x00, 0x88, 0x01, (uint8_t)v };
        bool good = (v & 7) == 0 && v >= 0x08 && v <= 0xF0;
        struct yf_fcp f;
        T_ERR(good ? YF_OK : YF_E_FORMAT, yf_fcp_parse(YF_SPAN(b), &f));
        T(!good || f.sfi == v / 8);
    }
}

static void
states(void **st)
{
    static const uint8_t known[] = {
        [0x01] = YF_FILE_CREATION,  [0x03] = YF_FILE_INITIALISATION, [0x04] = YF_FILE_DEACTIVATED,
        [0x05] = YF_FILE_ACTIVATED, [0x06] = YF_FILE_DEACTIVATED,    [0x07] = YF_FILE_ACTIVATED
    };
    (void)st;

    for (unsigned v = 0; v < 256; v++) {
        uint8_t b[] = {
            0x62, 0x0A, 0x82, 0x01, 0x38, 0x83, 0x02, 0x01, 0x00, 0x8A, 0x01, (uint8_t)v
        };
        bool good = v < sizeof known && known[v];
        struct yf_fcp f;
        T_ERR(good ? YF_OK : YF_E_FORMAT, yf_fcp_parse(YF_SPAN(b), &f));
        T(!good || f.state == known[v]);
    }
}

/* What one condition byte means, for reading; YF_E_... if it has no meaning here. */
static yf_err
condition(unsigned sc, yf_need *need)
{
    uint8_t b[] = { 0x62, 0x0B, 0x82, 0x01, 0x38, 0x83,       0x02,
                    0x01, 0x00, 0x8C, 0x02, 0x01, (uint8_t)sc };
    struct yf_fcp f;
    yf_err e = yf_fcp_parse(YF_SPAN(b), &f);

    *need = e ? 0xFFFF : f.need[0];
    return e;
}

static void
conditions(void **st)
{
    static const struct {
        uint8_t sc;
        yf_need need;
    } known[] = {
        { 0x00, YF_NEED_NOTHING },
        { 0xFF, YF_NEED_NEVER },
        { 0x40, YF_NEED_SM },
        { 0x20, YF_NEED_ADMIN },
        { 0x11, YF_NEED_PIN1 },
        { 0x12, YF_NEED_PIN1 << 1 },
        { 0x18, YF_NEED_PIN1 << 7 },
        { 0x91, YF_NEED_PIN1 },
        { 0xC0, YF_NEED_SM },
        { 0xD3, YF_NEED_SM | YF_NEED_PIN1 << 2 },
        { 0xE0, YF_NEED_SM | YF_NEED_ADMIN },
        { 0xF1, YF_NEED_SM | YF_NEED_ADMIN | YF_NEED_PIN1 },
    };
    unsigned good = 0;
    yf_need need;
    (void)st;

    for (unsigned sc = 0; sc < 256; sc++)
        good += condition(sc, &need) == YF_OK;
    T(good == 2 + 2 + 2 + 1 + 8 * (2 + 3)); // none, all; SM, EXT, both (AND); PINs with and without
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        T_OK(condition(known[i].sc, &need));
        assert_int_equal(need, known[i].need);
    }
    T_ERR(YF_E_UNSUPPORTED, condition(0x60, &need)); // either of two
    T_ERR(YF_E_UNSUPPORTED, condition(0x10, &need)); // which PIN?
    T_ERR(YF_E_UNSUPPORTED, condition(0x19, &need)); // there is no ninth
    T_ERR(YF_E_UNSUPPORTED, condition(0x41, &need)); // a security environment
    T_ERR(YF_E_UNSUPPORTED, condition(0x80, &need)); // all of nothing
}

/* The conditions stand from bit 7 down to bit 1. */
static void
access_modes(void **st)
{
    struct yf_fcp f;
    (void)st;

    T_OK(parse("62 11 820138 83020102 8C087F 11121314151617", &f));
    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        T(f.need[op] == YF_NEED_PIN1 << (6 - op));
    T(YF_FILE_DELETE == 6 && YF_FILE_TERMINATE == 5 && YF_FILE_ACTIVATE == 4);
    T(YF_FILE_DEACTIVATE == 3 && YF_FILE_APPEND == 2 && YF_FILE_UPDATE == 1 && YF_FILE_READ == 0);
    T(YF_FILE_CREATE_DF == 2 && YF_FILE_CREATE_EF == 1 && YF_FILE_DELETE_CHILD == 0);
    T_OK(parse("62 0C 820138 83020102 8C0342 1100", &f));
    T(f.need[YF_FILE_DELETE] == YF_NEED_PIN1 && f.need[YF_FILE_UPDATE] == YF_NEED_NOTHING);
    T(f.need[YF_FILE_READ] == YF_NEED_NEVER);
    T_OK(parse("62 0A 820138 83020102 8C0100", &f));
    T(f.need[YF_FILE_READ] == YF_NEED_NEVER);
    T_ERR(YF_E_SHORT, why("62 0B 820138 83020102 8C0203 00"));
    T_ERR(YF_E_FORMAT, why("62 0C 820138 83020102 8C0301 0000")); // an alternative
    T_ERR(YF_E_UNSUPPORTED, why("62 0B 820138 83020102 8C0281 00"));
}

static void
templates_that_are_none(void **st)
{
    (void)st;
    T_ERR(YF_E_SHORT, why(""));
    T_ERR(YF_E_FORMAT, why("6F 07 820138 83020102"));
    T_ERR(YF_E_FORMAT, why("62 07 820138 83020102 00"));
    T_ERR(YF_E_SHORT, why("62 08 820138 83020102"));
    T_ERR(YF_E_FORMAT, why("62 03 820138"));
    T_ERR(YF_E_FORMAT, why("62 04 83020102"));
    T_ERR(YF_E_FORMAT, why("62 0A 820138 820138 83020102"));
    T_ERR(YF_E_FORMAT, why("62 06 820138 830102"));
    T_ERR(YF_E_FORMAT, why("62 08 820138 8303010203"));
    T_ERR(YF_E_FORMAT, why("62 07 820101 83020102")); // no size
    T_ERR(YF_E_FORMAT, why("62 0B 80020000 820101 83020102"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0C 8003010001 820101 83020102"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0B 81020010 820138 83020102"));
    T_ERR(YF_E_UNSUPPORTED, why("62 0A 820138 83020102 860100"));
    T_ERR(YF_E_UNSUPPORTED, why("62 09 820138 83020102 A500"));
}

/* What is written is read again as the same file, but for its rules, which are not told. */
static void
written_and_read(void **st)
{
    struct yf_fcp f = { .state = YF_FILE_DEACTIVATED, .fid = 0xA55A }, g;
    uint8_t b[64];
    (void)st;

    for (f.kind = YF_FILE_DF; f.kind < YF_FILE_KINDS; f.kind++) {
        f.size = f.kind == YF_FILE_TRANSPARENT ? 65536 : 0;
        f.record = f.kind > YF_FILE_TRANSPARENT ? 255 : 0;
        f.records = f.kind > YF_FILE_TRANSPARENT ? 254 : 0;
        for (f.sfi = 0; f.sfi <= (f.kind == YF_FILE_DF ? 0 : 30); f.sfi++) {
            yf_out o = yf_out_of(b, sizeof b);
            size_t mark = yf_tlv_open(&o, 0x62);
            yf_fcp_put(&o, &f);
            yf_tlv_close(&o, mark);
            T_OK(yf_fcp_parse(yf_out_span(&o), &g));
            T(same(&f, &g));
        }
        f.sfi = 0;
    }
}

T_MAIN(cmocka_unit_test(a_transparent_file), cmocka_unit_test(record_files),
       cmocka_unit_test(directories), cmocka_unit_test(descriptors_that_are_not_ours),
       cmocka_unit_test(short_identifiers), cmocka_unit_test(states), cmocka_unit_test(conditions),
       cmocka_unit_test(access_modes), cmocka_unit_test(templates_that_are_none),
       cmocka_unit_test(written_and_read))
