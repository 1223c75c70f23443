/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/proto/genauth.h>

static void
writes(void **st)
{
    uint8_t mem[16];
    yf_out o = yf_out_of(mem, sizeof mem);

    (void)st;
    yf_genauth_put(&o, 0, (yf_span){ NULL, 0 });
    T_SPAN(yf_out_span(&o), BYTES(0x7C, 0));
    o = yf_out_of(mem, sizeof mem);
    yf_genauth_put(&o, 0x82, (yf_span){ NULL, 0 }); // PACE with integrated mapping
    T_SPAN(yf_out_span(&o), BYTES(0x7C, 2, 0x82, 0));
    o = yf_out_of(mem, 3);
    yf_genauth_put(&o, 0x85, BYTES(1));
    T(o.err == YF_E_ROOM);
}

static void
reads_the_only_one(void **st)
{
    yf_span v = BYTES(9, 9, 9);

    (void)st;
    T_ERR(YF_E_FORMAT, yf_genauth_only(BYTES(0x7C, 3, 0x81, 1, 5), 0x82, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_only(BYTES(0x7C, 3, 0x81, 1, 5), 0, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_only(BYTES(0x7C, 5, 0x81, 1, 5, 0x82, 0), 0x81, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_only(BYTES(0x7C, 3, 0x81, 1, 5, 0), 0x81, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_only(BYTES(0x7D, 3, 0x81, 1, 5), 0x81, &v));
    T_ERR(YF_E_SHORT, yf_genauth_only(BYTES(0x7C, 4, 0x81, 1, 5), 0x81, &v));
    T_ERR(YF_E_SHORT, yf_genauth_only(BYTES(0x7C, 0), 0x81, &v));
    T_ERR(YF_E_SHORT, yf_genauth_only((yf_span){ NULL, 0 }, 0, &v));
    T(v.n == 3);
    T_OK(yf_genauth_only(BYTES(0x7C, 3, 0x81, 1, 5), 0x81, &v));
    T_SPAN(v, BYTES(5));
    T_OK(yf_genauth_only(BYTES(0x7C, 0), 0, &v));
    T(v.n == 0);
}

static void
finds_one_among_others(void **st)
{
    yf_span v = BYTES(9, 9, 9);

    (void)st;
    T_ERR(YF_E_NOTFOUND, yf_genauth_find(BYTES(0x7C, 3, 0x81, 1, 5), 0x82, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_find(BYTES(0x7C, 4, 0x81, 0, 0x81, 0), 0x81, &v));
    T_ERR(YF_E_FORMAT, yf_genauth_find(BYTES(0x7C, 2, 0x81, 0, 0x81), 0x81, &v));
    T_ERR(YF_E_SHORT, yf_genauth_find(BYTES(0x7C, 2, 0x81, 5), 0x81, &v));
    T(v.n == 3);
    T_OK(yf_genauth_find(BYTES(0x7C, 6, 0x87, 1, 0x41, 0x86, 1, 7), 0x86, &v));
    T_SPAN(v, BYTES(7));
}

T_MAIN(cmocka_unit_test(writes), cmocka_unit_test(reads_the_only_one),
       cmocka_unit_test(finds_one_among_others))
