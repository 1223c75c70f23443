/* SPDX-License-Identifier: Apache-2.0 */
#include "ossl.h"

static yf_err
begin(yf_hash *h, const struct yf_hash_alg *alg)
{
    const EVP_MD *md = yf_ossl_md(alg->id);
    EVP_MD_CTX *ctx;

    if (!md)
        return yf_ossl_err(YF_E_UNSUPPORTED);
    if (!(ctx = EVP_MD_CTX_new()))
        return yf_ossl_err(YF_E_ROOM);
    if (EVP_DigestInit_ex2(ctx, md, NULL) != 1) {
        EVP_MD_CTX_free(ctx);
        return yf_ossl_err(YF_E_ROOM);
    }
    *h = (yf_hash){ .alg = alg, .state.host = ctx };
    return YF_OK;
}

static void
add(yf_hash *h, yf_span bytes)
{
    h->total += bytes.n;
    yf_ossl_must(EVP_DigestUpdate(h->state.host, bytes.p, bytes.n));
}

static void
drop(yf_hash *h)
{
    EVP_MD_CTX_free(h->state.host);
    yf_wipe(h, sizeof *h);
}

static void
end(yf_hash *h, uint8_t *md)
{
    yf_ossl_must(EVP_DigestFinal_ex(h->state.host, md, NULL));
    drop(h);
}

static yf_err
fork_hash(yf_hash *to, const yf_hash *from)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (!ctx || EVP_MD_CTX_copy_ex(ctx, from->state.host) != 1) {
        EVP_MD_CTX_free(ctx);
        return yf_ossl_err(YF_E_ROOM);
    }
    *to = *from;
    to->state.host = ctx;
    return YF_OK;
}

#define HASH(NAME, ID, SIZE, BLOCK)                                                                \
    static yf_err NAME##_init(yf_hash *h)                                                          \
    {                                                                                              \
        return begin(h, &yf_host_##NAME);                                                          \
    }                                                                                              \
    const struct yf_hash_alg yf_host_##NAME = {                                                    \
        .name = #NAME,                                                                             \
        .id = (ID),                                                                                \
        .size = (SIZE),                                                                            \
        .block = (BLOCK),                                                                          \
        .init = NAME##_init,                                                                       \
        .add = add,                                                                                \
        .end = end,                                                                                \
        .drop = drop,                                                                              \
        .fork = fork_hash,                                                                         \
    }

HASH(sha1, YF_SHA1, 20, 64);
HASH(sha224, YF_SHA224, 28, 64);
HASH(sha256, YF_SHA256, 32, 64);
HASH(sha384, YF_SHA384, 48, 128);
HASH(sha512, YF_SHA512, 64, 128);
