/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/cipher.h>

#include "providers.h"
#include "rnd.h"
#include "t.h"
#include "vec.h"

enum { ROOM = 4096 };

static uint8_t out[ROOM], again[ROOM], tag[YF_GCM_TAG];

struct run {
    const yf_provider *p;
    size_t n, refused;
};

static yf_err
seal(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *to)
{
    return c->alg->gcm_seal(c, iv, aad, in, to, tag);
}

/* A tag cut short: open takes none, so the text is sealed again and the tags compared. */
static void
short_tag(const yf_cipher *c, const struct vec *v, bool valid)
{
    yf_span iv = vec_get(v, "iv"), aad = vec_get(v, "aad"), ct = vec_get(v, "ct"),
            want = vec_get(v, "tag");

    T_OK(seal(c, iv, aad, ct, out)); // the stream is the same both ways
    T_OK(seal(c, iv, aad, (yf_span){ out, ct.n }, again));
    T_MEM(again, ct.p, ct.n);
    T((memcmp(tag, want.p, want.n) == 0) == valid);
}

static void
whole_tag(const yf_cipher *c, const struct vec *v, bool valid)
{
    yf_span iv = vec_get(v, "iv"), aad = vec_get(v, "aad"), ct = vec_get(v, "ct"),
            want = vec_get(v, "tag");
    static const uint8_t zero[ROOM];

    memset(out, 0xEE, sizeof out);
    memcpy(again, ct.p, ct.n);
    T_ERR(valid ? YF_OK : YF_E_AUTH, c->alg->gcm_open(c, iv, aad, ct, out, want.p));
    T_MEM(out, valid ? vec_get(v, "pt").p : zero, ct.n);
    T(out[ct.n] == 0xEE);
    T_ERR(valid ? YF_OK : YF_E_AUTH,
          c->alg->gcm_open(c, iv, aad, (yf_span){ again, ct.n }, again, want.p));
    T_MEM(again, out, ct.n);
}

static void
sealed(const yf_cipher *c, const struct vec *v)
{
    yf_span iv = vec_get(v, "iv"), aad = vec_get(v, "aad"), pt = vec_get(v, "pt"),
            want = vec_get(v, "tag");

    T_OK(seal(c, iv, aad, pt, out));
    T_MEM(out, vec_get(v, "ct").p, pt.n);
    T_MEM(tag, want.p, want.n);
    memcpy(again, pt.p, pt.n);
    T_OK(seal(c, iv, aad, (yf_span){ again, pt.n }, again));
    T_MEM(again, out, pt.n);
    T_MEM(tag, want.p, want.n);
}

/* SP 800-38D 5.2.1.1: an IV has at least one bit. */
static void
no_iv(const yf_cipher *c, const struct vec *v)
{
    yf_span none = { 0 }, aad = vec_get(v, "aad"), ct = vec_get(v, "ct");

    T_ERR(YF_E_FORMAT, seal(c, none, aad, ct, out));
    T_ERR(YF_E_FORMAT, c->alg->gcm_open(c, none, aad, ct, out, vec_get(v, "tag").p));
}

static void
vector(const struct vec *v, void *arg)
{
    struct run *r = arg;
    const struct yf_cipher_alg *alg = yf_provider_cipher_named(r->p, vec_str(v, "alg"));
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    yf_cipher c;

    if (!alg || !alg->gcm_seal)
        return;
    T(vec_get(v, "ct").n < ROOM);
    T_OK(yf_cipher_init(&c, alg, vec_get(v, "key")));
    if (seal(&c, vec_get(v, "iv"), (yf_span){ 0 }, (yf_span){ 0 }, out) == YF_E_UNSUPPORTED) {
        T(r->p != &yf_provider_soft && vec_get(v, "iv").n > 64);
    } else {
        r->n++;
        r->refused += !valid;
        if (valid)
            sealed(&c, v);
        if (vec_get(v, "iv").n == 0)
            no_iv(&c, v);
        else if (vec_get(v, "tag").n == YF_GCM_TAG)
            whole_tag(&c, v, valid);
        else
            short_tag(&c, v, valid);
    }
    yf_cipher_drop(&c);
}

static void
vectors(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct run r = { .p = *p };
        size_t all = vec_each("gcm.txt", vector, &r);
        all += vec_each("wycheproof_gcm.txt", vector, &r);
        if (*p == &yf_provider_soft)
            T(r.n == all && all > 1700 && r.refused > 380);
    }
}

/* Any one bit changed, of the tag, the text, the associated data or the IV, is noticed. */
static void
flips(const yf_cipher *c, uint8_t *part, size_t n, yf_span iv, yf_span aad, yf_span ct, uint8_t *t)
{
    static const uint8_t zero[64];

    for (size_t bit = 0; bit < 8 * n; bit++) {
        part[bit / 8] ^= (uint8_t)(1 << bit % 8);
        memset(again, 0xEE, 64);
        T_ERR(YF_E_AUTH, c->alg->gcm_open(c, iv, aad, ct, again, t));
        T_MEM(again, zero, ct.n);
        part[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    T_OK(c->alg->gcm_open(c, iv, aad, ct, again, t));
}

static void
tampering(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (size_t i = 0; i < YF_CIPHERS; i++) {
            const struct yf_cipher_alg *alg = (*p)->cipher[i];
            uint8_t key[YF_CIPHER_KEY_MAX] = { 1 }, iv[12] = { 2 }, aad[20] = { 3 }, ct[37] = { 4 },
                    t[YF_GCM_TAG];
            yf_cipher c;
            if (!alg || !alg->gcm_seal)
                continue;
            T_OK(yf_cipher_init(&c, alg, (yf_span){ key, alg->key }));
            T_OK(alg->gcm_seal(&c, YF_SPAN(iv), YF_SPAN(aad), YF_SPAN(ct), ct, t));
            flips(&c, t, sizeof t, YF_SPAN(iv), YF_SPAN(aad), YF_SPAN(ct), t);
            flips(&c, ct, sizeof ct, YF_SPAN(iv), YF_SPAN(aad), YF_SPAN(ct), t);
            flips(&c, aad, sizeof aad, YF_SPAN(iv), YF_SPAN(aad), YF_SPAN(ct), t);
            flips(&c, iv, sizeof iv, YF_SPAN(iv), YF_SPAN(aad), YF_SPAN(ct), t);
            T_ERR(YF_E_AUTH, alg->gcm_open(&c, YF_SPAN(iv), YF_SPAN(ct), YF_SPAN(aad), again, t));
            yf_cipher_drop(&c);
        }
}

/* Sizes the standard does not have are refused before anything is read or written. */
static void
wrong_sizes(void **st)
{
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[YF_SM4];
    const uint8_t one[16] = { 1 };
    uint8_t untouched = 0xEE;
    yf_span none = { 0 }, iv = { one, 12 };
    yf_cipher c;

    (void)st;
    T(!yf_provider_soft.cipher[YF_DES3_2KEY]->gcm_seal &&
      !yf_provider_soft.cipher[YF_DES3_3KEY]->gcm_open);
    T_OK(yf_cipher_init(&c, alg, YF_SPAN(one)));
    T_ERR(YF_E_FORMAT, alg->gcm_seal(&c, none, none, none, &untouched, tag));
    T_ERR(YF_E_FORMAT, alg->gcm_open(&c, none, none, none, &untouched, tag));
#if SIZE_MAX > 0xFFFFFFFF
    yf_span text = { one, ((size_t)1 << 36) - 31 }, any = { one, (size_t)1 << 61 };
    T_ERR(YF_E_FORMAT, alg->gcm_seal(&c, iv, none, text, &untouched, tag));
    T_ERR(YF_E_FORMAT, alg->gcm_open(&c, iv, none, text, &untouched, tag));
    T_ERR(YF_E_FORMAT, alg->gcm_seal(&c, iv, any, none, &untouched, tag));
    T_ERR(YF_E_FORMAT, alg->gcm_open(&c, any, none, none, &untouched, tag));
#endif
    T(untouched == 0xEE);
    T_OK(alg->gcm_seal(&c, iv, none, none, &untouched, tag));
    T_OK(alg->gcm_open(&c, iv, none, none, &untouched, tag));
    yf_cipher_drop(&c);
}

T_MAIN(cmocka_unit_test(vectors), cmocka_unit_test(tampering), cmocka_unit_test(wrong_sizes))
