/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

static const uint8_t bytes[15] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static void
reads_front_to_back(void **st)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes));
    (void)st;

    T(yf_cur_peek(&c) == 1);
    T(yf_cur_u8(&c) == 0x01);
    T(yf_cur_u16(&c) == 0x0203);
    T(yf_cur_u32(&c) == 0x04050607);
    T(yf_cur_u64(&c) == 0x08090a0b0c0d0e0f);
    T_OK(yf_cur_done(&c));
    T(yf_cur_peek(&c) == -1);
}

static void
first_failure_sticks(void **st)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes));
    (void)st;

    T(yf_cur_take(&c, 16).n == 0);
    T(yf_cur_u8(&c) == 0);
    T(yf_cur_rest(&c).n == 0);
    T(!yf_cur_more(&c));
    yf_cur_fail(&c, YF_E_FORMAT);
    T_ERR(YF_E_SHORT, yf_cur_done(&c));
    T(c.p == bytes && c.left == sizeof bytes);
}

static void
trailing_bytes_are_an_error(void **st)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes));
    (void)st;

    yf_cur_take(&c, 14);
    T_ERR(YF_E_FORMAT, yf_cur_done(&c));
    T(yf_cur_rest(&c).n == 1);
    T_OK(yf_cur_done(&c));
}

/* The getter of several reads: a copy counts as a whole, or leaves only its failure. */
static void
a_copy_commits_whole_or_not(void **st)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes)), copy = c;
    (void)st;

    yf_cur_u16(&copy);
    yf_cur_u16(&copy);
    T(yf_cur_commit(&c, &copy));
    T(c.p == bytes + 4 && c.left == sizeof bytes - 4);

    yf_cur_u8(&copy);
    yf_cur_fail(&copy, YF_E_FORMAT);
    T(!yf_cur_commit(&c, &copy));
    T(c.p == bytes + 4 && c.err == YF_E_FORMAT);

    copy = yf_cur_of(YF_SPAN(bytes)); // sound, but c failed before
    yf_cur_u8(&copy);
    T(!yf_cur_commit(&c, &copy));
    T(c.p == bytes + 4 && c.err == YF_E_FORMAT);
}

static void
writes_what_cur_reads(void **st)
{
    uint8_t mem[15];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;
    (void)st;

    yf_out_u8(&o, 0x01);
    yf_out_u32(&o, 0x04050607);
    yf_out_u64(&o, 0x08090a0b0c0d0e0f);
    yf_out_insert(&o, 1, (yf_span){ bytes + 1, 2 });
    T_OK(yf_out_done(&o, &all));
    T_SPAN(all, YF_SPAN(bytes));
}

static void
never_writes_past_its_memory(void **st)
{
    uint8_t mem[4] = { 0xAA, 0xAA, 0xAA, 0xAA };
    yf_out o = yf_out_of(mem, 3);
    yf_span all = { 0 };
    (void)st;

    yf_out_u16(&o, 0x0102);
    yf_out_u16(&o, 0x0304);
    yf_out_u8(&o, 5); // would fit, but the failure sticks
    T_ERR(YF_E_ROOM, yf_out_done(&o, &all));
    T(all.p == NULL && yf_out_span(&o).n == 0);
    T(mem[2] == 0xAA && mem[3] == 0xAA);
}

static void
insert_beyond_the_end_is_refused(void **st)
{
    uint8_t mem[8];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;
    (void)st;

    yf_out_u8(&o, 1);
    yf_out_insert(&o, 2, YF_SPAN(bytes));
    T_ERR(YF_E_STATE, yf_out_done(&o, &all));
}

T_MAIN(cmocka_unit_test(reads_front_to_back), cmocka_unit_test(first_failure_sticks),
       cmocka_unit_test(trailing_bytes_are_an_error), cmocka_unit_test(a_copy_commits_whole_or_not),
       cmocka_unit_test(writes_what_cur_reads), cmocka_unit_test(never_writes_past_its_memory),
       cmocka_unit_test(insert_beyond_the_end_is_refused))
