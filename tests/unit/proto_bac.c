/* SPDX-License-Identifier: Apache-2.0 */
#include "rng.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/proto/bac.h>

/* Doc 9303-11 (8th edition) appendix D.2 and D.3, byte for byte. */
static const uint8_t seed[] = { 0x23, 0x9A, 0xB9, 0xCB, 0x28, 0x2D, 0xAF, 0x66,
                                0x23, 0x1D, 0xC5, 0xA4, 0xDF, 0x6B, 0xFB, 0xAE };
static const struct yf_bac_keys keys = {
    { 0xAB, 0x94, 0xFD, 0xEC, 0xF2, 0x67, 0x4F, 0xDF, 0xB9, 0xB3, 0x91, 0xF8, 0x5D, 0x7F, 0x76,
      0xF2 },
    { 0x79, 0x62, 0xD9, 0xEC, 0xE0, 0x3D, 0x1A, 0xCD, 0x4C, 0x76, 0x08, 0x9D, 0xCE, 0x13, 0x15,
      0x43 },
};
static const uint8_t rnd_ic[] = { 0x46, 0x08, 0xF9, 0x19, 0x88, 0x70, 0x22, 0x12 };
static const uint8_t reader_draws[] = { // RND.IFD, K.IFD
    0x78, 0x17, 0x23, 0x86, 0x0C, 0x06, 0xC2, 0x26, 0x0B, 0x79, 0x52, 0x40,
    0xCB, 0x70, 0x49, 0xB0, 0x1C, 0x19, 0xB3, 0x3E, 0x32, 0x80, 0x4F, 0x0B
};
static const uint8_t card_draws[] = { 0x0B, 0x4F, 0x80, 0x32, 0x3E, 0xB3, 0x19, 0x1C,
                                      0xB0, 0x49, 0x70, 0xCB, 0x40, 0x52, 0x79, 0x0B }; // K.IC
static const uint8_t want_cmd[] = { 0x72, 0xC2, 0x9C, 0x23, 0x71, 0xCC, 0x9B, 0xDB, 0x65, 0xB7,
                                    0x79, 0xB8, 0xE8, 0xD3, 0x7B, 0x29, 0xEC, 0xC1, 0x54, 0xAA,
                                    0x56, 0xA8, 0x79, 0x9F, 0xAE, 0x2F, 0x49, 0x8F, 0x76, 0xED,
                                    0x92, 0xF2, 0x5F, 0x14, 0x48, 0xEE, 0xA8, 0xAD, 0x90, 0xA7 };
static const uint8_t want_rsp[] = { 0x46, 0xB9, 0x34, 0x2A, 0x41, 0x39, 0x6C, 0xD7, 0x38, 0x6B,
                                    0xF5, 0x80, 0x31, 0x04, 0xD7, 0xCE, 0xDC, 0x12, 0x2B, 0x91,
                                    0x32, 0x13, 0x9B, 0xAF, 0x2E, 0xED, 0xC9, 0x4E, 0xE1, 0x78,
                                    0x53, 0x4F, 0x2F, 0x2D, 0x23, 0x5D, 0x07, 0x4D, 0x74, 0x49 };
static const uint8_t ks_enc[] = { 0x97, 0x9E, 0xC1, 0x3B, 0x1C, 0xBF, 0xE9, 0xDC,
                                  0xD0, 0x1A, 0xB0, 0xFE, 0xD3, 0x07, 0xEA, 0xE5 };
static const uint8_t ks_mac[] = { 0xF1, 0xCB, 0x1F, 0x1F, 0xB5, 0xAD, 0xF2, 0x08,
                                  0x80, 0x6B, 0x89, 0xDC, 0x57, 0x9D, 0xC1, 0xF8 };
static const uint8_t ssc[] = { 0x88, 0x70, 0x22, 0x12, 0x0C, 0x06, 0xC2, 0x26 };

static const yf_provider *const both[] = { &yf_provider_soft, &yf_provider_host };

static void
T_AGREED(const struct yf_sm_keys *k)
{
    T(k->cipher == YF_DES3_2KEY);
    T_MEM(k->enc, ks_enc, sizeof ks_enc);
    T_MEM(k->mac, ks_mac, sizeof ks_mac);
    T_MEM(k->ssc, ssc, sizeof ssc);
}

static void
derives_keys(void **st)
{
    (void)st;
    for (size_t i = 0; i < 2; i++) {
        struct yf_bac_keys k = { 0 };
        T_OK(yf_bac_keys(both[i], YF_STR("L898902C<369080619406236"), &k));
        T_MEM(&k, &keys, sizeof k);
        memset(&k, 0, sizeof k);
        T_OK(yf_bac_keys_of_seed(both[i], seed, &k));
        T_MEM(&k, &keys, sizeof k);
    }
}

static yf_err
begin(struct yf_bac *b, uint8_t cmd[YF_BAC_MSG])
{
    struct rng_said s = { YF_SPAN(reader_draws) };
    yf_rng r = rng_said(&s);

    return yf_bac_begin(b, &yf_provider_soft, &keys, rnd_ic, &r, cmd);
}

static yf_err
card(yf_span cmd, uint8_t rsp[YF_BAC_MSG], struct yf_sm_keys *sm)
{
    struct rng_said s = { YF_SPAN(card_draws) };
    yf_rng r = rng_said(&s);

    return yf_bac_card(&yf_provider_soft, &keys, rnd_ic, &r, cmd, rsp, sm);
}

static void
worked_example(void **st)
{
    (void)st;
    for (size_t i = 0; i < 2; i++) {
        struct rng_said a = { YF_SPAN(reader_draws) }, b = { YF_SPAN(card_draws) };
        yf_rng ra = rng_said(&a), rb = rng_said(&b);
        uint8_t cmd[YF_BAC_MSG], rsp[YF_BAC_MSG];
        struct yf_sm_keys at_card, at_reader;
        struct yf_bac bac;

        T_OK(yf_bac_begin(&bac, both[i], &keys, rnd_ic, &ra, cmd));
        T_SPAN(YF_SPAN(cmd), YF_SPAN(want_cmd));
        T_OK(yf_bac_card(both[i], &keys, rnd_ic, &rb, YF_SPAN(cmd), rsp, &at_card));
        T_SPAN(YF_SPAN(rsp), YF_SPAN(want_rsp));
        T_AGREED(&at_card);
        T_OK(yf_bac_finish(&bac, YF_SPAN(rsp), &at_reader));
        T_AGREED(&at_reader);
    }
}

static bool
wiped(const struct yf_bac *b)
{
    static const struct yf_bac none;
    return memcmp(b, &none, sizeof none) == 0;
}

/* Every bit, and every length: refused, and nothing written. */
static void
card_refuses(void **st)
{
    (void)st;
    for (size_t bit = 0; bit < 8 * YF_BAC_MSG; bit++) {
        uint8_t cmd[YF_BAC_MSG], rsp[YF_BAC_MSG] = { 0xA5 };
        struct yf_sm_keys sm = { .ssc = { 0xA5 } };
        memcpy(cmd, want_cmd, sizeof cmd);
        cmd[bit / 8] ^= (uint8_t)(1 << bit % 8);
        T_ERR(YF_E_AUTH, card(YF_SPAN(cmd), rsp, &sm));
        T(rsp[0] == 0xA5 && rsp[1] == 0 && sm.ssc[0] == 0xA5 && sm.enc[0] == 0);
    }
    for (size_t n = 0; n < YF_BAC_MSG + 2; n++) {
        uint8_t cmd[YF_BAC_MSG + 1] = { 0 }, rsp[YF_BAC_MSG];
        struct yf_sm_keys sm;
        memcpy(cmd, want_cmd, sizeof want_cmd);
        T_ERR(n == YF_BAC_MSG ? YF_OK : YF_E_FORMAT, card((yf_span){ cmd, n }, rsp, &sm));
    }
}

/* Right keys, and an answer to a challenge of another time. */
static void
card_refuses_a_replay(void **st)
{
    uint8_t other[YF_BAC_NONCE], rsp[YF_BAC_MSG];
    struct rng_said s = { YF_SPAN(card_draws) };
    yf_rng r = rng_said(&s);
    struct yf_sm_keys sm;
    (void)st;

    memcpy(other, rnd_ic, sizeof other);
    other[7] ^= 1;
    T_ERR(YF_E_AUTH, yf_bac_card(&yf_provider_soft, &keys, other, &r, YF_SPAN(want_cmd), rsp, &sm));
    T(s.left.n == sizeof card_draws); // nor was anything drawn for it
}

static void
reader_refuses(void **st)
{
    (void)st;
    for (size_t bit = 0; bit < 8 * YF_BAC_MSG; bit++) {
        uint8_t cmd[YF_BAC_MSG], rsp[YF_BAC_MSG];
        struct yf_sm_keys sm = { .ssc = { 0xA5 } };
        struct yf_bac b;
        T_OK(begin(&b, cmd));
        memcpy(rsp, want_rsp, sizeof rsp);
        rsp[bit / 8] ^= (uint8_t)(1 << bit % 8);
        T_ERR(YF_E_AUTH, yf_bac_finish(&b, YF_SPAN(rsp), &sm));
        T(wiped(&b) && sm.ssc[0] == 0xA5 && sm.enc[0] == 0);
        T_ERR(YF_E_STATE, yf_bac_finish(&b, YF_SPAN(want_rsp), &sm)); // no second try
    }
    for (size_t n = 0; n < YF_BAC_MSG; n++) {
        uint8_t cmd[YF_BAC_MSG];
        struct yf_sm_keys sm;
        struct yf_bac b;
        T_OK(begin(&b, cmd));
        T_ERR(YF_E_FORMAT, yf_bac_finish(&b, (yf_span){ want_rsp, n }, &sm));
    }
}

/* Our own command sent back to us has a good MAC and the wrong nonces. */
static void
reader_refuses_its_echo(void **st)
{
    uint8_t cmd[YF_BAC_MSG];
    struct yf_sm_keys sm;
    struct yf_bac b;
    (void)st;

    T_OK(begin(&b, cmd));
    T_ERR(YF_E_AUTH, yf_bac_finish(&b, YF_SPAN(cmd), &sm));
}

/* What the chip once answered to another reader that had drawn the same challenge. */
static void
reader_refuses_a_replay(void **st)
{
    uint8_t cmd[YF_BAC_MSG], draws[sizeof reader_draws];
    struct rng_said s = { YF_SPAN(draws) };
    yf_rng r = rng_said(&s);
    struct yf_sm_keys sm;
    struct yf_bac b;
    (void)st;

    memcpy(draws, reader_draws, sizeof draws);
    draws[0] ^= 1;
    T_OK(yf_bac_begin(&b, &yf_provider_soft, &keys, rnd_ic, &r, cmd));
    T_ERR(YF_E_AUTH, yf_bac_finish(&b, YF_SPAN(want_rsp), &sm));
}

/* A chip that answers our nonce under another of its own than the challenge. */
static void
reader_refuses_another_challenge(void **st)
{
    uint8_t cmd[YF_BAC_MSG], rsp[YF_BAC_MSG], other[YF_BAC_NONCE] = { 1 };
    struct rng_said s = { YF_SPAN(reader_draws) }, c = { YF_SPAN(card_draws) };
    yf_rng r = rng_said(&s), rc = rng_said(&c);
    struct yf_sm_keys sm;
    struct yf_bac b;
    (void)st;

    T_OK(yf_bac_begin(&b, &yf_provider_soft, &keys, other, &r, cmd));
    T_OK(yf_bac_card(&yf_provider_soft, &keys, other, &rc, YF_SPAN(cmd), rsp, &sm));
    memcpy(b.chip, rnd_ic, sizeof b.chip);
    T_ERR(YF_E_AUTH, yf_bac_finish(&b, YF_SPAN(rsp), &sm));
}

static void
fails_closed(void **st)
{
    uint8_t cmd[YF_BAC_MSG] = { 0 }, rsp[YF_BAC_MSG] = { 0 };
    yf_rng broken = rng_stuck(NULL);
    yf_provider none = yf_provider_soft;
    struct yf_sm_keys sm = { .ssc = { 0xA5 } };
    struct yf_bac_keys k = { { 0xA5 }, { 0 } };
    struct yf_bac b;
    (void)st;

    T_ERR(YF_E_IO, yf_bac_begin(&b, &yf_provider_soft, &keys, rnd_ic, &broken, cmd));
    T(wiped(&b));
    T_ERR(YF_E_IO,
          yf_bac_card(&yf_provider_soft, &keys, rnd_ic, &broken, YF_SPAN(want_cmd), rsp, &sm));
    T(rsp[0] == 0 && sm.ssc[0] == 0xA5);
    none.cipher[YF_DES3_2KEY] = NULL;
    T_ERR(YF_E_UNSUPPORTED,
          yf_bac_card(&none, &keys, rnd_ic, &broken, YF_SPAN(want_cmd), rsp, &sm));
    none.hash[YF_SHA1] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_bac_keys(&none, YF_STR("x"), &k));
    T_ERR(YF_E_UNSUPPORTED, yf_bac_keys_of_seed(&none, seed, &k));
    T(k.enc[0] == 0xA5);
}

T_MAIN(cmocka_unit_test(derives_keys), cmocka_unit_test(worked_example),
       cmocka_unit_test(card_refuses), cmocka_unit_test(card_refuses_a_replay),
       cmocka_unit_test(reader_refuses), cmocka_unit_test(reader_refuses_its_echo),
       cmocka_unit_test(reader_refuses_a_replay),
       cmocka_unit_test(reader_refuses_another_challenge), cmocka_unit_test(fails_closed))
