/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"

#include <yufu/crypto/key.h>
#include <yufu/wire/der.h>

/* The key of GB/T 32918.5-2017 A.2, as `openssl pkcs8 -topk8 -nocrypt` writes it. */
static const uint8_t private_sm2[] = {
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
    0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D, 0x04, 0x6D, 0x30, 0x6B, 0x02,
    0x01, 0x01, 0x04, 0x20, 0x39, 0x45, 0x20, 0x8F, 0x7B, 0x21, 0x44, 0xB1, 0x3F, 0x36, 0xE3, 0x8A,
    0xC6, 0xD3, 0x9F, 0x95, 0x88, 0x93, 0x93, 0x69, 0x28, 0x60, 0xB5, 0x1A, 0x42, 0xFB, 0x81, 0xEF,
    0x4D, 0xF7, 0xC5, 0xB8, 0xA1, 0x44, 0x03, 0x42, 0x00, 0x04, 0x09, 0xF9, 0xDF, 0x31, 0x1E, 0x54,
    0x21, 0xA1, 0x50, 0xDD, 0x7D, 0x16, 0x1E, 0x4B, 0xC5, 0xC6, 0x72, 0x17, 0x9F, 0xAD, 0x18, 0x33,
    0xFC, 0x07, 0x6B, 0xB0, 0x8F, 0xF3, 0x56, 0xF3, 0x50, 0x20, 0xCC, 0xEA, 0x49, 0x0C, 0xE2, 0x67,
    0x75, 0xA5, 0x2D, 0xC6, 0xEA, 0x71, 0x8C, 0xC1, 0xAA, 0x60, 0x0A, 0xED, 0x05, 0xFB, 0xF3, 0x5E,
    0x08, 0x4A, 0x66, 0x32, 0xF6, 0x07, 0x2D, 0xA9, 0xAD, 0x13,
};
enum { OF_D = 36, OF_POINT = 73 };

static const uint8_t public_head_sm2[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48,
                                           0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x81, 0x1C,
                                           0xCF, 0x55, 0x01, 0x82, 0x2D, 0x03, 0x42, 0x00 };

static yf_span
d_sm2(void)
{
    return (yf_span){ private_sm2 + OF_D, 32 };
}

static yf_span
point_sm2(void)
{
    return (yf_span){ private_sm2 + OF_POINT, 65 };
}

struct der {
    uint8_t p[1024];
    size_t n;
};

static yf_span
span(const struct der *d)
{
    return (yf_span){ d->p, d->n };
}

static struct der
der_of(yf_span s)
{
    struct der d = { .n = s.n };

    memcpy(d.p, s.p, s.n);
    return d;
}

static struct der
written(const yf_key *k, void (*write)(const yf_key *, yf_out *))
{
    struct der d;
    yf_out o = yf_out_of(d.p, sizeof d.p);
    yf_span all;

    write(k, &o);
    T_OK(yf_out_done(&o, &all));
    d.n = all.n;
    return d;
}

static void
each_provider(void (*one)(const yf_provider *p))
{
    size_t had = 0;

    for (const yf_provider *const *p = test_providers; *p; p++)
        if ((*p)->group_sm2) {
            one(*p);
            had++;
        }
    T(had >= 2); // ours, and OpenSSL's
}

/* ---- what we write ---- */

static void
known(const yf_provider *p)
{
    struct der spki = der_of(YF_SPAN(public_head_sm2));
    yf_key k, pub;

    memcpy(spki.p + spki.n, point_sm2().p, 65);
    spki.n += 65;
    T_OK(yf_key_read_private(p, YF_SPAN(private_sm2), &k));
    T(k.curve == &yf_curve_sm2 && k.has_private && k.form == 0);
    T_SPAN(((yf_span){ k.d, 32 }), d_sm2());
    T_SPAN(yf_key_point(&k), point_sm2());
    struct der again = written(&k, yf_key_write_private), public = written(&k, yf_key_write_public);
    T_SPAN(span(&again), YF_SPAN(private_sm2));
    T_SPAN(span(&public), span(&spki));

    T_OK(yf_key_read_public(p, span(&spki), &pub));
    T(pub.curve == &yf_curve_sm2 && !pub.has_private && pub.form == 0);
    T_SPAN(yf_key_point(&pub), point_sm2());
    yf_out o = yf_out_of(again.p, sizeof again.p);
    yf_key_write_private(&pub, &o);
    T_ERR(YF_E_STATE, o.err);
    yf_key_wipe(&k);
    T(k.curve == NULL && k.d[0] == 0 && k.d[31] == 0);
}

static void
reads_and_writes_what_openssl_does(void **st)
{
    (void)st;
    each_provider(known);
}

static void
round_trip(const yf_provider *p, const yf_curve *c, const yf_rng *rng)
{
    yf_key k, again, pub;
    yf_err e = yf_key_generate(p, c, rng, &k);

    if (e == YF_E_UNSUPPORTED)
        return;
    T_OK(e);
    struct der priv = written(&k, yf_key_write_private), spki = written(&k, yf_key_write_public);
    T(priv.n <= YF_KEY_DER_MAX && spki.n <= YF_KEY_DER_MAX);
    T_OK(yf_key_read_private(p, span(&priv), &again));
    T(again.curve == c && again.form == 0);
    T_MEM(again.d, k.d, c->size);
    T_OK(yf_key_read_public(p, span(&spki), &pub));
    T(pub.curve == c);
    T_SPAN(yf_key_point(&pub), yf_key_point(&k));
    for (size_t cut = 0; cut < priv.n; cut++)
        T_ERR(YF_E_SHORT, yf_key_read_private(p, (yf_span){ priv.p, cut }, &again));
    for (size_t cut = 0; cut < spki.n; cut++)
        T_ERR(YF_E_SHORT, yf_key_read_public(p, (yf_span){ spki.p, cut }, &pub));
    T_ERR(YF_E_FORMAT, yf_key_read_private(p, (yf_span){ priv.p, priv.n + 1 }, &again));
    T_ERR(YF_E_FORMAT, yf_key_read_public(p, (yf_span){ spki.p, spki.n + 1 }, &pub));
}

static void
all_curves(const yf_provider *p)
{
    struct rnd s = { 5208 };
    yf_rng rng = rng_seeded(&s), dead = rng_stuck(NULL);
    yf_key k = { .form = 0xA5 };

    for (const yf_curve *const *c = yf_curves; *c; c++)
        round_trip(p, *c, &rng);
    T_ERR(YF_E_IO, yf_key_generate(p, &yf_curve_sm2, &dead, &k));
    T(k.form == 0xA5);
}

static void
every_curve_comes_back(void **st)
{
    (void)st;
    each_provider(all_curves);
}

/* ---- what others write ---- */

enum part { WITH_PARAMS = 1, WITH_POINT = 2 };

static void
put_ec_private(yf_out *o, unsigned parts, yf_span d, const yf_curve *named, yf_span point)
{
    size_t seq = yf_der_open(o, YF_DER_SEQ);
    yf_der_put_small(o, YF_DER_INTEGER, 1);
    yf_der_put(o, YF_DER_OCTETS, d);
    if (parts & WITH_PARAMS) {
        size_t tagged = yf_der_open(o, YF_DER_CTX_C(0));
        yf_der_put(o, YF_DER_OID, named->oid);
        yf_der_close(o, tagged);
    }
    if (parts & WITH_POINT) {
        size_t tagged = yf_der_open(o, YF_DER_CTX_C(1));
        yf_der_put_bits(o, YF_DER_BITS, point, 0);
        yf_der_close(o, tagged);
    }
    yf_der_close(o, seq);
}

static struct der
sec1(unsigned parts, yf_span d, const yf_curve *named, yf_span point)
{
    struct der r;
    yf_out o = yf_out_of(r.p, sizeof r.p);
    yf_span all;

    put_ec_private(&o, parts, d, named, point);
    T_OK(yf_out_done(&o, &all));
    r.n = all.n;
    return r;
}

static struct der
pkcs8(unsigned parts, yf_span d, const yf_curve *named, yf_span point)
{
    struct der r;
    yf_out o = yf_out_of(r.p, sizeof r.p);
    yf_span all;

    size_t info = yf_der_open(&o, YF_DER_SEQ);
    yf_out_put(&o, (yf_span){ private_sm2 + 3, 24 }); // version and algorithm
    size_t key = yf_der_open(&o, YF_DER_OCTETS);
    put_ec_private(&o, parts, d, named, point);
    yf_der_close(&o, key);
    yf_der_close(&o, info);
    T_OK(yf_out_done(&o, &all));
    r.n = all.n;
    return r;
}

static void
same_key(const yf_key *k, unsigned form)
{
    T(k->curve == &yf_curve_sm2 && k->has_private && k->form == form);
    T_SPAN(((yf_span){ k->d, 32 }), d_sm2());
    T_SPAN(yf_key_point(k), point_sm2());
}

static void
forms(const yf_provider *p)
{
    const yf_curve *sm2 = &yf_curve_sm2;
    uint8_t compressed[33];
    yf_span short_point = YF_SPAN(compressed);
    struct der d;
    yf_key k;

    compressed[0] = 2 | (point_sm2().p[64] & 1);
    memcpy(compressed + 1, point_sm2().p + 1, 32);

    d = pkcs8(0, d_sm2(), sm2, point_sm2());
    T_OK(yf_key_read_private(p, span(&d), &k));
    same_key(&k, YF_KEY_LONE);
    d = pkcs8(WITH_PARAMS | WITH_POINT, d_sm2(), sm2, point_sm2());
    T_OK(yf_key_read_private(p, span(&d), &k));
    same_key(&k, YF_KEY_REPEATED);
    d = pkcs8(WITH_POINT, d_sm2(), sm2, short_point);
    T_OK(yf_key_read_private(p, span(&d), &k));
    same_key(&k, YF_KEY_COMPRESSED);
    d = sec1(WITH_PARAMS | WITH_POINT, d_sm2(), sm2, point_sm2());
    T_OK(yf_key_read_sec1(p, span(&d), &k));
    same_key(&k, 0);
    d = sec1(WITH_PARAMS, d_sm2(), sm2, point_sm2());
    T_OK(yf_key_read_sec1(p, span(&d), &k));
    same_key(&k, YF_KEY_LONE);
}

static void
reads_the_forms_of_others(void **st)
{
    (void)st;
    each_provider(forms);
}

static void
refusals(const yf_provider *p)
{
    const yf_curve *sm2 = &yf_curve_sm2;
    uint8_t d[34] = { 0 }, last[32], far[33] = { 0 };
    struct der k;
    yf_key out = { .form = 0xA5 };

    /* d of 31 and 33 bytes, 0, n-1, n */
    memcpy(last, sm2->n, 32);
    last[31]--;
    memcpy(far + 1, d_sm2().p, 32);
    yf_span bad[] = {
        { d_sm2().p + 1, 31 }, YF_SPAN(far), { d, 32 }, YF_SPAN(last), { sm2->n, 32 }
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        k = pkcs8(0, bad[i], sm2, point_sm2());
        T_ERR(YF_E_FORMAT, yf_key_read_private(p, span(&k), &out));
        k = sec1(WITH_PARAMS, bad[i], sm2, point_sm2());
        T_ERR(YF_E_FORMAT, yf_key_read_sec1(p, span(&k), &out));
    }
    k = sec1(WITH_POINT, d_sm2(), sm2, point_sm2()); // of what curve?
    T_ERR(YF_E_FORMAT, yf_key_read_sec1(p, span(&k), &out));
    k = pkcs8(WITH_PARAMS | WITH_POINT, d_sm2(), &yf_curve_p256, point_sm2()); // two curves
    T_ERR(YF_E_FORMAT, yf_key_read_private(p, span(&k), &out));
    k = pkcs8(WITH_POINT, d_sm2(), sm2, (yf_span){ point_sm2().p, 64 });
    T_ERR(YF_E_FORMAT, yf_key_read_private(p, span(&k), &out));

    uint8_t g[65] = { 4 }; // a point of the curve, but not d's
    memcpy(g + 1, sm2->gx, 32);
    memcpy(g + 33, sm2->gy, 32);
    k = pkcs8(WITH_POINT, d_sm2(), sm2, YF_SPAN(g));
    T_ERR(YF_E_AUTH, yf_key_read_private(p, span(&k), &out));
    T(out.form == 0xA5);
}

static void
refuses_what_does_not_fit_together(void **st)
{
    (void)st;
    each_provider(refusals);
}

/* One byte of the known key changed. */
static const struct {
    const char *what;
    size_t at;
    uint8_t byte;
    yf_err want;
} broken[] = {
    { "not a sequence", 0, 0x31, YF_E_FORMAT },
    { "length beyond the end", 2, 0x88, YF_E_SHORT },
    { "length before the end", 2, 0x86, YF_E_SHORT },
    { "version of RFC 5958", 5, 1, YF_E_UNSUPPORTED },
    { "version 2", 5, 2, YF_E_FORMAT },
    { "another algorithm", 16, 2, YF_E_UNSUPPORTED },
    { "another curve", 26, 0x2E, YF_E_UNSUPPORTED },
    { "curve neither named nor written out", 17, 5, YF_E_FORMAT },
    { "key no octets", 27, 3, YF_E_FORMAT },
    { "inner version", 33, 2, YF_E_FORMAT },
    { "d no octets", 34, 2, YF_E_FORMAT },
    { "point untagged", 68, 0xA2, YF_E_FORMAT },
    { "point no bits", 70, 4, YF_E_FORMAT },
    { "unused bits", 72, 1, YF_E_FORMAT },
    { "point at infinity", 73, 0, YF_E_FORMAT },
    { "point off the curve", 137, 0x12, YF_E_FORMAT },
    { "another d", 67, 0xB9, YF_E_AUTH },
};

static void
breaks(const yf_provider *p)
{
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct der d = der_of(YF_SPAN(private_sm2));
        yf_key k = { .form = 0xA5 };
        d.p[broken[i].at] = broken[i].byte;
        yf_err e = yf_key_read_private(p, span(&d), &k);
        if (e != broken[i].want || k.form != 0xA5)
            fail_msg("%s: %s", broken[i].what, yf_err_name(e));
    }
}

static void
refuses_every_break(void **st)
{
    (void)st;
    each_provider(breaks);
}

/* An attribute behind the key is well-formed, and more than we do. */
static void
attributes(const yf_provider *p)
{
    struct der d = der_of(YF_SPAN(private_sm2));
    yf_key k;

    d.p[2] += 2;
    memcpy(d.p + d.n, "\xA0\x00", 2);
    d.n += 2;
    T_ERR(YF_E_UNSUPPORTED, yf_key_read_private(p, span(&d), &k));
}

static void
attributes_are_not_supported(void **st)
{
    (void)st;
    each_provider(attributes);
}

/* ---- explicit parameters: 9303-12 4.4 ---- */

struct explicit
{
    yf_curve c;
    int32_t version, cofactor; // no cofactor if 0
    bool seed, binary, compressed;
};

static struct explicit known_explicit(const yf_curve *c)
{
    return (struct explicit){ .c = *c, .version = 1, .cofactor = 1 };
}

static void
put_params(yf_out *o, const struct explicit *x)
{
    const yf_curve *c = &x->c;
    uint8_t base[YF_POINT_MAX] = { x->compressed ? 2 : 4 };
    size_t seq = yf_der_open(o, YF_DER_SEQ);

    yf_der_put_small(o, YF_DER_INTEGER, x->version);
    size_t field = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID,
               x->binary ? YF_STR("\x2A\x86\x48\xCE\x3D\x01\x02")
                         : YF_STR("\x2A\x86\x48\xCE\x3D\x01\x01"));
    yf_der_put_uint(o, YF_DER_INTEGER, (yf_span){ c->p, c->size });
    yf_der_close(o, field);
    size_t curve = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OCTETS, (yf_span){ c->a, c->size });
    yf_der_put(o, YF_DER_OCTETS, (yf_span){ c->b, c->size });
    if (x->seed)
        yf_der_put_bits(o, YF_DER_BITS, YF_STR("seed"), 0);
    yf_der_close(o, curve);
    memcpy(base + 1, c->gx, c->size);
    memcpy(base + 1 + c->size, c->gy, c->size);
    yf_der_put(o, YF_DER_OCTETS,
               (yf_span){ base, x->compressed ? 1U + c->size : 1U + 2U * c->size });
    yf_der_put_uint(o, YF_DER_INTEGER, (yf_span){ c->n, c->size });
    if (x->cofactor)
        yf_der_put_small(o, YF_DER_INTEGER, x->cofactor);
    yf_der_close(o, seq);
}

static yf_err
read_explicit(const yf_provider *p, const struct explicit *x, yf_key *k)
{
    struct der d;
    yf_out o = yf_out_of(d.p, sizeof d.p);
    uint8_t g[YF_POINT_MAX] = { 4 };
    yf_span all;

    memcpy(g + 1, x->c.gx, x->c.size);
    memcpy(g + 1 + x->c.size, x->c.gy, x->c.size);
    size_t spki = yf_der_open(&o, YF_DER_SEQ);
    size_t alg = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, YF_STR("\x2A\x86\x48\xCE\x3D\x02\x01"));
    put_params(&o, x);
    yf_der_close(&o, alg);
    yf_der_put_bits(&o, YF_DER_BITS, (yf_span){ g, 1 + 2 * (size_t)x->c.size }, 0);
    yf_der_close(&o, spki);
    T_OK(yf_out_done(&o, &all));
    return yf_key_read_public(p, all, k);
}

static void
explicit_good(const yf_provider *p)
{
    for (const yf_curve *const *c = yf_curves; *c; c++) {
        struct explicit x = known_explicit(*c);
        yf_key k;
        yf_err e = read_explicit(p, &x, &k);
        if (e == YF_E_UNSUPPORTED)
            continue;
        T_OK(e);
        T(k.curve == *c && k.form == YF_KEY_EXPLICIT);
        x.cofactor = 0;
        x.seed = true;
        x.version = 3;
        T_OK(read_explicit(p, &x, &k));
        T(k.curve == *c);
    }
}

static void
explicit_parameters_of_known_curves_are_read(void **st)
{
    (void)st;
    each_provider(explicit_good);
}

/* One parameter off by a bit is another curve, and who chose it may know its secrets. */
static void
explicit_bad(const yf_provider *p)
{
    struct explicit good = known_explicit(&yf_curve_p256), bad[12];
    yf_err want[12];
    yf_key k = { .form = 0xA5 };
    size_t n = 0;

    if (!p->group)
        return;
    for (size_t i = 0; i < 6; i++) {
        uint8_t *number[] = { bad[n].c.p,  bad[n].c.a,  bad[n].c.b,
                              bad[n].c.gx, bad[n].c.gy, bad[n].c.n };
        bad[n] = good;
        number[i][31] ^= 1;
        want[n++] = YF_E_UNSUPPORTED;
    }
    bad[n] = good;
    bad[n].binary = true;
    want[n++] = YF_E_UNSUPPORTED;
    bad[n] = good;
    bad[n].compressed = true;
    want[n++] = YF_E_UNSUPPORTED;
    bad[n] = good;
    bad[n].cofactor = 2;
    want[n++] = YF_E_FORMAT;
    bad[n] = good;
    bad[n].version = 4;
    want[n++] = YF_E_FORMAT;
    T_OK(read_explicit(p, &good, &k));
    k.form = 0xA5;
    for (size_t i = 0; i < n; i++)
        T_ERR(want[i], read_explicit(p, &bad[i], &k));
    T(k.form == 0xA5);
}

static void
other_explicit_parameters_are_refused(void **st)
{
    (void)st;
    each_provider(explicit_bad);
}

T_MAIN(cmocka_unit_test(reads_and_writes_what_openssl_does),
       cmocka_unit_test(every_curve_comes_back), cmocka_unit_test(reads_the_forms_of_others),
       cmocka_unit_test(refuses_what_does_not_fit_together), cmocka_unit_test(refuses_every_break),
       cmocka_unit_test(attributes_are_not_supported),
       cmocka_unit_test(explicit_parameters_of_known_curves_are_read),
       cmocka_unit_test(other_explicit_parameters_are_refused))
