/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "t.h"
#include "vec.h"

#include <yufu/proto/diversify.h>

static void
kcv_is(const yf_provider *p, enum yf_cipher_id cipher, const uint8_t *key, yf_span want)
{
    uint8_t kcv[YF_KCV];

    T_OK(yf_key_check(p, cipher, key, kcv));
    T_SPAN(YF_SPAN(kcv), want);
}

static void
vector(const struct vec *v, void *arg)
{
    const yf_provider *p = arg;
    const struct yf_cipher_alg *alg = yf_provider_cipher_named(p, vec_str(v, "cipher"));
    struct yf_scp03_keys k;

    if (!alg)
        return;
    T_OK(yf_diversify(p, alg->id, vec_get(v, "master"), vec_get(v, "data").p, &k));
    T_ERR(alg->id, (yf_err)k.cipher);
    if (vec_has(v, "enc")) {
        T_MEM(k.enc, vec_get(v, "enc").p, alg->key);
    } else {
        kcv_is(p, alg->id, k.enc, vec_get(v, "kcv_enc"));
        kcv_is(p, alg->id, k.mac, vec_get(v, "kcv_mac"));
        kcv_is(p, alg->id, k.dek, vec_get(v, "kcv_dek"));
    }
}

static void
vectors(void **st)
{
    (void)st;
    for (const yf_provider *const *p = test_providers; *p; p++)
        T(vec_each("kdf3.txt", vector, (void *)(uintptr_t)*p) == 4);
}

/* The same for SM4, whose check value is of a block of 02. */
static void
sm4_has_keys_of_its_own(void **st)
{
    static const uint8_t master[16] = { 1 }, data[10] = { 2 }, other[10] = { 3 };
    uint8_t block[16], kcv[YF_KCV];
    struct yf_scp03_keys a, b;
    yf_cipher c;
    (void)st;

    T_OK(yf_diversify(&yf_provider_soft, YF_SM4, YF_SPAN(master), data, &a));
    T_OK(yf_diversify(&yf_provider_soft, YF_SM4, YF_SPAN(master), other, &b));
    T(memcmp(a.enc, b.enc, 16) && memcmp(a.enc, a.mac, 16) && memcmp(a.mac, a.dek, 16));
    T_OK(yf_diversify(&yf_provider_soft, YF_AES128, YF_SPAN(master), data, &b));
    T(memcmp(a.enc, b.enc, 16));

    memset(block, 2, sizeof block);
    T_OK(yf_cipher_init(&c, yf_provider_soft.cipher[YF_SM4], (yf_span){ a.enc, 16 }));
    c.alg->ecb_enc(&c, block, block, sizeof block);
    T_OK(yf_key_check(&yf_provider_soft, YF_SM4, a.enc, kcv));
    T_MEM(kcv, block, YF_KCV);
    yf_cipher_drop(&c);
}

static void
a_master_key_is_of_its_cipher(void **st)
{
    static const uint8_t key[32], data[10];
    yf_provider none = { .name = "none" };
    struct yf_scp03_keys k = { .enc = { 7 } };
    uint8_t kcv[YF_KCV];
    (void)st;

    T_ERR(YF_E_FORMAT, yf_diversify(&yf_provider_soft, YF_AES128, (yf_span){ key, 24 }, data, &k));
    T_ERR(YF_E_UNSUPPORTED, yf_diversify(&none, YF_AES128, (yf_span){ key, 16 }, data, &k));
    T_ERR(YF_E_UNSUPPORTED, yf_key_check(&none, YF_AES128, key, kcv));
    T(k.enc[0] == 7);
}

T_MAIN(cmocka_unit_test(vectors), cmocka_unit_test(sm4_has_keys_of_its_own),
       cmocka_unit_test(a_master_key_is_of_its_cipher))
