/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SM2: private keys, nonces and plaintexts are secret. Public by themselves are what
 * is sent (signatures, C1, confirmations once the other side has them) and whether
 * a ciphertext was refused, but not why.
 */
#include "secret.h"

#include <yufu/crypto/provider.h>
#include <yufu/crypto/sm2.h>

#include <string.h>

enum { MSG = 70, RAW = YF_SM2_OVERHEAD + MSG };

struct pair {
    uint8_t d[YF_SM2_SIZE], pub[YF_SM2_POINT];
};

static yf_sm2 sm2;
static struct rnd drawn;
static yf_rng rng;

static struct pair
pair(void)
{
    struct pair p;

    must_be(YF_OK, yf_ec_keygen(&sm2.group, &rng, p.d, p.pub));
    return p;
}

static void
begin(void)
{
    drawn = (struct rnd){ 32918 };
    rng = secret_rng(&drawn);
    must_be(YF_OK, yf_sm2_open(&sm2, &yf_provider_soft));
}

static void
sign(void)
{
    uint8_t sig[YF_SM2_SIG];

    begin();
    struct pair a = pair();
    must_be(YF_OK, yf_sm2_sign(&sm2, a.d, YF_SM2_DEFAULT_ID, YF_STR("message"), &rng, sig));
    must_be(YF_OK, yf_sm2_verify(&sm2, YF_SPAN(a.pub), YF_SM2_DEFAULT_ID, YF_STR("message"),
                                 YF_SPAN(sig)));
    must_be(YF_OK, yf_sm2_sign(&sm2, a.d, YF_SM2_DEFAULT_ID, YF_STR("message"), NULL, sig));
}

/* Keys that no key may be: that they are refused is public, which of them it was is not. */
static void
refuse(void)
{
    uint8_t d[3][32] = { { 0 } }, e[32] = { 1 }, sig[YF_SM2_SIG], out[MSG];
    static const uint8_t raw[RAW] = { 4 };

    begin();
    memcpy(d[1], yf_curve_sm2.n, 32);
    memcpy(d[2], yf_curve_sm2.n, 32);
    d[2][31]--;
    for (size_t i = 0; i < 3; i++) {
        ct_secret(d[i], 32);
        must_be(YF_E_FORMAT, yf_sm2_sign_digest(&sm2, d[i], e, NULL, sig));
        must_be(YF_E_FORMAT, yf_sm2_decrypt(&sm2, d[i], YF_SPAN(raw), out));
    }
}

static void
encrypt_to(const struct pair *a, uint8_t raw[RAW])
{
    uint8_t msg[MSG];

    rnd_fill(&drawn, msg, sizeof msg);
    ct_secret(msg, sizeof msg);
    must_be(YF_OK, yf_sm2_encrypt(&sm2, YF_SPAN(a->pub), YF_SPAN(msg), &rng, raw));
    ct_public(raw + YF_SM2_POINT, RAW - YF_SM2_POINT); // C3 and C2 are sent; C1 is public already
    if (raw[0] != 4 || raw[1] == 0)
        abort();
}

static void
encrypt(void)
{
    uint8_t raw[RAW];

    begin();
    struct pair a = pair();
    encrypt_to(&a, raw);
}

static void
decrypt(void)
{
    uint8_t raw[RAW], out[MSG];

    begin();
    struct pair a = pair();
    encrypt_to(&a, raw);
    must_be(YF_OK, yf_sm2_decrypt(&sm2, a.d, YF_SPAN(raw), out));
    for (size_t i = YF_SM2_POINT; i < RAW; i += 31) { // C3 at its begin and middle, then C2
        raw[i] ^= 1;
        must_be(YF_E_AUTH, yf_sm2_decrypt(&sm2, a.d, YF_SPAN(raw), out));
        raw[i] ^= 1;
    }
}

/* One byte, so that one key stream in 256 is zero: whether it was is not told apart. */
static void
decrypt_short(void)
{
    uint8_t raw[YF_SM2_OVERHEAD + 1], out;

    begin();
    struct pair a = pair();
    struct pair c1 = pair();
    memset(raw, 0, sizeof raw);
    memcpy(raw, c1.pub, sizeof c1.pub);
    must_be(YF_E_AUTH, yf_sm2_decrypt(&sm2, a.d, YF_SPAN(raw), &out));
}

static void
exchange(void)
{
    uint8_t key[2][48], sb[2][32], sa[2][32];

    begin();
    struct pair a = pair(), ra = pair(), b = pair(), rb = pair();
    struct yf_sm2_side A = { YF_STR("A"), YF_SPAN(a.pub), YF_SPAN(ra.pub) };
    struct yf_sm2_side B = { YF_STR("B"), YF_SPAN(b.pub), YF_SPAN(rb.pub) };
    must_be(YF_OK, yf_sm2_exchange(&sm2, true, a.d, ra.d, &A, &B, key[0], 48, sb[0], sa[0]));
    must_be(YF_OK, yf_sm2_exchange(&sm2, false, b.d, rb.d, &B, &A, key[1], 48, sb[1], sa[1]));
    unsigned same = yf_ct_eq(key[0], key[1], 48);
    same &= yf_ct_eq(sb[0], sb[1], 32);
    same &= yf_ct_eq(sa[0], sa[1], 32);
    ct_public(&same, sizeof same);
    if (!same)
        abort();
}

CT_MAIN(CT(sign), CT(refuse), CT(encrypt), CT(decrypt), CT(decrypt_short), CT(exchange))
