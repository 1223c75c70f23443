/* SPDX-License-Identifier: Apache-2.0 */
/* GCM, SP 800-38D. Names H, J0 are the standard's. */
#include "block.h"
#include "declassify.h"
#include "ghash.h"

#include <string.h>

struct gcm {
    struct yf_ghash hash;
    uint8_t counter[16]; // J0, then one more for each block
    uint8_t mask[16];    // E(J0), which hides the hash
};

/* 5.2.1.1, in bytes. */
static yf_err
check_sizes(yf_span iv, yf_span aad, yf_span in)
{
    const uint64_t any = ((uint64_t)1 << 61) - 1, text = ((uint64_t)1 << 36) - 32;

    return iv.n == 0 || iv.n > any || aad.n > any || in.n > text ? YF_E_FORMAT : YF_OK;
}

/* 7.1, steps 1 to 3, and 6.5 for the first counter block. */
static void
begin(struct gcm *g, const yf_cipher *c, yf_span iv)
{
    struct yf_ghash hash;
    uint8_t h[16] = { 0 };

    yf_block_ecb_enc(c, h, h, sizeof h);
    yf_ghash_init(&g->hash, h);
    if (iv.n == 12) {
        memcpy(g->counter, iv.p, 12);
        yf_put_be32(g->counter + 12, 1);
    } else {
        hash = g->hash;
        yf_ghash_add(&hash, iv);
        yf_ghash_end(&hash, 0, (uint64_t)iv.n << 3, g->counter);
        yf_wipe(&hash, sizeof hash);
    }
    memset(g->mask, 0, sizeof g->mask);
    yf_block_ctr32(c, g->counter, g->mask, g->mask, sizeof g->mask);
    yf_wipe(h, sizeof h);
}

static void
tag_of(struct gcm *g, yf_span aad, yf_span cipher, uint8_t *tag)
{
    yf_ghash_add(&g->hash, aad);
    yf_ghash_add(&g->hash, cipher);
    yf_ghash_end(&g->hash, (uint64_t)aad.n << 3, (uint64_t)cipher.n << 3, tag);
    for (size_t i = 0; i < YF_GCM_TAG; i++)
        tag[i] ^= g->mask[i];
}

yf_err
yf_block_gcm_seal(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                  uint8_t *tag)
{
    struct gcm g;
    yf_err e = check_sizes(iv, aad, in);

    if (e)
        return e;
    begin(&g, c, iv);
    yf_block_ctr32(c, g.counter, out, in.p, in.n);
    tag_of(&g, aad, (yf_span){ out, in.n }, tag);
    yf_wipe(&g, sizeof g);
    return YF_OK;
}

yf_err
yf_block_gcm_open(const yf_cipher *c, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                  const uint8_t *tag)
{
    struct gcm g;
    uint8_t want[YF_GCM_TAG];
    bool good;
    yf_err e = check_sizes(iv, aad, in);

    if (e)
        return e;
    begin(&g, c, iv);
    tag_of(&g, aad, in, want);
    good = yf_ct_eq(want, tag, sizeof want);
    YF_DECLASSIFY(&good, sizeof good);
    if (good)
        yf_block_ctr32(c, g.counter, out, in.p, in.n);
    else if (in.n)
        memset(out, 0, in.n);
    yf_wipe(&g, sizeof g);
    yf_wipe(want, sizeof want);
    return good ? YF_OK : YF_E_AUTH;
}
