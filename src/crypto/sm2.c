/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/kdf.h>
#include <yufu/crypto/provider.h>
#include <yufu/crypto/sm2.h>
#include <yufu/wire/der.h>

#include "num.h"
#include "soft/declassify.h"

enum { BLOCK = 32, TRIES = 128 };

yf_err
yf_sm2_open(yf_sm2 *s, const struct yf_provider *p)
{
    const struct yf_hash_alg *sm3 = yf_provider_hash(p, YF_SM3);
    yf_err e;

    if (!sm3)
        return YF_E_UNSUPPORTED;
    if ((e = yf_group_open(&s->group, yf_provider_group(p, &yf_curve_sm2), &yf_curve_sm2)))
        return e;
    s->sm3 = sm3;
    return YF_OK;
}

void
yf_sm2_close(yf_sm2 *s)
{
    yf_group_close(&s->group);
}

/* GB/T 32918.1 6.1: d in [1, n-2]. That it is, or is not, may be known. */
static yf_err
check_private(const uint8_t *d)
{
    uint8_t good = num_private(&yf_curve_sm2, d);

    YF_DECLASSIFY(&good, sizeof good);
    return good ? YF_OK : YF_E_FORMAT;
}

static yf_err
decode(const yf_sm2 *s, yf_span point, uint8_t xy[YF_SM2_POINT])
{
    return s->group.ops->decode(&s->group, point, xy);
}

/* x || y of an uncompressed point. */
static yf_span
both(const uint8_t point[YF_SM2_POINT])
{
    return (yf_span){ point + 1, 2 * YF_SM2_SIZE };
}

static yf_span
x_of(const uint8_t point[YF_SM2_POINT])
{
    return (yf_span){ point + 1, YF_SM2_SIZE };
}

static yf_span
y_of(const uint8_t point[YF_SM2_POINT])
{
    return (yf_span){ point + 1 + YF_SM2_SIZE, YF_SM2_SIZE };
}

/* ---- Signatures: GB/T 32918.2 ---- */

yf_err
yf_sm2_za(const yf_sm2 *s, yf_span id, yf_span pub, uint8_t za[32])
{
    const yf_curve *c = &yf_curve_sm2;
    uint8_t p[YF_SM2_POINT], entl[2];
    yf_err e;

    if (id.n > YF_SM2_ID_MAX)
        return YF_E_ROOM;
    if ((e = decode(s, pub, p)))
        return e;
    yf_put_be16(entl, (uint16_t)(8 * id.n));
    const yf_span parts[] = {
        YF_SPAN(entl),      id,     { c->a, c->size }, { c->b, c->size }, { c->gx, c->size },
        { c->gy, c->size }, both(p)
    };
    return yf_hash_all(s->sm3, parts, sizeof parts / sizeof *parts, za);
}

yf_err
yf_sm2_digest_begin(const yf_sm2 *s, yf_span id, yf_span pub, yf_hash *h)
{
    uint8_t za[32];
    yf_err e;

    if ((e = yf_sm2_za(s, id, pub, za)))
        return e;
    if ((e = yf_hash_init(h, s->sm3)))
        return e;
    yf_hash_add(h, YF_SPAN(za));
    return YF_OK;
}

static yf_err
digest(const yf_sm2 *s, yf_span id, yf_span pub, yf_span msg, uint8_t md[32])
{
    yf_hash h;
    yf_err e = yf_sm2_digest_begin(s, id, pub, &h);

    if (e)
        return e;
    yf_hash_add(&h, msg);
    yf_hash_end(&h, md);
    return YF_OK;
}

yf_err
yf_sm2_sign_digest(const yf_sm2 *s, const uint8_t *d, const uint8_t e[32], const yf_rng *rng,
                   uint8_t sig[YF_SM2_SIG])
{
    yf_span md = { e, 32 };
    yf_hedge h;
    yf_err err = yf_hedge_init(&h, s->sm3, &s->group, d, md, rng);

    if (err)
        return err;
    yf_nonce nonce = yf_hedge_nonce(&h);
    if (!(err = s->group.ops->sm2_sign(&s->group, d, md, &nonce, sig)))
        YF_DECLASSIFY(sig, YF_SM2_SIG);
    yf_hedge_wipe(&h);
    return err;
}

yf_err
yf_sm2_verify_digest(const yf_sm2 *s, yf_span pub, const uint8_t e[32], yf_span sig)
{
    if (sig.n != YF_SM2_SIG)
        return YF_E_FORMAT;
    return s->group.ops->sm2_verify(&s->group, pub, (yf_span){ e, 32 }, sig.p);
}

yf_err
yf_sm2_sign(const yf_sm2 *s, const uint8_t *d, yf_span id, yf_span msg, const yf_rng *rng,
            uint8_t sig[YF_SM2_SIG])
{
    uint8_t pub[YF_SM2_POINT], md[32];
    yf_err e;

    if ((e = yf_ec_public(&s->group, d, pub)))
        return e;
    if ((e = digest(s, id, YF_SPAN(pub), msg, md)))
        return e;
    return yf_sm2_sign_digest(s, d, md, rng, sig);
}

yf_err
yf_sm2_verify(const yf_sm2 *s, yf_span pub, yf_span id, yf_span msg, yf_span sig)
{
    uint8_t md[32];
    yf_err e = digest(s, id, pub, msg, md);

    return e ? e : yf_sm2_verify_digest(s, pub, md, sig);
}

/* ---- Encryption: GB/T 32918.4 ---- */

/*
 * What one secret point (x2, y2) gives: the key stream, block by block, from a
 * hash that has taken x2 || y2 in, and the OR of all its bytes so far.
 */
struct stream {
    yf_hash point;
    uint32_t blocks;
    uint8_t any;
};

static yf_err
stream_init(struct stream *k, const yf_sm2 *s, const uint8_t point[YF_SM2_POINT])
{
    yf_err e = yf_hash_init(&k->point, s->sm3);

    if (e)
        return e;
    yf_hash_add(&k->point, both(point));
    k->blocks = 0;
    k->any = 0;
    return YF_OK;
}

/* 5.4.3: the next block is SM3(x2 || y2 || counter from 1). */
static yf_err
stream_next(struct stream *k, uint8_t t[BLOCK])
{
    uint8_t counter[4];
    yf_hash h;
    yf_err e = yf_hash_fork(&h, &k->point);

    if (e)
        return e;
    yf_put_be32(counter, ++k->blocks);
    yf_hash_add(&h, YF_SPAN(counter));
    yf_hash_end(&h, t);
    return YF_OK;
}

/* out = in ^ key stream, n <= BLOCK bytes of it. */
static yf_err
stream_xor(struct stream *k, const uint8_t *in, size_t n, uint8_t *out)
{
    uint8_t t[BLOCK];
    yf_err e = stream_next(k, t);

    for (size_t i = 0; !e && i < n; i++) {
        k->any |= t[i];
        out[i] = in[i] ^ t[i];
    }
    yf_wipe(t, sizeof t);
    return e;
}

static size_t
block_at(yf_span all, size_t at)
{
    return all.n - at < BLOCK ? all.n - at : BLOCK;
}

static yf_err
stream_all(const yf_sm2 *s, const uint8_t point[YF_SM2_POINT], yf_span in, uint8_t *out,
           uint8_t *any)
{
    struct stream k;
    yf_err e = stream_init(&k, s, point);

    if (e)
        return e;
    for (size_t at = 0; !e && at < in.n; at += BLOCK)
        e = stream_xor(&k, in.p + at, block_at(in, at), out + at);
    *any = k.any;
    yf_hash_drop(&k.point);
    return e;
}

/* The KDF's counter has 32 bits. */
static bool
fits_stream(size_t n)
{
    return (uint64_t)n >> 5 < UINT32_MAX;
}

/* 6.1 A1-A5 for one k: C1, (x2, y2), C2, and whether the key stream was all zero. */
static yf_err
encrypt_once(const yf_sm2 *s, yf_span pub, yf_span msg, const yf_rng *rng, uint8_t *out,
             uint8_t point[YF_SM2_POINT], uint8_t *any)
{
    uint8_t k[YF_SM2_SIZE];
    yf_err e;

    if ((e = yf_ec_keygen(&s->group, rng, k, out)))
        goto out;
    if ((e = s->group.ops->mul(&s->group, k, pub, point)))
        goto out;
    if ((e = stream_all(s, point, msg, out + YF_SM2_OVERHEAD, any)))
        goto out;
    YF_DECLASSIFY(any, 1);
out:
    yf_wipe(k, sizeof k);
    return e;
}

yf_err
yf_sm2_encrypt(const yf_sm2 *s, yf_span pub, yf_span msg, const yf_rng *rng, uint8_t *out)
{
    uint8_t point[YF_SM2_POINT], p[YF_SM2_POINT], any = 0;
    yf_err e;

    if (msg.n == 0)
        return YF_E_FORMAT;
    if (!fits_stream(msg.n))
        return YF_E_ROOM;
    if ((e = decode(s, pub, p)))
        return e;
    for (unsigned i = 0; !e && !any && i < TRIES; i++)
        e = encrypt_once(s, YF_SPAN(p), msg, rng, out, point, &any);
    if (!e && !any)
        e = YF_E_STATE;
    if (!e) {
        const yf_span parts[] = { x_of(point), msg, y_of(point) };
        e = yf_hash_all(s->sm3, parts, 3, out + YF_SM2_POINT);
    }
    if (e)
        yf_wipe(out, YF_SM2_OVERHEAD + msg.n);
    yf_wipe(point, sizeof point);
    return e;
}

/* 7.1 B4-B6 with the message only passing by: YF_OK if C3 is right and the key stream not zero. */
static yf_err
check_c3(const yf_sm2 *s, const uint8_t point[YF_SM2_POINT], yf_span c2, yf_span c3)
{
    uint8_t m[BLOCK], u[32];
    struct stream k = { 0 };
    yf_hash h = { 0 };
    yf_err e;

    if ((e = stream_init(&k, s, point)) || (e = yf_hash_init(&h, s->sm3)))
        goto out;
    yf_hash_add(&h, x_of(point));
    for (size_t at = 0; at < c2.n; at += BLOCK) {
        if ((e = stream_xor(&k, c2.p + at, block_at(c2, at), m)))
            goto out;
        yf_hash_add(&h, (yf_span){ m, block_at(c2, at) });
    }
    yf_hash_add(&h, y_of(point));
    yf_hash_end(&h, u);
    uint8_t good = (uint8_t)yf_ct_eq(u, c3.p, sizeof u) & (num_zero(&k.any, 1) ^ 1);
    YF_DECLASSIFY(&good, sizeof good);
    e = good ? YF_OK : YF_E_AUTH;
out:
    yf_wipe(m, sizeof m);
    yf_wipe(u, sizeof u);
    yf_hash_drop(&h);
    yf_hash_drop(&k.point);
    return e;
}

yf_err
yf_sm2_decrypt(const yf_sm2 *s, const uint8_t *d, yf_span raw, uint8_t *out)
{
    yf_cur c = yf_cur_of(raw);
    yf_span c1 = yf_cur_take(&c, YF_SM2_POINT);
    yf_span c3 = yf_cur_take(&c, 32);
    yf_span c2 = yf_cur_rest(&c);
    uint8_t point[YF_SM2_POINT], any;
    yf_err e;

    if (c2.n == 0)
        return YF_E_FORMAT;
    if (!fits_stream(c2.n))
        return YF_E_ROOM;
    if ((e = check_private(d)))
        return e;
    if ((e = s->group.ops->mul(&s->group, d, c1, point)))
        return e;
    if (!(e = check_c3(s, point, c2, c3)))
        e = stream_all(s, point, c2, out, &any);
    yf_wipe(point, sizeof point);
    return e;
}

yf_err
yf_sm2_cipher_to_der(yf_span raw, uint8_t *der, size_t cap, size_t *n)
{
    yf_cur c = yf_cur_of(raw);
    uint8_t form = yf_cur_u8(&c);
    yf_span x = yf_cur_take(&c, YF_SM2_SIZE);
    yf_span y = yf_cur_take(&c, YF_SM2_SIZE);
    yf_span c3 = yf_cur_take(&c, 32);
    yf_span c2 = yf_cur_rest(&c);
    yf_out o = yf_out_of(der, cap);
    yf_span all;

    if (form != 4 || c2.n == 0)
        return YF_E_FORMAT;
    size_t mark = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put_uint(&o, YF_DER_INTEGER, x);
    yf_der_put_uint(&o, YF_DER_INTEGER, y);
    yf_der_put(&o, YF_DER_OCTETS, c3);
    yf_der_put(&o, YF_DER_OCTETS, c2);
    yf_der_close(&o, mark);
    yf_err e = yf_out_done(&o, &all);
    if (!e)
        *n = all.n;
    return e;
}

yf_err
yf_sm2_cipher_from_der(yf_span der, uint8_t *raw, size_t cap, size_t *n)
{
    yf_cur c = yf_cur_of(der);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);
    yf_span x = yf_der_uint(&seq, YF_DER_INTEGER, YF_SM2_SIZE);
    yf_span y = yf_der_uint(&seq, YF_DER_INTEGER, YF_SM2_SIZE);
    yf_span c3 = yf_der_need(&seq, YF_DER_OCTETS, 32, 32);
    yf_span c2 = yf_der_need(&seq, YF_DER_OCTETS, 1, SIZE_MAX);
    yf_err e = yf_err_first(yf_cur_done(&seq), yf_cur_done(&c));

    if (e)
        return e;
    if (cap < YF_SM2_OVERHEAD || cap - YF_SM2_OVERHEAD < c2.n)
        return YF_E_ROOM;
    raw[0] = 4;
    num_pad(x, raw + 1, YF_SM2_SIZE);
    num_pad(y, raw + 1 + YF_SM2_SIZE, YF_SM2_SIZE);
    memcpy(raw + YF_SM2_POINT, c3.p, 32);
    memcpy(raw + YF_SM2_OVERHEAD, c2.p, c2.n);
    *n = YF_SM2_OVERHEAD + c2.n;
    return YF_OK;
}

/* ---- Key exchange: GB/T 32918.3 ---- */

/* 6.1 A4: 2^w + (x mod 2^w), w = 127, the half of x that enters; always below n. */
static void
half_of_x(const uint8_t point[YF_SM2_POINT], uint8_t r[YF_SM2_SIZE])
{
    memset(r, 0, YF_SM2_SIZE / 2);
    memcpy(r + YF_SM2_SIZE / 2, point + 1 + YF_SM2_SIZE / 2, YF_SM2_SIZE / 2);
    r[YF_SM2_SIZE / 2] |= 0x80;
}

/* 6.1 A5: t = d + half(x of own R) * r mod n. */
static yf_err
own_share(const yf_group *g, const uint8_t *d, const uint8_t *eph_d, const uint8_t *eph,
          uint8_t t[YF_SM2_SIZE])
{
    uint8_t half[YF_SM2_SIZE], product[YF_SM2_SIZE];
    yf_err e;

    half_of_x(eph, half);
    if (!(e = g->ops->mod_mul(g, YF_MOD_N, half, eph_d, product)))
        e = g->ops->mod_add(g, YF_MOD_N, product, d, t);
    yf_wipe(product, sizeof product);
    return e;
}

/* P + half(x of R) * R, all of the peer's. */
static yf_err
peer_share(const yf_group *g, const uint8_t *pub, const uint8_t *eph, uint8_t r[YF_SM2_POINT])
{
    uint8_t half[YF_SM2_SIZE], q[YF_SM2_POINT];
    yf_err e;

    half_of_x(eph, half);
    if ((e = g->ops->mul(g, half, (yf_span){ eph, YF_SM2_POINT }, q)))
        return e;
    return g->ops->add(g, (yf_span){ pub, YF_SM2_POINT }, YF_SPAN(q), r);
}

/* One exchange: [0] is the initiator's (A), [1] the responder's (B). */
struct exchange {
    uint8_t pub[2][YF_SM2_POINT], eph[2][YF_SM2_POINT], za[2][32];
    uint8_t v[YF_SM2_POINT]; // the secret point
};

static yf_err
take_side(struct exchange *x, const yf_sm2 *s, unsigned who, const struct yf_sm2_side *side)
{
    yf_err e;

    if ((e = decode(s, side->pub, x->pub[who])))
        return e;
    if ((e = decode(s, side->eph_pub, x->eph[who])))
        return e;
    return yf_sm2_za(s, side->id, side->pub, x->za[who]);
}

/* 6.1 A6, B6: V = t * (P + half(x of R) * R); the cofactor is 1. */
static yf_err
agree(struct exchange *x, const yf_group *g, unsigned self, const uint8_t *d, const uint8_t *eph_d)
{
    uint8_t t[YF_SM2_SIZE], q[YF_SM2_POINT];
    yf_err e;

    if ((e = peer_share(g, x->pub[!self], x->eph[!self], q)))
        return e;
    if (!(e = own_share(g, d, eph_d, x->eph[self], t)))
        e = g->ops->mul(g, t, YF_SPAN(q), x->v);
    yf_wipe(t, sizeof t);
    return e;
}

/* 6.1 A7: KDF(xV || yV || ZA || ZB). */
static yf_err
session_key(const struct exchange *x, const yf_sm2 *s, uint8_t *key, size_t n)
{
    uint8_t z[64 + 64];

    memcpy(z, x->v + 1, 64);
    memcpy(z + 64, x->za, 64);
    yf_err e = yf_kdf_x963(s->sm3, YF_SPAN(z), (yf_span){ NULL, 0 }, key, n);
    yf_wipe(z, sizeof z);
    return e;
}

/* 6.1 A8-A10: SM3(tag || yV || SM3(xV || ZA || ZB || RA || RB)), tag 2 for S1 = SB, 3 for S2 = SA.
 */
static yf_err
confirm(const struct exchange *x, const yf_sm2 *s, uint8_t tag, uint8_t r[32])
{
    const yf_span in[] = { x_of(x->v), YF_SPAN(x->za[0]), YF_SPAN(x->za[1]), both(x->eph[0]),
                           both(x->eph[1]) };
    uint8_t inner[32];
    yf_err e = yf_hash_all(s->sm3, in, sizeof in / sizeof *in, inner);

    if (e)
        return e;
    const yf_span outer[] = { { &tag, 1 }, y_of(x->v), YF_SPAN(inner) };
    e = yf_hash_all(s->sm3, outer, 3, r);
    yf_wipe(inner, sizeof inner);
    return e;
}

yf_err
yf_sm2_exchange(const yf_sm2 *s, bool initiator, const uint8_t *d, const uint8_t *eph_d,
                const struct yf_sm2_side *self, const struct yf_sm2_side *peer, uint8_t *key,
                size_t key_n, uint8_t confirm_b[32], uint8_t confirm_a[32])
{
    unsigned me = initiator ? 0 : 1;
    struct exchange x;
    uint8_t sb[32], sa[32];
    yf_err e;

    if (key_n == 0)
        return YF_E_FORMAT;
    if (!fits_stream(key_n))
        return YF_E_ROOM;
    if ((e = check_private(d)) || (e = check_private(eph_d)))
        return e;
    if ((e = take_side(&x, s, me, self)) || (e = take_side(&x, s, !me, peer)))
        goto out;
    if ((e = agree(&x, &s->group, me, d, eph_d)))
        goto out;
    if ((e = confirm(&x, s, 2, sb)) || (e = confirm(&x, s, 3, sa)))
        goto out;
    if ((e = session_key(&x, s, key, key_n)))
        goto out;
    memcpy(confirm_b, sb, sizeof sb);
    memcpy(confirm_a, sa, sizeof sa);
out:
    yf_wipe(&x, sizeof x);
    return e;
}
