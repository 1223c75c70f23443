/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/ec.h>
#include <yufu/crypto/host.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/secinfo.h>
#include <yufu/wire/oid.h>

static const yf_provider *const ends[] = { &yf_provider_soft, &yf_provider_host };
enum { ENDS = sizeof ends / sizeof *ends };

/* ---- travel documents in the field ---- */

/* The one key of a chip, and whether it says what it is for. */
static void
read_chip(const struct vec *v, const yf_curve **curve, yf_span *point)
{
    yf_cur c = yf_secinfos(vec_get(v, "infos"));
    struct yf_secinfo info;
    size_t keys = 0, offers = 0;

    while (yf_secinfo_next(&c, &info)) {
        if (info.kind == YF_SECINFO_CA && yf_span_eq(info.protocol, vec_get(v, "protocol"))) {
            T(info.version == 1 && info.id == vec_num(v, "key_id"));
            offers++;
        }
        if (info.kind != YF_SECINFO_CA_KEY)
            continue;
        T(info.id == vec_num(v, "key_id"));
        T_OK(yf_secinfo_key(&info, curve, point));
        keys++;
    }
    T_OK(yf_cur_done(&c));
    T(keys == 1 && offers == (size_t)vec_num(v, "offered"));
}

/* That the chip understands the new keys and answers under them is its proof. */
static void
chip_answers(const struct vec *v, const yf_provider *p, const struct yf_sm_keys *keys)
{
    yf_apdu_cmd select = { .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = BYTES(0x01, 0x0E) };
    yf_apdu_cmd wrapped;
    yf_apdu_rsp rsp, plain;
    uint8_t mem[64], line[64];
    yf_out o = yf_out_of(line, sizeof line);
    struct yf_sm sm;

    T_OK(yf_sm_open(&sm, p, keys));
    T_OK(yf_sm_wrap_cmd(&sm, &select, mem, sizeof mem, &wrapped));
    yf_apdu_cmd_put(&o, &wrapped);
    T_SPAN(yf_out_span(&o), vec_get(v, "command"));
    T_OK(yf_apdu_rsp_parse(vec_get(v, "response"), &rsp));
    T_OK(yf_sm_unwrap_rsp(&sm, &rsp, mem, sizeof mem, &plain));
    T(plain.sw == 0x9000 && plain.data.n == 0);
    yf_sm_close(&sm);
}

static void
one_chip(const struct vec *v, void *arg)
{
    yf_span chip, enc = vec_get(v, "enc"), mac = vec_get(v, "mac");
    const yf_curve *curve;

    (void)arg;
    read_chip(v, &curve, &chip);
    for (size_t i = 0; i < ENDS; i++) {
        struct rng_said said = { vec_get(v, "d") };
        yf_rng rng = rng_said(&said);
        enum yf_cipher_id cipher;
        struct yf_sm_keys k;
        uint8_t mem[YF_POINT_MAX];
        yf_out o = yf_out_of(mem, sizeof mem);
        T_OK(yf_ca_cipher(ends[i], vec_get(v, "protocol"), &cipher));
        T_OK(yf_ca_ask(ends[i], cipher, curve, chip, &rng, &o, &k));
        T_SPAN(yf_out_span(&o), vec_get(v, "point"));
        T(k.cipher == cipher);
        T_MEM(k.enc, enc.p, enc.n);
        T_MEM(k.mac, mac.p, mac.n);
        chip_answers(v, ends[i], &k);
    }
}

static void
chips_in_the_field(void **st)
{
    (void)st;
    T(vec_each("ca.txt", one_chip, NULL) == 4);
}

/* ---- examples of another implementation, the first that of docs/formats.md ---- */

static void
both_ends_are(const struct vec *v, const yf_provider *p)
{
    struct rng_said said = { vec_get(v, "d") };
    yf_rng rng = rng_said(&said);
    const yf_curve *curve = yf_curve_named(vec_str(v, "curve"));
    yf_span enc = vec_get(v, "enc"), mac = vec_get(v, "mac");
    enum yf_cipher_id cipher;
    struct yf_sm_keys a, b;
    uint8_t mem[YF_POINT_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    T_OK(yf_ca_cipher(p, vec_get(v, "protocol"), &cipher));
    T_OK(yf_ca_ask(p, cipher, curve, vec_get(v, "chip"), &rng, &o, &a));
    T_SPAN(yf_out_span(&o), vec_get(v, "point"));
    T_OK(yf_ca_answer(p, cipher, curve, vec_get(v, "chip_d").p, yf_out_span(&o), &b));
    T_MEM(&a, &b, sizeof a);
    T_MEM(a.enc, enc.p, enc.n);
    T_MEM(a.mac, mac.p, mac.n);
}

static void
made_one(const struct vec *v, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < ENDS; i++)
        both_ends_are(v, ends[i]);
}

static void
examples(void **st)
{
    (void)st;
    T(vec_each("ca_made.txt", made_one, NULL) == 4);
}

/* ---- both ends ---- */

static const yf_curve *const curves[] = { &yf_curve_p224,    &yf_curve_p256,    &yf_curve_p384,
                                          &yf_curve_p521,    &yf_curve_bp224r1, &yf_curve_bp256r1,
                                          &yf_curve_bp320r1, &yf_curve_bp384r1, &yf_curve_bp512r1,
                                          &yf_curve_sm2 };
enum { CURVES = sizeof curves / sizeof *curves };

static struct rnd drawn = { 5 };

/* A chip's static key. */
static void
make_key(const yf_curve *curve, uint8_t *d, uint8_t *pub)
{
    yf_rng rng = rng_seeded(&drawn);
    yf_group g;

    T_OK(yf_group_open(&g, yf_provider_group(ends[0], curve), curve));
    T_OK(yf_ec_keygen(&g, &rng, d, pub));
    yf_group_close(&g);
}

static yf_err
agree(const yf_provider *card, const yf_provider *reader, enum yf_cipher_id cipher,
      const yf_curve *curve)
{
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], mem[YF_POINT_MAX];
    static const uint8_t zero[YF_BLOCK_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_rng rng = rng_seeded(&drawn);
    struct yf_sm_keys a, b;

    make_key(curve, d, pub);
    yf_span chip = { pub, 1 + 2 * (size_t)curve->size };
    yf_err e = yf_ca_ask(reader, cipher, curve, chip, &rng, &o, &a);
    if (e)
        return e;
    T_OK(yf_ca_answer(card, cipher, curve, d, yf_out_span(&o), &b));
    T_MEM(&a, &b, sizeof a);
    T_MEM(a.ssc, zero, sizeof zero);
    return YF_OK;
}

static void
all_of_them(void **st)
{
    size_t n = 0;

    (void)st;
    for (int c = 0; c < YF_CIPHERS; c++)
        for (size_t i = 0; i < CURVES; i++) {
            enum yf_cipher_id cipher = (enum yf_cipher_id)c;
            bool sm = cipher == YF_SM4, known = cipher != YF_DES3_3KEY;
            for (size_t j = 0; j < ENDS * ENDS; j++) {
                yf_err e = agree(ends[j / ENDS], ends[j % ENDS], cipher, curves[i]);
                bool good = known && sm == (curves[i] == &yf_curve_sm2);
                T(e == (good ? YF_OK : YF_E_UNSUPPORTED));
                n += good;
            }
        }
    T(n == (4 * 9 + 1) * ENDS * ENDS);
}

/* ---- refusals ---- */

static void
points_refused(void **st)
{
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], bad[YF_POINT_MAX], mem[YF_POINT_MAX];
    const yf_curve *curve = &yf_curve_p256;
    yf_rng rng = rng_seeded(&drawn);
    struct yf_sm_keys k = { .cipher = YF_SM4 };

    (void)st;
    make_key(curve, d, pub);
    static const struct {
        size_t n;
        uint8_t first, flip;
    } cases[] = { { 0, 4, 0 },  { 1, 0, 0 },  { 64, 4, 0 }, { 66, 4, 0 },
                  { 33, 2, 0 }, { 65, 6, 0 }, { 65, 7, 0 }, { 65, 4, 1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        memset(bad, 0, sizeof bad);
        memcpy(bad, pub, 65);
        bad[0] = cases[i].first;
        bad[64] ^= cases[i].flip;
        yf_span point = { bad, cases[i].n };
        T_ERR(YF_E_FORMAT, yf_ca_answer(ends[0], YF_AES128, curve, d, point, &k));
        T_ERR(YF_E_FORMAT, yf_ca_ask(ends[0], YF_AES128, curve, point, &rng, &o, &k));
    }
    T(k.cipher == YF_SM4);
}

static void
failing_parts(void **st)
{
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX], mem[64];
    yf_span chip = { pub, 65 };
    yf_rng broken = rng_stuck(NULL), rng = rng_seeded(&drawn);
    yf_provider poor = yf_provider_soft;
    yf_out o = yf_out_of(mem, sizeof mem);
    enum yf_cipher_id cipher;
    struct yf_sm_keys k;

    (void)st;
    make_key(&yf_curve_p256, d, pub);
    T_ERR(YF_E_IO, yf_ca_ask(ends[0], YF_AES128, &yf_curve_p256, chip, &broken, &o, &k));
    T_ERR(YF_E_ROOM, yf_ca_ask(ends[0], YF_AES128, &yf_curve_p256, chip, &rng, &o, &k));
    poor.group = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_ca_answer(&poor, YF_AES128, &yf_curve_p256, d, chip, &k));
    poor = yf_provider_soft;
    poor.cipher[YF_AES128] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_ca_cipher(&poor, yf_ca_oid(YF_AES128), &cipher));
    poor.hash[YF_SHA256] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_ca_cipher(&poor, yf_ca_oid(YF_AES256), &cipher));
    T_OK(yf_ca_cipher(&poor, yf_ca_oid(YF_DES3_2KEY), &cipher));
}

/* ---- protocols: 9303-11 9.2.7, docs/formats.md ---- */

static const struct {
    const char *oid;
    enum yf_cipher_id cipher; // YF_CIPHERS: not known
} protocols[] = {
    { "0.4.0.127.0.7.2.2.3.2.1", YF_DES3_2KEY },
    { "0.4.0.127.0.7.2.2.3.2.2", YF_AES128 },
    { "0.4.0.127.0.7.2.2.3.2.3", YF_AES192 },
    { "0.4.0.127.0.7.2.2.3.2.4", YF_AES256 },
    { "2.25.147690225731511124899858037419221010005.1.2.1", YF_SM4 },
    { "0.4.0.127.0.7.2.2.3.1.2", YF_CIPHERS }, // DH
    { "0.4.0.127.0.7.2.2.3.2", YF_CIPHERS },
    { "0.4.0.127.0.7.2.2.3.2.5", YF_CIPHERS },
    { "0.4.0.127.0.7.2.2.4.2.2", YF_CIPHERS }, // PACE
};

static void
protocols_by_name(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        const char *text = protocols[i].oid;
        uint8_t mem[32];
        yf_out o = yf_out_of(mem, sizeof mem);
        enum yf_cipher_id cipher = YF_CIPHERS;
        yf_oid_put(&o, (yf_span){ (const uint8_t *)text, strlen(text) });
        yf_err e = yf_ca_cipher(ends[0], yf_out_span(&o), &cipher);
        T(e == (protocols[i].cipher == YF_CIPHERS ? YF_E_UNSUPPORTED : YF_OK));
        T(cipher == protocols[i].cipher);
        if (!e)
            T_SPAN(yf_ca_oid(cipher), yf_out_span(&o));
    }
    T(yf_ca_oid(YF_DES3_3KEY).n == 0);
}

/* ---- MSE: 9303-11 6.2.4 ---- */

static void
set_at(void **st)
{
    yf_span data = BYTES(0x80, 10, 4, 0, 0x7F, 0, 7, 2, 2, 3, 2, 2, 0x84, 1, 0xC3);
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_ca_select s = { .key_id = 7 };

    (void)st;
    T_OK(yf_ca_set_at_parse(data, &s));
    T(s.key_id == 195 && s.point.n == 0);
    T_SPAN(s.oid, yf_ca_oid(YF_AES128));
    yf_ca_select_put(&o, &s);
    T_SPAN(yf_out_span(&o), data);
    T_OK(yf_ca_set_at_parse(BYTES(0x7F, 0x4C, 0, 0x80, 1, 9), &s));
    T(s.key_id == -1 && s.oid.n == 1);
    s.key_id = 7;
    T_ERR(YF_E_FORMAT, yf_ca_set_at_parse(BYTES(0x84, 1, 1), &s));
    T_ERR(YF_E_FORMAT, yf_ca_set_at_parse(BYTES(0x91, 1, 1), &s));
    T_ERR(YF_E_FORMAT, yf_ca_set_at_parse(BYTES(0x80, 1, 1, 0x84, 0), &s));
    T_ERR(YF_E_FORMAT, yf_ca_set_at_parse(BYTES(0x80, 1, 1, 0x80, 1, 1), &s));
    T_ERR(YF_E_SHORT, yf_ca_set_at_parse(BYTES(0x80, 2, 1), &s));
    T(s.key_id == 7);
}

static void
set_kat(void **st)
{
    yf_span data = BYTES(0x91, 3, 4, 1, 2, 0x84, 2, 1, 0);
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_ca_select s;

    (void)st;
    T_OK(yf_ca_set_kat_parse(data, &s));
    T(s.key_id == 256 && s.oid.n == 0 && s.point.n == 3);
    yf_ca_select_put(&o, &s);
    T_SPAN(yf_out_span(&o), data);
    T_ERR(YF_E_FORMAT, yf_ca_set_kat_parse(BYTES(0x80, 1, 1), &s));
}

T_MAIN(cmocka_unit_test(chips_in_the_field), cmocka_unit_test(examples),
       cmocka_unit_test(all_of_them), cmocka_unit_test(points_refused),
       cmocka_unit_test(failing_parts), cmocka_unit_test(protocols_by_name),
       cmocka_unit_test(set_at), cmocka_unit_test(set_kat))
