/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rnd.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/modes.h>

static uint8_t out[1 << 17];

struct run {
    const yf_provider *p;
    size_t n;
};

/* Each provider that has the algorithm runs each record; soft runs at least `least`. */
static void
on_every_provider(const char *file, void (*one)(const struct vec *, void *), size_t least)
{
    size_t most = 0;

    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct run r = { .p = *p };
        vec_each(file, one, &r);
        most = r.n > most ? r.n : most;
    }
    T(most >= least);
}

static const struct yf_cipher_alg *
alg_of(const struct run *r, const struct vec *v)
{
    const char *name = vec_str(v, "alg");

    return yf_provider_cipher_named(r->p, strcmp(name, "des3") == 0 ? "des3-3" : name);
}

static bool
valid(const struct vec *v)
{
    return strcmp(vec_str(v, "result"), "valid") == 0;
}

/* ---- CMAC ---- */

/* In two pieces, cut at `cut`. */
static void
cmac(const yf_cipher *c, yf_span msg, size_t cut, uint8_t *mac)
{
    yf_cmac m;

    yf_cmac_init(&m, c);
    yf_cmac_add(&m, (yf_span){ msg.p, cut });
    yf_cmac_add(&m, (yf_span){ msg.p + cut, msg.n - cut });
    yf_cmac_end(&m, mac);
}

static void
cmac_vector(const struct vec *v, void *arg)
{
    struct run *r = arg;
    const struct yf_cipher_alg *alg = alg_of(r, v);
    yf_span msg = vec_get(v, "msg"), want = vec_get(v, "mac");
    uint8_t mac[YF_BLOCK_MAX];
    yf_cipher c;

    if (!alg)
        return;
    T_OK(yf_cipher_init(&c, alg, vec_get(v, "key")));
    for (size_t cut = 0; cut <= msg.n && cut < 40; cut++) {
        cmac(&c, msg, cut, mac);
        T((want.n <= alg->block && memcmp(mac, want.p, want.n) == 0) == valid(v));
    }
    yf_cipher_drop(&c);
    r->n++;
}

static void
cmac_vectors(void **st)
{
    (void)st;
    on_every_provider("cmac.txt", cmac_vector, 400);
    on_every_provider("wycheproof_cmac.txt", cmac_vector, 300);
}

/* ---- retail MAC ---- */

static void
rmac_vector(const struct vec *v, void *arg)
{
    struct run *r = arg;
    yf_span msg = vec_get(v, "msg");
    uint8_t mac[8];
    yf_rmac m;

    if (!r->p->cipher[YF_DES3_2KEY])
        return;
    for (size_t cut = 0; cut <= msg.n; cut++) {
        T_OK(yf_rmac_init(&m, r->p->cipher[YF_DES3_2KEY], vec_get(v, "key")));
        yf_rmac_add(&m, (yf_span){ msg.p, cut });
        yf_rmac_add(&m, (yf_span){ msg.p + cut, msg.n - cut });
        yf_rmac_end(&m, mac);
        T_MEM(mac, vec_get(v, "mac").p, 8);
    }
    r->n++;
}

static void
rmac_vectors(void **st)
{
    (void)st;
    on_every_provider("rmac.txt", rmac_vector, 30);
}

static void
rmac_takes_one_cipher_and_one_key_size(void **st)
{
    const struct yf_cipher_alg *const *c = test_providers[1]->cipher;
    yf_rmac m;
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, yf_rmac_init(&m, NULL, YF_STR("0123456789abcdef")));
    T_ERR(YF_E_UNSUPPORTED, yf_rmac_init(&m, c[YF_AES128], YF_STR("0123456789abcdef")));
    T_ERR(YF_E_FORMAT, yf_rmac_init(&m, c[YF_DES3_2KEY], YF_STR("0123456789abcde")));
}

/* ---- CCM ---- */

static void
ccm_valid(const struct vec *v, const yf_cipher *c)
{
    yf_span pt = vec_get(v, "pt"), ct = vec_get(v, "ct"), tag = vec_get(v, "tag");
    uint8_t t[16];

    T_OK(yf_ccm_seal(c, vec_get(v, "iv"), vec_get(v, "aad"), pt, out, t, tag.n));
    T_MEM(out, ct.p, ct.n);
    T_MEM(t, tag.p, tag.n);
    T_OK(yf_ccm_open(c, vec_get(v, "iv"), vec_get(v, "aad"), (yf_span){ out, ct.n }, out,
                     tag)); // in place
    T_MEM(out, pt.p, pt.n);
}

static void
ccm_vector(const struct vec *v, void *arg)
{
    struct run *r = arg;
    const struct yf_cipher_alg *alg = alg_of(r, v);
    yf_span ct = vec_get(v, "ct");
    yf_cipher c;

    if (!alg)
        return;
    T(ct.n <= sizeof out);
    T_OK(yf_cipher_init(&c, alg, vec_get(v, "key")));
    if (valid(v)) {
        ccm_valid(v, &c);
    } else {
        memset(out, 0xA5, ct.n);
        T(yf_ccm_open(&c, vec_get(v, "iv"), vec_get(v, "aad"), ct, out, vec_get(v, "tag")) !=
          YF_OK);
    }
    yf_cipher_drop(&c);
    r->n++;
}

static void
ccm_vectors(void **st)
{
    (void)st;
    on_every_provider("ccm.txt", ccm_vector, 900);
}

static void
ccm_refuses_what_was_touched(void **st)
{
    static const uint8_t key[16] = { 1 }, nonce[12] = { 2 }, aad[5] = { 3 };
    uint8_t ct[21], tag[16];
    yf_cipher c;
    (void)st;

    T_OK(yf_cipher_init(&c, test_providers[1]->cipher[YF_AES128], YF_SPAN(key)));
    T_OK(yf_ccm_seal(&c, YF_SPAN(nonce), YF_SPAN(aad), YF_STR("twenty-one characters"), ct, tag,
                     16));
    for (size_t bit = 0; bit < 8 * (sizeof ct + sizeof tag); bit++) {
        uint8_t *byte = bit / 8 < sizeof ct ? ct + bit / 8 : tag + (bit / 8 - sizeof ct);
        *byte ^= (uint8_t)(1u << bit % 8);
        memset(out, 0xA5, sizeof ct);
        T_ERR(YF_E_AUTH,
              yf_ccm_open(&c, YF_SPAN(nonce), YF_SPAN(aad), YF_SPAN(ct), out, YF_SPAN(tag)));
        for (size_t i = 0; i < sizeof ct; i++)
            T(out[i] == 0);
        *byte ^= (uint8_t)(1u << bit % 8);
    }
    T_OK(yf_ccm_open(&c, YF_SPAN(nonce), YF_SPAN(aad), YF_SPAN(ct), out, YF_SPAN(tag)));
    T_ERR(YF_E_AUTH,
          yf_ccm_open(&c, YF_SPAN(nonce), (yf_span){ aad, 4 }, YF_SPAN(ct), out, YF_SPAN(tag)));
    yf_cipher_drop(&c);
}

static void
ccm_knows_only_the_sizes_of_the_standard(void **st)
{
    static const uint8_t key[24] = { 1 }, nonce[16] = { 2 };
    static uint8_t big[65536];
    uint8_t tag[32];
    yf_cipher c;
    (void)st;

    T_OK(yf_cipher_init(&c, test_providers[1]->cipher[YF_AES128], (yf_span){ key, 16 }));
    for (size_t n = 0; n <= 16; n++)
        for (size_t t = 0; t <= 18; t++)
            T((yf_ccm_seal(&c, (yf_span){ nonce, n }, YF_STR(""), YF_STR("x"), out, tag, t) ==
               YF_OK) == (n >= 7 && n <= 13 && t >= 4 && t <= 16 && t % 2 == 0));
    T_ERR(YF_E_ROOM,
          yf_ccm_seal(&c, (yf_span){ nonce, 13 }, YF_STR(""), YF_SPAN(big), out, tag, 16));
    T_OK(
        yf_ccm_seal(&c, (yf_span){ nonce, 13 }, YF_STR(""), (yf_span){ big, 65535 }, out, tag, 16));
    yf_cipher_drop(&c);
    T_OK(yf_cipher_init(&c, test_providers[1]->cipher[YF_DES3_3KEY], YF_SPAN(key)));
    T_ERR(YF_E_UNSUPPORTED,
          yf_ccm_seal(&c, (yf_span){ nonce, 12 }, YF_STR(""), YF_STR("x"), out, tag, 8));
    yf_cipher_drop(&c);
}

/* ---- CBC with padding ---- */

static void
cbc_valid(const struct vec *v, const yf_cipher *c)
{
    yf_span pt = vec_get(v, "pt"), ct = vec_get(v, "ct");
    uint8_t iv[YF_BLOCK_MAX];

    T(pt.n + YF_BLOCK_MAX <= sizeof out);
    memcpy(iv, vec_get(v, "iv").p, c->alg->block);
    memcpy(out, pt.p, pt.n);
    T(yf_pad_pkcs7(out, pt.n, c->alg->block) == ct.n);
    c->alg->cbc_enc(c, iv, out, out, ct.n);
    T_MEM(out, ct.p, ct.n);
}

static void
cbc_vector(const struct vec *v, void *arg)
{
    struct run *r = arg;
    const struct yf_cipher_alg *alg = alg_of(r, v);
    yf_span pt = vec_get(v, "pt"), ct = vec_get(v, "ct");
    uint8_t iv[YF_BLOCK_MAX];
    yf_cipher c;
    size_t n;

    if (!alg)
        return;
    T_OK(yf_cipher_init(&c, alg, vec_get(v, "key")));
    T(ct.n <= sizeof out && ct.n % alg->block == 0);
    memcpy(iv, vec_get(v, "iv").p, alg->block);
    alg->cbc_dec(&c, iv, out, ct.p, ct.n);
    T_ERR(valid(v) ? YF_OK : YF_E_FORMAT, yf_unpad_pkcs7(out, ct.n, alg->block, &n));
    if (valid(v)) {
        T_SPAN(((yf_span){ out, n }), pt);
        cbc_valid(v, &c);
    }
    yf_cipher_drop(&c);
    r->n++;
}

static void
cbc_vectors(void **st)
{
    (void)st;
    on_every_provider("wycheproof_cbc.txt", cbc_vector, 180);
}

/* ---- keys and padding ---- */

static void
a_cipher_takes_keys_of_its_size(void **st)
{
    static const uint8_t key[40];
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, yf_cipher_init(&(yf_cipher){ 0 }, NULL, YF_SPAN(key)));
    for (const yf_provider *const *p = test_providers; *p; p++)
        for (int id = 0; id < YF_CIPHERS; id++)
            for (size_t n = 0; (*p)->cipher[id] && n <= sizeof key; n++) {
                yf_cipher c;
                T_ERR(n == (*p)->cipher[id]->key ? YF_OK : YF_E_FORMAT,
                      yf_cipher_init(&c, (*p)->cipher[id], (yf_span){ key, n }));
                yf_cipher_drop(&c);
            }
}

static void
padding_comes_off_as_it_went_on(void **st)
{
    uint8_t buf[64];
    size_t n;
    (void)st;

    for (size_t block = 8; block <= 16; block *= 2)
        for (size_t len = 0; len <= 40; len++) {
            memset(buf, 0, sizeof buf); // a message that looks like padding
            size_t total = yf_pad_iso(buf, len, block);
            T(total % block == 0 && total > len && total <= len + block);
            T_OK(yf_unpad_iso(buf, total, block, &n));
            T(n == len);
            memset(buf, 1, sizeof buf);
            T(yf_pad_pkcs7(buf, len, block) == total);
            T_OK(yf_unpad_pkcs7(buf, total, block, &n));
            T(n == len);
        }
}

/* Against a plain reading of the rule, for every last two bytes and many blocks. */
static void
only_padding_is_padding(void **st)
{
    uint8_t b[16] = { 0 };
    struct rnd r = { 7 };
    size_t n;
    (void)st;

    for (unsigned i = 0; i < 1 << 18; i++) {
        static const uint8_t likely[] = { 0, 0x80, 1, 2, 3, 16, 17, 15 };
        for (size_t k = 0; k < 16; k++)
            b[k] = likely[rnd_below(&r, 8)];
        if (i < 1 << 16) {
            memset(b, i & 1 ? 0 : (int)(i & 0xFF), 16);
            b[15] = (uint8_t)i;
            b[14] = (uint8_t)(i >> 8);
        }
        size_t at = 16, pad = b[15], same = 0;
        while (at > 0 && b[at - 1] == 0)
            at--;
        bool iso = at > 0 && b[at - 1] == 0x80;
        T((yf_unpad_iso(b, 16, 16, &n) == YF_OK) == iso);
        T(!iso || n == at - 1);
        while (same < 16 && b[15 - same] == pad)
            same++;
        bool pkcs = pad >= 1 && pad <= 16 && same >= pad;
        T((yf_unpad_pkcs7(b, 16, 16, &n) == YF_OK) == pkcs);
        T(!pkcs || n == 16 - pad);
    }
    for (size_t len = 0; len < 16; len++) {
        T_ERR(YF_E_FORMAT, yf_unpad_iso(b, len, 16, &n));
        T_ERR(YF_E_FORMAT, yf_unpad_pkcs7(b, len, 16, &n));
    }
}

T_MAIN(cmocka_unit_test(cmac_vectors), cmocka_unit_test(rmac_vectors),
       cmocka_unit_test(rmac_takes_one_cipher_and_one_key_size), cmocka_unit_test(ccm_vectors),
       cmocka_unit_test(ccm_refuses_what_was_touched),
       cmocka_unit_test(ccm_knows_only_the_sizes_of_the_standard), cmocka_unit_test(cbc_vectors),
       cmocka_unit_test(a_cipher_takes_keys_of_its_size),
       cmocka_unit_test(padding_comes_off_as_it_went_on), cmocka_unit_test(only_padding_is_padding))
