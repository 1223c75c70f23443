/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords, nonces, private keys, mapped generators and session keys of PACE and of chip
 * authentication, at both ends. */
#include "secret.h"

#include <yufu/crypto/ec.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/pace.h>

#include <string.h>

static const yf_provider *const soft = &yf_provider_soft;

static struct rnd card_drawn, reader_drawn;
static yf_rng card_rng, reader_rng;

/* Four steps; what goes over the wire must have become public by itself. */
static yf_err
converse(struct yf_pace *card, struct yf_pace *reader)
{
    for (int i = 0; i < 4; i++) {
        uint8_t c[YF_PACE_DATA_MAX], r[YF_PACE_DATA_MAX];
        yf_out co = yf_out_of(c, sizeof c), ro = yf_out_of(r, sizeof r);
        must_be(YF_OK, yf_pace_ask(reader, &reader_rng, &co));
        yf_err e = yf_pace_answer(card, &card_rng, yf_out_span(&co), &ro);
        if (e)
            return e;
        must_be(YF_OK, yf_pace_hear(reader, yf_out_span(&ro)));
    }
    return YF_OK;
}

static void
begin(struct yf_pace *s, enum yf_pace_role role, const struct yf_pace_suite *suite,
      const char *password)
{
    char secret[8] = { 0 };
    uint8_t k_pi[YF_CIPHER_KEY_MAX];

    strncpy(secret, password, sizeof secret - 1);
    ct_secret(secret, 6);
    must_be(YF_OK, yf_pace_key(soft, suite->cipher, YF_PACE_MRZ,
                               (yf_span){ (const uint8_t *)secret, 6 }, k_pi));
    must_be(YF_OK, yf_pace_begin(s, soft, role, suite, k_pi));
}

static void
run(enum yf_pace_mapping m, enum yf_cipher_id cipher, const yf_curve *curve, const char *other)
{
    struct yf_pace card, reader;
    struct yf_pace_suite suite;
    struct yf_sm_keys k;

    card_drawn = (struct rnd){ 1 };
    reader_drawn = (struct rnd){ 2 };
    card_rng = secret_rng(&card_drawn);
    reader_rng = secret_rng(&reader_drawn);
    must_be(YF_OK, yf_pace_suite_of(soft, m, cipher, curve, &suite));
    begin(&card, YF_PACE_CARD, &suite, "123456");
    begin(&reader, YF_PACE_READER, &suite, other);
    if (strcmp(other, "123456") != 0) {
        must_be(YF_E_AUTH, converse(&card, &reader));
        return;
    }
    must_be(YF_OK, converse(&card, &reader));
    must_be(YF_OK, yf_pace_keys(&card, &k));
    must_be(YF_OK, yf_pace_keys(&reader, &k));
}

static void
generic(void)
{
    run(YF_PACE_GM, YF_AES128, &yf_curve_p256, "123456");
    run(YF_PACE_GM, YF_SM4, &yf_curve_sm2, "123456");
    run(YF_PACE_GM, YF_DES3_2KEY, &yf_curve_bp224r1, "123456");
}

static void
integrated(void)
{
    run(YF_PACE_IM, YF_AES128, &yf_curve_p256, "123456");
    run(YF_PACE_IM, YF_AES192, &yf_curve_bp224r1, "123456");
    run(YF_PACE_IM, YF_SM4, &yf_curve_sm2, "123456");
}

static void
wrong_password(void)
{
    run(YF_PACE_GM, YF_AES128, &yf_curve_p256, "123457");
    run(YF_PACE_IM, YF_SM4, &yf_curve_sm2, "023456");
}

static void
chip(enum yf_cipher_id cipher, const yf_curve *curve)
{
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], point[YF_POINT_MAX];
    yf_out o = yf_out_of(point, sizeof point);
    struct yf_sm_keys k;
    yf_group g;

    must_be(YF_OK, yf_group_open(&g, yf_provider_group(soft, curve), curve));
    must_be(YF_OK, yf_ec_keygen(&g, &card_rng, d, pub));
    yf_span key = { pub, yf_point_size(&g) };
    must_be(YF_OK, yf_ca_ask(soft, cipher, curve, key, &reader_rng, &o, &k));
    must_be(YF_OK, yf_ca_answer(soft, cipher, curve, d, yf_out_span(&o), &k));
    yf_group_close(&g);
}

static void
chip_authentication(void)
{
    chip(YF_AES128, &yf_curve_p256);
    chip(YF_DES3_2KEY, &yf_curve_bp224r1);
    chip(YF_SM4, &yf_curve_sm2);
}

CT_MAIN(CT(generic), CT(integrated), CT(wrong_password), CT(chip_authentication))
