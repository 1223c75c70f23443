/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/diversify.h>

#include "../crypto/soft/declassify.h"
#include "gp_kdf.h"

#include <string.h>

/* One key out of the master's. */
static void
derive(const yf_cipher *master, uint8_t number, yf_span data, uint8_t key[YF_CIPHER_KEY_MAX])
{
    uint8_t label[] = { 0, 0, 0, number, 0 };

    yf_gp_kdf(master, YF_STR(""), (yf_span[]){ YF_SPAN(label), data }, key, master->alg->key);
}

yf_err
yf_diversify(const yf_provider *p, enum yf_cipher_id cipher, yf_span master, const uint8_t *data,
             struct yf_scp03_keys *keys)
{
    yf_span d = { data, YF_SCP03_DIVERSIFICATION };
    yf_cipher m;
    yf_err e = yf_cipher_init(&m, yf_provider_cipher(p, cipher), master);

    if (e)
        return e;
    keys->cipher = cipher;
    derive(&m, 1, d, keys->enc);
    derive(&m, 2, d, keys->mac);
    derive(&m, 3, d, keys->dek);
    yf_cipher_drop(&m);
    return YF_OK;
}

yf_err
yf_key_check(const yf_provider *p, enum yf_cipher_id cipher, const uint8_t *key,
             uint8_t kcv[YF_KCV])
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(p, cipher);
    uint8_t block[YF_BLOCK_MAX];
    yf_cipher c;
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if ((e = yf_cipher_init(&c, alg, (yf_span){ key, alg->key })))
        return e;
    memset(block, cipher == YF_SM4 ? 2 : 1, sizeof block);
    alg->ecb_enc(&c, block, block, alg->block);
    YF_DECLASSIFY(block, YF_KCV);
    memcpy(kcv, block, YF_KCV);
    yf_wipe(block, sizeof block);
    yf_cipher_drop(&c);
    return YF_OK;
}
