/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/card/limits.h>
#include <yufu/crypto/host.h>
#include <yufu/proto/genauth.h>
#include <yufu/proto/pace.h>
#include <yufu/wire/oid.h>

enum { STEPS = 4, TOKEN = 3 };

/* Those that a card or a reader is handed; each meets each. */
static const yf_provider *const ends[] = { &yf_provider_soft, &yf_provider_host };
enum { ENDS = sizeof ends / sizeof *ends };

struct message {
    uint8_t mem[YF_PACE_DATA_MAX];
    yf_span data;
};

/* Two ends, what each draws, and what was said. */
struct talk {
    struct yf_pace card, reader;
    yf_rng card_rng, reader_rng;
    struct message command[STEPS], response[STEPS];
    /* Changes what is under way before it is received; may be NULL. */
    void (*change)(struct talk *t, int step, bool response);
    int change_step;
    yf_err card_err, reader_err;
};

static void
say(struct message *m, yf_out *o)
{
    T_OK(yf_out_done(o, &m->data));
}

/* A command and its answer under way; false when either end gave up. */
static bool
ask_and_answer(struct talk *t, int i)
{
    struct message *c = &t->command[i], *r = &t->response[i];
    yf_out co = yf_out_of(c->mem, sizeof c->mem), ro = yf_out_of(r->mem, sizeof r->mem);

    T(yf_pace_last(&t->reader) == (i == TOKEN));
    T(yf_pace_last(&t->card) == (i == TOKEN));
    if ((t->reader_err = yf_pace_ask(&t->reader, &t->reader_rng, &co)))
        return false;
    say(c, &co);
    T(yf_pace_last(&t->reader) == (i == TOKEN));
    if (t->change)
        t->change(t, i, false);
    if ((t->card_err = yf_pace_answer(&t->card, &t->card_rng, c->data, &ro))) {
        T(ro.n == 0); // not a byte
        return false;
    }
    say(r, &ro);
    if (t->change)
        t->change(t, i, true);
    return true;
}

static bool
step(struct talk *t, int i)
{
    if (!ask_and_answer(t, i))
        return false;
    return (t->reader_err = yf_pace_hear(&t->reader, t->response[i].data)) == YF_OK;
}

static bool
converse(struct talk *t)
{
    for (int i = 0; i < STEPS; i++)
        if (!step(t, i))
            return false;
    return true;
}

static void
begin(struct talk *t, const yf_provider *card, const yf_provider *reader,
      const struct yf_pace_suite *suite, const uint8_t *k_pi)
{
    T_OK(yf_pace_begin(&t->card, card, YF_PACE_CARD, suite, k_pi));
    T_OK(yf_pace_begin(&t->reader, reader, YF_PACE_READER, suite, k_pi));
}

static bool
dropped(const struct yf_pace *s)
{
    const uint8_t *p = (const uint8_t *)s;

    for (size_t i = 0; i < sizeof *s; i++)
        if (p[i] != 0)
            return false;
    return true;
}

/* ---- worked examples: 9303-11 G.1, H.1, docs/formats.md, and another implementation's ---- */

static const char *
numbered(const char *name, int i)
{
    static char text[16];

    (void)snprintf(text, sizeof text, "%s%d", name, i + 1);
    return text;
}

static void
same_keys(const struct vec *v, struct yf_pace *s)
{
    static const uint8_t zero[YF_BLOCK_MAX];
    struct yf_sm_keys k;
    yf_span enc = vec_get(v, "enc"), mac = vec_get(v, "mac");

    T_OK(yf_pace_keys(s, &k));
    T_MEM(k.enc, enc.p, enc.n);
    T_MEM(k.mac, mac.p, mac.n);
    T_MEM(k.ssc, zero, sizeof zero);
    T(dropped(s));
    T_ERR(YF_E_STATE, yf_pace_keys(s, &k));
}

static void
example_between(const struct vec *v, const yf_provider *card, const yf_provider *reader)
{
    struct rng_said c = { vec_get(v, "card") }, r = { vec_get(v, "reader") };
    struct talk t = { .card_rng = rng_said(&c), .reader_rng = rng_said(&r) };
    struct yf_pace_suite suite;

    T_OK(yf_pace_suite(card, vec_get(v, "oid"), (int32_t)vec_num(v, "parameters"), &suite));
    begin(&t, card, reader, &suite, vec_get(v, "k_pi").p);
    T(converse(&t));
    for (int i = 0; i < STEPS; i++) {
        T_SPAN(t.command[i].data, vec_get(v, numbered("command", i)));
        T_SPAN(t.response[i].data, vec_get(v, numbered("response", i)));
    }
    T(c.left.n == 0 && r.left.n == 0);
    T(t.card.suite.cipher == suite.cipher);
    same_keys(v, &t.card);
    same_keys(v, &t.reader);
}

static void
example(const struct vec *v, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < ENDS; i++)
        for (size_t j = 0; j < ENDS; j++)
            example_between(v, ends[i], ends[j]);
}

static void
worked_examples(void **st)
{
    (void)st;
    T(vec_each("pace.txt", example, NULL) == 2);
    T(vec_each("pace_made.txt", example, NULL) == 12);
}

static void
password_of(const struct vec *v, void *arg)
{
    struct yf_pace_suite s;
    uint8_t k[YF_CIPHER_KEY_MAX];
    size_t *n = arg;

    if (!vec_has(v, "secret"))
        return;
    for (size_t i = 0; i < ENDS; i++) {
        T_OK(yf_pace_suite(ends[i], vec_get(v, "oid"), (int32_t)vec_num(v, "parameters"), &s));
        T_OK(yf_pace_key(ends[i], s.cipher, (enum yf_pace_password)vec_num(v, "kind"),
                         vec_get(v, "secret"), k));
        T_MEM(k, vec_get(v, "k_pi").p, vec_get(v, "k_pi").n);
    }
    ++*n;
}

static void
password_keys(void **st)
{
    uint8_t k[YF_CIPHER_KEY_MAX], md[20];
    uint8_t again[YF_CIPHER_KEY_MAX];
    const yf_provider *p = ends[0];
    yf_span mrz = YF_STR("T22000129364081251010318");
    size_t n = 0;

    (void)st;
    vec_each("pace.txt", password_of, &n);
    vec_each("pace_made.txt", password_of, &n);
    T(n == 1 + 12);
    /* MRZ information counts by its digest (9303-11 table 14), everything else as it is. */
    T_OK(yf_hash_all(p->hash[YF_SHA1], &mrz, 1, md));
    T_OK(yf_pace_key(p, YF_AES256, YF_PACE_MRZ, mrz, k));
    for (int kind = YF_PACE_CAN; kind <= YF_PACE_PUK; kind++) {
        T_OK(yf_pace_key(p, YF_AES256, (enum yf_pace_password)kind, YF_SPAN(md), again));
        T_MEM(k, again, 32);
    }
    T_ERR(YF_E_FORMAT, yf_pace_key(p, YF_AES128, (enum yf_pace_password)0, mrz, k));
    T_ERR(YF_E_FORMAT, yf_pace_key(p, YF_AES128, (enum yf_pace_password)5, mrz, k));
    T_ERR(YF_E_UNSUPPORTED, yf_pace_key(p, YF_DES3_3KEY, YF_PACE_CAN, mrz, k));
}

/* ---- every suite, both ends, each provider against each ---- */

static const yf_curve *const curves[] = { &yf_curve_p224,    &yf_curve_p256,    &yf_curve_p384,
                                          &yf_curve_p521,    &yf_curve_bp224r1, &yf_curve_bp256r1,
                                          &yf_curve_bp320r1, &yf_curve_bp384r1, &yf_curve_bp512r1,
                                          &yf_curve_sm2 };
enum { CURVES = sizeof curves / sizeof *curves };

static const uint8_t some_key[YF_CIPHER_KEY_MAX] = { 1, 2, 3 };

static void
agree_on(const struct yf_pace_suite *suite, const yf_provider *card, const yf_provider *reader,
         struct rnd *c, struct rnd *r)
{
    struct talk t = { .card_rng = rng_seeded(c), .reader_rng = rng_seeded(r) };
    struct yf_sm_keys a, b;

    begin(&t, card, reader, suite, some_key);
    T(converse(&t));
    T_OK(yf_pace_keys(&t.card, &a));
    T_OK(yf_pace_keys(&t.reader, &b));
    T_MEM(&a, &b, sizeof a);
    T(a.cipher == suite->cipher && memcmp(a.enc, a.mac, 16) != 0);
}

static size_t
each_suite(void (*one)(const struct yf_pace_suite *))
{
    size_t n = 0;

    for (int m = YF_PACE_GM; m <= YF_PACE_IM; m++)
        for (int c = 0; c < YF_CIPHERS; c++)
            for (size_t i = 0; i < CURVES; i++) {
                struct yf_pace_suite s, again;
                if (yf_pace_suite_of(ends[0], (enum yf_pace_mapping)m, (enum yf_cipher_id)c,
                                     curves[i], &s))
                    continue;
                T_OK(yf_pace_suite(ends[1], s.oid, s.parameters, &again));
                T(again.mapping == s.mapping && again.cipher == s.cipher && again.curve == s.curve);
                one(&s);
                n++;
            }
    return n;
}

static void
agree_everywhere(const struct yf_pace_suite *s)
{
    struct rnd c = { 1 }, r = { 2 };

    for (size_t i = 0; i < ENDS; i++)
        for (size_t j = 0; j < ENDS; j++)
            agree_on(s, ends[i], ends[j], &c, &r);
}

static void
all_suites(void **st)
{
    (void)st;
    /* GM on nine curves and IM on eight (not P-224) with four ciphers, and two of our own */
    T(each_suite(agree_everywhere) == 9 * 4 + 8 * 4 + 2);
}

/* ---- suites ---- */

static yf_span
oid(const char *text, uint8_t mem[32])
{
    yf_out o = yf_out_of(mem, 32);

    yf_oid_put(&o, (yf_span){ (const uint8_t *)text, strlen(text) });
    T_OK(o.err);
    return yf_out_span(&o);
}

/* 9303-11 9.2.3 and table 3; the last two are ours. */
static const struct {
    const char *oid;
    enum yf_pace_mapping mapping;
    enum yf_cipher_id cipher;
    int32_t parameters;
} known[] = {
    { "0.4.0.127.0.7.2.2.4.2.1", YF_PACE_GM, YF_DES3_2KEY, 12 },
    { "0.4.0.127.0.7.2.2.4.2.2", YF_PACE_GM, YF_AES128, 13 },
    { "0.4.0.127.0.7.2.2.4.2.3", YF_PACE_GM, YF_AES192, 14 },
    { "0.4.0.127.0.7.2.2.4.2.4", YF_PACE_GM, YF_AES256, 15 },
    { "0.4.0.127.0.7.2.2.4.4.1", YF_PACE_IM, YF_DES3_2KEY, 16 },
    { "0.4.0.127.0.7.2.2.4.4.2", YF_PACE_IM, YF_AES128, 17 },
    { "0.4.0.127.0.7.2.2.4.4.3", YF_PACE_IM, YF_AES192, 18 },
    { "0.4.0.127.0.7.2.2.4.4.4", YF_PACE_IM, YF_AES256, 11 },
    { "2.25.147690225731511124899858037419221010005.1.1.1", YF_PACE_GM, YF_SM4, 83 },
    { "2.25.147690225731511124899858037419221010005.1.1.2", YF_PACE_IM, YF_SM4, 83 },
};

static void
suites_by_name(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        uint8_t mem[32];
        struct yf_pace_suite s;
        T_OK(yf_pace_suite(ends[0], oid(known[i].oid, mem), known[i].parameters, &s));
        T(s.mapping == known[i].mapping && s.cipher == known[i].cipher);
        T(s.parameters == known[i].parameters && s.curve == yf_pace_curve(known[i].parameters));
        T(yf_pace_parameters(s.curve) == known[i].parameters);
        T_SPAN(s.oid, oid(known[i].oid, mem));
    }
}

static const struct {
    const char *oid;
    int32_t parameters;
} unknown[] = {
    { "0.4.0.127.0.7.2.2.4.1.2", 0 },  // DH, generic
    { "0.4.0.127.0.7.2.2.4.1.2", 12 }, // its identifier over a curve
    { "0.4.0.127.0.7.2.2.4.3.2", 2 },  // DH, integrated
    { "0.4.0.127.0.7.2.2.4.6.2", 13 }, // chip authentication mapping
    { "0.4.0.127.0.7.2.2.4.2", 13 },   // of domain parameters
    { "0.4.0.127.0.7.2.2.4.2.5", 13 },
    { "0.4.0.127.0.7.2.2.4.2.2", 0 }, // a MODP group
    { "0.4.0.127.0.7.2.2.4.2.2", 8 }, // P-192, which we have not
    { "0.4.0.127.0.7.2.2.4.2.2", 9 },
    { "0.4.0.127.0.7.2.2.4.2.2", 19 },
    { "0.4.0.127.0.7.2.2.4.2.2", -1 },
    { "0.4.0.127.0.7.2.2.4.2.2", 12 + 256 },
    { "0.4.0.127.0.7.2.2.4.2.2", 83 }, // the profile's curve with another cipher
    { "0.4.0.127.0.7.2.2.4.4.2", 10 }, // P-224: its prime is 1 modulo 4
    { "2.25.147690225731511124899858037419221010005.1.1.1", 12 },
    { "2.25.147690225731511124899858037419221010005.1.1.3", 83 },
};

static void
suites_refused(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        uint8_t mem[32];
        struct yf_pace_suite s;
        T_ERR(YF_E_UNSUPPORTED,
              yf_pace_suite(ends[0], oid(unknown[i].oid, mem), unknown[i].parameters, &s));
    }
    T(yf_pace_parameters(NULL) == -1);
}

/* A card offers what its provider has. */
static void
suites_of_poor_providers(void **st)
{
    struct yf_pace_suite s;
    yf_provider p = yf_provider_soft;

    (void)st;
    p.hash[YF_SHA1] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_GM, YF_AES128, &yf_curve_p256, &s));
    T_OK(yf_pace_suite_of(&p, YF_PACE_GM, YF_SM4, &yf_curve_sm2, &s));
    p = yf_provider_soft;
    p.hash[YF_SHA256] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_GM, YF_AES256, &yf_curve_p256, &s));
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_GM, YF_AES192, &yf_curve_p256, &s));
    T_OK(yf_pace_suite_of(&p, YF_PACE_GM, YF_AES128, &yf_curve_p256, &s));
    p.hash[YF_SM3] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_GM, YF_SM4, &yf_curve_sm2, &s));
    p = yf_provider_soft;
    p.cipher[YF_SM4] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_IM, YF_SM4, &yf_curve_sm2, &s));
    p = yf_provider_soft;
    p.group = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_GM, YF_AES128, &yf_curve_p256, &s));
    T_OK(yf_pace_suite_of(&p, YF_PACE_IM, YF_SM4, &yf_curve_sm2, &s));
    p.group_sm2 = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_suite_of(&p, YF_PACE_IM, YF_SM4, &yf_curve_sm2, &s));
}

/* ---- refusals ---- */

static struct yf_pace_suite
suite_of(enum yf_pace_mapping m, enum yf_cipher_id c, const yf_curve *curve)
{
    struct yf_pace_suite s;

    T_OK(yf_pace_suite_of(ends[0], m, c, curve, &s));
    return s;
}

static void
meet(struct talk *t, const struct yf_pace_suite *s, const uint8_t *card, const uint8_t *reader,
     struct rnd rnd[2])
{
    rnd[0].state = 3;
    rnd[1].state = 4;
    t->card_rng = rng_seeded(&rnd[0]);
    t->reader_rng = rng_seeded(&rnd[1]);
    begin(t, ends[0], ends[0], s, card);
    T_OK(yf_pace_begin(&t->reader, ends[0], YF_PACE_READER, s, reader));
}

static void
wrong_password_on(const struct yf_pace_suite *s)
{
    static const uint8_t other[YF_CIPHER_KEY_MAX] = { 9 };
    struct talk t = { 0 };
    struct rnd rnd[2];
    struct yf_sm_keys k;
    uint8_t mem[YF_PACE_DATA_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    meet(&t, s, some_key, other, rnd);
    T(!converse(&t));
    T(t.card_err == YF_E_AUTH && t.response[TOKEN].data.n == 0);
    T(dropped(&t.card));
    T_ERR(YF_E_STATE, yf_pace_keys(&t.card, &k));
    /* The reader would hear nothing else from this card: its own token is not the card's. */
    yf_genauth_put(&o, 0x86, (yf_span){ t.command[TOKEN].mem + 4, 8 });
    T_ERR(YF_E_AUTH, yf_pace_hear(&t.reader, yf_out_span(&o)));
    T(dropped(&t.reader));
}

static void
wrong_password(void **st)
{
    (void)st;
    T(each_suite(wrong_password_on) == 70);
}

/* Every bit of both tokens counts. */
static int flip_bit;

static void
flip_command(struct talk *t, int i, bool response)
{
    if (i == TOKEN && !response)
        t->command[i].mem[4 + flip_bit / 8] ^= (uint8_t)(1 << flip_bit % 8);
}

static void
flip_response(struct talk *t, int i, bool response)
{
    if (i == TOKEN && response)
        t->response[i].mem[4 + flip_bit / 8] ^= (uint8_t)(1 << flip_bit % 8);
}

static void
tokens_are_compared_whole(void **st)
{
    struct yf_pace_suite s = suite_of(YF_PACE_GM, YF_AES128, &yf_curve_p256);

    (void)st;
    for (flip_bit = 0; flip_bit < 64; flip_bit += 7) {
        struct talk t = { .change = flip_command };
        struct rnd rnd[2];
        meet(&t, &s, some_key, some_key, rnd);
        T(!converse(&t) && t.card_err == YF_E_AUTH && dropped(&t.card));
        t = (struct talk){ .change = flip_response };
        meet(&t, &s, some_key, some_key, rnd);
        T(!converse(&t) && t.card_err == YF_OK && t.reader_err == YF_E_AUTH);
        T(dropped(&t.reader));
    }
}

/* What is sent instead: an object with this tag and value, and perhaps another behind it. */
struct lie {
    const char *what;
    int step;
    bool response; // a card's lie
    enum yf_pace_mapping mapping;
    enum yf_cipher_id cipher;
    yf_err want;
    void (*make)(struct talk *t, yf_out *o);
};

static const struct lie *told;

static struct message *
message_of(struct talk *t)
{
    return told->response ? &t->response[told->step] : &t->command[told->step];
}

static void
lie(struct talk *t, int i, bool response)
{
    struct message *m = message_of(t);
    uint8_t mem[YF_PACE_DATA_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);

    if (i != told->step || response != told->response)
        return;
    told->make(t, &o);
    T_OK(o.err);
    memcpy(m->mem, mem, o.n);
    m->data = (yf_span){ m->mem, o.n };
}

/* The object that stood there, and its value. */
static uint32_t
honest(struct talk *t, yf_span *val)
{
    yf_cur c = yf_cur_of(message_of(t)->data);
    yf_cur inner = yf_tlv_enter(&c, 0x7C);
    uint32_t tag = yf_tlv_peek(&inner);

    *val = (yf_span){ NULL, 0 };
    if (tag)
        *val = yf_tlv_need(&inner, tag, 0, 200);
    T_OK(yf_cur_done(&inner));
    return tag;
}

static void
put_value(struct talk *t, yf_out *o, yf_span val)
{
    yf_span was;
    uint32_t tag = honest(t, &was);

    yf_genauth_put(o, tag, val);
}

static void
other_tag(struct talk *t, yf_out *o)
{
    yf_span val;
    uint32_t tag = honest(t, &val);

    yf_genauth_put(o, tag ^ 0x10, val);
}

static void
nothing(struct talk *t, yf_out *o)
{
    (void)t, (void)o;
}

static void
no_object(struct talk *t, yf_out *o)
{
    (void)t;
    yf_genauth_put(o, 0, (yf_span){ NULL, 0 });
}

static void
twice(struct talk *t, yf_out *o)
{
    yf_span val;
    uint32_t tag = honest(t, &val);
    size_t mark = yf_tlv_open(o, 0x7C);

    yf_tlv_put(o, tag, (yf_span){ val.p, val.n > 8 ? 8 : val.n });
    yf_tlv_put(o, tag, (yf_span){ val.p, val.n > 8 ? 8 : val.n });
    yf_tlv_close(o, mark);
}

static void
with_another(struct talk *t, yf_out *o)
{
    yf_span val;
    uint32_t tag = honest(t, &val);
    size_t mark = yf_tlv_open(o, 0x7C);

    if (tag)
        yf_tlv_put(o, tag, val);
    yf_tlv_put(o, 0x87, YF_STR("A"));
    yf_tlv_close(o, mark);
}

static void
trailing(struct talk *t, yf_out *o)
{
    yf_out_put(o, message_of(t)->data);
    yf_out_u8(o, 0);
}

static void
shorter(struct talk *t, yf_out *o)
{
    yf_span val;

    honest(t, &val);
    put_value(t, o, (yf_span){ val.p, val.n - 1 });
}

static void
longer(struct talk *t, yf_out *o)
{
    uint8_t mem[YF_PACE_DATA_MAX] = { 0 };
    yf_span val;

    honest(t, &val);
    if (val.n)
        memcpy(mem, val.p, val.n);
    put_value(t, o, (yf_span){ mem, val.n + 1 });
}

static void
empty(struct talk *t, yf_out *o)
{
    put_value(t, o, (yf_span){ NULL, 0 });
}

static void
eight_bytes(struct talk *t, yf_out *o)
{
    yf_span val;

    honest(t, &val);
    put_value(t, o, (yf_span){ val.p, 8 });
}

static void
forty_eight_bytes(struct talk *t, yf_out *o)
{
    static const uint8_t zero[48];

    put_value(t, o, YF_SPAN(zero));
}

static void
compressed(struct talk *t, yf_out *o)
{
    uint8_t mem[YF_POINT_MAX];
    yf_span val;

    honest(t, &val);
    memcpy(mem, val.p, val.n);
    mem[0] = (uint8_t)(2 + (mem[val.n - 1] & 1));
    put_value(t, o, (yf_span){ mem, 1 + val.n / 2 });
}

static void
hybrid(struct talk *t, yf_out *o)
{
    uint8_t mem[YF_POINT_MAX];
    yf_span val;

    honest(t, &val);
    memcpy(mem, val.p, val.n);
    mem[0] = (uint8_t)(6 + (mem[val.n - 1] & 1));
    put_value(t, o, (yf_span){ mem, val.n });
}

static void
off_the_curve(struct talk *t, yf_out *o)
{
    uint8_t mem[YF_POINT_MAX];
    yf_span val;

    honest(t, &val);
    memcpy(mem, val.p, val.n);
    mem[val.n - 1] ^= 1;
    put_value(t, o, (yf_span){ mem, val.n });
}

/* A mirror: a card that sends the reader's key back. */
static void
own_key(struct talk *t, yf_out *o)
{
    yf_span val;
    uint32_t tag = honest(t, &val);

    yf_genauth_put(o, tag, (yf_span){ t->command[told->step].data.p + 4, val.n });
}

/* clang-format off */
static const struct lie lies[] = {
    { "a first command with data",     0, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, with_another },
    { "no template",                   0, false, YF_PACE_GM, YF_AES128, YF_E_SHORT, nothing },
    { "a byte behind the template",    0, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, trailing },
    { "no nonce",                      0, true, YF_PACE_GM, YF_AES128, YF_E_NOTFOUND, no_object },
    { "an empty nonce",                0, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, empty },
    { "a nonce under another tag",     0, true, YF_PACE_GM, YF_AES128, YF_E_NOTFOUND, other_tag },
    { "half a block of nonce",         0, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, eight_bytes },
    { "half a nonce for IM",           0, true, YF_PACE_IM, YF_DES3_2KEY, YF_E_FORMAT, eight_bytes },
    { "a nonce one byte short",        0, true, YF_PACE_GM, YF_AES256, YF_E_FORMAT, shorter },
    { "a nonce of three blocks",       0, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, forty_eight_bytes },
    { "two nonces",                    0, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, twice },
    { "no answer",                     0, true, YF_PACE_GM, YF_AES128, YF_E_SHORT, nothing },

    { "no mapping data",               1, false, YF_PACE_GM, YF_AES128, YF_E_SHORT, no_object },
    { "mapping data and more",         1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, with_another },
    { "mapping data twice",            1, false, YF_PACE_IM, YF_AES128, YF_E_FORMAT, twice },
    { "another tag",                   1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, other_tag },
    { "an empty point",                1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, empty },
    { "a short point",                 1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, shorter },
    { "a long point",                  1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, longer },
    { "a compressed point",            1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, compressed },
    { "a hybrid point",                1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, hybrid },
    { "a point off the curve",         1, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, off_the_curve },
    { "a card's point off the curve",  1, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, off_the_curve },
    { "a card's compressed point",     1, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, compressed },
    { "a mirror's mapping",            1, true, YF_PACE_GM, YF_AES128, YF_E_DENIED, own_key },
    { "a short t",                     1, false, YF_PACE_IM, YF_AES128, YF_E_FORMAT, shorter },
    { "a long t",                      1, false, YF_PACE_IM, YF_AES192, YF_E_FORMAT, longer },
    { "an empty t",                    1, false, YF_PACE_IM, YF_AES256, YF_E_FORMAT, empty },
    { "a card's mapping data in IM",   1, true, YF_PACE_IM, YF_AES128, YF_E_FORMAT, longer },
    { "no mapping data from a card",   1, true, YF_PACE_IM, YF_AES128, YF_E_NOTFOUND, no_object },

    { "a compressed key",              2, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, compressed },
    { "a hybrid key",                  2, false, YF_PACE_IM, YF_AES128, YF_E_FORMAT, hybrid },
    { "a key off the curve",           2, false, YF_PACE_IM, YF_AES128, YF_E_FORMAT, off_the_curve },
    { "a card's key off the curve",    2, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, off_the_curve },
    { "a mirror's key",                2, true, YF_PACE_GM, YF_AES128, YF_E_DENIED, own_key },
    { "a mirror's key after IM",       2, true, YF_PACE_IM, YF_AES256, YF_E_DENIED, own_key },
    { "an empty key",                  2, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, empty },

    { "a short token",                 3, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, shorter },
    { "a long token",                  3, false, YF_PACE_GM, YF_AES128, YF_E_FORMAT, longer },
    { "an empty token",                3, false, YF_PACE_GM, YF_DES3_2KEY, YF_E_FORMAT, empty },
    { "an empty token from a card",    3, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, empty },
    { "a short token from a card",     3, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, shorter },
    { "two tokens from a card",        3, true, YF_PACE_GM, YF_AES128, YF_E_FORMAT, twice },
    { "the reader's token back",       3, true, YF_PACE_GM, YF_AES128, YF_E_AUTH, own_key },
};
/* clang-format on */

static void
lies_are_refused(void **st)
{
    (void)st;
    for (told = lies; told < lies + sizeof lies / sizeof *lies; told++) {
        struct talk t = { .change = lie };
        struct rnd rnd[2];
        struct yf_pace_suite s = suite_of(told->mapping, told->cipher, &yf_curve_p256);
        struct yf_pace *fooled = told->response ? &t.reader : &t.card;
        uint8_t mem[YF_PACE_DATA_MAX];
        yf_out o = yf_out_of(mem, sizeof mem);
        meet(&t, &s, some_key, some_key, rnd);
        T(!converse(&t));
        yf_err e = told->response ? t.reader_err : t.card_err;
        if (e != told->want)
            fail_msg("%s: %s", told->what, yf_err_name(e));
        T(dropped(fooled));
        T_ERR(YF_E_STATE, told->response
                              ? yf_pace_ask(fooled, &t.reader_rng, &o)
                              : yf_pace_answer(fooled, &t.card_rng, t.command[0].data, &o));
        T(o.n == 0);
    }
}

/* A card may add certification authority references (9303-11 4.4.5.5). */
static void
reader_takes_more_than_it_asked_for(void **st)
{
    static const struct lie more = { "references", TOKEN, true,        YF_PACE_GM,
                                     YF_AES128,    YF_OK, with_another };
    struct talk t = { .change = lie };
    struct rnd rnd[2];
    struct yf_pace_suite s = suite_of(YF_PACE_GM, YF_AES128, &yf_curve_p256);
    struct yf_sm_keys k;

    (void)st;
    told = &more;
    meet(&t, &s, some_key, some_key, rnd);
    T(converse(&t));
    T_OK(yf_pace_keys(&t.reader, &k));
}

/* For GM a card chooses how long its nonce is (9303-11 4.4.3.3). */
static void
reader_takes_longer_nonces(void **st)
{
    static const uint8_t z[32] = { 1 };
    static const struct {
        enum yf_cipher_id cipher;
        size_t n;
        yf_err want;
    } cases[] = { { YF_AES128, 16, YF_OK },
                  { YF_AES128, 32, YF_OK },
                  { YF_DES3_2KEY, 8, YF_OK },
                  { YF_DES3_2KEY, 24, YF_OK },
                  { YF_AES128, 24, YF_E_FORMAT } };

    (void)st;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct yf_pace_suite s = suite_of(YF_PACE_GM, cases[i].cipher, &yf_curve_bp224r1);
        struct rnd r = { 1 };
        yf_rng rng = rng_seeded(&r);
        struct yf_pace p;
        uint8_t mem[YF_PACE_DATA_MAX], rsp[YF_PACE_DATA_MAX];
        yf_out o = yf_out_of(mem, sizeof mem), ro = yf_out_of(rsp, sizeof rsp);
        T_OK(yf_pace_begin(&p, ends[0], YF_PACE_READER, &s, some_key));
        T_OK(yf_pace_ask(&p, &rng, &o));
        yf_genauth_put(&ro, 0x80, (yf_span){ z, cases[i].n });
        T_ERR(cases[i].want, yf_pace_hear(&p, yf_out_span(&ro)));
        if (cases[i].want)
            continue;
        yf_out again = yf_out_of(mem, sizeof mem), point = yf_out_of(rsp, sizeof rsp);
        yf_group g;
        T_OK(yf_group_open(&g, ends[0]->group, s.curve));
        uint8_t gen[YF_POINT_MAX];
        gen[0] = 4;
        memcpy(gen + 1, s.curve->gx, s.curve->size);
        memcpy(gen + 1 + s.curve->size, s.curve->gy, s.curve->size);
        T_OK(yf_pace_ask(&p, &rng, &again));
        yf_genauth_put(&point, 0x82, (yf_span){ gen, yf_point_size(&g) });
        T_OK(yf_pace_hear(&p, yf_out_span(&point)));
        yf_group_close(&g);
        yf_pace_drop(&p);
    }
}

/* ---- the order of calls: 9303-11 table 4 ---- */

enum call { ANSWER, ASK, HEAR, KEYS, CALLS };

/* What comes next after so many calls that went well; one row a role. */
static const enum call order[][2 * STEPS + 1] = {
    [YF_PACE_CARD] = { ANSWER, ANSWER, ANSWER, ANSWER, KEYS },
    [YF_PACE_READER] = { ASK, HEAR, ASK, HEAR, ASK, HEAR, ASK, HEAR, KEYS },
};
static const int lengths[] = { [YF_PACE_CARD] = STEPS, [YF_PACE_READER] = 2 * STEPS };

static yf_err
make(struct talk *t, struct yf_pace *s, enum call call, int done)
{
    uint8_t mem[YF_PACE_DATA_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_sm_keys k;

    switch (call) {
    case ANSWER:
        return yf_pace_answer(s, &t->card_rng, t->command[done % STEPS].data, &o);
    case ASK:
        return yf_pace_ask(s, &t->reader_rng, &o);
    case HEAR:
        return yf_pace_hear(s, t->response[done / 2 % STEPS].data);
    default:
        return yf_pace_keys(s, &k);
    }
}

/* Both ends, one of them after so many calls. */
static void
advance(struct talk *t, int role, int done)
{
    int steps = role == YF_PACE_CARD ? done : done / 2;

    for (int i = 0; i < steps; i++)
        T(step(t, i));
    if (role == YF_PACE_READER && done % 2)
        T(ask_and_answer(t, steps));
}

static void
out_of_turn(void **st)
{
    struct yf_pace_suite suite = suite_of(YF_PACE_IM, YF_AES128, &yf_curve_p256);
    struct rnd rnd[2];

    (void)st;
    for (int role = YF_PACE_CARD; role <= YF_PACE_READER; role++)
        for (int done = 0; done <= lengths[role]; done++)
            for (int call = 0; call < CALLS; call++) {
                struct talk t = { 0 };
                struct yf_pace *s = role == YF_PACE_CARD ? &t.card : &t.reader;
                meet(&t, &suite, some_key, some_key, rnd);
                advance(&t, role, done);
                yf_err e = make(&t, s, (enum call)call, done);
                T((e == YF_E_STATE) == ((enum call)call != order[role][done]));
                T(e != YF_E_STATE || dropped(s));
            }
}

static void
nothing_before_begin(void **st)
{
    struct talk t = { 0 };

    (void)st;
    for (int call = 0; call < CALLS; call++)
        T_ERR(YF_E_STATE, make(&t, &t.card, (enum call)call, 0));
    T(!yf_pace_last(&t.card));
    yf_pace_drop(&t.card);
}

/* ---- what may fail below ---- */

static void
failing_parts(void **st)
{
    struct yf_pace_suite s = suite_of(YF_PACE_GM, YF_AES128, &yf_curve_p256);
    yf_provider poor = yf_provider_soft;
    yf_rng broken = rng_stuck(NULL);
    struct talk t = { 0 };
    struct rnd rnd[2];
    uint8_t mem[16];
    yf_out o = yf_out_of(mem, sizeof mem);

    (void)st;
    meet(&t, &s, some_key, some_key, rnd);
    T_ERR(YF_E_IO, yf_pace_answer(&t.card, &broken, BYTES(0x7C, 0), &o));
    T(dropped(&t.card) && o.n == 0);
    meet(&t, &s, some_key, some_key, rnd);
    T_ERR(YF_E_ROOM, yf_pace_answer(&t.card, &t.card_rng, BYTES(0x7C, 0), &o));
    T(dropped(&t.card));
    poor.cipher[YF_AES128] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_pace_begin(&t.card, &poor, YF_PACE_CARD, &s, some_key));
}

static void
fits_a_card(void **st)
{
    (void)st;
    T(sizeof(struct yf_pace) <= YF_PACE_STATE);
    T(sizeof(struct yf_pace) <= YF_CARD_APP_RAM);
}

/* ---- MSE:Set AT: 9303-11 4.4.4.1 ---- */

static void
select_command(void **st)
{
    static const char g1[] = "\x80\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02\x83\x01\x01";
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_pace_select s, r;

    (void)st;
    T_OK(yf_pace_select_parse((yf_span){ (const uint8_t *)g1, sizeof g1 - 1 }, &s));
    T(s.password == YF_PACE_MRZ && s.parameters == -1 && s.oid.n == 10);
    yf_pace_select_put(&o, &s);
    T_SPAN(yf_out_span(&o), ((yf_span){ (const uint8_t *)g1, sizeof g1 - 1 }));
    s.parameters = YF_PACE_SM2;
    s.password = YF_PACE_CAN;
    o = yf_out_of(mem, sizeof mem);
    yf_pace_select_put(&o, &s);
    T_OK(yf_pace_select_parse(yf_out_span(&o), &r));
    T(r.parameters == 83 && r.password == 2);
    T_SPAN(r.oid, s.oid);
}

static void
select_parsing(void **st)
{
    struct yf_pace_select s = { .password = 77 };

    (void)st;
    /* any order, and objects it does not name */
    T_OK(yf_pace_select_parse(BYTES(0x7F, 0x4C, 1, 0, 0x84, 1, 13, 0x83, 1, 2, 0x80, 1, 5), &s));
    T(s.parameters == 13 && s.password == 2 && s.oid.n == 1);
    T_OK(yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1, 9, 0x84, 2, 1, 0), &s));
    T(s.parameters == 256 && s.password == 9);
    s.password = 77;
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x80, 1, 5), &s));
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x83, 1, 1), &s));
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 2, 0, 1), &s));
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x80, 0, 0x83, 1, 1), &s));
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1, 1, 0x84, 0), &s));
    T_ERR(YF_E_FORMAT,
          yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1, 1, 0x84, 5, 0, 0, 0, 0, 1), &s));
    T_ERR(YF_E_FORMAT,
          yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1, 1, 0x84, 4, 0x80, 0, 0, 0), &s));
    T_ERR(YF_E_FORMAT, yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1, 1, 0x83, 1, 2), &s));
    T_ERR(YF_E_SHORT, yf_pace_select_parse(BYTES(0x80, 1, 5, 0x83, 1), &s));
    T(s.password == 77);
}

T_MAIN(cmocka_unit_test(worked_examples), cmocka_unit_test(password_keys),
       cmocka_unit_test(all_suites), cmocka_unit_test(suites_by_name),
       cmocka_unit_test(suites_refused), cmocka_unit_test(suites_of_poor_providers),
       cmocka_unit_test(wrong_password), cmocka_unit_test(tokens_are_compared_whole),
       cmocka_unit_test(lies_are_refused), cmocka_unit_test(reader_takes_more_than_it_asked_for),
       cmocka_unit_test(reader_takes_longer_nonces), cmocka_unit_test(out_of_turn),
       cmocka_unit_test(nothing_before_begin), cmocka_unit_test(failing_parts),
       cmocka_unit_test(fits_a_card), cmocka_unit_test(select_command),
       cmocka_unit_test(select_parsing))
