/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/drbg.h>

/* ---- the bare algorithm: SP 800-90A vectors ---- */

struct run {
    const yf_provider *p;
    size_t n;
};

static void
with_prediction_resistance(yf_hmac_drbg *d, const struct vec *v, uint8_t *out, size_t n)
{
    static const char *const entropy[] = { "pr_entropy1", "pr_entropy2" };
    static const char *const add[] = { "add1", "add2" };

    for (int i = 0; i < 2; i++) {
        yf_span seed[] = { vec_get(v, entropy[i]), vec_get(v, add[i]) };
        T_OK(yf_hmac_drbg_reseed(d, seed, 2));
        T_OK(yf_hmac_drbg_generate(d, (yf_span){ 0 }, out, n));
    }
}

static void
without(yf_hmac_drbg *d, const struct vec *v, uint8_t *out, size_t n)
{
    if (strcmp(vec_str(v, "mode"), "reseed") == 0) {
        yf_span seed[] = { vec_get(v, "reseed_entropy"), vec_get(v, "reseed_add") };
        T_OK(yf_hmac_drbg_reseed(d, seed, 2));
    }
    T_OK(yf_hmac_drbg_generate(d, vec_get(v, "add1"), out, n));
    T_OK(yf_hmac_drbg_generate(d, vec_get(v, "add2"), out, n));
}

static void
one(const struct vec *v, void *arg)
{
    struct run *r = arg;
    const char *alg = vec_str(v, "alg");
    const struct yf_hash_alg *hash =
        strncmp(alg, "hmac_", 5) == 0 ? yf_provider_hash_named(r->p, alg + 5) : NULL;
    yf_span seed[] = { vec_get(v, "entropy"), vec_get(v, "nonce"), vec_get(v, "pers") };
    yf_span want = vec_get(v, "out");
    yf_hmac_drbg d;
    uint8_t out[1024];

    if (!hash)
        return;
    T(want.n <= sizeof out);
    T_OK(yf_hmac_drbg_init(&d, hash, seed, 3));
    if (strcmp(vec_str(v, "mode"), "pr") == 0)
        with_prediction_resistance(&d, v, out, want.n);
    else
        without(&d, v, out, want.n);
    T_MEM(out, want.p, want.n);
    yf_hmac_drbg_wipe(&d);
    r->n++;
}

static void
vectors_on_every_provider(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct run r = { .p = *p };
        vec_each("drbg.txt", one, &r);
        if (p == test_providers)
            T(r.n >= 100);
    }
}

/* ---- health tests: the exact sample at which each must fail ---- */

/* How many of a repeating pattern are taken before the test fails; 0 if never in limit. */
static size_t
fails_at(unsigned entropy, const uint8_t *pattern, size_t n, size_t limit)
{
    yf_health h;

    T_OK(yf_health_init(&h, entropy));
    for (size_t i = 0; i < limit; i++)
        if (yf_health_take(&h, (yf_span){ pattern + i % n, 1 }) == YF_E_STATE)
            return i + 1;
    return 0;
}

static void
a_stuck_source_fails_at_the_cutoff(void **st)
{
    (void)st;
    T(fails_at(256, (uint8_t[]){ 7 }, 1, 1000) == 31); // 1 + 30 / 1
    T(fails_at(2048, (uint8_t[]){ 0 }, 1, 1000) == 5); // 1 + ceil(30 / 8)
    T(fails_at(128, (uint8_t[]){ 0 }, 1, 1000) == 61);
    T(fails_at(129, (uint8_t[]){ 0 }, 1, 1000) == 49); // rounded up to 5/8
    T(fails_at(32, (uint8_t[]){ 0 }, 1, 1000) == 241);
}

static void
a_biased_source_fails_the_proportion_test(void **st)
{
    uint8_t pattern[512];
    (void)st;

    /* Every second sample the same: never two in a row, 256 of 512 the first one. */
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = i % 2 ? (uint8_t)(1 + i / 2) : 0;
    T(fails_at(8 * 256, pattern, 512, 10000) == 2 * 16 - 1); // cut-off 16
    T(fails_at(1 * 256, pattern, 512, 10000) == 0);          // 256 < 325
    /* Counted afresh in each window: 15 a window never fails. */
    memset(pattern, 0, sizeof pattern);
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = i % 35 ? (uint8_t)(1 + i % 200) : 0;
    T(fails_at(8 * 256, pattern, 512, 100000) == 0);
}

static void
a_failure_stays(void **st)
{
    yf_health h;
    uint8_t good[64];
    (void)st;

    for (size_t i = 0; i < sizeof good; i++)
        good[i] = (uint8_t)i;
    T_OK(yf_health_init(&h, 2048));
    T_OK(yf_health_take(&h, YF_SPAN(good)));
    T_ERR(YF_E_STATE, yf_health_take(&h, YF_STR("aaaaaaaa")));
    T_ERR(YF_E_STATE, yf_health_take(&h, YF_SPAN(good)));
    T_ERR(YF_E_FORMAT, yf_health_init(&h, 31));
    T_ERR(YF_E_FORMAT, yf_health_init(&h, 2049));
}

/* ---- the whole generator ---- */

/* A noise source that can be told to stick or to fail. */
struct source {
    uint32_t state;
    size_t given, stick_after, fail_after;
};

static yf_err
noise(void *state, uint8_t *out, size_t n)
{
    struct source *s = state;

    for (size_t i = 0; i < n; i++) {
        if (s->fail_after && s->given >= s->fail_after)
            return YF_E_IO;
        s->state = s->state * 1664525u + 1013904223u;
        out[i] = s->stick_after && s->given >= s->stick_after ? 0 : (uint8_t)(s->state >> 24);
        s->given++;
    }
    return YF_OK;
}

static yf_err
open_on(yf_drbg *d, struct source *s, unsigned entropy)
{
    yf_noise n = { noise, s, entropy };

    return yf_drbg_open(d, yf_provider_soft.hash[YF_SM3], &n, YF_STR("test"));
}

static void
reads_as_much_as_the_claim_demands(void **st)
{
    yf_drbg d;
    (void)st;

    for (unsigned bits = 1; bits <= 8; bits *= 2) {
        struct source s = { .state = 1 };
        T_OK(open_on(&d, &s, bits * 256));
        size_t samples = s.given - 1024;
        T(samples * bits >= 320 + 192 && samples * bits < 320 + 192 + 2 * 32 * bits);
        yf_drbg_close(&d);
    }
}

static void
output_depends_on_source_and_request(void **st)
{
    struct source a = { .state = 1 }, b = { .state = 2 }, c = { .state = 1 };
    yf_drbg d;
    uint8_t x[48], y[48], z[48];
    (void)st;

    T_OK(open_on(&d, &a, 1024));
    T_OK(yf_drbg_fill(&d, x, sizeof x));
    T_OK(yf_drbg_fill(&d, y, sizeof y));
    T(memcmp(x, y, sizeof x) != 0);
    T_OK(open_on(&d, &b, 1024));
    T_OK(yf_drbg_fill(&d, y, sizeof y));
    T(memcmp(x, y, sizeof x) != 0);
    T_OK(open_on(&d, &c, 1024));
    T_OK(yf_drbg_fill(&d, z, sizeof z));
    T_MEM(x, z, sizeof x);
    T_OK(yf_drbg_reseed(&d, YF_STR("more")));
}

static void
reseeds_by_itself(void **st)
{
    struct source s = { .state = 1 };
    yf_drbg d;
    uint8_t x[1];
    (void)st;

    T_OK(open_on(&d, &s, 1024));
    d.reseed_interval = 3;
    size_t before = s.given;
    for (int i = 0; i < 3; i++)
        T_OK(yf_drbg_fill(&d, x, 1));
    T(s.given == before);
    T_OK(yf_drbg_fill(&d, x, 1));
    T(s.given > before);
    before = s.given;
    T_OK(yf_drbg_fill(&d, x, 1));
    T(s.given == before);
}

static void
a_source_that_breaks_ends_it(void **st)
{
    struct source stuck = { .state = 1, .stick_after = 100 }, late = { .state = 1 };
    struct source gone = { .state = 1, .fail_after = 1030 };
    yf_drbg d;
    uint8_t x[32];
    (void)st;

    T_ERR(YF_E_STATE, open_on(&d, &stuck, 1024));
    T_ERR(YF_E_STATE, yf_drbg_fill(&d, x, sizeof x));
    T_ERR(YF_E_IO, open_on(&d, &gone, 1024));
    T_ERR(YF_E_STATE, yf_drbg_fill(&d, x, sizeof x));
    T_OK(open_on(&d, &late, 1024));
    late.stick_after = late.given;
    T_ERR(YF_E_STATE, yf_drbg_reseed(&d, YF_STR("")));
    T_ERR(YF_E_STATE, yf_drbg_fill(&d, x, sizeof x));
    T_ERR(YF_E_STATE, yf_drbg_reseed(&d, YF_STR("")));
    yf_drbg_close(&d);
    T_ERR(YF_E_STATE, yf_drbg_fill(&d, x, sizeof x));
}

static void
long_requests_are_cut(void **st)
{
    static uint8_t big[3 * 65536 + 5];
    struct source s = { .state = 1 };
    yf_drbg d;
    (void)st;

    T_OK(open_on(&d, &s, 1024));
    yf_rng r = yf_drbg_rng(&d);
    T_OK(yf_rng_fill(&r, big, sizeof big));
    T(d.since_reseed == 4);
}

static void
a_short_hash_is_refused(void **st)
{
    struct source s = { .state = 1 };
    yf_noise n = { noise, &s, 1024 };
    yf_drbg d;
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, yf_drbg_open(&d, yf_provider_soft.hash[YF_SHA1], &n, YF_STR("")));
    T_ERR(YF_E_UNSUPPORTED, yf_drbg_open(&d, NULL, &n, YF_STR("")));
    T(s.given == 0);
}

T_MAIN(cmocka_unit_test(vectors_on_every_provider),
       cmocka_unit_test(a_stuck_source_fails_at_the_cutoff),
       cmocka_unit_test(a_biased_source_fails_the_proportion_test),
       cmocka_unit_test(a_failure_stays), cmocka_unit_test(reads_as_much_as_the_claim_demands),
       cmocka_unit_test(output_depends_on_source_and_request), cmocka_unit_test(reseeds_by_itself),
       cmocka_unit_test(a_source_that_breaks_ends_it), cmocka_unit_test(long_requests_are_cut),
       cmocka_unit_test(a_short_hash_is_refused))
