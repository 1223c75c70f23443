/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/hash.h>

#include <string.h>

yf_err
yf_hash_all(const struct yf_hash_alg *alg, const yf_span *spans, size_t n, uint8_t *md)
{
    yf_hash h;
    yf_err e = yf_hash_init(&h, alg);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        yf_hash_add(&h, spans[i]);
    yf_hash_end(&h, md);
    return YF_OK;
}

/* A hash that has taken in the key, filled to a block with zeros, xor a pad byte. */
static yf_err
keyed(yf_hash *h, const struct yf_hash_alg *alg, const uint8_t *key, uint8_t pad)
{
    uint8_t block[YF_HASH_BLOCK_MAX];
    yf_err e = yf_hash_init(h, alg);

    if (e)
        return e;
    for (size_t i = 0; i < alg->block; i++)
        block[i] = key[i] ^ pad;
    yf_hash_add(h, (yf_span){ block, alg->block });
    yf_wipe(block, sizeof block);
    return YF_OK;
}

/* FIPS 198-1 4: a key longer than a block is hashed first. */
yf_err
yf_hmac_init(yf_hmac *m, const struct yf_hash_alg *alg, yf_span key)
{
    uint8_t block[YF_HASH_BLOCK_MAX] = { 0 };
    yf_err e = YF_OK;

    memset(m, 0, sizeof *m);
    if (!alg)
        return YF_E_UNSUPPORTED;
    if (key.n > alg->block)
        e = yf_hash_all(alg, &key, 1, block);
    else if (key.n)
        memcpy(block, key.p, key.n);
    if (!e)
        e = keyed(&m->inner, alg, block, 0x36);
    if (!e)
        e = keyed(&m->outer, alg, block, 0x5C);
    if (e)
        yf_hmac_drop(m);
    yf_wipe(block, sizeof block);
    return e;
}

void
yf_hmac_add(yf_hmac *m, yf_span bytes)
{
    yf_hash_add(&m->inner, bytes);
}

void
yf_hmac_end(yf_hmac *m, uint8_t *mac)
{
    uint8_t md[YF_HASH_MAX];
    size_t n = m->inner.alg->size;

    yf_hash_end(&m->inner, md);
    yf_hash_add(&m->outer, (yf_span){ md, n });
    yf_hash_end(&m->outer, mac);
    yf_wipe(md, sizeof md);
}

void
yf_hmac_drop(yf_hmac *m)
{
    yf_hash_drop(&m->inner);
    yf_hash_drop(&m->outer);
}

yf_err
yf_hmac_all(const struct yf_hash_alg *alg, yf_span key, const yf_span *spans, size_t n,
            uint8_t *mac)
{
    yf_hmac m;
    yf_err e = yf_hmac_init(&m, alg, key);

    if (e)
        return e;
    for (size_t i = 0; i < n; i++)
        yf_hmac_add(&m, spans[i]);
    yf_hmac_end(&m, mac);
    return YF_OK;
}
