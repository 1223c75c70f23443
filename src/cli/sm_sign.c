/* SPDX-License-Identifier: Apache-2.0 */
/* yufu sm sign, sm verify: SM2 over a file of any length. */
#include "sm.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/sm2.h>

#include <errno.h>
#include <string.h>

/* --id, or the default of GM/T 0009; an empty one is an id too. */
static yf_span
signer_id(const struct args *a)
{
    const char *id = arg(a, "id");

    return id ? (yf_span){ (const uint8_t *)id, strlen(id) } : YF_SM2_DEFAULT_ID;
}

/* e = SM3(ZA || message), the message read piece by piece. */
static int
digest(const struct args *a, const yf_sm2 *s, const yf_key *k, uint8_t e[32])
{
    yf_hash h;
    yf_err err = yf_sm2_digest_begin(s, signer_id(a), yf_key_point(k), &h);

    if (err == YF_E_ROOM)
        return complain(a, USAGE, "id too long", NULL, "%d bytes at most", YF_SM2_ID_MAX);
    if (err)
        return complain(a, UNSURE, "cannot hash", a->rest[0], "%s", yf_err_name(err));
    if (!sm_hash_file(&h, a->rest[0])) {
        yf_hash_drop(&h);
        return complain(a, UNSURE, "cannot read", a->rest[0], "%s", strerror(errno));
    }
    yf_hash_end(&h, e);
    return DONE;
}

static int
sign(const struct args *a, const yf_sm2 *s, const yf_key *k)
{
    uint8_t e[32], sig[YF_SM2_SIG], der[YF_SIG_DER_MAX];
    size_t n;
    int status = digest(a, s, k, e);

    if (status)
        return status;
    yf_err err = yf_sm2_sign_digest(s, k->d, e, &yf_rng_system, sig);
    if (!err)
        err = yf_sig_to_der(YF_SPAN(sig), der, &n);
    if (err)
        return complain(a, UNSURE, "cannot sign", a->rest[0], "%s", yf_err_name(err));
    return sm_write(a, 0666, (yf_span){ der, n });
}

static int
verify(const struct args *a, const yf_sm2 *s, const yf_key *k)
{
    const char *path = arg(a, "sig");
    uint8_t e[32], sig[YF_SM2_SIG], *der;
    size_t n;
    int status;

    if (!path)
        return complain(a, USAGE, "no signature", NULL, "name its file with --sig FILE");
    if (!sm_read(a, path, &der, &n))
        return UNSURE;
    yf_err err = yf_sig_from_der((yf_span){ der, n }, YF_SM2_SIZE, sig);
    yf_file_free(der, n);
    if (err)
        return complain(a, NO, "does not verify", path,
                        "not a signature: two 32-byte numbers in DER");
    if ((status = digest(a, s, k, e)))
        return status;
    if (yf_sm2_verify_digest(s, yf_key_point(k), e, YF_SPAN(sig)))
        return complain(a, NO, "does not verify", path,
                        "made by another key, over another message, or with another --id");
    puts("verified");
    return DONE;
}

static int
with_key(const struct args *a, bool private,
         int (*work)(const struct args *, const yf_sm2 *, const yf_key *))
{
    yf_sm2 s;
    yf_key k;
    int status = sm_load_key(a, private, &k);

    if (status)
        return status;
    if (yf_sm2_open(&s, &yf_provider_host))
        status = complain(a, UNSURE, "no SM2", NULL, "the provider lacks it");
    else
        status = work(a, &s, &k);
    yf_sm2_close(&s);
    yf_key_wipe(&k);
    return status;
}

static int
run_sign(const struct args *a)
{
    return with_key(a, true, sign);
}

static int
run_verify(const struct args *a)
{
    return with_key(a, false, verify);
}

const struct cmd cmd_sm_sign = {
    .name = "sm sign",
    .rest = "--key FILE MSG",
    .summary = "sign a file with SM2",
    .text = "Writes a DER signature (GM/T 0009) over SM3 of the signer's ZA and the message, as\n"
            "'openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:ID' does. MSG may be -.\n",
    .min = 1,
    .max = 1,
    .opts = { SM_KEY_OPTS("the signer's private key"),
              { "id", "ID",
                "the signer's identity (default 1234567812345678; openssl's default is '')" },
              { "out", "FILE", "where to write (else standard output)" } },
    .run = run_sign,
};

const struct cmd cmd_sm_verify = {
    .name = "sm verify",
    .rest = "--key FILE --sig FILE MSG",
    .summary = "verify an SM2 signature of a file",
    .text = "Says 'verified' and exits 0, or says why not and exits 1. MSG may be -.\n",
    .min = 1,
    .max = 1,
    .opts = { SM_KEY_OPTS("the signer's public key (or private key)"),
              { "sig", "FILE", "the signature, DER" },
              { "id", "ID",
                "the signer's identity (default 1234567812345678; openssl's default is '')" } },
    .run = run_verify,
};
