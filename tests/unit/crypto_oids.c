/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/crypto/curve.h>
#include <yufu/crypto/oids.h>
#include <yufu/wire/oid.h>

#include <openssl/objects.h>

/* Bytes and dotted text of each entry say the same, and no two are alike. */
static void
every_entry_is_itself(void **st)
{
    (void)st;
    for (unsigned i = 1; i < YF_OIDS; i++) {
        enum yf_oid id = (enum yf_oid)i;
        const char *dotted = yf_oid_dotted(id);
        uint8_t mem[32];
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_span bytes;

        yf_oid_put(&o, (yf_span){ (const uint8_t *)dotted, strlen(dotted) });
        T_OK(yf_out_done(&o, &bytes));
        T_SPAN(bytes, yf_oid_bytes(id));
        T(yf_oid_of(bytes) == id);
        T(yf_oid_name(bytes) != NULL && *yf_oid_name(bytes));
        for (unsigned k = 1; k < i; k++)
            T(strcmp(yf_oid_name(yf_oid_bytes((enum yf_oid)k)), yf_oid_name(bytes)) != 0);
    }
}

/* Where OpenSSL has a long name that is the standard's, it is ours. */
static void
names_are_the_standards(void **st)
{
    static const enum yf_oid same[] = { YF_OID_CN,
                                        YF_OID_C,
                                        YF_OID_O,
                                        YF_OID_OU,
                                        YF_OID_EMAIL,
                                        YF_OID_PRIME_FIELD,
                                        YF_OID_RSA,
                                        YF_OID_ECDSA_SHA256,
                                        YF_OID_ECDSA_SHA512,
                                        YF_OID_RSA_SHA1,
                                        YF_OID_RSA_SHA256,
                                        YF_OID_RSA_SHA384,
                                        YF_OID_SM3,
                                        YF_OID_SERIAL_NUMBER };
    (void)st;

    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        int nid = OBJ_txt2nid(yf_oid_dotted(same[i]));
        const char *ours = yf_oid_name(yf_oid_bytes(same[i]));
        T(nid != NID_undef);
        if (strcasecmp(ours, OBJ_nid2ln(nid)) != 0 && strcasecmp(ours, OBJ_nid2sn(nid)) != 0)
            fail_msg("'%s' is '%s' to OpenSSL", ours, OBJ_nid2ln(nid));
    }
}

static void
curves_have_names_too(void **st)
{
    (void)st;
    assert_string_equal(yf_oid_name(yf_curve_sm2.oid), "sm2");
    T(yf_oid_of(yf_curve_sm2.oid) == YF_OID_NONE);
}

static void
what_is_not_there_is_none(void **st)
{
    (void)st;
    T(yf_oid_of(YF_STR("")) == YF_OID_NONE);
    T(yf_oid_of(YF_STR("\x55\x04")) == YF_OID_NONE);
    T(yf_oid_name(YF_STR("\x55\x04\x7F")) == NULL);
    T(yf_oid_bytes(YF_OID_NONE).n == 0 && yf_oid_bytes(YF_OIDS).n == 0);
    assert_string_equal(yf_oid_dotted(YF_OIDS), "");
}

T_MAIN(cmocka_unit_test(every_entry_is_itself), cmocka_unit_test(names_are_the_standards),
       cmocka_unit_test(curves_have_names_too), cmocka_unit_test(what_is_not_there_is_none))
