/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points: what we read is what OpenSSL reads, and no more (it takes the identity,
 * we do not); and any form of what was read, written again, reads the same.
 *
 * Input: which curve, and the octets.
 */
#include "fuzz.h"

#include <yufu/crypto/group.h>
#include <yufu/crypto/provider.h>

#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <string.h>

static const struct {
    const yf_curve *curve;
    int nid;
} curves[] = {
    { &yf_curve_sm2, NID_sm2 },        { &yf_curve_p256, NID_X9_62_prime256v1 },
    { &yf_curve_p224, NID_secp224r1 }, { &yf_curve_bp320r1, NID_brainpoolP320r1 },
    { &yf_curve_p521, NID_secp521r1 },
};

/* The length of the point as OpenSSL reads it; 0 if it does not. */
static size_t
second_opinion(int nid, yf_span point, uint8_t *r)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(nid);
    EC_POINT *p = EC_POINT_new(group);
    size_t n = 0;

    MUST(group && p);
    if (EC_POINT_oct2point(group, p, point.p, point.n, NULL) && !EC_POINT_is_at_infinity(group, p))
        n = EC_POINT_point2oct(group, p, POINT_CONVERSION_UNCOMPRESSED, r, YF_POINT_MAX, NULL);
    EC_POINT_free(p);
    EC_GROUP_free(group);
    return n;
}

static void
reads_as(const yf_group *g, const uint8_t *form, size_t n, const uint8_t *point)
{
    uint8_t r[YF_POINT_MAX];

    MUST(g->ops->decode(g, (yf_span){ form, n }, r) == YF_OK);
    MUST(memcmp(r, point, yf_point_size(g)) == 0);
}

static void
other_forms(const yf_group *g, const uint8_t *point)
{
    const size_t size = g->curve->size;
    const unsigned odd = point[2 * size] & 1;
    uint8_t form[YF_POINT_MAX];

    memcpy(form, point, 1 + 2 * size);
    reads_as(g, form, 1 + 2 * size, point);
    form[0] = (uint8_t)(6 + odd);
    reads_as(g, form, 1 + 2 * size, point);
    form[0] = (uint8_t)(2 + odd);
    reads_as(g, form, 1 + size, point);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t ours[YF_POINT_MAX], theirs[YF_POINT_MAX];
    yf_group g;

    if (size == 0)
        return 0;
    size_t i = data[0] % (sizeof curves / sizeof *curves);
    yf_span point = { data + 1, size - 1 };
    MUST(yf_group_open(&g, yf_provider_soft.group, curves[i].curve) == YF_OK);
    yf_err e = g.ops->decode(&g, point, ours);
    size_t n = second_opinion(curves[i].nid, point, theirs);
    MUST(e == (n ? YF_OK : YF_E_FORMAT));
    if (!e) {
        MUST(n == yf_point_size(&g) && memcmp(ours, theirs, n) == 0);
        other_forms(&g, ours);
    }
    yf_group_close(&g);
    return 0;
}
