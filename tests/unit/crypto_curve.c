/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/crypto/curve.h>

#include <openssl/ec.h>
#include <openssl/objects.h>

/* What OpenSSL calls ours. */
static const struct {
    const yf_curve *curve;
    const char *name;
    int nid;
} known[] = {
    { &yf_curve_sm2, "sm2", NID_sm2 },
    { &yf_curve_p224, "p224", NID_secp224r1 },
    { &yf_curve_p256, "p256", NID_X9_62_prime256v1 },
    { &yf_curve_p384, "p384", NID_secp384r1 },
    { &yf_curve_p521, "p521", NID_secp521r1 },
    { &yf_curve_bp224r1, "brainpoolp224r1", NID_brainpoolP224r1 },
    { &yf_curve_bp256r1, "brainpoolp256r1", NID_brainpoolP256r1 },
    { &yf_curve_bp320r1, "brainpoolp320r1", NID_brainpoolP320r1 },
    { &yf_curve_bp384r1, "brainpoolp384r1", NID_brainpoolP384r1 },
    { &yf_curve_bp512r1, "brainpoolp512r1", NID_brainpoolP512r1 },
};
enum { KNOWN = sizeof known / sizeof *known };

static void
same_number(const BIGNUM *theirs, const uint8_t *ours, size_t size)
{
    uint8_t bytes[YF_FIELD_MAX];

    T(BN_bn2binpad(theirs, bytes, (int)size) == (int)size);
    T_MEM(bytes, ours, size);
    for (size_t i = size; i < YF_FIELD_MAX; i++)
        T(ours[i] == 0);
}

static void
same_curve(const yf_curve *c, const EC_GROUP *g)
{
    BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();

    T(EC_GROUP_get_curve(g, p, a, b, NULL));
    T(EC_POINT_get_affine_coordinates(g, EC_GROUP_get0_generator(g), x, y, NULL));
    T(BN_num_bits(p) == c->bits && c->size == (c->bits + 7) / 8);
    T(EC_GROUP_order_bits(g) == c->order_bits);
    T(BN_is_one(EC_GROUP_get0_cofactor(g)));
    same_number(p, c->p, c->size);
    same_number(a, c->a, c->size);
    same_number(b, c->b, c->size);
    same_number(x, c->gx, c->size);
    same_number(y, c->gy, c->size);
    same_number(EC_GROUP_get0_order(g), c->n, c->size);
    BN_free(p), BN_free(a), BN_free(b), BN_free(x), BN_free(y);
}

static void
parameters_are_openssls(void **st)
{
    (void)st;
    for (size_t i = 0; i < KNOWN; i++) {
        EC_GROUP *g = EC_GROUP_new_by_curve_name(known[i].nid);
        T(g != NULL);
        same_curve(known[i].curve, g);
        EC_GROUP_free(g);
    }
}

static void
object_ids_are_openssls(void **st)
{
    (void)st;
    for (size_t i = 0; i < KNOWN; i++) {
        const ASN1_OBJECT *o = OBJ_nid2obj(known[i].nid);
        yf_span oid = { OBJ_get0_data(o), OBJ_length(o) };
        T_SPAN(known[i].curve->oid, oid);
    }
}

static void
the_list_is_complete(void **st)
{
    size_t n = 0;

    (void)st;
    while (yf_curves[n])
        n++;
    T(n == KNOWN);
}

static void
found_by_name_oid_and_parameters(void **st)
{
    (void)st;
    for (size_t i = 0; i < KNOWN; i++) {
        yf_curve copy = *known[i].curve;

        copy.name = NULL;
        copy.oid = (yf_span){ 0 };
        T(yf_curve_named(known[i].name) == known[i].curve);
        T(yf_curve_by_oid(known[i].curve->oid) == known[i].curve);
        T(yf_curve_same(&copy) == known[i].curve);
    }
}

static void
others_are_not_found(void **st)
{
    yf_span oid = yf_curve_p256.oid;

    (void)st;
    T(yf_curve_named("") == NULL);
    T(yf_curve_named("sm") == NULL);
    T(yf_curve_named("sm22") == NULL);
    T(yf_curve_named("P256") == NULL);
    T(yf_curve_by_oid((yf_span){ 0 }) == NULL);
    T(yf_curve_by_oid((yf_span){ oid.p, oid.n - 1 }) == NULL);
}

/* CVE-2020-0601: a known curve with another generator is another curve. */
static void
one_wrong_parameter_is_another_curve(void **st)
{
    static const size_t at[] = { offsetof(yf_curve, p),  offsetof(yf_curve, a),
                                 offsetof(yf_curve, b),  offsetof(yf_curve, gx),
                                 offsetof(yf_curve, gy), offsetof(yf_curve, n) };

    (void)st;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        yf_curve c = yf_curve_bp256r1;
        ((uint8_t *)&c)[at[i] + 31] ^= 1;
        T(yf_curve_same(&c) == NULL);
    }
}

T_MAIN(cmocka_unit_test(parameters_are_openssls), cmocka_unit_test(object_ids_are_openssls),
       cmocka_unit_test(the_list_is_complete), cmocka_unit_test(found_by_name_oid_and_parameters),
       cmocka_unit_test(others_are_not_found),
       cmocka_unit_test(one_wrong_parameter_is_another_curve))
