/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What both ends send, 9303-11 4.3.3 and D.3, 40 bytes each:
 *
 *     reader   E(own nonce | chip's nonce | key share), MAC over that
 *     chip     E(own nonce | reader's nonce | key share), MAC over that
 *
 * The keys of the session are derived from the two shares, xored; its counter is
 * the latter half of both nonces, the chip's first.
 */
#include <yufu/proto/bac.h>

#include "../crypto/soft/declassify.h"

#include <yufu/crypto/kdf.h>

#include <string.h>

enum { NONCE = YF_BAC_NONCE, SHARE = 16, TEXT = 2 * NONCE + SHARE, MAC = 8 };

/* What stands in a message, in its order; bytes only, so nothing is between them. */
struct text {
    uint8_t own[NONCE], other[NONCE], share[SHARE];
};

/* ---- keys ---- */

yf_err
yf_bac_keys_of_seed(const yf_provider *p, const uint8_t seed[YF_BAC_SEED], struct yf_bac_keys *k)
{
    yf_span s = { seed, YF_BAC_SEED };
    struct yf_bac_keys r = { 0 };
    yf_err e = yf_kdf_icao(p, YF_DES3_2KEY, s, YF_KDF_ENC, r.enc);

    if (!e)
        e = yf_kdf_icao(p, YF_DES3_2KEY, s, YF_KDF_MAC, r.mac);
    if (!e)
        *k = r;
    yf_wipe(&r, sizeof r);
    return e;
}

yf_err
yf_bac_keys(const yf_provider *p, yf_span mrz_info, struct yf_bac_keys *k)
{
    uint8_t md[YF_HASH_MAX];
    yf_err e = yf_hash_all(yf_provider_hash(p, YF_SHA1), &mrz_info, 1, md);

    if (!e)
        e = yf_bac_keys_of_seed(p, md, k);
    yf_wipe(md, sizeof md);
    return e;
}

/* ---- messages ---- */

static yf_err
make_mac(const yf_provider *p, const struct yf_bac_keys *k, const uint8_t *cryptogram,
         uint8_t mac[MAC])
{
    yf_rmac m;
    yf_err e = yf_rmac_init(&m, yf_provider_cipher(p, YF_DES3_2KEY), YF_SPAN(k->mac));

    if (e)
        return e;
    yf_rmac_add(&m, (yf_span){ cryptogram, TEXT });
    yf_rmac_end(&m, mac);
    return YF_OK;
}

static yf_err
seal(const yf_provider *p, const struct yf_bac_keys *k, const struct text *t,
     uint8_t msg[YF_BAC_MSG])
{
    uint8_t iv[YF_BLOCK_MAX] = { 0 };
    yf_cipher c;
    yf_err e = yf_cipher_init(&c, yf_provider_cipher(p, YF_DES3_2KEY), YF_SPAN(k->enc));

    if (e)
        return e;
    c.alg->cbc_enc(&c, iv, msg, (const uint8_t *)t, TEXT);
    yf_cipher_drop(&c);
    return make_mac(p, k, msg, msg + TEXT);
}

/* The MAC first: nothing is decrypted that does not come from a holder of the keys. */
static yf_err
unseal(const yf_provider *p, const struct yf_bac_keys *k, yf_span msg, struct text *t)
{
    uint8_t iv[YF_BLOCK_MAX] = { 0 }, mac[MAC];
    yf_cipher c;
    yf_err e;

    if (msg.n != YF_BAC_MSG)
        return YF_E_FORMAT;
    if ((e = make_mac(p, k, msg.p, mac)))
        return e;
    bool same = yf_ct_eq(mac, msg.p + TEXT, MAC);
    YF_DECLASSIFY(&same, sizeof same);
    yf_wipe(mac, sizeof mac);
    if (!same)
        return YF_E_AUTH;
    if ((e = yf_cipher_init(&c, yf_provider_cipher(p, YF_DES3_2KEY), YF_SPAN(k->enc))))
        return e;
    c.alg->cbc_dec(&c, iv, (uint8_t *)t, msg.p, TEXT);
    yf_cipher_drop(&c);
    return YF_OK;
}

/* 9303-11 4.3.3 g, 9.8.6.3 */
static yf_err
agree(const yf_provider *p, const uint8_t *chip, const uint8_t *reader, const uint8_t *a,
      const uint8_t *b, struct yf_sm_keys *sm)
{
    struct yf_sm_keys r = { .cipher = YF_DES3_2KEY };
    uint8_t seed[SHARE];
    yf_err e;

    for (size_t i = 0; i < SHARE; i++)
        seed[i] = a[i] ^ b[i];
    if ((e = yf_kdf_icao(p, r.cipher, YF_SPAN(seed), YF_KDF_ENC, r.enc)))
        goto out;
    if ((e = yf_kdf_icao(p, r.cipher, YF_SPAN(seed), YF_KDF_MAC, r.mac)))
        goto out;
    memcpy(r.ssc, chip + NONCE / 2, NONCE / 2);
    memcpy(r.ssc + NONCE / 2, reader + NONCE / 2, NONCE / 2);
    *sm = r;
out:
    yf_wipe(seed, sizeof seed);
    yf_wipe(&r, sizeof r);
    return e;
}

static yf_err
check_nonce(const uint8_t got[NONCE], const uint8_t want[NONCE])
{
    bool same = yf_ct_eq(got, want, NONCE);

    YF_DECLASSIFY(&same, sizeof same);
    return same ? YF_OK : YF_E_AUTH;
}

/* ---- the chip's end ---- */

yf_err
yf_bac_card(const yf_provider *p, const struct yf_bac_keys *k,
            const uint8_t challenge[YF_BAC_NONCE], const yf_rng *rng, yf_span cmd,
            uint8_t rsp[YF_BAC_MSG], struct yf_sm_keys *sm)
{
    struct text in, out;
    struct yf_sm_keys agreed;
    uint8_t sealed[YF_BAC_MSG];
    yf_err e;

    if ((e = unseal(p, k, cmd, &in)))
        goto out;
    if ((e = check_nonce(in.other, challenge)))
        goto out;
    memcpy(out.own, challenge, NONCE);
    memcpy(out.other, in.own, NONCE);
    if ((e = yf_rng_fill(rng, out.share, SHARE)))
        goto out;
    if ((e = agree(p, challenge, in.own, in.share, out.share, &agreed)))
        goto out;
    if ((e = seal(p, k, &out, sealed)))
        goto out;
    memcpy(rsp, sealed, sizeof sealed);
    *sm = agreed;
out:
    yf_wipe(&in, sizeof in);
    yf_wipe(&out, sizeof out);
    yf_wipe(&agreed, sizeof agreed);
    return e;
}

/* ---- the reader's end ---- */

yf_err
yf_bac_begin(struct yf_bac *b, const yf_provider *p, const struct yf_bac_keys *k,
             const uint8_t challenge[YF_BAC_NONCE], const yf_rng *rng, uint8_t cmd[YF_BAC_MSG])
{
    struct text out;
    yf_err e;

    *b = (struct yf_bac){ .provider = p, .keys = *k };
    memcpy(b->chip, challenge, NONCE);
    if ((e = yf_rng_fill(rng, b->own, NONCE)))
        goto out;
    if ((e = yf_rng_fill(rng, b->share, SHARE)))
        goto out;
    memcpy(out.own, b->own, NONCE);
    memcpy(out.other, challenge, NONCE);
    memcpy(out.share, b->share, SHARE);
    e = seal(p, k, &out, cmd);
out:
    if (e)
        yf_wipe(b, sizeof *b);
    yf_wipe(&out, sizeof out);
    return e;
}

/* The chip's own nonce as well: the answer belongs to the challenge that came in clear. */
yf_err
yf_bac_finish(struct yf_bac *b, yf_span rsp, struct yf_sm_keys *sm)
{
    struct text in = { 0 };
    yf_err e = YF_E_STATE;

    if (!b->provider)
        goto out;
    if ((e = unseal(b->provider, &b->keys, rsp, &in)))
        goto out;
    if ((e = check_nonce(in.other, b->own)))
        goto out;
    if ((e = check_nonce(in.own, b->chip)))
        goto out;
    e = agree(b->provider, b->chip, b->own, in.share, b->share, sm);
out:
    yf_wipe(&in, sizeof in);
    yf_wipe(b, sizeof *b);
    return e;
}
