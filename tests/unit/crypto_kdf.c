/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/kdf.h>

struct run {
    const yf_provider *p;
    size_t x963, icao;
};

static void
x963(const struct vec *v, struct run *r)
{
    const struct yf_hash_alg *hash = yf_provider_hash_named(r->p, vec_str(v, "alg"));
    yf_span want = vec_get(v, "out");
    static uint8_t out[8192 + 1];

    if (!hash)
        return;
    T(want.n < sizeof out);
    out[want.n] = 0xA5;
    T_OK(yf_kdf_x963(hash, vec_get(v, "z"), vec_get(v, "info"), out, want.n));
    T_MEM(out, want.p, want.n);
    T(out[want.n] == 0xA5);
    r->x963++;
}

static void
icao(const struct vec *v, struct run *r)
{
    const char *name = vec_str(v, "cipher");
    enum yf_cipher_id id = YF_CIPHERS;
    uint8_t key[YF_CIPHER_KEY_MAX];

    if (strcmp(name, "des3") == 0)
        id = YF_DES3_2KEY;
    if (strcmp(name, "sm4") == 0)
        id = YF_SM4;
    if (strncmp(name, "aes", 3) == 0)
        id = name[3] == '1' && name[4] == '2' ? YF_AES128 : name[3] == '1' ? YF_AES192 : YF_AES256;
    if (!r->p->hash[id == YF_SM4 ? YF_SM3 : YF_SHA256])
        return;
    T_OK(yf_kdf_icao(r->p, id, vec_get(v, "z"), (enum yf_icao_use)vec_num(v, "c"), key));
    T_MEM(key, vec_get(v, "out").p, vec_get(v, "out").n);
    r->icao++;
}

static void
one(const struct vec *v, void *arg)
{
    if (strcmp(vec_str(v, "kdf"), "x963") == 0)
        x963(v, arg);
    if (strcmp(vec_str(v, "kdf"), "icao") == 0)
        icao(v, arg);
}

static void
vectors_on_every_provider(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++) {
        struct run r = { .p = *p };
        vec_each("kdf.txt", one, &r);
        if (p == test_providers)
            T(r.x963 > 60 && r.icao > 60); // soft has them all
    }
}

static void
what_there_is_not_is_refused(void **st)
{
    uint8_t key[32];
    (void)st;

    T_ERR(YF_E_UNSUPPORTED,
          yf_kdf_icao(&yf_provider_soft, YF_DES3_3KEY, YF_STR("z"), YF_KDF_ENC, key));
    T_ERR(YF_E_UNSUPPORTED,
          yf_kdf_icao(&yf_provider_soft, YF_CIPHERS, YF_STR("z"), YF_KDF_ENC, key));
    T_ERR(YF_E_UNSUPPORTED, yf_kdf_x963(NULL, YF_STR("z"), YF_STR(""), key, 1));
}

T_MAIN(cmocka_unit_test(vectors_on_every_provider), cmocka_unit_test(what_there_is_not_is_refused))
