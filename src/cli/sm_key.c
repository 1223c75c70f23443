/* SPDX-License-Identifier: Apache-2.0 */
/* yufu sm keygen, sm pub, and the key every other command starts from. */
#include "pass.h"
#include "sm.h"

#include <yufu/crypto/host.h>

#include <sys/stat.h>

static int
load(const struct args *a, const char *path, bool want_private, yf_span file, yf_key *k)
{
    struct pass p = { .args = a };
    const yf_pass source = pass_source(&p);
    const char *why = "";
    yf_err e = YF_E_NOTFOUND;

    if (!want_private) // a private key has its public one inside
        e = yf_keyfile_read_public(&yf_provider_host, file, k, &why);
    if (e == YF_E_NOTFOUND)
        e = yf_keyfile_read_private(&yf_provider_host, file, &source, k, &why);
    yf_wipe(p.text, sizeof p.text);
    if (p.status)
        return p.status;
    if (e)
        return complain(a, UNSURE, "cannot use the key", path, "%s", why);
    if (k->curve != &yf_curve_sm2) {
        yf_key_wipe(k);
        return complain(a, UNSURE, "not an SM2 key", path,
                        "another curve; 'yufu sm keygen' makes one");
    }
    return DONE;
}

int
sm_load_key(const struct args *a, bool want_private, yf_key *k)
{
    const char *path = arg(a, "key");
    uint8_t *data;
    size_t n;

    if (!path)
        return complain(a, USAGE, "no key", NULL, "name its file with --key FILE");
    if (!sm_read(a, path, &data, &n))
        return UNSURE;
    int status = load(a, path, want_private, (yf_span){ data, n }, k);
    yf_file_free(data, n);
    return status;
}

/* --encrypt: the lock that a new key gets. */
static int
new_lock(struct pass *p, struct yf_lock *lock)
{
    yf_pass source = pass_source(p);

    *lock = (struct yf_lock){ .kind = YF_LOCK_PBKDF2, .rng = &yf_rng_system };
    if (source.ask(source.state, &lock->pass))
        return p->status;
    return DONE;
}

static int
save_key(const struct args *a, const yf_key *k, const struct yf_lock *lock)
{
    uint8_t pem[YF_KEYFILE_MAX];
    yf_out o = yf_out_of(pem, sizeof pem);
    yf_err e = yf_keyfile_write_private(&yf_provider_host, k, lock, &o);
    int status;

    if (e)
        status = complain(a, UNSURE, "cannot write the key", NULL, "%s", yf_err_name(e));
    else
        status = sm_write(a, 0600, yf_out_span(&o));
    yf_wipe(pem, sizeof pem);
    return status;
}

static bool
is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static int
run_keygen(const struct args *a)
{
    struct pass p = { .args = a, .twice = true };
    struct yf_lock lock;
    bool locked = arg(a, "encrypt") || arg(a, "pass-file") || arg(a, "pass-fd");
    yf_key k = { 0 };
    const char *out = arg(a, "out");

    if (out && !arg(a, "force") && is_file(out))
        return complain(a, UNSURE, "would replace a file", out,
                        "it may be a key in use; give another name, or --force");
    int status = locked ? new_lock(&p, &lock) : DONE;

    if (!status && yf_key_generate(&yf_provider_host, &yf_curve_sm2, &yf_rng_system, &k))
        status = complain(a, UNSURE, "cannot make a key", NULL,
                          "the system has no random bytes to give");
    if (!status)
        status = save_key(a, &k, locked ? &lock : NULL);
    yf_key_wipe(&k);
    yf_wipe(&p, sizeof p);
    return status;
}

static int
run_pub(const struct args *a)
{
    uint8_t pem[YF_KEYFILE_MAX];
    yf_out o = yf_out_of(pem, sizeof pem);
    yf_key k;
    int status = sm_load_key(a, false, &k);

    if (status)
        return status;
    yf_keyfile_write_public(&k, &o);
    yf_key_wipe(&k);
    return sm_write(a, 0666, yf_out_span(&o));
}

const struct cmd cmd_sm_keygen = {
    .name = "sm keygen",
    .rest = "",
    .summary = "make an SM2 key pair",
    .text =
        "Writes a PKCS#8 private key as PEM, the public key inside; the file is for its owner\n"
        "only. With a password it is encrypted (PBES2: PBKDF2 with HMAC-SHA256, AES-256-CBC).\n",
    .opts = { { "out", "FILE", "where to write (else standard output)" },
              { "force", NULL, "replace a file that is there" },
              { "encrypt", NULL, "lock the key with a password, asked on the terminal" },
              { "pass-file", "FILE", "lock it with the first line of FILE" },
              { "pass-fd", "N", "lock it with the first line from descriptor N" } },
    .run = run_keygen,
};

const struct cmd cmd_sm_pub = {
    .name = "sm pub",
    .rest = "--key FILE",
    .summary = "the public key of a key file",
    .text = "Writes a SubjectPublicKeyInfo as PEM.\n",
    .opts = { SM_KEY_OPTS("a private or public key"),
              { "out", "FILE", "where to write (else standard output)" } },
    .run = run_pub,
};
