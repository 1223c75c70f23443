/* SPDX-License-Identifier: Apache-2.0 */
#include "timing.h"

#include <yufu/base/clock.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/sm2.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 256, SECRET = 64, CROPS = 8 };

/* A subject takes a secret of SECRET bytes; prepare may do untimed work on it. */
struct subject {
    const char *name;
    void (*prepare)(uint8_t *secret);
    void (*run)(const uint8_t *secret);
    bool control;
};

static yf_sm2 sm2;
static yf_group p256, bp256;
static uint8_t pub_sm2[65], pub_p256[65], pub_bp256[65], box[32 + YF_SM2_OVERHEAD];

static void
must(yf_err e)
{
    if (e)
        abort();
}

/* Keep a random scalar below every order we use, and above zero. */
static void
scalar(uint8_t *s)
{
    s[0] &= 0x7f;
    s[31] |= 1;
}

static void
sm2_sign(const uint8_t *s)
{
    static const uint8_t e[32] = { 7 };
    uint8_t sig[64];
    must(yf_sm2_sign_digest(&sm2, s, e, &yf_rng_system, sig));
}

static void
sm2_public(const uint8_t *s)
{
    uint8_t p[65];
    must(yf_ec_public(&sm2.group, s, p));
}

static void
sm2_decrypt(const uint8_t *s)
{
    uint8_t out[32];
    yf_err e = yf_sm2_decrypt(&sm2, s, YF_SPAN(box), out); // fails its check, after all the work
    if (e != YF_OK && e != YF_E_AUTH)
        abort();
}

static void
p256_sign(const uint8_t *s)
{
    static const uint8_t md[32] = { 7 };
    uint8_t sig[64];
    must(yf_ecdsa_sign(&p256, yf_provider_soft.hash[YF_SHA256], s, YF_SPAN(md), &yf_rng_system,
                       sig));
}

static void
ecdh(const yf_group *g, const uint8_t *pub, const uint8_t *s)
{
    uint8_t z[32];
    must(yf_ecdh(g, s, (yf_span){ pub, 65 }, z));
}

static void
sm2_ecdh(const uint8_t *s)
{
    ecdh(&sm2.group, pub_sm2, s);
}

static void
p256_ecdh(const uint8_t *s)
{
    ecdh(&p256, pub_p256, s);
}

static void
bp256_ecdh(const uint8_t *s)
{
    ecdh(&bp256, pub_bp256, s);
}

/* Key schedule and a few blocks; the second half of the secret is the data. */
static void
cipher(enum yf_cipher_id id, const uint8_t *s)
{
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[id];
    uint8_t out[32];
    yf_cipher c;

    must(yf_cipher_init(&c, alg, (yf_span){ s, alg->key }));
    alg->ecb_enc(&c, out, s + 32, 32);
    yf_cipher_drop(&c);
}

static void
sm4(const uint8_t *s)
{
    cipher(YF_SM4, s);
}

static void
aes256(const uint8_t *s)
{
    cipher(YF_AES256, s);
}

static void
des3(const uint8_t *s)
{
    cipher(YF_DES3_3KEY, s);
}

static void
hmac(const uint8_t *s)
{
    uint8_t mac[32];
    yf_span msg = { s + 32, 32 };
    must(yf_hmac_all(yf_provider_soft.hash[YF_SM3], (yf_span){ s, 32 }, &msg, 1, mac));
}

/* Is it all zero? The fixed secret is; the others differ from zero early. */
static void
ct_eq(const uint8_t *s)
{
    static const uint8_t zero[SECRET] = { 0 };
    volatile bool same = yf_ct_eq(s, zero, SECRET);
    (void)same;
}

/* The control: stops at the first difference, as a careless comparison does. */
static void
early_exit(const uint8_t *s)
{
    static const uint8_t zero[SECRET] = { 0 };
    volatile size_t i = 0;

    while (i < SECRET && s[i] == zero[i])
        i++;
}

static const struct subject subjects[] = {
    { "control: early-exit compare", NULL, early_exit, true },
    { "base.ct_eq", NULL, ct_eq, false },
    { "sm2.public", scalar, sm2_public, false },
    { "sm2.sign", scalar, sm2_sign, false },
    { "sm2.decrypt", scalar, sm2_decrypt, false },
    { "sm2.ecdh", scalar, sm2_ecdh, false },
    { "p256.sign", scalar, p256_sign, false },
    { "p256.ecdh", scalar, p256_ecdh, false },
    { "brainpoolp256r1.ecdh", scalar, bp256_ecdh, false },
    { "sm4.key+block", NULL, sm4, false },
    { "aes256.key+block", NULL, aes256, false },
    { "des3.key+block", NULL, des3, false },
    { "hmac-sm3", NULL, hmac, false },
};

/* Mean and variance as they come (Welford), one population a class and crop. */
struct population {
    double n, mean, m2;
};

static void
take(struct population *p, double x)
{
    double delta = x - p->mean;

    p->n += 1;
    p->mean += delta / p->n;
    p->m2 += delta * (x - p->mean);
}

static double
welch(const struct population *a, const struct population *b)
{
    if (a->n < 100 || b->n < 100)
        return 0;
    double va = a->m2 / (a->n - 1) / a->n, vb = b->m2 / (b->n - 1) / b->n;
    return va + vb > 0 ? fabs(a->mean - b->mean) / sqrt(va + vb) : 0;
}

/* The cheapest clock there is; its unit does not matter. */
static uint64_t
tick(void)
{
#if defined(__x86_64__)
    unsigned lo, hi;
    __asm__ volatile("lfence; rdtsc; lfence" : "=a"(lo), "=d"(hi) : : "memory");
    return (uint64_t)hi << 32 | lo;
#else
    return yf_clock_ns();
#endif
}

struct experiment {
    const struct subject *s;
    double crop[CROPS]; // times above are left out; the last one keeps all
    bool cropped;
    struct population of[2][CROPS];
    size_t n;
};

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The first batch only says where the tails begin. */
static void
set_crops(struct experiment *x, const double *times)
{
    double sorted[BATCH];

    memcpy(sorted, times, sizeof sorted);
    qsort(sorted, BATCH, sizeof *sorted, ascending);
    for (int c = 0; c < CROPS - 1; c++)
        x->crop[c] = sorted[BATCH / 2 + c * (BATCH / 2 - 1) / (CROPS - 1)];
    x->crop[CROPS - 1] = INFINITY;
    x->cropped = true;
}

static void
batch(struct experiment *x)
{
    static uint8_t secret[BATCH][SECRET];
    uint8_t coin[BATCH];
    double times[BATCH];

    must(yf_rng_fill(&yf_rng_system, coin, sizeof coin));
    must(yf_rng_fill(&yf_rng_system, secret[0], sizeof secret));
    for (int i = 0; i < BATCH; i++) {
        coin[i] &= 1;
        if (!coin[i])
            memset(secret[i], 0, SECRET);
        if (x->s->prepare)
            x->s->prepare(secret[i]);
    }
    for (int i = 0; i < BATCH; i++) {
        uint64_t start = tick();
        x->s->run(secret[i]);
        times[i] = (double)(tick() - start);
    }
    if (!x->cropped) {
        set_crops(x, times);
        return;
    }
    for (int i = 0; i < BATCH; i++)
        for (int c = 0; c < CROPS; c++)
            if (times[i] <= x->crop[c])
                take(&x->of[coin[i]][c], times[i]);
    x->n += BATCH;
}

static struct timing_result
examine(const struct subject *s, double seconds)
{
    struct experiment x = { .s = s };
    struct timing_result r = { .name = s->name, .control = s->control };
    uint64_t end = yf_clock_ns() + (uint64_t)(1e9 * seconds);

    do
        batch(&x);
    while (yf_clock_ns() < end);
    for (int c = 0; c < CROPS; c++)
        r.t = fmax(r.t, welch(&x.of[0][c], &x.of[1][c]));
    r.measurements = x.n;
    r.leak = r.t > TIMING_THRESHOLD;
    return r;
}

static void
open_all(void)
{
    const yf_provider *soft = &yf_provider_soft;
    const yf_rng *rng = &yf_rng_system;
    uint8_t d[32];
    static const uint8_t msg[32] = { 1 };

    must(yf_sm2_open(&sm2, soft));
    must(yf_group_open(&p256, soft->group, &yf_curve_p256));
    must(yf_group_open(&bp256, soft->group, &yf_curve_bp256r1));
    must(yf_ec_keygen(&sm2.group, rng, d, pub_sm2));
    must(yf_sm2_encrypt(&sm2, YF_SPAN(pub_sm2), YF_SPAN(msg), rng, box));
    must(yf_ec_keygen(&p256, rng, d, pub_p256));
    must(yf_ec_keygen(&bp256, rng, d, pub_bp256));
    yf_wipe(d, sizeof d);
}

size_t
timing_count(void)
{
    return sizeof subjects / sizeof *subjects;
}

yf_err
timing_run(double seconds, timing_report *report, void *arg)
{
    bool blind = false;

    open_all();
    for (size_t i = 0; i < timing_count(); i++) {
        struct timing_result r = examine(&subjects[i], seconds);
        blind |= r.control && !r.leak;
        report(&r, arg);
    }
    yf_sm2_close(&sm2);
    yf_group_close(&p256);
    yf_group_close(&bp256);
    return blind ? YF_E_STATE : YF_OK;
}
