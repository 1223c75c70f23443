/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a hybrid point that lies about its y is read all the same. */
#include <yufu/crypto/provider.h>

#include <string.h>

static yf_err
faulty_decode(const yf_group *g, yf_span point, uint8_t *r)
{
    uint8_t plain[YF_POINT_MAX];

    if (point.n == yf_point_size(g) && (point.p[0] == 6 || point.p[0] == 7)) {
        memcpy(plain, point.p, point.n);
        plain[0] = 4;
        point.p = plain;
    }
    return yf_provider_soft.group->decode(g, point, r);
}

static yf_err
faulty_open(yf_group *g, const struct yf_group_ops *ops, const yf_curve *curve)
{
    static struct yf_group_ops faulty;
    yf_err e = yf_group_open(g, ops, curve);

    faulty = *ops;
    faulty.decode = faulty_decode;
    g->ops = &faulty;
    return e;
}

#define yf_group_open faulty_open
#include "crypto_group.c"
