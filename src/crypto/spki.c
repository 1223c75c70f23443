/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/oids.h>
#include <yufu/crypto/spki.h>
#include <yufu/wire/der.h>

#include "num.h"

/* ---- curves ---- */

/* A number or a field element, which must not be longer than p. */
static void
place(yf_cur *c, yf_span in, uint8_t *to, size_t size)
{
    if (in.n > size)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    else if (in.n)
        num_pad(in, to, size);
}

/* FieldID { prime-field, p }; p says how long everything else is. */
static void
read_field(yf_cur *c, yf_curve *r)
{
    yf_cur field = yf_der_enter(c, YF_DER_SEQ);

    if (yf_oid_of(yf_der_oid(&field)) != YF_OID_PRIME_FIELD)
        yf_cur_fail(&field, YF_E_UNSUPPORTED);
    yf_span p = yf_der_uint(&field, YF_DER_INTEGER, YF_FIELD_MAX);
    r->size = (uint8_t)p.n;
    place(&field, p, r->p, r->size);
    yf_cur_fail(c, yf_cur_done(&field));
}

/* Curve { a, b, seed OPTIONAL } */
static void
read_coefficients(yf_cur *c, yf_curve *r)
{
    yf_cur curve = yf_der_enter(c, YF_DER_SEQ);

    place(&curve, yf_der_need(&curve, YF_DER_OCTETS, 1, YF_FIELD_MAX), r->a, r->size);
    place(&curve, yf_der_need(&curve, YF_DER_OCTETS, 1, YF_FIELD_MAX), r->b, r->size);
    if (yf_cur_more(&curve))
        yf_der_bits(&curve, YF_DER_BITS, NULL);
    yf_cur_fail(c, yf_cur_done(&curve));
}

/* ECPoint, uncompressed, as 9303-12 wants it. */
static void
read_base(yf_cur *c, yf_curve *r)
{
    yf_span base = yf_der_need(c, YF_DER_OCTETS, 1, YF_POINT_MAX);

    if (c->err)
        return;
    if (base.p[0] != 4 || base.n != 1 + 2 * (size_t)r->size) {
        yf_cur_fail(c, YF_E_UNSUPPORTED);
        return;
    }
    memcpy(r->gx, base.p + 1, r->size);
    memcpy(r->gy, base.p + 1 + r->size, r->size);
}

/* SpecifiedECDomain { version, FieldID, Curve, base, order, cofactor OPTIONAL } */
static const yf_curve *
read_explicit(yf_cur *c)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);
    yf_curve r = { 0 };

    yf_der_small(&seq, YF_DER_INTEGER, 1, 3);
    read_field(&seq, &r);
    read_coefficients(&seq, &r);
    read_base(&seq, &r);
    place(&seq, yf_der_uint(&seq, YF_DER_INTEGER, YF_FIELD_MAX), r.n, r.size);
    if (yf_cur_more(&seq))
        yf_der_small(&seq, YF_DER_INTEGER, 1, 1);
    yf_cur_fail(c, yf_cur_done(&seq));
    return c->err ? NULL : yf_curve_same(&r);
}

const yf_curve *
yf_ec_params_read(yf_cur *c, bool *explicit_params)
{
    const yf_curve *curve = NULL;

    *explicit_params = yf_der_peek(c) == YF_DER_SEQ;
    if (*explicit_params) {
        curve = read_explicit(c);
    } else {
        yf_span oid = yf_der_oid(c);
        curve = c->err ? NULL : yf_curve_by_oid(oid);
    }
    if (!curve)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    return curve;
}

static void
write_explicit(yf_out *o, const yf_curve *c)
{
    size_t params = yf_der_open(o, YF_DER_SEQ);

    yf_der_put_small(o, YF_DER_INTEGER, 1);
    size_t field = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, yf_oid_bytes(YF_OID_PRIME_FIELD));
    yf_der_put_uint(o, YF_DER_INTEGER, (yf_span){ c->p, c->size });
    yf_der_close(o, field);
    size_t curve = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OCTETS, (yf_span){ c->a, c->size });
    yf_der_put(o, YF_DER_OCTETS, (yf_span){ c->b, c->size });
    yf_der_close(o, curve);
    size_t base = yf_der_open(o, YF_DER_OCTETS);
    yf_out_u8(o, 4);
    yf_out_put(o, (yf_span){ c->gx, c->size });
    yf_out_put(o, (yf_span){ c->gy, c->size });
    yf_der_close(o, base);
    yf_der_put_uint(o, YF_DER_INTEGER, (yf_span){ c->n, c->size });
    yf_der_put_small(o, YF_DER_INTEGER, 1); // the cofactor
    yf_der_close(o, params);
}

void
yf_ec_params_write(yf_out *o, const yf_curve *curve, bool explicit_params)
{
    if (explicit_params)
        write_explicit(o, curve);
    else
        yf_der_put_as(o, YF_DER_OID, YF_DER_OID, curve->oid);
}

/* ---- keys ---- */

/* SEC 1 2.3.4 without the identity and without hybrids, which RFC 5480 2.2 excludes. */
static bool
point_has_form(yf_span point, const yf_curve *curve)
{
    if (point.n == 1 + 2 * (size_t)curve->size)
        return point.p[0] == 4;
    return point.n == 1 + (size_t)curve->size && (point.p[0] == 2 || point.p[0] == 3);
}

/* RFC 8017 A.1.1 */
static bool
rsa_has_form(yf_span key)
{
    yf_cur c = yf_cur_of(key);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);

    yf_der_uint(&seq, YF_DER_INTEGER, SIZE_MAX);
    yf_der_uint(&seq, YF_DER_INTEGER, SIZE_MAX);
    return !yf_cur_done(&seq) && !yf_cur_done(&c);
}

static void
read_algorithm(yf_cur *c, yf_spki *k)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);

    switch (yf_oid_of(yf_der_oid(&alg))) {
    case YF_OID_EC_PUBLIC_KEY:
        k->curve = yf_ec_params_read(&alg, &k->explicit_params);
        break;
    case YF_OID_RSA:
        yf_der_null(&alg);
        break;
    default:
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    }
    yf_cur_fail(c, yf_cur_done(&alg));
}

yf_spki
yf_spki_read(yf_cur *c)
{
    const uint8_t *start = c->p;
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);
    yf_spki k = { 0 };

    read_algorithm(&seq, &k);
    k.key = yf_der_bits(&seq, YF_DER_BITS, NULL);
    if (!seq.err && !(k.curve ? point_has_form(k.key, k.curve) : rsa_has_form(k.key)))
        yf_cur_fail(&seq, YF_E_FORMAT);
    yf_cur_fail(c, yf_cur_done(&seq));
    if (c->err)
        return (yf_spki){ 0 };
    k.raw = (yf_span){ start, (size_t)(c->p - start) };
    return k;
}

void
yf_spki_write_ec(yf_out *o, const yf_curve *curve, bool explicit_params, yf_span point)
{
    size_t spki = yf_der_open(o, YF_DER_SEQ);
    size_t alg = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, yf_oid_bytes(YF_OID_EC_PUBLIC_KEY));
    yf_ec_params_write(o, curve, explicit_params);
    yf_der_close(o, alg);
    if (!point_has_form(point, curve))
        yf_out_fail(o, YF_E_FORMAT);
    yf_der_put_bits(o, YF_DER_BITS, point, 0);
    yf_der_close(o, spki);
}

void
yf_spki_write_rsa(yf_out *o, yf_span rsa_public_key)
{
    size_t spki = yf_der_open(o, YF_DER_SEQ);
    size_t alg = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, yf_oid_bytes(YF_OID_RSA));
    yf_der_put_null(o);
    yf_der_close(o, alg);
    if (!rsa_has_form(rsa_public_key))
        yf_out_fail(o, YF_E_FORMAT);
    yf_der_put_bits(o, YF_DER_BITS, rsa_public_key, 0);
    yf_der_close(o, spki);
}
