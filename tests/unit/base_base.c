/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/base.h>

static void
every_error_has_a_name(void **st)
{
    (void)st;
    for (int e = YF_OK; e <= YF_E_UNSUPPORTED; e++)
        T(strcmp(yf_err_name((yf_err)e), "unknown") != 0);
    T(strcmp(yf_err_name((yf_err)(YF_E_UNSUPPORTED + 1)), "unknown") == 0);
    T(yf_err_first(YF_OK, YF_E_IO) == YF_E_IO);
    T(yf_err_first(YF_E_AUTH, YF_E_IO) == YF_E_AUTH);
}

static void
spans_compare_by_length_and_content(void **st)
{
    (void)st;
    T(yf_span_eq(YF_STR("abc"), YF_STR("abc")));
    T(!yf_span_eq(YF_STR("abc"), YF_STR("abd")));
    T(!yf_span_eq(YF_STR("abc"), YF_STR("ab")));
    T(yf_span_eq((yf_span){ NULL, 0 }, YF_STR("")));
}

static void
ct_eq_sees_each_bit(void **st)
{
    uint8_t a[33] = { 0 }, b[33] = { 0 };
    (void)st;

    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        T(!yf_ct_eq(a, b, sizeof a));
        b[bit / 8] ^= (uint8_t)(1u << bit % 8);
        T(yf_ct_eq(a, b, sizeof a));
    }
    T(yf_ct_eq(a, b, 0));
}

static void
wipe_leaves_zeros(void **st)
{
    uint8_t a[9];
    (void)st;

    memset(a, 0xAA, sizeof a);
    yf_wipe(a, 8);
    for (size_t i = 0; i < 8; i++)
        T(a[i] == 0);
    T(a[8] == 0xAA);
    yf_wipe(NULL, 0);
}

static void
integers_are_big_endian(void **st)
{
    uint8_t b[8];
    (void)st;

    yf_put_be64(b, 0x0102030405060708);
    for (size_t i = 0; i < 8; i++)
        T(b[i] == i + 1);
    T(yf_be64(b) == 0x0102030405060708);
    T(yf_be32(b) == 0x01020304);
    T(yf_be16(b + 6) == 0x0708);
}

T_MAIN(cmocka_unit_test(every_error_has_a_name),
       cmocka_unit_test(spans_compare_by_length_and_content), cmocka_unit_test(ct_eq_sees_each_bit),
       cmocka_unit_test(wipe_leaves_zeros), cmocka_unit_test(integers_are_big_endian))
