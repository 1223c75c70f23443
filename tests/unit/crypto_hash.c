/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/hash.h>

#include "../providers.h"
#include "../t.h"
#include "../vec.h"

static const struct {
    const char *name;
    size_t size, block;
} sizes[YF_HASHES] = {
    [YF_SM3] = { "sm3", 32, 64 },        [YF_SHA1] = { "sha1", 20, 64 },
    [YF_SHA224] = { "sha224", 28, 64 },  [YF_SHA256] = { "sha256", 32, 64 },
    [YF_SHA384] = { "sha384", 48, 128 }, [YF_SHA512] = { "sha512", 64, 128 },
};

static void
is_wiped(const yf_hash *h)
{
    static const yf_hash zero;
    T_MEM(h, &zero, sizeof zero);
}

/* Each table says what it is, and the soft one has them all. */
static void
tables(void **st)
{
    (void)st;
    for (size_t i = 0; i < YF_HASHES; i++) {
        T(yf_provider_soft.hash[i] != NULL);
        for (const yf_provider *const *p = test_providers; *p; p++) {
            const struct yf_hash_alg *alg = yf_provider_hash(*p, (enum yf_hash_id)i);
            if (!alg)
                continue;
            assert_string_equal(alg->name, sizes[i].name);
            T(alg->id == i && alg->size == sizes[i].size && alg->block == sizes[i].block);
            T(yf_provider_hash_named(*p, sizes[i].name) == alg);
        }
    }
    T(yf_provider_hash(&yf_provider_soft, YF_HASHES) == NULL);
    T(yf_provider_hash_named(&yf_provider_soft, "sha25") == NULL);
    T(yf_provider_hash_named(&yf_provider_soft, "sha2567") == NULL);
    T(yf_provider_hash_named(&yf_provider_soft, "") == NULL);
}

/* The digest must not depend on how the message arrives: in two parts, ... */
static void
in_two(const struct yf_hash_alg *alg, yf_span msg, size_t cut, const uint8_t *want)
{
    uint8_t md[YF_HASH_MAX];
    yf_hash h;

    T_OK(yf_hash_init(&h, alg));
    yf_hash_add(&h, (yf_span){ msg.p, cut });
    yf_hash_add(&h, (yf_span){ msg.p + cut, msg.n - cut });
    yf_hash_end(&h, md);
    T_MEM(md, want, alg->size);
}

/* ... or in equal steps. */
static void
in_steps(const struct yf_hash_alg *alg, yf_span msg, size_t step, const uint8_t *want)
{
    uint8_t md[YF_HASH_MAX];
    yf_hash h;

    T_OK(yf_hash_init(&h, alg));
    for (size_t at = 0; at < msg.n; at += step)
        yf_hash_add(&h, (yf_span){ msg.p + at, msg.n - at < step ? msg.n - at : step });
    yf_hash_end(&h, md);
    T_MEM(md, want, alg->size);
}

static void
repeated(const struct yf_hash_alg *alg, yf_span msg, long times, const uint8_t *want)
{
    uint8_t md[YF_HASH_MAX];
    yf_hash h;

    T_OK(yf_hash_init(&h, alg));
    for (long i = 0; i < times; i++)
        yf_hash_add(&h, msg);
    yf_hash_end(&h, md);
    T_MEM(md, want, alg->size);
}

static void
digest(const struct vec *v, void *seen)
{
    yf_span msg = vec_get(v, "msg"), want = vec_get(v, "md");

    for (const yf_provider *const *p = test_providers; *p; p++) {
        const struct yf_hash_alg *alg = yf_provider_hash_named(*p, vec_str(v, "alg"));
        if (!alg)
            continue;
        ++*(size_t *)seen;
        T(want.n == alg->size);
        if (vec_has(v, "repeat")) {
            repeated(alg, msg, vec_num(v, "repeat"), want.p);
            continue;
        }
        for (size_t cut = 0; cut <= msg.n; cut += msg.n > 300 ? 61 : 1)
            in_two(alg, msg, cut, want.p);
        for (size_t step = 1; step <= 2u * alg->block; step += 21)
            in_steps(alg, msg, step, want.p);
    }
}

static void
digests(void **st)
{
    (void)st;
    size_t seen = 0, n = vec_each("hash.txt", digest, &seen);
    T(n > 600 && seen >= n);
}

/* Both ways from a fork go on alone, at every fill of the block. */
static void
forks(void **st)
{
    static const uint8_t msg[200] = { 1, 2, 3 };
    uint8_t a[YF_HASH_MAX], b[YF_HASH_MAX], want[YF_HASH_MAX];

    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = 0; i < YF_HASHES; i++)
            for (size_t cut = 0; cut <= sizeof msg && (*p)->hash[i]; cut++) {
                const struct yf_hash_alg *alg = (*p)->hash[i];
                yf_span head = { msg, cut }, tail = { msg + cut, sizeof msg - cut };
                yf_hash one, two;
                T_OK(yf_hash_init(&one, alg));
                yf_hash_add(&one, head);
                T_OK(yf_hash_fork(&two, &one));
                yf_hash_add(&two, tail);
                yf_hash_end(&two, b);
                yf_hash_end(&one, a);
                T_OK(yf_hash_all(alg, &head, 1, want));
                T_MEM(a, want, alg->size);
                T_OK(yf_hash_all(alg, (yf_span[]){ head, tail }, 2, want));
                T_MEM(b, want, alg->size);
            }
}

/* What was ended or dropped holds nothing, and may be dropped again. */
static void
ends(void **st)
{
    uint8_t md[YF_HASH_MAX];

    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = 0; i < YF_HASHES; i++) {
            yf_hash h;
            if (!(*p)->hash[i])
                continue;
            T_OK(yf_hash_init(&h, (*p)->hash[i]));
            yf_hash_add(&h, YF_STR("a secret, half a block of it"));
            yf_hash_end(&h, md);
            is_wiped(&h);
            yf_hash_drop(&h);
            T_OK(yf_hash_init(&h, (*p)->hash[i]));
            yf_hash_add(&h, YF_STR("another"));
            yf_hash_drop(&h);
            is_wiped(&h);
            yf_hash_drop(&h);
        }
    yf_hash none;
    T_ERR(YF_E_UNSUPPORTED, yf_hash_init(&none, NULL));
    T_ERR(YF_E_UNSUPPORTED, yf_hash_all(NULL, NULL, 0, md));
}

/* ---- HMAC ---- */

static void
mac(const struct vec *v, void *seen)
{
    yf_span key = vec_get(v, "key"), msg = vec_get(v, "msg"), want = vec_get(v, "mac");
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    uint8_t got[YF_HASH_MAX];

    T(valid || strcmp(vec_str(v, "result"), "invalid") == 0);
    for (const yf_provider *const *p = test_providers; *p; p++) {
        const struct yf_hash_alg *alg = yf_provider_hash_named(*p, vec_str(v, "alg"));
        if (!alg)
            continue;
        ++*(size_t *)seen;
        T(want.n <= alg->size);
        T_OK(yf_hmac_all(alg, key, &msg, 1, got));
        T((memcmp(got, want.p, want.n) == 0) == valid);
        for (size_t cut = 0; cut <= msg.n; cut += msg.n > 64 ? 13 : 1) {
            yf_hmac m;
            T_OK(yf_hmac_init(&m, alg, key));
            yf_hmac_add(&m, (yf_span){ msg.p, cut });
            yf_hmac_add(&m, (yf_span){ msg.p + cut, msg.n - cut });
            yf_hmac_end(&m, got);
            T((memcmp(got, want.p, want.n) == 0) == valid);
            is_wiped(&m.inner);
            is_wiped(&m.outer);
        }
    }
}

static void
macs(void **st)
{
    (void)st;
    size_t seen = 0, n = vec_each("hmac.txt", mac, &seen);
    n += vec_each("wycheproof_hmac.txt", mac, &seen);
    T(n > 1000 && seen >= n);
}

/* A key of one block is itself; one byte more and it is its digest. */
static void
hmac_keys(void **st)
{
    uint8_t key[YF_HASH_BLOCK_MAX + 1], md[YF_HASH_MAX], a[YF_HASH_MAX], b[YF_HASH_MAX];
    yf_span msg = YF_STR("message");

    (void)st;
    memset(key, 0xA5, sizeof key);
    for (size_t i = 0; i < YF_HASHES; i++) {
        const struct yf_hash_alg *alg = yf_provider_soft.hash[i];
        yf_span whole = { key, alg->block }, over = { key, alg->block + 1u };
        T_OK(yf_hash_all(alg, &whole, 1, md));
        T_OK(yf_hmac_all(alg, (yf_span){ md, alg->size }, &msg, 1, a));
        T_OK(yf_hmac_all(alg, whole, &msg, 1, b));
        T(memcmp(a, b, alg->size) != 0);
        T_OK(yf_hash_all(alg, &over, 1, md));
        T_OK(yf_hmac_all(alg, (yf_span){ md, alg->size }, &msg, 1, a));
        T_OK(yf_hmac_all(alg, over, &msg, 1, b));
        T_MEM(a, b, alg->size);
    }
}

static void
hmac_ends(void **st)
{
    yf_hmac m;
    uint8_t got[YF_HASH_MAX];

    (void)st;
    T_OK(yf_hmac_init(&m, yf_provider_soft.hash[YF_SM3], YF_STR("key")));
    yf_hmac_drop(&m);
    is_wiped(&m.inner);
    is_wiped(&m.outer);
    yf_hmac_drop(&m);
    T_ERR(YF_E_UNSUPPORTED, yf_hmac_init(&m, NULL, YF_STR("key")));
    yf_hmac_drop(&m);
    T_ERR(YF_E_UNSUPPORTED, yf_hmac_all(NULL, YF_STR("key"), NULL, 0, got));
}

T_MAIN(cmocka_unit_test(tables), cmocka_unit_test(digests), cmocka_unit_test(forks),
       cmocka_unit_test(ends), cmocka_unit_test(macs), cmocka_unit_test(hmac_keys),
       cmocka_unit_test(hmac_ends))
