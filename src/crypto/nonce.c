/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/nonce.h>

#include <string.h>

/* RFC 6979 2.3.2: the leftmost bits of in, at most as many as the order has. */
static void
bits_to_number(const yf_curve *c, yf_span in, uint8_t *r)
{
    size_t n = in.n < c->size ? in.n : c->size;
    unsigned over = 8 * (unsigned)n > c->order_bits ? 8 * (unsigned)n - c->order_bits : 0;

    memset(r, 0, c->size - n);
    memcpy(r + c->size - n, in.p, n);
    if (over == 0)
        return;
    for (size_t i = c->size - 1; i > 0; i--)
        r[i] = (uint8_t)(r[i] >> over | r[i - 1] << (8 - over));
    r[0] = (uint8_t)(r[0] >> over);
}

/* RFC 6979 3.2 a-d. With rng also 3.6: fresh bytes k' after the digest. */
yf_err
yf_hedge_init(yf_hedge *h, const struct yf_hash_alg *hash, const yf_group *g, const uint8_t *d,
              yf_span digest, const yf_rng *rng)
{
    const yf_curve *c = g->curve;
    uint8_t m[YF_FIELD_MAX], number[YF_FIELD_MAX], fresh[YF_HASH_MAX];
    yf_err e;

    if (!hash)
        return YF_E_UNSUPPORTED;
    if (digest.n == 0)
        return YF_E_FORMAT;
    bits_to_number(c, digest, number);
    if ((e = g->ops->mod_reduce(g, YF_MOD_N, (yf_span){ number, c->size }, m)))
        return e;
    if (rng && (e = yf_rng_fill(rng, fresh, hash->size)))
        goto out;
    yf_span seed[] = { { d, c->size }, { m, c->size }, { fresh, rng ? hash->size : 0 } };
    e = yf_hmac_drbg_init(&h->drbg, hash, seed, 3);
out:
    yf_wipe(fresh, sizeof fresh);
    return e;
}

/* RFC 6979 3.2 h: what the DRBG generates is T; its update between requests is the step 3. */
static yf_err
next(void *state, const yf_curve *c, uint8_t *k)
{
    yf_hedge *h = state;
    uint8_t t[YF_FIELD_MAX];
    yf_err e = yf_hmac_drbg_generate(&h->drbg, (yf_span){ NULL, 0 }, t, c->size);

    if (!e)
        bits_to_number(c, (yf_span){ t, c->size }, k);
    yf_wipe(t, sizeof t);
    return e;
}

yf_nonce
yf_hedge_nonce(yf_hedge *h)
{
    return (yf_nonce){ next, h };
}

void
yf_hedge_wipe(yf_hedge *h)
{
    yf_hmac_drbg_wipe(&h->drbg);
}
