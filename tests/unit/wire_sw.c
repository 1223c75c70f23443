/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/sw.h>

static const char *
text(yf_sw sw)
{
    static uint8_t mem[100];
    yf_out o = yf_out_of(mem, sizeof mem - 1);
    yf_span s;

    yf_sw_put_text(&o, sw);
    T_OK(yf_out_done(&o, &s));
    mem[s.n] = 0;
    return (const char *)mem;
}

#define T_TEXT(sw, want) assert_string_equal(text(sw), (want))

/* 7816-4 table 5, walked over all 65,536 values by its other description. */
static void
classes_follow_table_5(void **st)
{
    (void)st;
    for (unsigned sw = 0; sw <= 0xFFFF; sw++) {
        unsigned sw1 = sw >> 8;
        yf_sw_class want = YF_SW_CLASS_INVALID;

        if (sw == 0x9000 || sw1 == 0x61)
            want = YF_SW_CLASS_NORMAL;
        else if (sw1 == 0x62 || sw1 == 0x63)
            want = YF_SW_CLASS_WARNING;
        else if (sw1 >= 0x64 && sw1 <= 0x66)
            want = YF_SW_CLASS_EXECUTION;
        else if (sw1 >= 0x67 && sw1 <= 0x6F)
            want = YF_SW_CLASS_CHECKING;
        else if (sw1 >= 0x90 && sw1 <= 0x9F)
            want = YF_SW_CLASS_OTHER;
        assert_int_equal(yf_sw_class_of((yf_sw)sw), want);
        bool refused = strcmp(yf_sw_text((yf_sw)sw), "invalid status word") == 0;
        T(refused == (want == YF_SW_CLASS_INVALID));
    }
}

static void
ranges_carry_their_number(void **st)
{
    (void)st;
    T(yf_sw_more(1) == 0x6101 && yf_sw_more(255) == 0x61FF);
    T(yf_sw_more(256) == 0x6100 && yf_sw_more(65536) == 0x6100);
    T(yf_sw_wrong_le(32) == 0x6C20 && yf_sw_wrong_le(256) == 0x6C00);
    T(yf_sw_tries(0) == 0x63C0 && yf_sw_tries(3) == 0x63C3 && yf_sw_tries(99) == 0x63CF);

    T(yf_sw_is_more(0x6100) && yf_sw_is_more(0x61FF) && !yf_sw_is_more(0x6000));
    T(yf_sw_is_wrong_le(0x6C20) && !yf_sw_is_wrong_le(0x6D00));
    T(yf_sw_is_tries(0x63C0) && yf_sw_is_tries(0x63CF) && !yf_sw_is_tries(0x63D0) &&
      !yf_sw_is_tries(0x6300));
    T(yf_sw_count(0x6101) == 1 && yf_sw_count(0x61FF) == 255 && yf_sw_count(0x6C00) == 256);
}

static void
texts_name_value_and_number(void **st)
{
    (void)st;
    T_TEXT(YF_SW_OK, "9000 ok");
    T_TEXT(YF_SW_FILE_NOT_FOUND, "6A82 file or application not found");
    T_TEXT(0x61FF, "61FF more data available, bytes: 255");
    T_TEXT(0x6100, "6100 more data available, bytes: 256");
    T_TEXT(0x6C07, "6C07 wrong Le, right: 7");
    T_TEXT(0x63C0, "63C0 comparison failed, tries left: 0");
    T_TEXT(0x63CF, "63CF comparison failed, tries left: 15");
    T_TEXT(0x6A55, "6A55 wrong parameters");
    T_TEXT(0x6244, "6244 warning, state unchanged");
    T_TEXT(YF_SW_KEY_CHECK, "9485 invalid key check value");
    T_TEXT(0x9999, "9999 defined by the application");
    T_TEXT(0x6000, "6000 invalid status word");
    T_TEXT(0x0000, "0000 invalid status word");
}

static void
text_keeps_to_its_room(void **st)
{
    uint8_t mem[7] = { [6] = 0xAA };
    yf_out o = yf_out_of(mem, 6);
    yf_span s = { 0 };
    (void)st;

    yf_sw_put_text(&o, YF_SW_OK);
    T_ERR(YF_E_ROOM, yf_out_done(&o, &s));
    T(s.p == NULL && mem[6] == 0xAA);
}

T_MAIN(cmocka_unit_test(classes_follow_table_5), cmocka_unit_test(ranges_carry_their_number),
       cmocka_unit_test(texts_name_value_and_number), cmocka_unit_test(text_keeps_to_its_room))
