/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/oids.h>
#include <yufu/proto/aa.h>
#include <yufu/wire/der.h>
#include <yufu/wire/oid.h>

static const uint8_t challenge[] = { 0xF1, 0x73, 0x58, 0x99, 0x74, 0xBF, 0x40, 0xC6 };

static const struct {
    const yf_curve *curve;
    enum yf_hash_id hash;
    const char *oid;
} ec[] = {
    { &yf_curve_p256, YF_SHA1, "0.4.0.127.0.7.1.1.4.1.1" },
    { &yf_curve_p224, YF_SHA224, "0.4.0.127.0.7.1.1.4.1.2" },
    { &yf_curve_p256, YF_SHA256, "0.4.0.127.0.7.1.1.4.1.3" },
    { &yf_curve_bp256r1, YF_SHA256, "0.4.0.127.0.7.1.1.4.1.3" },
    { &yf_curve_p384, YF_SHA384, "0.4.0.127.0.7.1.1.4.1.4" },
    { &yf_curve_p521, YF_SHA512, "0.4.0.127.0.7.1.1.4.1.5" },
    { &yf_curve_sm2, YF_SM3, "1.2.156.10197.1.501" },
};
enum { N_EC = sizeof ec / sizeof *ec };

/* ---- algorithms ---- */

static void
names_algorithms(void **st)
{
    (void)st;
    for (size_t i = 0; i < N_EC; i++) {
        enum yf_hash_id got = YF_HASHES;
        uint8_t b[32];
        yf_out o = yf_out_of(b, sizeof b);
        yf_oid_put(&o, (yf_span){ (const uint8_t *)ec[i].oid, strlen(ec[i].oid) });
        T_SPAN(yf_aa_oid_of(ec[i].curve, ec[i].hash), yf_out_span(&o));
        T_OK(yf_aa_hash_of(yf_out_span(&o), &got));
        T(got == ec[i].hash);
    }
    enum yf_hash_id none = YF_HASHES;
    T_ERR(YF_E_UNSUPPORTED, yf_aa_hash_of(yf_oid_bytes(YF_OID_ECDSA_SHA256), &none)); // in DER
    T_ERR(YF_E_UNSUPPORTED,
          yf_aa_hash_of(YF_STR("\x04\x00\x7F\x00\x07\x01\x01\x04\x01\x06"), &none));
    T_ERR(YF_E_UNSUPPORTED, yf_aa_hash_of((yf_span){ 0 }, &none));
    T(none == YF_HASHES);
    T(yf_aa_oid_of(NULL, YF_SHA256).n == 0);
    T(yf_aa_oid_of(&yf_curve_p256, YF_SHA384).n == 0); // longer than the curve
    T(yf_aa_oid_of(&yf_curve_p256, YF_SM3).n == 0);
    T(yf_aa_oid_of(&yf_curve_sm2, YF_SHA256).n == 0);
}

/* ---- stored keys ---- */

static void
stored_form(void **st)
{
    static const uint8_t d[32] = { 1, 2, 3 };
    static const uint8_t want[] = { 0x30, 0x37, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
                                    0x04, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
                                    0x03, 0x01, 0x07, 0x04, 0x20, 1,    2,    3 };
    struct yf_aa_key k = { YF_SHA256, &yf_curve_p256, YF_SPAN(d) }, got;
    uint8_t b[64];
    yf_out o = yf_out_of(b, sizeof b);
    (void)st;

    yf_aa_key_write(&o, &k);
    T(o.n == 57 && o.err == YF_OK);
    T_MEM(b, want, sizeof want);
    T_OK(yf_aa_key_read(yf_out_span(&o), &got));
    T(got.hash == YF_SHA256 && got.curve == &yf_curve_p256);
    T_SPAN(got.key, k.key);
    for (size_t n = 0; n < o.n; n++)
        T(yf_aa_key_read((yf_span){ b, n }, &got) != YF_OK);
    b[57] = 0;
    T_ERR(YF_E_FORMAT, yf_aa_key_read((yf_span){ b, 58 }, &got));
}

static yf_err
write_and_read(enum yf_oid hash, yf_span curve, size_t n)
{
    static const uint8_t key[80] = { 1 };
    uint8_t b[160];
    yf_out o = yf_out_of(b, sizeof b);
    struct yf_aa_key k;

    size_t mark = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, yf_oid_bytes(hash));
    if (curve.n)
        yf_der_put(&o, YF_DER_OID, curve);
    yf_der_put(&o, YF_DER_OCTETS, (yf_span){ key, n });
    yf_der_close(&o, mark);
    T_OK(o.err);
    return yf_aa_key_read(yf_out_span(&o), &k);
}

static void
refuses_stored_keys(void **st)
{
    const yf_span none = { 0 };
    uint8_t b[160];
    (void)st;

    T_OK(write_and_read(YF_OID_SHA256, yf_curve_p256.oid, 32));
    T_OK(write_and_read(YF_OID_SM3, yf_curve_sm2.oid, 32));
    T_OK(write_and_read(YF_OID_SHA512, none, 80));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SHA256, yf_curve_p256.oid, 31));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SHA256, yf_curve_p256.oid, 33));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SHA384, yf_curve_p256.oid, 32));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SM3, yf_curve_p256.oid, 32));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SHA256, yf_curve_sm2.oid, 32));
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SM3, none, 80)); // no RSA signature uses it
    T_ERR(YF_E_FORMAT, write_and_read(YF_OID_SHA256, none, 0));
    T_ERR(YF_E_UNSUPPORTED, write_and_read(YF_OID_CN, yf_curve_p256.oid, 32));
    T_ERR(YF_E_UNSUPPORTED, write_and_read(YF_OID_SHA256, yf_oid_bytes(YF_OID_CN), 32));

    struct yf_aa_key bad[] = {
        { YF_SHA384, &yf_curve_p256, { b, 32 } },
        { YF_SHA256, &yf_curve_p256, { b, 31 } },
        { YF_SM3, NULL, { b, 32 } },
        { YF_HASHES, NULL, { b, 32 } },
    };
    for (size_t i = 0; i < 4; i++) {
        yf_out o = yf_out_of(b, sizeof b);
        yf_aa_key_write(&o, &bad[i]);
        T(o.err == YF_E_FORMAT);
    }
}

/* ---- elliptic curves ---- */

struct signer {
    yf_key pair;
    uint8_t der[YF_KEY_DER_MAX];
    yf_spki spki;
    struct yf_aa_key key;
};

static void
signer(struct signer *s, const yf_curve *curve, enum yf_hash_id hash)
{
    struct rnd r = { 3 };
    yf_rng rng = rng_seeded(&r);
    yf_out o = yf_out_of(s->der, sizeof s->der);

    T_OK(yf_key_generate(&yf_provider_soft, curve, &rng, &s->pair));
    yf_key_write_public(&s->pair, &o);
    yf_cur c = yf_cur_of(yf_out_span(&o));
    s->spki = yf_spki_read(&c);
    T_OK(yf_cur_done(&c));
    s->key = (struct yf_aa_key){ hash, curve, { s->pair.d, curve->size } };
}

/* What one provider signs, each other verifies; and nothing else. */
static void
curves(void **st)
{
    (void)st;
    for (size_t i = 0; i < N_EC; i++) {
        struct rnd r = { i };
        yf_rng rng = rng_seeded(&r);
        struct signer s;
        uint8_t sig[YF_AA_SIG_MAX], other[YF_AA_CHALLENGE];
        yf_out o = yf_out_of(sig, sizeof sig);
        size_t size = 2 * (size_t)ec[i].curve->size, verified = 0;

        signer(&s, ec[i].curve, ec[i].hash);
        T_OK(yf_aa_sign(&yf_provider_soft, &s.key, &rng, YF_SPAN(challenge), &o));
        T(o.n == size);
        for (const yf_provider *const *p = test_providers; *p; p++) {
            if (!yf_provider_group(*p, ec[i].curve) || !yf_provider_hash(*p, ec[i].hash))
                continue;
            T_OK(yf_aa_verify(*p, &s.spki, ec[i].hash, YF_SPAN(challenge), yf_out_span(&o)));
            verified++;
        }
        T(verified >= 2);
        memcpy(other, challenge, sizeof other);
        other[0] ^= 1;
        T_ERR(YF_E_AUTH, yf_aa_verify(&yf_provider_soft, &s.spki, ec[i].hash, YF_SPAN(other),
                                      yf_out_span(&o)));
        T_ERR(YF_E_AUTH, yf_aa_verify(&yf_provider_soft, &s.spki, ec[i].hash, YF_SPAN(challenge),
                                      (yf_span){ sig, size - 1 }));
        sig[size - 1] ^= 1;
        T_ERR(YF_E_AUTH, yf_aa_verify(&yf_provider_soft, &s.spki, ec[i].hash, YF_SPAN(challenge),
                                      (yf_span){ sig, size }));
    }
}

static void
refuses_what_does_not_fit(void **st)
{
    struct rnd r = { 5 };
    yf_rng rng = rng_seeded(&r), broken = rng_stuck(NULL);
    uint8_t sig[64];
    yf_out o = yf_out_of(sig, sizeof sig), small = yf_out_of(sig, 63);
    yf_provider none = yf_provider_soft;
    struct signer s;
    (void)st;

    signer(&s, &yf_curve_p256, YF_SHA256);
    T_ERR(YF_E_FORMAT, yf_aa_sign(&yf_provider_soft, &s.key, &rng, (yf_span){ challenge, 7 }, &o));
    T_ERR(YF_E_FORMAT, yf_aa_sign(&yf_provider_soft, &s.key, &rng, YF_SPAN(sig), &o));
    T_ERR(YF_E_ROOM, yf_aa_sign(&yf_provider_soft, &s.key, &rng, YF_SPAN(challenge), &small));
    T_ERR(YF_E_IO, yf_aa_sign(&yf_provider_soft, &s.key, &broken, YF_SPAN(challenge), &o));
    T(o.n == 0 && o.err == YF_OK);
    none.hash[YF_SHA256] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_aa_sign(&none, &s.key, &rng, YF_SPAN(challenge), &o));
    none = yf_provider_soft;
    none.group = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_aa_sign(&none, &s.key, &rng, YF_SPAN(challenge), &o));
    T_ERR(YF_E_UNSUPPORTED,
          yf_aa_verify(&none, &s.spki, YF_SHA256, YF_SPAN(challenge), YF_SPAN(sig)));

    T_OK(yf_aa_sign(&yf_provider_soft, &s.key, &rng, YF_SPAN(challenge), &o));
    T_ERR(YF_E_FORMAT, yf_aa_verify(&yf_provider_soft, &s.spki, YF_SHA256,
                                    (yf_span){ challenge, 7 }, YF_SPAN(sig)));
    T_ERR(YF_E_FORMAT,
          yf_aa_verify(&yf_provider_soft, &s.spki, YF_SHA512, YF_SPAN(challenge), YF_SPAN(sig)));
    T_ERR(YF_E_FORMAT,
          yf_aa_verify(&yf_provider_soft, &s.spki, YF_SM3, YF_SPAN(challenge), YF_SPAN(sig)));
    T_ERR(YF_E_AUTH,
          yf_aa_verify(&yf_provider_soft, &s.spki, YF_SHA1, YF_SPAN(challenge), YF_SPAN(sig)));
    memset(s.pair.d, 0, sizeof s.pair.d); // no private key
    o.n = 0;
    T_ERR(YF_E_FORMAT, yf_aa_sign(&yf_provider_soft, &s.key, &rng, YF_SPAN(challenge), &o));
}

/* ---- RSA ---- */

/* The records of rsa.txt that are over eight bytes, as DG15 and a response would bring them. */
static void
rsa_vector(const struct vec *v, void *arg)
{
    size_t *n = arg;
    uint8_t pub[YF_RSA_MAX + 64];
    yf_out o = yf_out_of(pub, sizeof pub);
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;

    if (strcmp(vec_str(v, "alg"), "iso9796") != 0 || vec_get(v, "msg").n != YF_AA_CHALLENGE)
        return;
    size_t mark = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put_uint(&o, YF_DER_INTEGER, vec_get(v, "n"));
    yf_der_put_uint(&o, YF_DER_INTEGER, vec_get(v, "e"));
    yf_der_close(&o, mark);
    yf_spki key = { .key = yf_out_span(&o) };
    yf_err e =
        yf_aa_verify(&yf_provider_host, &key, YF_HASHES, vec_get(v, "msg"), vec_get(v, "sig"));
    if ((e == YF_OK) != valid)
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
    n[valid]++;
}

static void
rsa_signatures(void **st)
{
    size_t n[2] = { 0 };
    (void)st;

    vec_each("rsa.txt", rsa_vector, n);
    print_message("# %zu good, %zu bad\n", n[1], n[0]);
    T(n[0] >= 10 && n[1] >= 10);
}

static void
rsa_both_ends(void **st)
{
    uint8_t der[YF_AA_KEY_MAX], stored[YF_AA_KEY_MAX + 32], sig[YF_AA_SIG_MAX];
    struct rnd r = { 5 };
    yf_rng rng = rng_seeded(&r);
    yf_out o = yf_out_of(sig, sizeof sig), so = yf_out_of(stored, sizeof stored);
    struct yf_aa_key k = { YF_SHA256, NULL, { 0 } };
    yf_rsa rsa;
    size_t n;
    (void)st;

    T_OK(yf_provider_host.rsa->generate(&rsa, 2048, der, sizeof der, &n));
    yf_provider_host.rsa->close(&rsa);
    k.key = (yf_span){ der, n };
    yf_aa_key_write(&so, &k);
    T_OK(yf_aa_key_read(yf_out_span(&so), &k));
    T(k.curve == NULL && k.hash == YF_SHA256);
    T_OK(yf_aa_sign(&yf_provider_host, &k, &rng, YF_SPAN(challenge), &o));
    T(o.n == 256);

    // the public half: modulus and exponent stand behind the version
    yf_cur c = yf_cur_of(k.key), seq = yf_der_enter(&c, YF_DER_SEQ);
    uint8_t pub[300];
    yf_out po = yf_out_of(pub, sizeof pub);
    yf_der_small(&seq, YF_DER_INTEGER, 0, 0);
    size_t mark = yf_der_open(&po, YF_DER_SEQ);
    yf_der_put_uint(&po, YF_DER_INTEGER, yf_der_uint(&seq, YF_DER_INTEGER, 256));
    yf_der_put_uint(&po, YF_DER_INTEGER, yf_der_uint(&seq, YF_DER_INTEGER, 8));
    yf_der_close(&po, mark);
    yf_spki key = { .key = yf_out_span(&po) };
    T_OK(yf_aa_verify(&yf_provider_host, &key, YF_HASHES, YF_SPAN(challenge), yf_out_span(&o)));
    sig[100] ^= 1;
    T_ERR(YF_E_AUTH,
          yf_aa_verify(&yf_provider_host, &key, YF_HASHES, YF_SPAN(challenge), yf_out_span(&o)));

    o.n = 0;
    T_ERR(YF_E_UNSUPPORTED, yf_aa_sign(&yf_provider_soft, &k, &rng, YF_SPAN(challenge), &o));
    T_ERR(YF_E_UNSUPPORTED,
          yf_aa_verify(&yf_provider_soft, &key, YF_SHA256, YF_SPAN(challenge), YF_SPAN(sig)));
    k.key.n--;
    T_ERR(YF_E_FORMAT, yf_aa_sign(&yf_provider_host, &k, &rng, YF_SPAN(challenge), &o));
    T(o.n == 0);
}

T_MAIN(cmocka_unit_test(names_algorithms), cmocka_unit_test(stored_form),
       cmocka_unit_test(refuses_stored_keys), cmocka_unit_test(curves),
       cmocka_unit_test(refuses_what_does_not_fit), cmocka_unit_test(rsa_signatures),
       cmocka_unit_test(rsa_both_ends))
