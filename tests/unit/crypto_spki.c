/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/oids.h>
#include <yufu/wire/der.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

static yf_err
read(yf_span der, yf_spki *k)
{
    yf_cur c = yf_cur_of(der);

    *k = yf_spki_read(&c);
    return yf_cur_done(&c);
}

/* SEQUENCE { SEQUENCE { oid, params }, BIT STRING key } */
static yf_span
spki(enum yf_oid oid, yf_span params, yf_span key)
{
    static uint8_t mem[2000];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t seq = yf_der_open(&o, YF_DER_SEQ);
    size_t alg = yf_der_open(&o, YF_DER_SEQ);

    yf_der_put(&o, YF_DER_OID, yf_oid_bytes(oid));
    yf_out_put(&o, params);
    yf_der_close(&o, alg);
    yf_der_put_bits(&o, YF_DER_BITS, key, 0);
    yf_der_close(&o, seq);
    return yf_out_span(&o);
}

static yf_span
params_of(const yf_curve *c, bool explicit_params)
{
    static uint8_t mem[1000];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_ec_params_write(&o, c, explicit_params);
    return yf_out_span(&o);
}

/* What we write, OpenSSL reads as the same key, and writes again byte for byte. */
static void
openssl_agrees(yf_span der)
{
    const uint8_t *at = der.p;
    EVP_PKEY *k = d2i_PUBKEY(NULL, &at, (long)der.n);
    uint8_t *again = NULL;

    T(k && at == der.p + der.n);
    int n = i2d_PUBKEY(k, &again);
    T(n > 0);
    T_SPAN(((yf_span){ again, (size_t)n }), der);
    OPENSSL_free(again);
    EVP_PKEY_free(k);
}

static void
every_curve_in_both_forms(void **st)
{
    (void)st;
    for (const yf_curve *const *c = yf_curves; *c; c++)
        for (int spelled = 0; spelled < 2; spelled++) {
            struct pki_key k;
            yf_spki r;

            pki_ec(&k, *c, spelled);
            T(k.spki.curve == *c && k.spki.explicit_params == spelled);
            T_SPAN(k.spki.key, yf_key_point(&k.ec));
            T_OK(read(k.spki.raw, &r));
            T_SPAN(r.raw, k.spki.raw);
            openssl_agrees(r.raw);
            pki_drop(&k);
        }
}

static void
rsa_keys_stand_as_they_are(void **st)
{
    struct pki_key k;
    (void)st;

    pki_rsa(&k, YF_SIG_RSA_PSS);
    T(k.spki.curve == NULL && k.spki.key.n > 256);
    openssl_agrees(k.spki.raw);
    pki_drop(&k);
}

/* Each byte of written-out parameters is one of the curve's, or breaks the form. */
static void
other_parameters_are_refused(void **st)
{
    yf_span good = params_of(&yf_curve_bp256r1, true);
    uint8_t bad[400];
    bool spelled;
    (void)st;

    for (size_t i = 0; i < good.n; i++) {
        memcpy(bad, good.p, good.n);
        bad[i] ^= 1;
        yf_cur c = yf_cur_of((yf_span){ bad, good.n });
        const yf_curve *curve = yf_ec_params_read(&c, &spelled);
        if (curve)
            fail_msg("byte %zu does not matter", i);
        T(yf_cur_done(&c) != YF_OK);
    }
}

/* INTEGER 1 at the end is the cofactor: without it the curve is the same, another is refused. */
static void
cofactor(void **st)
{
    yf_span good = params_of(&yf_curve_p256, true);
    uint8_t der[400];
    bool spelled = false;
    (void)st;

    memcpy(der, good.p, good.n);
    T(good.p[1] == 0x81 && good.p[good.n - 3] == YF_DER_INTEGER);
    der[2] = (uint8_t)(der[2] - 3);
    yf_cur c = yf_cur_of((yf_span){ der, good.n - 3 });
    T(yf_ec_params_read(&c, &spelled) == &yf_curve_p256 && spelled);
    memcpy(der, good.p, good.n);
    der[good.n - 1] = 2;
    c = yf_cur_of((yf_span){ der, good.n });
    T(yf_ec_params_read(&c, &spelled) == NULL);
    T_ERR(YF_E_FORMAT, c.err);
}

static void
implied_and_unknown_curves_are_refused(void **st)
{
    const uint8_t implied[] = { YF_DER_NULL, 0 };
    const uint8_t secp256k1[] = { YF_DER_OID, 5, 0x2B, 0x81, 0x04, 0x00, 0x0A };
    bool spelled;
    (void)st;

    yf_cur c = yf_cur_of(YF_SPAN(implied));
    T(yf_ec_params_read(&c, &spelled) == NULL && c.err != YF_OK);
    c = yf_cur_of(YF_SPAN(secp256k1));
    T(yf_ec_params_read(&c, &spelled) == NULL);
    T_ERR(YF_E_UNSUPPORTED, c.err);
}

static void
points_have_one_of_three_forms(void **st)
{
    uint8_t point[66] = { 4 };
    yf_span params = params_of(&yf_curve_p256, false);
    yf_spki k;
    (void)st;

    T_OK(read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 65 }), &k));
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 64 }), &k));
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 66 }), &k));
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 0 }), &k));
    point[0] = 3;
    T_OK(read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 33 }), &k));
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 65 }), &k));
    point[0] = 4;
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 33 }), &k));
    point[0] = 6; // hybrid
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 65 }), &k));
    point[0] = 0; // the identity
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_EC_PUBLIC_KEY, params, (yf_span){ point, 1 }), &k));
}

static void
algorithms_and_their_parameters(void **st)
{
    const yf_span null = YF_STR("\x05\x00"), none = { NULL, 0 };
    const yf_span key = YF_STR("\x30\x06\x02\x01\x07\x02\x01\x03");
    yf_spki k;
    (void)st;

    T_OK(read(spki(YF_OID_RSA, null, key), &k));
    T(k.raw.n && k.curve == NULL);
    T_SPAN(k.key, key);
    T_ERR(YF_E_SHORT, read(spki(YF_OID_RSA, none, key), &k));
    T(k.raw.n == 0);
    T_ERR(YF_E_FORMAT, read(spki(YF_OID_RSA, null, YF_STR("\x30\x03\x02\x01\x07")), &k));
    T_ERR(YF_E_FORMAT,
          read(spki(YF_OID_RSA, null, YF_STR("\x30\x06\x02\x01\x07\x02\x01\x83")), &k));
    T_ERR(YF_E_UNSUPPORTED, read(spki(YF_OID_RSA_PSS, none, key), &k));
    T_ERR(YF_E_UNSUPPORTED, read(spki(YF_OID_SM2_ENCRYPT, none, key), &k));
}

static void
writing_refuses_what_reading_would(void **st)
{
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;
    (void)st;

    yf_spki_write_ec(&o, &yf_curve_p256, false, YF_STR("\x04short"));
    T_ERR(YF_E_FORMAT, yf_out_done(&o, &all));
    o = yf_out_of(mem, sizeof mem);
    yf_spki_write_rsa(&o, YF_STR("\x30\x00"));
    T_ERR(YF_E_FORMAT, yf_out_done(&o, &all));
}

T_MAIN(cmocka_unit_test(every_curve_in_both_forms), cmocka_unit_test(rsa_keys_stand_as_they_are),
       cmocka_unit_test(other_parameters_are_refused), cmocka_unit_test(cofactor),
       cmocka_unit_test(implied_and_unknown_curves_are_refused),
       cmocka_unit_test(points_have_one_of_three_forms),
       cmocka_unit_test(algorithms_and_their_parameters),
       cmocka_unit_test(writing_refuses_what_reading_would))
