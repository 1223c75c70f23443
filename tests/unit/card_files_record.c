/* SPDX-License-Identifier: Apache-2.0 */
/* Records: 7816-4 (2005) 7.3, and the record pointer as annex C of its first edition has it. */
#include "hand.h"
#include "rnd.h"
#include "t.h"

#define SW(sw, hex) assert_int_equal(hand(&h, hex), sw)
#define SAID(hex) T(hand_said(&h, hex))

static struct hand h;

static void
make(uint8_t kind, uint16_t fid, uint8_t sfi, uint8_t record, uint8_t records)
{
    struct yf_fcp f = { .kind = kind,
                        .state = YF_FILE_ACTIVATED,
                        .fid = fid,
                        .sfi = sfi,
                        .record = record,
                        .records = records,
                        .size = kind == 2 ? 9 : 0 };

    for (unsigned op = 0; op < YF_FILE_OPS; op++)
        f.need[op] = YF_NEED_NOTHING;
    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
}

/* Linear fixed (SFI 1), variable (2) and cyclic (3) files, empty; a transparent one (4). */
static int
files(void **st)
{
    (void)st;
    T(hand_open(&h, YF_FLASH_PAGES));
    make(YF_FILE_DF, 0x3F00, 0, 0, 0);
    make(YF_FILE_LINEAR_FIXED, 0x0001, 1, 2, 3);
    make(YF_FILE_LINEAR_VARIABLE, 0x0002, 2, 8, 3);
    make(YF_FILE_CYCLIC, 0x0003, 3, 2, 3);
    make(YF_FILE_TRANSPARENT, 0x0004, 4, 0, 0);
    return 0;
}

static int
done(void **st)
{
    (void)st;
    hand_close(&h);
    return 0;
}

static void
linear_files_grow_to_their_end(void **st)
{
    (void)st;
    SW(0x6986, "00E20000 02 1111");
    SW(0x9000, "00E20008 02 1111");
    SW(0x9000, "00E20000 02 2222"); // it is current now
    SW(0x9000, "00E20000 02 3333");
    SW(0x6A84, "00E20000 02 4444");
    SW(0x9000, "00B20104 00");
    SAID("1111");
    SW(0x9000, "00B20304 00");
    SAID("3333");
    SW(0x6A83, "00B20404 00");
    SW(0x6A83, "00B2FE04 00");
    SW(0x6A86, "00B2FF04 00"); // reserved
}

static void
records_of_fixed_length_keep_it(void **st)
{
    (void)st;
    SW(0x6700, "00E20008 01 11");
    SW(0x6700, "00E20008 03 111111");
    SW(0x6700, "00E20008");
    SW(0x9000, "00E20008 02 1111");
    SW(0x6700, "00DC0104 01 22");
    SW(0x6700, "00DC0104 03 222222");
    SW(0x9000, "00DC0104 02 2222");
    SW(0x9000, "00B20104 00");
    SAID("2222");
}

static void
records_of_variable_length_change_it(void **st)
{
    (void)st;
    SW(0x9000, "00E20010 01 11");
    SW(0x9000, "00E20010 08 2222222222222222");
    SW(0x6700, "00E20010 09 333333333333333333");
    SW(0x6700, "00E20010");
    SW(0x9000, "00DC0104 03 444444");
    SW(0x9000, "00DC0204 01 55");
    SW(0x6700, "00DC0204 09 333333333333333333");
    SW(0x6700, "00DC0204");
    SW(0x9000, "00B20105 00");
    SAID("444444 55");
}

static void
cyclic_files_forget_the_oldest(void **st)
{
    (void)st;
    SW(0x9000, "00E20018 02 1111");
    SW(0x9000, "00E20018 02 2222");
    SW(0x9000, "00B20105 00");
    SAID("2222 1111"); // number one is the newest
    SW(0x9000, "00E20018 02 3333");
    SW(0x9000, "00E20018 02 4444");
    SW(0x9000, "00B20105 00");
    SAID("4444 3333 2222");
    SW(0x6A83, "00B20404 00");
    SW(0x9000, "00DC0003 02 5555"); // previous: appends (7.3.6)
    SW(0x9000, "00B20105 00");
    SAID("5555 4444 3333");
    SW(0x9000, "00DC0204 02 6666"); // by number: in its place
    SW(0x9000, "00B20105 00");
    SAID("5555 6666 3333");
    SW(0x6700, "00DC0003 01 77");
    SW(0x6A81, "00DC0103 02 7777"); // a record identifier
}

static void
reads_one_or_many(void **st)
{
    (void)st;
    SW(0x9000, "00E20010 01 11");
    SW(0x9000, "00E20010 02 2222");
    SW(0x9000, "00E20010 03 333333");
    SW(0x9000, "00B20105 00");
    SAID("11 2222 333333");
    SW(0x9000, "00B20205 00");
    SAID("2222 333333");
    SW(0x9000, "00B20106 00"); // from the last down to it
    SAID("333333 2222 11");
    SW(0x9000, "00B20306 00");
    SAID("333333");
    SW(0x9000, "00B20115 00"); // by SFI
    SAID("11 2222 333333");
    SW(0x6A83, "00B20405 00");
    SW(0x6A83, "00B20406 00");
    SW(0x9000, "00B20105 04"); // as much as Le lets
    SAID("11 2222 33");
    SW(0x9000, "00B20304 02");
    SAID("3333");
    SW(0x9000, "00B20304 03");
    SW(0x6282, "00B20304 04");
    SAID("333333");
    SW(0x6282, "00B20105 07");
    SAID("11 2222 333333");
    SW(0x9000, "00B20105 000000");
    SAID("11 2222 333333");
}

static void
positions_move_the_pointer_and_numbers_do_not(void **st)
{
    (void)st;
    SW(0x9000, "00E20008 02 1111");
    SW(0x9000, "00E20008 02 2222");
    SW(0x9000, "00E20008 02 3333");

    SW(0x9000, "00A4020C 02 0001"); // case 1: no pointer
    SW(0x6A83, "00B20004 00");
    SW(0x6A83, "00B20005 00");
    SW(0x6A83, "00B20006 00");
    SW(0x9000, "00B20204 00");
    SW(0x6A83, "00B20004 00"); // number 2 was read, and is not current
    SW(0x9000, "00B20002 00"); // next is first
    SAID("1111");
    SW(0x9000, "00A4020C 02 0001");
    SW(0x9000, "00B20003 00"); // previous is last
    SAID("3333");

    SW(0x9000, "00B20000 00"); // case 2: there is one
    SAID("1111");
    SW(0x6A83, "00B20003 00");
    SW(0x9000, "00B20002 00");
    SAID("2222");
    SW(0x9000, "00B20304 00"); // number 3
    SAID("3333");
    SW(0x9000, "00B20004 00"); // and 2 is current still
    SAID("2222");
    SW(0x9000, "00B20005 00");
    SAID("2222 3333");
    SW(0x9000, "00B20006 00");
    SAID("3333 2222");
    SW(0x9000, "00B20001 00");
    SAID("3333");
    SW(0x6A83, "00B20002 00");
    SW(0x9000, "00B20003 00");
    SAID("2222");

    SW(0x9000, "00B2000A 00"); // an SFI resets it: next is first again
    SAID("1111");
    SW(0x9000, "00DC0002 02 4444"); // update: next, and current
    SW(0x9000, "00B20004 00");
    SAID("4444");
    SW(0x9000, "00DC0004 02 5555");
    SW(0x9000, "00DC0003 02 6666");
    SW(0x9000, "00B20105 00");
    SAID("6666 5555 3333");
}

static void
an_appended_record_is_current(void **st)
{
    (void)st;
    SW(0x9000, "00E20018 02 1111");
    SW(0x9000, "00E20018 02 2222");
    SW(0x9000, "00B20004 00");
    SAID("2222");
    SW(0x9000, "00E20010 01 01");
    SW(0x9000, "00E20000 01 02");
    SW(0x9000, "00B20004 00");
    SAID("02");
    SW(0x9000, "00B20003 00");
    SAID("01");
}

static void
empty_files(void **st)
{
    static const char *const reads[] = { "00B20008 00", "00B20009 00", "00B2000A 00", "00B2000B 00",
                                         "00B2010C 00", "00B2010D 00", "00B2010E 00" };
    (void)st;

    for (unsigned i = 0; i < 7; i++)
        SW(0x6A83, reads[i]);
    SW(0x6986, "00B20104 00"); // none of them made it current
    SW(0x6A83, "00DC010C 02 1111");
    SW(0x6A83, "00DC0008 02 1111");
}

static void
what_is_no_record_command(void **st)
{
    (void)st;
    SW(0x9000, "00E20008 02 1111");
    SW(0x6A86, "00B20107 00"); // bits 111
    SW(0x6A86, "00B201FC 00"); // SFI 31
    SW(0x6A82, "00B20194 00"); // no such SFI
    SW(0x6981, "00B20124 00"); // a transparent file
    SW(0x6981, "00DC0124 02 1111");
    SW(0x6981, "00E20020 02 1111");
    for (unsigned mode = 0; mode < 4; mode++) { // record identifiers
        char hex[32];
        snprintf(hex, sizeof hex, "00B201%02X 00", mode);
        SW(0x6A81, hex);
    }
    SW(0x6A81, "00DC0100 02 1111");
    SW(0x6700, "00B20104"); // no Le
    SW(0x6700, "00B20104 01 00 00");
    SW(0x6A86, "00E20100 02 1111");
    SW(0x6A86, "00E20001 02 1111");
    for (unsigned mode = 5; mode < 8; mode++) {
        char hex[32];
        snprintf(hex, sizeof hex, "00DC01%02X 02 1111", mode);
        SW(0x6A86, hex);
    }
    SW(0x6A86, "00DCFF04 02 1111");
}

static void
records_have_needs(void **st)
{
    struct yf_fcp f = { .kind = YF_FILE_CYCLIC,
                        .state = YF_FILE_ACTIVATED,
                        .fid = 0x0010,
                        .sfi = 16,
                        .record = 1,
                        .records = 2,
                        .need = { [YF_FILE_APPEND] = YF_NEED_NOTHING,
                                  [YF_FILE_READ] = YF_NEED_PIN1,
                                  [YF_FILE_UPDATE] = YF_NEED_ADMIN } };
    (void)st;

    T_OK(yf_files_create(&h.card.store, HAND_APP, &f));
    SW(0x6982, "00B20184 00");    // there is none yet, and that is none of their business
    SW(0x9000, "00E20080 01 11"); // a log: anyone may add, nobody rewrites
    SW(0x9000, "00DC0083 01 22");
    SW(0x6982, "00DC0184 01 33");
    SW(0x6982, "00B20185 00");
    h.shown = YF_NEED_PIN1;
    SW(0x9000, "00B20185 00");
    SAID("22 11");
    SW(0x6982, "00E20080 01 11");
    h.shown = YF_NEED_ADMIN;
    SW(0x9000, "00DC0184 01 33");
}

/* ---- against a model: a list, the newest at its end ---- */

struct model {
    uint8_t kind, record, records;
    unsigned n, current;
    struct {
        uint8_t b[8];
        size_t n;
    } r[300];
};

/* Record number n, 1 to the count. */
static unsigned
model_at(const struct model *m, unsigned n)
{
    return m->kind == YF_FILE_CYCLIC ? m->n - n : n - 1;
}

static yf_sw
model_append(struct model *m, yf_span v)
{
    if (m->kind == YF_FILE_LINEAR_VARIABLE ? v.n > m->record : v.n != m->record)
        return 0x6700;
    if (m->n == m->records) {
        if (m->kind != YF_FILE_CYCLIC)
            return 0x6A84;
        memmove(m->r, m->r + 1, (m->n - 1) * sizeof m->r[0]);
        m->n--;
    }
    memcpy(m->r[m->n].b, v.p, v.n);
    m->r[m->n++].n = v.n;
    m->current = m->kind == YF_FILE_CYCLIC ? 1 : m->n;
    return 0x9000;
}

/* The record P1 and the mode mean, 0 for none. */
static unsigned
model_find(const struct model *m, unsigned p1, unsigned mode)
{
    const unsigned want[] = { 1, m->n, m->current + 1, m->current ? m->current - 1 : m->n,
                              p1 ? p1 : m->current };
    unsigned n = want[mode < 4 ? mode : 4];

    return n <= m->n ? n : 0;
}

static void
compare_one(struct model *m, unsigned p1, unsigned mode)
{
    yf_apdu_cmd cmd = { .ins = 0xB2, .p1 = (uint8_t)p1, .p2 = (uint8_t)mode, .ne = 65536 };
    unsigned n = model_find(m, p1, mode);
    uint8_t b[2048];
    yf_out o = yf_out_of(b, sizeof b);

    assert_int_equal(hand_run(&h, &cmd), n ? 0x9000 : 0x6A83);
    if (n == 0)
        return;
    unsigned last = mode < 5 ? n : m->n;
    for (unsigned i = n; i <= last; i++) {
        unsigned at = model_at(m, mode == 6 ? last - (i - n) : i);
        yf_out_put(&o, (yf_span){ m->r[at].b, m->r[at].n });
    }
    T_SPAN(h.rsp, yf_out_span(&o));
    if (mode < 4)
        m->current = n;
}

static void
update_one(struct model *m, unsigned p1, unsigned mode, yf_span v)
{
    yf_apdu_cmd cmd = { .ins = 0xDC, .p1 = (uint8_t)p1, .p2 = (uint8_t)mode, .data = v };
    unsigned n = model_find(m, p1, mode);
    bool fits = m->kind == YF_FILE_LINEAR_VARIABLE ? v.n <= m->record : v.n == m->record;
    yf_sw sw = hand_run(&h, &cmd);

    if (mode == 3 && m->kind == YF_FILE_CYCLIC) {
        assert_int_equal(sw, model_append(m, v));
        return;
    }
    assert_int_equal(sw, n == 0 ? 0x6A83 : fits ? 0x9000 : 0x6700);
    if (sw != 0x9000)
        return;
    memcpy(m->r[model_at(m, n)].b, v.p, v.n);
    m->r[model_at(m, n)].n = v.n;
    if (mode < 4)
        m->current = n;
}

static void
play(uint8_t kind, uint8_t record, uint8_t records, struct rnd *r)
{
    struct model m = { .kind = kind, .record = record, .records = records };
    uint8_t v[8];

    T(hand_open(&h, YF_FLASH_PAGES));
    make(YF_FILE_DF, 0x3F00, 0, 0, 0);
    make(kind, 0x0001, 0, record, records);
    SW(0x9000, "00A4020C 02 0001");
    for (unsigned step = 0; step < 400; step++) {
        unsigned mode = (unsigned)rnd_below(r, 7), what = (unsigned)rnd_below(r, 10);
        unsigned p1 = mode < 4 ? 0 : (unsigned)rnd_below(r, records + 2u);
        yf_span data = { v, rnd_below(r, 8) ? record : 1 + (size_t)rnd_below(r, 8) };
        yf_apdu_cmd append = { .ins = 0xE2, .data = data };

        rnd_fill(r, v, sizeof v);
        if (what < 3)
            assert_int_equal(hand_run(&h, &append), model_append(&m, data));
        else if (what < 5 && mode < 5)
            update_one(&m, p1, mode, data);
        else
            compare_one(&m, p1, mode);
    }
    hand_close(&h);
}

static void
agree_with_a_list(void **st)
{
    struct rnd r = { 11 };
    (void)st;

    for (uint8_t kind = YF_FILE_LINEAR_FIXED; kind <= YF_FILE_CYCLIC; kind++) {
        play(kind, 8, 1, &r);
        play(kind, 3, 2, &r);
        play(kind, 7, 5, &r);
        play(kind, 8, 100, &r);
        play(kind, 1, 254, &r);
    }
}

#define FILES(f) cmocka_unit_test_setup_teardown(f, files, done)

T_MAIN(FILES(linear_files_grow_to_their_end), FILES(records_of_fixed_length_keep_it),
       FILES(records_of_variable_length_change_it), FILES(cyclic_files_forget_the_oldest),
       FILES(reads_one_or_many), FILES(positions_move_the_pointer_and_numbers_do_not),
       FILES(an_appended_record_is_current), FILES(empty_files), FILES(what_is_no_record_command),
       FILES(records_have_needs), cmocka_unit_test(agree_with_a_list))
