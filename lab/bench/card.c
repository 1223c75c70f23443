/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What card and reader do together, both ends in this process, beside libeac's both ends in
 * its own (lab/interop/eacpeer.c), which has a licence of its own.
 */
#include "bench.h"
#include "eacpeer.h"

#include <yufu/crypto/ec.h>
#include <yufu/crypto/host.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/pace.h>

#include <stdlib.h>
#include <string.h>

#define SOFT (&yf_provider_soft)
#define RNG (&yf_rng_system)

static void
must(yf_err err)
{
    if (err)
        abort();
}

/* ---- PACE: password to session keys ---- */

static void
converse(struct yf_pace *card, struct yf_pace *reader)
{
    for (int i = 0; i < 4; i++) {
        uint8_t c[YF_PACE_DATA_MAX], r[YF_PACE_DATA_MAX];
        yf_out co = yf_out_of(c, sizeof c), ro = yf_out_of(r, sizeof r);
        must(yf_pace_ask(reader, RNG, &co));
        must(yf_pace_answer(card, RNG, yf_out_span(&co), &ro));
        must(yf_pace_hear(reader, yf_out_span(&ro)));
    }
}

static void
pace(enum yf_pace_mapping mapping, enum yf_cipher_id cipher, const yf_curve *curve)
{
    struct yf_pace end[2];
    struct yf_pace_suite suite;
    struct yf_sm_keys keys;

    must(yf_pace_suite_of(SOFT, mapping, cipher, curve, &suite));
    for (int i = 0; i < 2; i++) {
        uint8_t k[YF_CIPHER_KEY_MAX];
        must(yf_pace_key(SOFT, cipher, YF_PACE_CAN, YF_STR("123456"), k));
        must(yf_pace_begin(&end[i], SOFT, i ? YF_PACE_READER : YF_PACE_CARD, &suite, k));
    }
    converse(&end[0], &end[1]);
    must(yf_pace_keys(&end[0], &keys));
    must(yf_pace_keys(&end[1], &keys));
}

/* ---- chip authentication: to session keys ---- */

static uint8_t chip_d[YF_FIELD_MAX], chip_pub[YF_POINT_MAX];

static void
chip_open(void)
{
    yf_group g;

    must(yf_group_open(&g, SOFT->group, &yf_curve_p256));
    must(yf_ec_keygen(&g, RNG, chip_d, chip_pub));
    yf_group_close(&g);
}

static void
ca_p256(void)
{
    uint8_t point[YF_POINT_MAX];
    yf_out o = yf_out_of(point, sizeof point);
    const yf_curve *c = &yf_curve_p256;
    struct yf_sm_keys k;

    must(yf_ca_ask(SOFT, YF_AES128, c, (yf_span){ chip_pub, 65 }, RNG, &o, &k));
    must(yf_ca_answer(SOFT, YF_AES128, c, chip_d, yf_out_span(&o), &k));
}

/* ---- the list ---- */

/* clang-format off */
static void gm_p256(void)  { pace(YF_PACE_GM, YF_AES128, &yf_curve_p256); }
static void gm_bp256(void) { pace(YF_PACE_GM, YF_AES128, &yf_curve_bp256r1); }
static void gm_p384(void)  { pace(YF_PACE_GM, YF_AES128, &yf_curve_p384); }
static void gm_sm2(void)   { pace(YF_PACE_GM, YF_SM4, &yf_curve_sm2); }
static void im_p256(void)  { pace(YF_PACE_IM, YF_AES128, &yf_curve_p256); }
static void im_bp256(void) { pace(YF_PACE_IM, YF_AES128, &yf_curve_bp256r1); }
static void im_sm2(void)   { pace(YF_PACE_IM, YF_SM4, &yf_curve_sm2); }

static double eac_p256(unsigned ms)  { return eacpeer_rate(12, ms); }
static double eac_bp256(unsigned ms) { return eacpeer_rate(13, ms); }
static double eac_p384(unsigned ms)  { return eacpeer_rate(15, ms); }

#define PACE(n, f, peer) { n, "soft", "op/s", 1, f, "libeac", .theirs = NULL, .their_rate = peer }

static const struct bench_case cases[] = {
    PACE("pace-gm.p256", gm_p256, eac_p256),
    PACE("pace-gm.sm2", gm_sm2, NULL),
    PACE("pace-gm.brainpoolp256r1", gm_bp256, eac_bp256),
    PACE("pace-gm.p384", gm_p384, eac_p384),
    PACE("pace-im.p256", im_p256, NULL), // libeac's is of an older draft
    PACE("pace-im.sm2", im_sm2, NULL),
    PACE("pace-im.brainpoolp256r1", im_bp256, NULL),
    PACE("ca.p256", ca_p256, NULL),
};
/* clang-format on */

size_t
bench_card_count(const struct bench_plan *p)
{
    return bench_chosen(cases, sizeof cases / sizeof *cases, p) + bench_apdu_count(p);
}

yf_err
bench_card(const struct bench_plan *p, bench_report *report, void *arg)
{
    bool peer = eacpeer_open();

    chip_open();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench_case c = cases[i];
        if (!bench_chosen(&c, 1, p))
            continue;
        c.their_rate = peer ? c.their_rate : NULL;
        struct bench_result r = bench_measure(&c, p);
        report(&r, arg);
    }
    eacpeer_close();
    bench_apdu(p, report, arg);
    return YF_OK;
}
