/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yufu sm cipher: SM4 on files. With --iv the output is the bare ciphertext, the
 * bytes `openssl enc` makes; without it a fresh IV is drawn and stands in front.
 * GCM and CCM put the 16-byte tag behind, and nothing is written unless it is right.
 */
#include "sm.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/modes.h>

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16, TAG = 16 };

static yf_err
cbc(const yf_cipher *c, bool seal, yf_span iv, yf_span aad, yf_span in, uint8_t *out, size_t *n)
{
    uint8_t chain[BLOCK];
    (void)aad;

    memcpy(chain, iv.p, BLOCK);
    if (seal) {
        memcpy(out, in.p, in.n);
        *n = yf_pad_pkcs7(out, in.n, BLOCK);
        c->alg->cbc_enc(c, chain, out, out, *n);
        return YF_OK;
    }
    if (in.n == 0 || in.n % BLOCK)
        return YF_E_FORMAT;
    c->alg->cbc_dec(c, chain, out, in.p, in.n);
    return yf_unpad_pkcs7(out, in.n, BLOCK, n) ? YF_E_AUTH : YF_OK;
}

static yf_err
ctr(const yf_cipher *c, bool seal, yf_span iv, yf_span aad, yf_span in, uint8_t *out, size_t *n)
{
    uint8_t counter[BLOCK];
    (void)aad;
    (void)seal;

    memcpy(counter, iv.p, BLOCK);
    c->alg->ctr(c, counter, out, in.p, in.n);
    *n = in.n;
    return YF_OK;
}

static yf_err
gcm(const yf_cipher *c, bool seal, yf_span iv, yf_span aad, yf_span in, uint8_t *out, size_t *n)
{
    if (!seal && in.n < TAG)
        return YF_E_FORMAT;
    *n = seal ? in.n + TAG : in.n - TAG;
    if (seal)
        return c->alg->gcm_seal(c, iv, aad, in, out, out + in.n);
    return c->alg->gcm_open(c, iv, aad, (yf_span){ in.p, *n }, out, in.p + *n);
}

static yf_err
ccm(const yf_cipher *c, bool seal, yf_span iv, yf_span aad, yf_span in, uint8_t *out, size_t *n)
{
    if (!seal && in.n < TAG)
        return YF_E_FORMAT;
    *n = seal ? in.n + TAG : in.n - TAG;
    if (seal)
        return yf_ccm_seal(c, iv, aad, in, out, out + in.n, TAG);
    return yf_ccm_open(c, iv, aad, (yf_span){ in.p, *n }, out, (yf_span){ in.p + *n, TAG });
}

static const struct mode {
    const char *name;
    size_t iv; // bytes drawn when none is given
    size_t iv_min, iv_max;
    bool aad;
    yf_err (*run)(const yf_cipher *c, bool seal, yf_span iv, yf_span aad, yf_span in, uint8_t *out,
                  size_t *n);
} modes[] = {
    { "cbc", BLOCK, BLOCK, BLOCK, false, cbc },
    { "ctr", BLOCK, BLOCK, BLOCK, false, ctr },
    { "gcm", 12, 1, 64, true, gcm },
    { "ccm", 12, 7, 13, true, ccm },
};

struct job {
    const struct mode *mode;
    yf_cipher cipher;
    uint8_t iv[64];
    size_t iv_n;
    uint8_t *aad, *in, *out;
    size_t aad_n, in_n, out_cap;
    bool seal, own_iv; // own_iv: the IV stands in front of the ciphertext
};

static const struct mode *
mode_named(const char *name)
{
    for (size_t i = 0; name && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].name, name) == 0)
            return &modes[i];
    return NULL;
}

/* A key file holds 16 raw bytes, or 32 hex digits and perhaps a newline. */
static int
load_key(const struct args *a, struct job *j)
{
    const char *path = arg(a, "key");
    uint8_t *data = NULL, key[16];
    char text[34] = { 0 };
    size_t n = 0, got = 0;
    int status = DONE;

    if (!path)
        return complain(a, USAGE, "no key", NULL,
                        "name a file with --key FILE (16 bytes, or 32 hex digits)");
    if (!sm_read(a, path, &data, &n))
        return UNSURE;
    if (n == sizeof key) {
        memcpy(key, data, got = n);
    } else if (n == 32 || n == 33) {
        memcpy(text, data, n);
        text[32] = text[32] == '\n' ? 0 : text[32];
        if (!sm_hex(text, key, sizeof key, &got))
            got = 0;
    }
    if (got != sizeof key ||
        yf_cipher_init(&j->cipher, yf_provider_host.cipher[YF_SM4], (yf_span){ key, got }))
        status = complain(a, UNSURE, "not an SM4 key", path, "expected 16 bytes or 32 hex digits");
    yf_wipe(key, sizeof key);
    yf_wipe(text, sizeof text);
    yf_file_free(data, n);
    return status;
}

/* --iv, or a fresh one in front, or the one that stands in front. */
static int
take_iv(const struct args *a, struct job *j, yf_span *body)
{
    const char *text = arg(a, "iv");

    j->own_iv = !text;
    j->iv_n = j->mode->iv;
    *body = (yf_span){ j->in, j->in_n };
    if (text) {
        if (!sm_hex(text, j->iv, sizeof j->iv, &j->iv_n) || j->iv_n < j->mode->iv_min ||
            j->iv_n > j->mode->iv_max)
            return complain(a, USAGE, "bad --iv", text, "%s takes hex digits of %zu to %zu bytes",
                            j->mode->name, j->mode->iv_min, j->mode->iv_max);
        return DONE;
    }
    if (j->seal)
        return yf_rng_fill(&yf_rng_system, j->iv, j->iv_n)
                   ? complain(a, UNSURE, "no random bytes", NULL, "the system has none to give")
                   : DONE;
    if (j->in_n < j->iv_n)
        return complain(a, UNSURE, "too short", a->n ? a->rest[0] : "-",
                        "no room for the IV in front; give --iv if it is elsewhere");
    memcpy(j->iv, j->in, j->iv_n);
    *body = (yf_span){ j->in + j->iv_n, j->in_n - j->iv_n };
    return DONE;
}

static int
transform(const struct args *a, struct job *j, yf_span body)
{
    size_t front = j->seal && j->own_iv ? j->iv_n : 0, n = 0;
    const char *name = a->n ? a->rest[0] : "-";

    j->out_cap = front + body.n + BLOCK + TAG;
    j->out = malloc(j->out_cap);
    if (!j->out)
        return complain(a, UNSURE, "out of memory", name, "the file is held in memory whole");
    memcpy(j->out, j->iv, front);
    yf_err e = j->mode->run(&j->cipher, j->seal, (yf_span){ j->iv, j->iv_n },
                            (yf_span){ j->aad, j->aad_n }, body, j->out + front, &n);
    if (e == YF_E_AUTH)
        return complain(a, NO, "does not decrypt", name,
                        "wrong key, IV or --aad, or changed since it was encrypted");
    if (e)
        return complain(a, UNSURE, "not a ciphertext of this mode", name,
                        "its length is wrong (%s)", yf_err_name(e));
    return sm_write(a, j->seal ? 0666 : 0600, (yf_span){ j->out, front + n });
}

static int
work(const struct args *a, struct job *j)
{
    const char *aad = arg(a, "aad");
    yf_span body;
    int status;

    if (!arg(a, "mode"))
        return complain(a, USAGE, "no mode", NULL, "give --mode cbc, ctr, gcm or ccm");
    if (!(j->mode = mode_named(arg(a, "mode"))))
        return complain(a, USAGE, "no such mode", arg(a, "mode"),
                        "there are cbc, ctr, gcm and ccm");
    if (aad && !j->mode->aad)
        return complain(a, USAGE, "no --aad here", j->mode->name, "only gcm and ccm authenticate");
    if ((status = load_key(a, j)))
        return status;
    if (aad && !sm_read(a, aad, &j->aad, &j->aad_n))
        return UNSURE;
    if (!sm_read(a, a->n ? a->rest[0] : "-", &j->in, &j->in_n))
        return UNSURE;
    if ((status = take_iv(a, j, &body)))
        return status;
    return transform(a, j, body);
}

static int
run(const struct args *a)
{
    struct job j = { .seal = !arg(a, "decrypt") };
    int status = work(a, &j);

    yf_cipher_drop(&j.cipher);
    yf_file_free(j.aad, j.aad_n);
    yf_file_free(j.in, j.in_n);
    yf_file_free(j.out, j.out_cap);
    return status;
}

const struct cmd cmd_sm_cipher = {
    .name = "sm cipher",
    .rest = "--mode MODE --key FILE [FILE]",
    .summary = "encrypt or decrypt a file with SM4",
    .text = "With --iv the output is the bare ciphertext, as 'openssl enc -sm4-cbc' writes it.\n"
            "Without, a fresh IV is drawn and stands in front of the ciphertext, where\n"
            "decryption looks for it. cbc pads (PKCS#7); gcm and ccm append a 16-byte tag,\n"
            "and only they notice when the file was changed: prefer gcm.\n"
            "The file is held in memory: at most 1 GiB.\n",
    .max = 1,
    .opts = { { "mode", "MODE", "cbc, ctr, gcm or ccm" },
              { "key", "FILE", "the key: 16 bytes, or 32 hex digits" },
              { "iv", "HEX", "the IV or nonce; never use one twice with ctr, gcm or ccm" },
              { "aad", "FILE", "data that is authenticated but not encrypted (gcm, ccm)" },
              { "decrypt", NULL, "decrypt instead" },
              { "out", "FILE", "where to write (else standard output)" } },
    .run = run,
};
