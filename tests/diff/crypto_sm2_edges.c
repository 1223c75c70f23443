/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SM2 edge cases before OpenSSL, as its users meet it. Where its verdict is not
 * the expected one the case must stand in the table below with the reason
 * (docs/sm2-edges.md tells more); that ours is as expected is crypto_sm2's to hold.
 */
#include "../peer.h"
#include "../t.h"
#include "../vec.h"

#include <sys/wait.h>
#include <unistd.h>

static const char ber[] = "reads BER: longer lengths, high tags, padded and negative integers";
static const char trailing[] = "does not look at what follows";
static const char coordinate[] = "reduces coordinates of C1 modulo p";
static const char range[] = "does not ask whether the private key is in range";
static const char on_request[] = "checks a key only when EVP_PKEY_*_check is called";
static const char id_limit[] = "takes identities of 8190 bytes at most";

/* The numbers of the cases, from and to. */
static const struct listed {
    const char *file;
    long from, to;
    const char *why;
} listed[] = {
    { "sm2_verify.txt", 251, 251, id_limit },    { "sm2_decrypt.txt", 38, 40, ber },
    { "sm2_decrypt.txt", 58, 58, ber },          { "sm2_decrypt.txt", 62, 63, ber },
    { "sm2_decrypt.txt", 65, 69, ber },          { "sm2_decrypt.txt", 87, 87, ber },
    { "sm2_decrypt.txt", 91, 92, ber },          { "sm2_decrypt.txt", 96, 98, ber },
    { "sm2_decrypt.txt", 116, 116, ber },        { "sm2_decrypt.txt", 120, 122, ber },
    { "sm2_decrypt.txt", 140, 140, ber },        { "sm2_decrypt.txt", 144, 146, ber },
    { "sm2_decrypt.txt", 153, 153, ber },        { "sm2_decrypt.txt", 162, 164, trailing },
    { "sm2_decrypt.txt", 237, 238, coordinate }, { "sm2_decrypt.txt", 243, 243, coordinate },
    { "sm2_decrypt.txt", 245, 245, coordinate }, { "sm2_decrypt.txt", 270, 270, range },
    { "sm2_decrypt.txt", 273, 274, range },
};

struct run {
    const char *file;
    size_t cases, disagreed, unlisted;
};

static const char *
reason(const char *file, long tcid)
{
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++)
        if (strcmp(file, listed[i].file) == 0 && tcid >= listed[i].from && tcid <= listed[i].to)
            return listed[i].why;
    return NULL;
}

/* Keys are listed by what they are: there is one reason for all. */
static const char *
key_reason(const struct vec *v)
{
    const char *flag = vec_str(v, "flag");

    return strcmp(flag, "KeyRange") == 0 || strcmp(flag, "Infinity") == 0 ? on_request : NULL;
}

static void
judge(const struct vec *v, struct run *r, bool accepted)
{
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    const char *why = vec_has(v, "key") ? key_reason(v) : reason(r->file, vec_num(v, "tcid"));

    r->cases++;
    if (accepted == valid)
        return;
    r->disagreed++;
    if (why)
        return;
    r->unlisted++;
    print_message("%s: openssl %s what is %s: %s\n", vec_where(v), accepted ? "takes" : "refuses",
                  vec_str(v, "result"), vec_str(v, "comment"));
}

/* ---- the four files ---- */

static void
verify(const struct vec *v, void *run)
{
    EVP_PKEY *key = peer_public(vec_get(v, "pub"));
    yf_span sig = vec_get(v, "sig");
    bool good =
        key && (vec_has(v, "e") ? peer_verify_digest(key, vec_get(v, "e"), sig)
                                : peer_verify(key, vec_get(v, "id"), vec_get(v, "msg"), sig));

    EVP_PKEY_free(key);
    judge(v, run, good);
}

static const uint8_t *
generator(void)
{
    static uint8_t g[YF_SM2_POINT] = { 4 };

    memcpy(g + 1, yf_curve_sm2.gx, 32);
    memcpy(g + 33, yf_curve_sm2.gy, 32);
    return g;
}

/* Whose public key it is plays no part in decryption. */
static void
decrypt(const struct vec *v, void *run)
{
    EVP_PKEY *key = peer_private(vec_get(v, "d").p, generator());
    uint8_t msg[8192];
    size_t n = 0;
    bool good = key && peer_decrypt(key, vec_get(v, "ct"), msg, sizeof msg, &n);

    EVP_PKEY_free(key);
    if (good && vec_get(v, "pt").n)
        T_SPAN(((yf_span){ msg, n }), vec_get(v, "pt"));
    judge(v, run, good);
}

static void
load(const struct vec *v, void *run)
{
    yf_span bytes = vec_get(v, "key");
    EVP_PKEY *k = NULL;

    if (strcmp(vec_str(v, "kind"), "public") == 0)
        k = peer_public(bytes);
    else if (bytes.n == 32)
        k = peer_private(bytes.p, generator());
    judge(v, run, k != NULL);
    EVP_PKEY_free(k);
}

static void
all(const char *file, void (*one)(const struct vec *v, void *run))
{
    struct run r = { .file = file };

    vec_each(file, one, &r);
    print_message("# %s: %zu cases, openssl differs in %zu, %zu of them unlisted\n", file, r.cases,
                  r.disagreed, r.unlisted);
    T(r.unlisted == 0);
}

static void
signatures(void **st)
{
    (void)st;
    all("sm2_verify.txt", verify);
    all("sm2_digest.txt", verify);
}

static void
ciphertexts(void **st)
{
    (void)st;
    all("sm2_decrypt.txt", decrypt);
}

static void
keys(void **st)
{
    (void)st;
    all("sm2_key.txt", load);
}

/* ---- what no file can say ---- */

/* With d = n-1, 1 + d has no inverse; OpenSSL 3.0 draws another k for ever. */
static void
sign_with_last(void)
{
    uint8_t d[32], der[80];
    size_t n;

    memcpy(d, yf_curve_sm2.n, 32);
    d[31]--;
    EVP_PKEY *k = peer_private(d, generator());
    alarm(1);
    _exit(k && peer_sign(k, YF_STR("id"), YF_STR("m"), der, sizeof der, &n) ? 1 : 0);
}

static void
signing_with_n_minus_1(void **st)
{
    int status = 0;
    pid_t child = fork();
    (void)st;

    if (child == 0)
        sign_with_last();
    T(child > 0 && waitpid(child, &status, 0) == child);
    bool never = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
    bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    print_message("# openssl signing with n-1: %s\n", never ? "never returns" : "refuses");
    T(never || refused);
}

T_MAIN(cmocka_unit_test(signatures), cmocka_unit_test(ciphertexts), cmocka_unit_test(keys),
       cmocka_unit_test(signing_with_n_minus_1))
