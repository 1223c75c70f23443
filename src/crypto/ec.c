/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/ec.h>
#include <yufu/wire/der.h>

#include "num.h"
#include "soft/declassify.h"

/*
 * A candidate is in range with a chance of a half or better on every curve, so a
 * source that never gives one is broken.
 */
enum { TRIES = 128 };

/* FIPS 186-5 A.2.2: as many bits as the order has, until they are in range. */
yf_err
yf_ec_draw(const yf_curve *c, const yf_rng *rng, uint8_t *d)
{
    yf_err e;

    for (unsigned i = 0; i < TRIES; i++) {
        if ((e = yf_rng_fill(rng, d, c->size)))
            return e;
        d[0] &= (uint8_t)(0xFF >> (8 * c->size - c->order_bits));
        uint8_t good = num_private(c, d);
        YF_DECLASSIFY(&good, sizeof good);
        if (good)
            return YF_OK;
    }
    return YF_E_STATE;
}

yf_err
yf_ec_public(const yf_group *g, const uint8_t *d, uint8_t *pub)
{
    uint8_t p[YF_POINT_MAX];
    yf_err e = g->ops->mul(g, d, (yf_span){ NULL, 0 }, p);

    if (e)
        return e;
    YF_DECLASSIFY(p, yf_point_size(g));
    memcpy(pub, p, yf_point_size(g));
    return YF_OK;
}

yf_err
yf_ec_keygen(const yf_group *g, const yf_rng *rng, uint8_t *d, uint8_t *pub)
{
    uint8_t drawn[YF_FIELD_MAX];
    yf_err e;

    if ((e = yf_ec_draw(g->curve, rng, drawn)))
        goto out;
    if ((e = yf_ec_public(g, drawn, pub)))
        goto out;
    memcpy(d, drawn, g->curve->size);
out:
    yf_wipe(drawn, sizeof drawn);
    return e;
}

/* ---- ECDSA ---- */

yf_err
yf_ecdsa_sign(const yf_group *g, const struct yf_hash_alg *hash, const uint8_t *d, yf_span digest,
              const yf_rng *rng, uint8_t *sig)
{
    yf_hedge h;
    yf_err e = yf_hedge_init(&h, hash, g, d, digest, rng);

    if (e)
        return e;
    yf_nonce nonce = yf_hedge_nonce(&h);
    if (!(e = g->ops->ecdsa_sign(g, d, digest, &nonce, sig)))
        YF_DECLASSIFY(sig, 2 * (size_t)g->curve->size);
    yf_hedge_wipe(&h);
    return e;
}

yf_err
yf_ecdsa_verify(const yf_group *g, yf_span pub, yf_span digest, yf_span sig)
{
    if (sig.n != 2 * (size_t)g->curve->size)
        return YF_E_FORMAT;
    return g->ops->ecdsa_verify(g, pub, digest, sig.p);
}

/* ---- ECDH ---- */

yf_err
yf_ecdh(const yf_group *g, const uint8_t *d, yf_span peer, uint8_t *z)
{
    uint8_t p[YF_POINT_MAX];
    yf_err e = peer.n ? g->ops->mul(g, d, peer, p) : YF_E_FORMAT;

    if (!e)
        memcpy(z, p + 1, g->curve->size);
    yf_wipe(p, sizeof p);
    return e;
}

/* ---- Signatures as DER ---- */

yf_err
yf_sig_to_der(yf_span sig, uint8_t der[YF_SIG_DER_MAX], size_t *n)
{
    uint8_t mem[YF_SIG_DER_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t half = sig.n / 2;
    yf_span all;

    if (sig.n == 0 || sig.n % 2 != 0)
        return YF_E_FORMAT;
    size_t mark = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put_uint(&o, YF_DER_INTEGER, (yf_span){ sig.p, half });
    yf_der_put_uint(&o, YF_DER_INTEGER, (yf_span){ sig.p + half, half });
    yf_der_close(&o, mark);
    yf_err e = yf_out_done(&o, &all);
    if (e)
        return e;
    memcpy(der, all.p, all.n);
    *n = all.n;
    return YF_OK;
}

yf_err
yf_sig_from_der(yf_span der, size_t size, uint8_t *sig)
{
    yf_cur c = yf_cur_of(der);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);
    yf_span r = yf_der_uint(&seq, YF_DER_INTEGER, size);
    yf_span s = yf_der_uint(&seq, YF_DER_INTEGER, size);
    yf_err e = yf_err_first(yf_cur_done(&seq), yf_cur_done(&c));

    if (e)
        return e;
    num_pad(r, sig, size);
    num_pad(s, sig + size, size);
    return YF_OK;
}
