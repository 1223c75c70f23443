/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/oids.h>
#include <yufu/crypto/sm2.h>
#include <yufu/wire/der.h>

#include <openssl/x509.h>

/* ---- algorithm identifiers ---- */

static const yf_sig_alg written[] = {
    { YF_SIG_ECDSA, YF_SHA224 },     { YF_SIG_ECDSA, YF_SHA256 },
    { YF_SIG_ECDSA, YF_SHA384 },     { YF_SIG_ECDSA, YF_SHA512 },
    { YF_SIG_SM2, YF_SM3 },          { YF_SIG_RSA_PKCS1, YF_SHA224 },
    { YF_SIG_RSA_PKCS1, YF_SHA256 }, { YF_SIG_RSA_PKCS1, YF_SHA384 },
    { YF_SIG_RSA_PKCS1, YF_SHA512 }, { YF_SIG_RSA_PSS, YF_SHA224 },
    { YF_SIG_RSA_PSS, YF_SHA256 },   { YF_SIG_RSA_PSS, YF_SHA384 },
    { YF_SIG_RSA_PSS, YF_SHA512 },
};
enum { WRITTEN = sizeof written / sizeof *written };

static yf_span
write(yf_sig_alg a)
{
    static uint8_t mem[200];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_sig_alg_write(&o, a);
    return yf_out_span(&o);
}

static yf_err
read(yf_span der, yf_sig_alg *a)
{
    yf_cur c = yf_cur_of(der);

    *a = yf_sig_alg_read(&c);
    return yf_cur_done(&c);
}

static void
what_is_written_is_read(void **st)
{
    (void)st;
    for (size_t i = 0; i < WRITTEN; i++) {
        yf_sig_alg a;
        yf_span der = write(written[i]);
        const uint8_t *at = der.p;
        X509_ALGOR *theirs = d2i_X509_ALGOR(NULL, &at, (long)der.n);

        T(der.n > 0);
        T_OK(read(der, &a));
        T(a.kind == written[i].kind && a.hash == written[i].hash);
        T(theirs && at == der.p + der.n);
        X509_ALGOR_free(theirs);
    }
}

/* Nothing is signed with SHA-1 any more, and old signatures are still named. */
static void
sha1_is_read_and_not_written(void **st)
{
    const yf_span ecdsa = YF_STR("\x30\x09\x06\x07\x2A\x86\x48\xCE\x3D\x04\x01");
    const yf_span rsa = YF_STR("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x05\x05\x00");
    yf_sig_alg a;
    (void)st;

    T_OK(read(ecdsa, &a));
    T(a.kind == YF_SIG_ECDSA && a.hash == YF_SHA1);
    T_OK(read(rsa, &a));
    T(a.kind == YF_SIG_RSA_PKCS1 && a.hash == YF_SHA1);
    T(write((yf_sig_alg){ YF_SIG_ECDSA, YF_SHA1 }).n == 0);
    T(write((yf_sig_alg){ YF_SIG_RSA_PKCS1, YF_SHA1 }).n == 0);
    T(write((yf_sig_alg){ YF_SIG_RSA_PSS, YF_SHA1 }).n == 0);
    T(write((yf_sig_alg){ YF_SIG_RSA_PSS, YF_SM3 }).n == 0);
    T(write((yf_sig_alg){ YF_SIG_NONE, YF_SHA256 }).n == 0);
}

static void
parameters_are_as_the_rfc_says(void **st)
{
    yf_sig_alg a;
    (void)st;

    // ecdsa-with-SHA256 with NULL, sha256WithRSAEncryption without, rsaEncryption itself
    T_ERR(YF_E_FORMAT,
          read(YF_STR("\x30\x0C\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02\x05\x00"), &a));
    T(a.kind == YF_SIG_NONE);
    T_ERR(YF_E_SHORT, read(YF_STR("\x30\x0B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B"), &a));
    T_ERR(YF_E_UNSUPPORTED,
          read(YF_STR("\x30\x0D\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01\x05\x00"), &a));
    // SM2 with SM3, with and without NULL
    T_OK(read(YF_STR("\x30\x0A\x06\x08\x2A\x81\x1C\xCF\x55\x01\x83\x75"), &a));
    T_OK(read(YF_STR("\x30\x0C\x06\x08\x2A\x81\x1C\xCF\x55\x01\x83\x75\x05\x00"), &a));
    T(a.kind == YF_SIG_SM2 && a.hash == YF_SM3);
}

/* RSASSA-PSS { [0] hash, [1] MGF1 with hash, [2] salt, [3] trailer } */
static yf_span
pss(enum yf_oid hash, enum yf_oid mask, int salt, bool trailer)
{
    static uint8_t mem[200];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t alg = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, yf_oid_bytes(YF_OID_RSA_PSS));
    size_t params = yf_der_open(&o, YF_DER_SEQ);

    if (hash) {
        size_t tag = yf_der_open(&o, YF_DER_CTX_C(0)), seq = yf_der_open(&o, YF_DER_SEQ);
        yf_der_put(&o, YF_DER_OID, yf_oid_bytes(hash));
        yf_der_close(&o, seq);
        yf_der_close(&o, tag);
    }
    if (mask) {
        size_t tag = yf_der_open(&o, YF_DER_CTX_C(1)), mgf = yf_der_open(&o, YF_DER_SEQ);
        yf_der_put(&o, YF_DER_OID, yf_oid_bytes(YF_OID_MGF1));
        size_t seq = yf_der_open(&o, YF_DER_SEQ);
        yf_der_put(&o, YF_DER_OID, yf_oid_bytes(mask));
        yf_der_close(&o, seq);
        yf_der_close(&o, mgf);
        yf_der_close(&o, tag);
    }
    if (salt >= 0) {
        size_t tag = yf_der_open(&o, YF_DER_CTX_C(2));
        yf_der_put_small(&o, YF_DER_INTEGER, salt);
        yf_der_close(&o, tag);
    }
    if (trailer) {
        size_t tag = yf_der_open(&o, YF_DER_CTX_C(3));
        yf_der_put_small(&o, YF_DER_INTEGER, 1);
        yf_der_close(&o, tag);
    }
    yf_der_close(&o, params);
    yf_der_close(&o, alg);
    return yf_out_span(&o);
}

static void
pss_has_one_shape(void **st)
{
    yf_sig_alg a;
    (void)st;

    T_OK(read(pss(YF_OID_SHA384, YF_OID_SHA384, 48, false), &a)); // digests without NULL
    T(a.kind == YF_SIG_RSA_PSS && a.hash == YF_SHA384);
    T_ERR(YF_E_UNSUPPORTED, read(pss(YF_OID_SHA256, YF_OID_SHA384, 32, false), &a));
    T_ERR(YF_E_UNSUPPORTED, read(pss(YF_OID_SHA256, YF_OID_SHA256, 20, false), &a));
    T_ERR(YF_E_UNSUPPORTED, read(pss(YF_OID_SHA1, YF_OID_SHA1, 20, false), &a));
    T_ERR(YF_E_UNSUPPORTED, read(pss(YF_OID_NONE, YF_OID_NONE, -1, false), &a)); // all defaults
    T_ERR(YF_E_FORMAT, read(pss(YF_OID_SHA256, YF_OID_SHA256, 32, true), &a)); // a default, written
    T(read(pss(YF_OID_SHA256, YF_OID_SHA256, -1, false), &a) != YF_OK);
    T(read(pss(YF_OID_SHA256, YF_OID_NONE, 32, false), &a) != YF_OK);
}

static void
each_curve_has_its_algorithm(void **st)
{
    (void)st;
    T(yf_sig_alg_for(&yf_curve_sm2).kind == YF_SIG_SM2);
    T(yf_sig_alg_for(&yf_curve_p224).hash == YF_SHA224);
    T(yf_sig_alg_for(&yf_curve_p256).hash == YF_SHA256);
    T(yf_sig_alg_for(&yf_curve_bp320r1).hash == YF_SHA256);
    T(yf_sig_alg_for(&yf_curve_p384).hash == YF_SHA384);
    T(yf_sig_alg_for(&yf_curve_bp512r1).hash == YF_SHA512);
    T(yf_sig_alg_for(&yf_curve_p521).hash == YF_SHA512);
}

/* ---- signing and verifying ---- */

static yf_err
verify(const struct pki_key *k, yf_span msg, yf_span sig)
{
    return yf_sig_verify(&yf_provider_host, k->how.alg, &k->spki, k->how.sm2_id, msg, sig);
}

/* A signature verifies, and with any bit of it changed it does not. */
static void
signs(struct pki_key *k)
{
    uint8_t sig[YF_SIG_MAX];
    yf_signer s = yf_signer_of(&k->how);
    size_t n = 0;

    T_OK(s.sign(s.state, YF_STR("message"), sig, &n));
    T_OK(verify(k, YF_STR("message"), (yf_span){ sig, n }));
    T_ERR(YF_E_AUTH, verify(k, YF_STR("massage"), (yf_span){ sig, n }));
    T_ERR(YF_E_AUTH, verify(k, YF_STR("message"), (yf_span){ sig, n - 1 }));
    T_ERR(YF_E_AUTH, verify(k, YF_STR("message"), (yf_span){ sig, 0 }));
    for (size_t i = 0; i < 8 * n; i += 5) {
        sig[i / 8] ^= (uint8_t)(1 << i % 8);
        T_ERR(YF_E_AUTH, verify(k, YF_STR("message"), (yf_span){ sig, n }));
        sig[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

static void
keys_sign_and_verify(void **st)
{
    static const yf_curve *const curves[] = { &yf_curve_sm2, &yf_curve_p256, &yf_curve_bp384r1,
                                              &yf_curve_p521 };
    struct pki_key k;
    (void)st;

    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        pki_ec(&k, curves[i], i % 2);
        signs(&k);
        pki_drop(&k);
    }
    pki_rsa(&k, YF_SIG_RSA_PKCS1);
    signs(&k);
    k.how.alg = (yf_sig_alg){ YF_SIG_RSA_PSS, YF_SHA512 };
    signs(&k);
    pki_drop(&k);
}

static void
the_id_is_part_of_an_sm2_signature(void **st)
{
    uint8_t sig[YF_SIG_MAX];
    struct pki_key k;
    size_t n = 0;
    (void)st;

    pki_ec(&k, &yf_curve_sm2, false);
    k.how.sm2_id = YF_STR("ALICE123@YAHOO.COM");
    yf_signer s = yf_signer_of(&k.how);
    T_OK(s.sign(s.state, YF_STR("m"), sig, &n));
    T_OK(verify(&k, YF_STR("m"), (yf_span){ sig, n }));
    k.how.sm2_id = YF_SM2_DEFAULT_ID;
    T_ERR(YF_E_AUTH, verify(&k, YF_STR("m"), (yf_span){ sig, n }));
    k.how.sm2_id = YF_STR("");
    T_ERR(YF_E_AUTH, verify(&k, YF_STR("m"), (yf_span){ sig, n }));
    pki_drop(&k);
}

/* A key verifies with algorithms of its kind: an SM2 key nothing but SM2. */
static void
keys_keep_to_their_algorithms(void **st)
{
    static const yf_sig_alg ecdsa = { YF_SIG_ECDSA, YF_SHA256 }, sm2 = { YF_SIG_SM2, YF_SM3 },
                            rsa = { YF_SIG_RSA_PKCS1, YF_SHA256 };
    const yf_provider *p = &yf_provider_host;
    yf_span m = YF_STR("m"), id = YF_SM2_DEFAULT_ID;
    struct pki_key k;
    (void)st;

    pki_ec(&k, &yf_curve_sm2, false);
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, ecdsa, &k.spki, id, m, m));
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, rsa, &k.spki, id, m, m));
    T_ERR(YF_E_UNSUPPORTED, yf_sig_verify(p, (yf_sig_alg){ 0 }, &k.spki, id, m, m));
    pki_drop(&k);
    pki_ec(&k, &yf_curve_p256, false);
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, sm2, &k.spki, id, m, m));
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, rsa, &k.spki, id, m, m));
    pki_drop(&k);
    pki_rsa(&k, YF_SIG_RSA_PKCS1);
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, sm2, &k.spki, id, m, m));
    T_ERR(YF_E_FORMAT, yf_sig_verify(p, ecdsa, &k.spki, id, m, m));
    T_ERR(YF_E_UNSUPPORTED, yf_sig_verify(&yf_provider_soft, rsa, &k.spki, id, m, m));
    pki_drop(&k);
}

static void
a_signer_needs_its_private_key(void **st)
{
    uint8_t sig[YF_SIG_MAX];
    struct pki_key k;
    size_t n = 99;
    (void)st;

    pki_ec(&k, &yf_curve_p256, false);
    k.ec.has_private = false;
    yf_signer s = yf_signer_of(&k.how);
    T_ERR(YF_E_STATE, s.sign(s.state, YF_STR("m"), sig, &n));
    k.how.alg = (yf_sig_alg){ YF_SIG_RSA_PSS, YF_SHA256 };
    T_ERR(YF_E_STATE, s.sign(s.state, YF_STR("m"), sig, &n));
    k.how.alg = (yf_sig_alg){ YF_SIG_NONE, YF_SHA256 };
    T_ERR(YF_E_UNSUPPORTED, s.sign(s.state, YF_STR("m"), sig, &n));
    T(n == 99);
    pki_drop(&k);
}

T_MAIN(cmocka_unit_test(what_is_written_is_read), cmocka_unit_test(sha1_is_read_and_not_written),
       cmocka_unit_test(parameters_are_as_the_rfc_says), cmocka_unit_test(pss_has_one_shape),
       cmocka_unit_test(each_curve_has_its_algorithm), cmocka_unit_test(keys_sign_and_verify),
       cmocka_unit_test(the_id_is_part_of_an_sm2_signature),
       cmocka_unit_test(keys_keep_to_their_algorithms),
       cmocka_unit_test(a_signer_needs_its_private_key))
