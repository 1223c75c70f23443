/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars, points and numbers modulo p and n are secret; on both fast curves and two of the rest.
 */
#include "ct.h"

#include "crypto/soft/soft.h"

#include <string.h>

static const yf_curve *const curves[] = { &yf_curve_sm2, &yf_curve_p256, &yf_curve_p224,
                                          &yf_curve_bp256r1, &yf_curve_p521 };
enum { CURVES = sizeof curves / sizeof *curves };

static yf_group group;
static size_t size;

static void
must(yf_err e)
{
    ct_public(&e, sizeof e);
    if (e)
        abort();
}

/* A number in [1, n-1], and below p. */
static void
scalar(uint8_t *k, uint8_t seed)
{
    for (size_t i = 0; i < size; i++)
        k[i] = (uint8_t)(seed + 0x5B * i);
    k[0] = 0;
    ct_secret(k, size);
}

/* A point that depends on a secret. */
static void
point(uint8_t *p, uint8_t seed)
{
    uint8_t k[YF_FIELD_MAX];

    scalar(k, seed);
    must(group.ops->mul(&group, k, (yf_span){ 0 }, p));
    p[0] = 4; // the form of a point is public
}

static void
on_each(void (*run)(void))
{
    for (size_t i = 0; i < CURVES; i++) {
        must(yf_group_open(&group, &yf_soft_group, curves[i]));
        size = curves[i]->size;
        run();
        yf_group_close(&group);
    }
}

/* ---- what a key is used for ---- */

static void
multiply_generator_one(void)
{
    uint8_t p[YF_POINT_MAX];

    point(p, 1);
}

static void
multiply_one(void)
{
    uint8_t k[YF_FIELD_MAX], p[YF_POINT_MAX];

    point(p, 1);
    scalar(k, 7);
    must(group.ops->mul(&group, k, (yf_span){ p, yf_point_size(&group) }, p));
}

/* n itself and 0: that they are refused is public, which of them it was is not. */
static void
refuse_one(void)
{
    uint8_t k[YF_FIELD_MAX] = { 0 }, p[YF_POINT_MAX];

    ct_secret(k, size);
    yf_err zero = group.ops->mul(&group, k, (yf_span){ 0 }, p);
    memcpy(k, group.curve->n, size);
    ct_secret(k, size);
    yf_err order = group.ops->mul(&group, k, (yf_span){ 0 }, p);
    if (zero != YF_E_FORMAT || order != YF_E_FORMAT)
        abort();
}

static yf_err
nonce(void *state, const yf_curve *curve, uint8_t *k)
{
    uint8_t *turn = state;

    if ((*turn)++ == 0) // the first is out of range, and drawn again
        memset(k, 0xFF, curve->size);
    else
        scalar(k, 0x33);
    ct_secret(k, curve->size);
    return YF_OK;
}

static void
ecdsa_one(void)
{
    uint8_t d[YF_FIELD_MAX], sig[2 * YF_FIELD_MAX], turn = 0;

    scalar(d, 3);
    must(group.ops->ecdsa_sign(&group, d, YF_STR("the digest of a message, abridged"),
                               &(yf_nonce){ nonce, &turn }, sig));
}

static void
sm2_one(void)
{
    uint8_t d[YF_FIELD_MAX], sig[2 * YF_FIELD_MAX], turn = 0;

    scalar(d, 3);
    must(group.ops->sm2_sign(&group, d, YF_STR("the digest of a message, abridged"),
                             &(yf_nonce){ nonce, &turn }, sig));
}

/* ---- what protocols do with secret points and numbers ---- */

static void
add_one(void)
{
    const size_t n = yf_point_size(&group);
    uint8_t p[YF_POINT_MAX], q[YF_POINT_MAX], r[YF_POINT_MAX];

    point(p, 1);
    point(q, 9);
    must(group.ops->add(&group, (yf_span){ p, n }, (yf_span){ q, n }, r));
    must(group.ops->add(&group, (yf_span){ p, n }, (yf_span){ p, n }, r));
}

static void
decode_one(void)
{
    uint8_t p[YF_POINT_MAX];

    point(p, 1);
    must(group.ops->decode(&group, (yf_span){ p, yf_point_size(&group) }, p));
}

static void
numbers_one(void)
{
    uint8_t a[YF_FIELD_MAX], b[YF_FIELD_MAX], r[YF_FIELD_MAX];

    scalar(a, 1);
    scalar(b, 2);
    for (enum yf_mod m = YF_MOD_P; m <= YF_MOD_N; m++) {
        must(group.ops->mod_add(&group, m, a, b, r));
        must(group.ops->mod_sub(&group, m, a, b, r));
        must(group.ops->mod_mul(&group, m, a, b, r));
        must(group.ops->mod_exp(&group, m, a, group.curve->p, r)); // its exponent is public
        must(group.ops->mod_inv(&group, m, a, r));
        must(group.ops->mod_reduce(&group, m, (yf_span){ a, size }, r));
    }
}

#define EACH(name)                                                                                 \
    static void name(void)                                                                         \
    {                                                                                              \
        on_each(name##_one);                                                                       \
    }
EACH(multiply_generator)
EACH(multiply)
EACH(refuse)
EACH(ecdsa)
EACH(sm2)
EACH(add)
EACH(decode)
EACH(numbers)

CT_MAIN(CT(multiply_generator), CT(multiply), CT(refuse), CT(ecdsa), CT(sm2), CT(add), CT(decode),
        CT(numbers))
