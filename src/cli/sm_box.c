/* SPDX-License-Identifier: Apache-2.0 */
/* yufu sm encrypt, sm decrypt: SM2 public-key encryption of a file. */
#include "sm.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/sm2.h>

#include <stdlib.h>

/* Of the DER around a ciphertext: tags, lengths and sign bytes, generously. */
enum { DER_EXTRA = 64 };

struct box {
    yf_sm2 sm2;
    yf_key key;
    uint8_t *in, *raw, *out;
    size_t in_n, raw_n, out_n; // raw_n, out_n: room
};

static int
encrypt(const struct args *a, struct box *b)
{
    size_t n = 0;

    if (b->in_n == 0)
        return complain(a, UNSURE, "cannot encrypt", a->rest[0],
                        "it is empty, and SM2 cannot encrypt nothing");
    yf_err e = yf_sm2_encrypt(&b->sm2, yf_key_point(&b->key), (yf_span){ b->in, b->in_n },
                              &yf_rng_system, b->raw);
    if (!e)
        e = yf_sm2_cipher_to_der((yf_span){ b->raw, b->in_n + YF_SM2_OVERHEAD }, b->out, b->out_n,
                                 &n);
    if (e)
        return complain(a, UNSURE, "cannot encrypt", a->rest[0], "%s", yf_err_name(e));
    return sm_write(a, 0666, (yf_span){ b->out, n });
}

static int
decrypt(const struct args *a, struct box *b)
{
    size_t n = 0;
    yf_err e = yf_sm2_cipher_from_der((yf_span){ b->in, b->in_n }, b->raw, b->raw_n, &n);

    if (e)
        return complain(a, UNSURE, "not an SM2 ciphertext", a->rest[0],
                        "expected the DER of GM/T 0009; it is damaged or cut short");
    e = yf_sm2_decrypt(&b->sm2, b->key.d, (yf_span){ b->raw, n }, b->out);
    if (e == YF_E_AUTH)
        return complain(a, NO, "does not decrypt", a->rest[0],
                        "encrypted to another key, or changed since");
    if (e)
        return complain(a, UNSURE, "not an SM2 ciphertext", a->rest[0],
                        "its point is not on the curve, or nothing is inside");
    return sm_write(a, 0600, (yf_span){ b->out, n - YF_SM2_OVERHEAD });
}

static int
prepare(const struct args *a, struct box *b)
{
    if (!sm_read(a, a->rest[0], &b->in, &b->in_n))
        return UNSURE;
    b->raw_n = b->in_n + YF_SM2_OVERHEAD;
    b->out_n = b->raw_n + DER_EXTRA;
    b->raw = malloc(b->raw_n);
    b->out = malloc(b->out_n);
    if (!b->raw || !b->out)
        return complain(a, UNSURE, "out of memory", a->rest[0], "the file is held in memory whole");
    if (yf_sm2_open(&b->sm2, &yf_provider_host))
        return complain(a, UNSURE, "no SM2", NULL, "the provider lacks it");
    return DONE;
}

static int
with_key(const struct args *a, bool private, int (*work)(const struct args *, struct box *))
{
    struct box b = { 0 };
    int status = sm_load_key(a, private, &b.key);

    if (!status)
        status = prepare(a, &b);
    if (!status)
        status = work(a, &b);
    yf_sm2_close(&b.sm2);
    yf_key_wipe(&b.key);
    yf_file_free(b.in, b.in_n);
    yf_file_free(b.raw, b.raw ? b.raw_n : 0);
    yf_file_free(b.out, b.out ? b.out_n : 0);
    return status;
}

static int
run_encrypt(const struct args *a)
{
    return with_key(a, false, encrypt);
}

static int
run_decrypt(const struct args *a)
{
    return with_key(a, true, decrypt);
}

const struct cmd cmd_sm_encrypt = {
    .name = "sm encrypt",
    .rest = "--key FILE IN",
    .summary = "encrypt a file to an SM2 public key",
    .text = "Writes the DER of GM/T 0009 (C1, C3, C2), as 'openssl pkeyutl -encrypt' does.\n"
            "The file is held in memory: at most 1 GiB.\n",
    .min = 1,
    .max = 1,
    .opts = { SM_KEY_OPTS("the receiver's public key (or private key)"),
              { "out", "FILE", "where to write (else standard output)" } },
    .run = run_encrypt,
};

const struct cmd cmd_sm_decrypt = {
    .name = "sm decrypt",
    .rest = "--key FILE IN",
    .summary = "decrypt what was encrypted to an SM2 key",
    .text = "Nothing is written unless the content matches its digest.\n",
    .min = 1,
    .max = 1,
    .opts = { SM_KEY_OPTS("the receiver's private key"),
              { "out", "FILE", "where to write, for its owner only (else standard output)" } },
    .run = run_decrypt,
};
