/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ossl - what the files of this room share: the one way OpenSSL's failures become
 * ours, the algorithms fetched once, and the parts of the provider's table.
 *
 * Every function that sees OpenSSL fail goes through yf_ossl_err, so that nothing
 * stays in the thread's error queue for somebody else to stumble over.
 */
#ifndef YUFU_CRYPTO_HOST_OSSL_H
#define YUFU_CRYPTO_HOST_OSSL_H

#include <yufu/crypto/host.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

/* YF_E_ROOM if OpenSSL ran out of memory, else e; empties the error queue. */
YF_MUST yf_err yf_ossl_err(yf_err e);

/* What can fail only by a bug of ours: a context that is ready, used as it must be. */
static inline void
yf_ossl_must(int ok)
{
    if (ok != 1)
        yf_halt();
}

/* The digest, fetched once and never freed; NULL if OpenSSL does not have it. */
const EVP_MD *yf_ossl_md(enum yf_hash_id id);

extern const struct yf_hash_alg yf_host_sha1, yf_host_sha224, yf_host_sha256, yf_host_sha384,
    yf_host_sha512;
extern const struct yf_cipher_alg yf_host_aes128, yf_host_aes192, yf_host_aes256, yf_host_des3_2key,
    yf_host_des3_3key;
extern const struct yf_group_ops yf_host_group;
extern const struct yf_rsa_ops yf_host_rsa;

#endif
