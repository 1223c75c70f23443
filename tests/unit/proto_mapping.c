/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "t.h"
#include "vec.h"

#include "proto/mapping.h"
#include <yufu/crypto/host.h>
#include <yufu/proto/pace.h>

static const yf_provider *const providers[] = { &yf_provider_soft, &yf_provider_host };
enum { PROVIDERS = sizeof providers / sizeof *providers };

/* The generator, once with our arithmetic and once with OpenSSL's. */
static void
generator_is(const struct vec *v, const yf_provider *p)
{
    struct yf_pace_suite s;
    uint8_t r[YF_POINT_MAX];
    yf_group g;

    T_OK(yf_pace_suite(p, vec_get(v, "oid"), (int32_t)vec_num(v, "parameters"), &s));
    T_OK(yf_group_open(&g, yf_provider_group(p, s.curve), s.curve));
    if (s.mapping == YF_PACE_GM)
        T_OK(yf_mapping_generic(&g, vec_get(v, "s"), vec_get(v, "d").p, vec_get(v, "peer"), r));
    else
        T_OK(yf_mapping_integrated(&g, p->cipher[s.cipher], vec_get(v, "s"), vec_get(v, "t"), r));
    T_SPAN(((yf_span){ r, yf_point_size(&g) }), vec_get(v, "generator"));
    yf_group_close(&g);
}

static void
one(const struct vec *v, void *arg)
{
    (void)arg;
    for (size_t i = 0; i < PROVIDERS; i++)
        generator_is(v, providers[i]);
}

static void
examples(void **st)
{
    (void)st;
    T(vec_each("pace.txt", one, NULL) == 2);
    T(vec_each("pace_made.txt", one, NULL) == 12);
}

/* A nonce above the order counts by its remainder; one that is a multiple of it maps nowhere. */
static void
long_nonces(void **st)
{
    static const uint8_t one_and[32] = { [31] = 5 };
    const yf_curve *c = &yf_curve_bp224r1;
    uint8_t s[32] = { 0 }, d[YF_FIELD_MAX] = { 0 }, a[YF_POINT_MAX], b[YF_POINT_MAX];
    uint8_t base[YF_POINT_MAX] = { 4 };
    yf_span peer = { base, 57 };
    yf_group g;

    (void)st;
    memcpy(base + 1, c->gx, 28);
    memcpy(base + 29, c->gy, 28);
    d[27] = 9;
    memcpy(s + 4, c->n, 28);
    for (size_t i = 0; i < PROVIDERS; i++) {
        T_OK(yf_group_open(&g, providers[i]->group, c));
        s[31] = c->n[27];
        T_ERR(YF_E_FORMAT, yf_mapping_generic(&g, YF_SPAN(s), d, peer, a));
        T(c->n[27] < 251);
        s[31] = (uint8_t)(c->n[27] + 5);
        T_OK(yf_mapping_generic(&g, YF_SPAN(s), d, peer, a));
        T_OK(yf_mapping_generic(&g, YF_SPAN(one_and), d, peer, b));
        T_MEM(a, b, 57);
        yf_group_close(&g);
    }
}

T_MAIN(cmocka_unit_test(examples), cmocka_unit_test(long_nonces))
