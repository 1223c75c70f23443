/* SPDX-License-Identifier: Apache-2.0 */
#include "ossl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
static EVP_MD *md[YF_HASHES];

yf_err
yf_ossl_err(yf_err e)
{
    unsigned long code;

    while ((code = ERR_get_error()))
        if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
            e = YF_E_ROOM;
    return e;
}

/* OpenSSL looks an algorithm up by name each time it is used by name; once is enough. */
static void
fetch(void)
{
    static const char *const name[YF_HASHES] = {
        [YF_SM3] = "SM3",         [YF_SHA1] = "SHA1",       [YF_SHA224] = "SHA2-224",
        [YF_SHA256] = "SHA2-256", [YF_SHA384] = "SHA2-384", [YF_SHA512] = "SHA2-512",
    };

    for (size_t i = 0; i < YF_HASHES; i++)
        md[i] = EVP_MD_fetch(NULL, name[i], NULL);
}

const EVP_MD *
yf_ossl_md(enum yf_hash_id id)
{
    return id < YF_HASHES && CRYPTO_THREAD_run_once(&once, fetch) ? md[id] : NULL;
}
