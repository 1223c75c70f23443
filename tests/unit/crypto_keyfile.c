/* SPDX-License-Identifier: Apache-2.0 */
#include "rng.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/keyfile.h>
#include <yufu/crypto/pem.h>
#include <yufu/wire/der.h>

static const yf_provider *const host = &yf_provider_host;

/* The key of GB/T 32918.5-2017 A.2, as OpenSSL 3.0.22 writes it. */

static const char pkcs8[] = "-----BEGIN PRIVATE KEY-----\n"
                            "MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgOUUgj3shRLE/NuOK\n"
                            "xtOflYiTk2koYLUaQvuB7033xbihRANCAAQJ+d8xHlQhoVDdfRYeS8XGchefrRgz\n"
                            "/AdrsI/zVvNQIMzqSQziZ3WlLcbqcYzBqmAK7QX7814ISmYy9gctqa0T\n"
                            "-----END PRIVATE KEY-----\n";

static const char sec1[] = "-----BEGIN SM2 PRIVATE KEY-----\n"
                           "MHcCAQEEIDlFII97IUSxPzbjisbTn5WIk5NpKGC1GkL7ge9N98W4oAoGCCqBHM9V\n"
                           "AYItoUQDQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60YM/wHa7CP81bzUCDM6kkM4md1\n"
                           "pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
                           "-----END SM2 PRIVATE KEY-----\n";

static const char spki[] = "-----BEGIN PUBLIC KEY-----\n"
                           "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
                           "M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
                           "-----END PUBLIC KEY-----\n";

/* The same under the password "correct horse". */

static const char aes256_sha256[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg21Nixqk4kDQICA+gw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEGKVdqIUWQYgOojxS55DuJQEgZCv\n"
    "/thmJz0SrXkLdsS6U4Rt/PpphXrtGPujw2GovMxPpEjEMUGt2tdY8IVJnn6Lj5PF\n"
    "iAZ2sZOUq4T6vPGRr548mXc8dLUTKyzV6bGDbx+SzX4Ms2SVfO3KYhpLviLxjZVo\n"
    "Z2NPXbBBR3ybVRp7Dm30MJ940X6GbWGFLEwkXy16tr3T/iBgJ1R0Hop3P0nLijM=\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char aes128_sha1[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHeMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAifzh/W+lRDugICA+gw\n"
    "HQYJYIZIAWUDBAECBBAXdYMQYW3Bb/kcH8YosAkGBIGQKIYdLDpez7OLquypWJdH\n"
    "O85w0MjNpIi12yWAQ5OsGNd+vyMZnVJowIMsmGdupS+kAUMKQATeLvuD/Vv+wPLM\n"
    "2wlSB25ION7V+lIjdGZ8YCm61LQw9OgLpca0xjfMQUvqHcOUI7tc+S/bu+il9L5x\n"
    "xCiEXEHaKUmjqzefz3ZMI5Rdjw/lstXgHzxxT2dYgHC+\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char aes256_scrypt[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAinMFdgI5NGAwICBAAC\n"
    "AQgCAQEwHQYJYIZIAWUDBAEqBBD4pcLQVG6HFNtLk+HA5mQABIGQ4hgJM9vzHRIC\n"
    "QVOg4Amwac016t6EQggGsmIvp9zFGfTHRP0Cg/pot084q3+a8L2/mjXeH2ywZf65\n"
    "oApYQ5EyawD+8IjWHeQEViZrCDKiyewsacwa7tSVoywYGgcK9RBGuSPCqCWe3yWY\n"
    "Ke2BpXfgcGXZ1YpqfnT7zRBjHnCT9w14sUo9RFIKLUmKNl96i8VC\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char sm4_sha512[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
    "MIHrMFYGCSqGSIb3DQEFDTBJMCkGCSqGSIb3DQEFDDAcBAgJzCDALR3efwICA+gw\n"
    "DAYIKoZIhvcNAgsFADAcBggqgRzPVQFoAgQQbSJ1nMij2aGXIAhFEBanMgSBkIb9\n"
    "lNaD0J+puc240r4Rt9MXZpCv0T/flWUPTQfe0uztbYHHe2z1qy49wF/giqt5zjBi\n"
    "fNKaauJmvIvw3pdcG5xCu8sAST79sgtsug96VRYuwzXOdjDkE7SgPY2uxATz3PGK\n"
    "Ynt43g4q7JJT42rMNtSrPNkMIICHK9TiobvGuHSnfDkcVPZbwpKEwdGE68kz/g==\n"
    "-----END ENCRYPTED PRIVATE KEY-----\n";

/* PKCS#12's encryption, and the one by header lines. */
static const char pbes1[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "MIGxMBwGCiqGSIb3DQEMAQMwDgQICdJo4gROWrkCAgPoBIGQfbl9mElYJrNsepGF\n"
                            "tQdS8RFqvijcKI54FpbIHuzHOBlDE4bR+5SlGx3lvgQk8TP4VCUwyTc3VJCOpWwB\n"
                            "DbA2BmqXCUjSvkI7BRfY//fV20hGEY3FFD/6x9c8pXfR+f7cGhaeWRLa743ZU9Ym\n"
                            "RuMpKfB8zmqairvYV8OfH5qNtUnrP0DNy0tSL6EuAJ9JJaxo\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char by_header[] = "-----BEGIN SM2 PRIVATE KEY-----\n"
                                "Proc-Type: 4,ENCRYPTED\n"
                                "DEK-Info: AES-128-CBC,C53AA4CF07C27A991C996E69CABAFBA8\n"
                                "\n"
                                "1ruKmdCBlq+XnI4m/NvB1oHt47oW7SZDK2mIwUNmNv16GF+aWAhi7xzucIacbs3d\n"
                                "W9pz6NVIIVoSrPLYh2BKLUca+IRKcdBofwwAn/LnwuuJ0dcYJ5RIBIdwnfao4DB0\n"
                                "jXeJKojpK+yxxv5RF43Mbn3Tb+XLNZc0blqyzFHNXM0=\n"
                                "-----END SM2 PRIVATE KEY-----\n";

/* From the README of GmSSL-Java (Apache-2.0, 2023), under "Password". */
static const char gmssl[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                            "MIIBBjBhBgkqhkiG9w0BBQ0wVDA0BgkqhkiG9w0BBQwwJwQQxShg35gP7+BVnsLo\n"
                            "NzYroAIDAQAAAgEQMAsGCSqBHM9VAYMRAjAcBggqgRzPVQFoAgQQrZf0pC2mC52m\n"
                            "cEaC9goJUQSBoGENSQLgigHQUFF7qAOnJQP6erD1vTBQYWWD1aiXGFpLvhPunZ3m\n"
                            "oWOagyqiGmsoV9aSTWMp20ZLiDR+s7pRv8NM0+vspmDUvmb+LUh0zjrrtJqkzr+Q\n"
                            "kdfrXD9Utsqx+PqrzBw/PRMDIRKrJeUtqtkerCnsSUN3CpnpAMSTnQUrTt1mQXyU\n"
                            "dDj7NnOwCbab9km8fzbaXfJlWZYZPsyFJqw=\n"
                            "-----END ENCRYPTED PRIVATE KEY-----\n";

static const char ed25519[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MC4CAQAwBQYDK2VwBCIEIO8F12EegQv5kshezEsfaZ/6bBxaqPoOOZQPB3feHX/Z\n"
                              "-----END PRIVATE KEY-----\n";

static const uint8_t d_sm2[32] = {
    0x39, 0x45, 0x20, 0x8F, 0x7B, 0x21, 0x44, 0xB1, 0x3F, 0x36, 0xE3, 0x8A, 0xC6, 0xD3, 0x9F, 0x95,
    0x88, 0x93, 0x93, 0x69, 0x28, 0x60, 0xB5, 0x1A, 0x42, 0xFB, 0x81, 0xEF, 0x4D, 0xF7, 0xC5, 0xB8,
};

static yf_span
str(const char *s)
{
    return (yf_span){ (const uint8_t *)s, strlen(s) };
}

/* A password, and how often it was asked for. */
struct word {
    const char *text;
    unsigned asked;
};

static yf_err
ask(void *state, yf_span *pass)
{
    struct word *w = state;

    w->asked++;
    if (!w->text)
        return YF_E_IO;
    *pass = str(w->text);
    return YF_OK;
}

static yf_err
read_with(yf_span file, const char *password, yf_key *k, const char **why)
{
    struct word w = { password, 0 };

    return yf_keyfile_read_private(host, file, &(yf_pass){ ask, &w }, k, why);
}

/* The body of a PEM text. */
static yf_span
der_of(const char *text, uint8_t *mem, size_t cap)
{
    yf_cur c = yf_cur_of(str(text));
    size_t n = 0;
    yf_pem b;

    T_OK(yf_pem_next(&c, &b));
    T_OK(yf_pem_decode(&b, mem, cap, &n));
    return (yf_span){ mem, n };
}

/* ---- reading ---- */

static void
reads_private_keys(void **st)
{
    static const char *const plain[] = { pkcs8, sec1 };
    struct word w = { "correct horse", 0 };
    yf_pass pass = { ask, &w };
    (void)st;

    for (size_t i = 0; i < 2; i++) {
        uint8_t mem[512];
        const char *why = NULL;
        yf_key k;
        T_OK(yf_keyfile_read_private(host, str(plain[i]), &pass, &k, &why));
        T(k.curve == &yf_curve_sm2 && k.form == 0);
        T_MEM(k.d, d_sm2, 32);
        memset(&k, 0, sizeof k);
        T_OK(yf_keyfile_read_private(host, der_of(plain[i], mem, sizeof mem), NULL, &k, &why));
        T_MEM(k.d, d_sm2, 32);
        T(why == NULL);
    }
    T(w.asked == 0); // nothing was encrypted
}

static void
reads_encrypted_keys(void **st)
{
    static const char *const locked[] = { aes256_sha256, aes128_sha1, aes256_scrypt, sm4_sha512 };
    (void)st;

    for (size_t i = 0; i < sizeof locked / sizeof *locked; i++) {
        struct word w = { "correct horse", 0 };
        yf_pass pass = { ask, &w };
        uint8_t mem[512];
        yf_key k;
        T_OK(yf_keyfile_read_private(host, str(locked[i]), &pass, &k, NULL));
        T(w.asked == 1);
        T_MEM(k.d, d_sm2, 32);
        T_OK(yf_keyfile_read_private(host, der_of(locked[i], mem, sizeof mem), &pass, &k, NULL));
        T(w.asked == 2);
    }
}

static void
reads_what_gmssl_writes(void **st)
{
    yf_key k;
    (void)st;

    T_OK(read_with(str(gmssl), "Password", &k, NULL));
    T(k.curve == &yf_curve_sm2 && k.form == YF_KEY_REPEATED);
}

static void
reads_public_keys(void **st)
{
    uint8_t mem[512];
    yf_key k, private;
    (void)st;

    T_OK(yf_keyfile_read_private(host, str(pkcs8), NULL, &private, NULL));
    T_OK(yf_keyfile_read_public(host, str(spki), &k, NULL));
    T(k.curve == &yf_curve_sm2 && !k.has_private && k.form == 0);
    T_SPAN(yf_key_point(&k), yf_key_point(&private));
    T_OK(yf_keyfile_read_public(host, der_of(spki, mem, sizeof mem), &k, NULL));
}

static void
skips_what_stands_before(void **st)
{
    char text[1024];
    yf_key k;
    (void)st;

    snprintf(text, sizeof text,
             "my key\n-----BEGIN SM2 PARAMETERS-----\nBggqgRzPVQGCLQ==\n"
             "-----END SM2 PARAMETERS-----\n%s",
             pkcs8);
    T_OK(yf_keyfile_read_private(host, str(text), NULL, &k, NULL));
}

/* ---- refusing, with the words for it ---- */

static const char other_curve[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQg6h2zAg6QRTpaDtjVLV1V\n"
    "uuc5n3+g7o/aWocF2YHIoLChRANCAAS21sxMZL6xlvah3BeQdtmTSSRZkA3utwSZ\n"
    "TwIxUtpDlwALzN3H/zCLtff0h90sNmR+FMBLinjrWIYtOfjg83iY\n"
    "-----END PRIVATE KEY-----\n";

static const char certificate[] = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
static const char rsa[] = "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n";
static const char bad_end[] = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
static const char bad_text[] = "-----BEGIN PRIVATE KEY-----\nMA!=\n-----END PRIVATE KEY-----\n";
static const char bad_der[] = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
static const char bad_lock[] =
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n";

static const struct {
    const char *text, *password;
    yf_err want;
    const char *why;
} no_private[] = {
    { "", NULL, YF_E_FORMAT, "empty" },
    { "hello\n", NULL, YF_E_FORMAT, "no key in it" },
    { "0nonsense", NULL, YF_E_FORMAT, "no key in it, or a truncated one" },
    { bad_end, NULL, YF_E_FORMAT, "damaged PEM: BEGIN and END do not match" },
    { bad_text, NULL, YF_E_FORMAT, "damaged PEM: what it holds is not base64" },
    { bad_der, NULL, YF_E_FORMAT, "damaged: not a valid key" },
    { bad_lock, "x", YF_E_FORMAT, "damaged: not a valid encrypted key" },
    { aes256_sha256, "correct Horse", YF_E_AUTH, "wrong password" },
    { aes256_sha256, "", YF_E_AUTH, "wrong password" },
    { aes256_scrypt, "correct horses", YF_E_AUTH, "wrong password" },
    { gmssl, "password", YF_E_AUTH, "wrong password" },
    { aes256_sha256, NULL, YF_E_IO, "no password was given" },
    { pbes1, "correct horse", YF_E_UNSUPPORTED, "an encryption that is not supported" },
    { by_header, "correct horse", YF_E_UNSUPPORTED,
      "encrypted the old way; convert it with openssl pkcs8 -topk8" },
    { other_curve, NULL, YF_E_UNSUPPORTED, "an algorithm or curve that is not supported" },
    { ed25519, NULL, YF_E_UNSUPPORTED, "an algorithm or curve that is not supported" },
    { rsa, NULL, YF_E_UNSUPPORTED, "not an elliptic-curve key" },
    { certificate, NULL, YF_E_NOTFOUND, "a certificate where a private key is needed" },
    { spki, NULL, YF_E_NOTFOUND, "a public key where a private one is needed" },
};

static const struct {
    const char *text;
    yf_err want;
    const char *why;
} no_public[] = {
    { "", YF_E_FORMAT, "empty" },
    { pkcs8, YF_E_NOTFOUND, "a private key where a public one is needed" },
    { sec1, YF_E_NOTFOUND, "a private key where a public one is needed" },
    { aes256_sha256, YF_E_NOTFOUND, "a private key where a public one is needed" },
    { certificate, YF_E_NOTFOUND, "a certificate where a public key is needed" },
    { rsa, YF_E_UNSUPPORTED, "not an elliptic-curve key" },
};

static void
expect(const char *text, yf_err want, const char *want_why, yf_err e, const char *why)
{
    if (e != want || !why || strcmp(why, want_why) != 0)
        fail_msg("%.40s: %s, %s", text, yf_err_name(e), why ? why : "no reason");
}

static void
says_why_not(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof no_private / sizeof *no_private; i++) {
        yf_key k = { .form = 0xA5 };
        const char *why = NULL;
        yf_err e = read_with(str(no_private[i].text), no_private[i].password, &k, &why);
        expect(no_private[i].text, no_private[i].want, no_private[i].why, e, why);
        T(k.form == 0xA5 && k.d[0] == 0);
    }
    for (size_t i = 0; i < sizeof no_public / sizeof *no_public; i++) {
        yf_key k = { .form = 0xA5 };
        const char *why = NULL;
        yf_err e = yf_keyfile_read_public(host, str(no_public[i].text), &k, &why);
        expect(no_public[i].text, no_public[i].want, no_public[i].why, e, why);
        T(k.form == 0xA5);
    }
}

static void
asks_for_a_password(void **st)
{
    const char *why = NULL;
    yf_key k;
    (void)st;

    T_ERR(YF_E_DENIED, yf_keyfile_read_private(host, str(aes256_sha256), NULL, &k, &why));
    T(strcmp(why, "encrypted, and no password was given") == 0);
}

/* Cut anywhere, PEM or DER, it is a file with a fault: never a crash, never a key. */
static void
cut_files_are_refused(void **st)
{
    static const char *const whole[] = { pkcs8, sec1, aes256_scrypt, spki };
    (void)st;

    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        uint8_t mem[512];
        yf_span pem = str(whole[i]), der = der_of(whole[i], mem, sizeof mem);
        size_t end = pem.n - strlen("\n"); // the last newline is not missed
        yf_key k;
        for (size_t n = 0; n < end; n++)
            T_ERR(YF_E_FORMAT, read_with((yf_span){ pem.p, n }, "correct horse", &k, NULL));
        for (size_t n = 0; n < der.n; n++) {
            T_ERR(YF_E_FORMAT, read_with((yf_span){ der.p, n }, "correct horse", &k, NULL));
            T_ERR(YF_E_FORMAT, yf_keyfile_read_public(host, (yf_span){ der.p, n }, &k, NULL));
        }
    }
}

static void
too_large_is_no_key(void **st)
{
    static uint8_t large[YF_KEYFILE_MAX + 1];
    const char *why = NULL;
    yf_key k;
    (void)st;

    T_ERR(YF_E_FORMAT, yf_keyfile_read_private(host, YF_SPAN(large), NULL, &k, &why));
    T(strcmp(why, "too large for a key") == 0);
}

/* EncryptedPrivateKeyInfo by PBKDF2 or, with more than one number, by scrypt. */
static yf_err
read_costs(const int32_t *cost, size_t n)
{
    yf_span kdf = n > 1 ? YF_STR("\x2B\x06\x01\x04\x01\xDA\x47\x04\x0B")
                        : YF_STR("\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0C");
    uint8_t mem[256], zero[16] = { 0 };
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_key k;

    size_t info = yf_der_open(&o, YF_DER_SEQ);
    size_t alg = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D"));
    size_t both = yf_der_open(&o, YF_DER_SEQ);
    size_t first = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, kdf);
    size_t params = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OCTETS, YF_STR("salt"));
    for (size_t i = 0; i < n; i++)
        yf_der_put_small(&o, YF_DER_INTEGER, cost[i]);
    yf_der_close(&o, params);
    yf_der_close(&o, first);
    size_t second = yf_der_open(&o, YF_DER_SEQ);
    yf_der_put(&o, YF_DER_OID, YF_STR("\x60\x86\x48\x01\x65\x03\x04\x01\x2A"));
    yf_der_put(&o, YF_DER_OCTETS, YF_SPAN(zero));
    yf_der_close(&o, second);
    yf_der_close(&o, both);
    yf_der_close(&o, alg);
    yf_der_put(&o, YF_DER_OCTETS, YF_SPAN(zero));
    yf_der_close(&o, info);
    T_OK(o.err);
    return read_with(yf_out_span(&o), "x", &k, NULL);
}

/* What a file asks for is bounded: ten million iterations, 256 MiB. */
static void
refuses_to_be_kept_busy(void **st)
{
    static const int32_t good[] = { 2, 1, 1 };
    static const int32_t bad[][3] = { { 1 << 20, 8, 1 }, { 2, 33, 1 }, { 2, 1, 17 } };
    static const int32_t few = 1, many = 10000001;
    (void)st;

    T_ERR(YF_E_AUTH, read_costs(&few, 1));
    T_ERR(YF_E_UNSUPPORTED, read_costs(&many, 1));
    T_ERR(YF_E_AUTH, read_costs(good, 3));
    for (size_t i = 0; i < 3; i++)
        T_ERR(YF_E_UNSUPPORTED, read_costs(bad[i], 3));
}

/* ---- writing ---- */

struct text {
    uint8_t p[2048];
    size_t n;
};

static struct text
written(const yf_key *k, const struct yf_lock *lock)
{
    struct text t;
    yf_out o = yf_out_of(t.p, sizeof t.p);
    yf_span all;

    T_OK(yf_keyfile_write_private(host, k, lock, &o));
    T_OK(yf_out_done(&o, &all));
    t.n = all.n;
    return t;
}

static yf_span
span(const struct text *t)
{
    return (yf_span){ t->p, t->n };
}

static void
writes_what_openssl_writes(void **st)
{
    uint8_t mem[1024];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_key k;
    (void)st;

    T_OK(yf_keyfile_read_private(host, str(sec1), NULL, &k, NULL));
    struct text t = written(&k, NULL);
    T_SPAN(span(&t), str(pkcs8));
    yf_keyfile_write_public(&k, &o);
    T_SPAN(yf_out_span(&o), str(spki));
}

static void
locks_and_unlocks(void **st)
{
    static const uint32_t costs[] = { 1000, 1024, 1000 };
    struct rnd seed = { 8018 };
    yf_rng rng = rng_seeded(&seed);
    (void)st;

    for (const yf_curve *const *c = yf_curves; *c; c++)
        for (unsigned kind = YF_LOCK_PBKDF2; kind <= YF_LOCK_SM; kind++) {
            struct yf_lock lock = { (enum yf_lock_kind)kind, costs[kind], YF_STR("p"), &rng };
            yf_key k, again;
            T_OK(yf_key_generate(host, *c, &rng, &k));
            struct text one = written(&k, &lock), two = written(&k, &lock);
            T(!yf_span_eq(span(&one), span(&two))); // salt and IV are fresh
            T_OK(read_with(span(&one), "p", &again, NULL));
            T(again.curve == *c);
            T_MEM(again.d, k.d, (*c)->size);
            T_ERR(YF_E_AUTH, read_with(span(&one), "q", &again, NULL));
        }
}

/* The AlgorithmIdentifier of an encrypted key; salt and IV, 16 bytes each, blotted out. */
static yf_span
scheme_of(const char *text, uint8_t *mem, size_t cap)
{
    yf_cur c = yf_cur_of(der_of(text, mem, cap));
    yf_cur info = yf_der_enter(&c, YF_DER_SEQ);
    yf_der alg = { 0 };
    size_t blots = 0;

    T(yf_der_next(&info, &alg));
    uint8_t *at = mem + (alg.raw.p - mem);
    for (size_t i = 0; i + 18 <= alg.raw.n; i++)
        if (at[i] == YF_DER_OCTETS && at[i + 1] == 16) {
            memset(at + i + 2, 0, 16);
            blots++;
            i += 17;
        }
    T(blots == 2);
    return alg.raw;
}

static void
locks_as_gmssl_does(void **st)
{
    struct rnd seed = { 3 };
    yf_rng rng = rng_seeded(&seed);
    struct yf_lock lock = { YF_LOCK_SM, 0, YF_STR("p"), &rng };
    uint8_t ours[512], theirs[512];
    yf_key k;
    (void)st;

    T_OK(yf_keyfile_read_private(host, str(pkcs8), NULL, &k, NULL));
    struct text t = written(&k, &lock);
    t.p[t.n] = 0;
    T_SPAN(scheme_of((const char *)t.p, ours, sizeof ours),
           scheme_of(gmssl, theirs, sizeof theirs));
}

static void
writing_fails_without_a_trace(void **st)
{
    yf_rng dead = rng_stuck(NULL);
    struct yf_lock lock = { YF_LOCK_PBKDF2, 1, YF_STR("p"), &dead };
    struct yf_lock dear = { YF_LOCK_PBKDF2, 100000000, YF_STR("p"), &yf_rng_system };
    uint8_t mem[1024] = { 0 };
    yf_out o = yf_out_of(mem, sizeof mem), tight = yf_out_of(mem, 200);
    yf_key k, public;
    (void)st;

    T_OK(yf_keyfile_read_private(host, str(pkcs8), NULL, &k, NULL));
    T_ERR(YF_E_IO, yf_keyfile_write_private(host, &k, &lock, &o));
    T(o.err == YF_E_IO && o.n == 0 && mem[0] == 0);
    o = yf_out_of(mem, sizeof mem);
    T_ERR(YF_E_ROOM, yf_keyfile_write_private(host, &k, &dear, &o));
    T_OK(yf_keyfile_read_public(host, str(spki), &public, NULL));
    o = yf_out_of(mem, sizeof mem);
    T_ERR(YF_E_STATE, yf_keyfile_write_private(host, &public, NULL, &o));
    T_ERR(YF_E_ROOM, yf_keyfile_write_private(host, &k, NULL, &tight));
}

T_MAIN(cmocka_unit_test(reads_private_keys), cmocka_unit_test(reads_encrypted_keys),
       cmocka_unit_test(reads_what_gmssl_writes), cmocka_unit_test(reads_public_keys),
       cmocka_unit_test(skips_what_stands_before), cmocka_unit_test(says_why_not),
       cmocka_unit_test(asks_for_a_password), cmocka_unit_test(cut_files_are_refused),
       cmocka_unit_test(too_large_is_no_key), cmocka_unit_test(refuses_to_be_kept_busy),
       cmocka_unit_test(writes_what_openssl_writes), cmocka_unit_test(locks_and_unlocks),
       cmocka_unit_test(locks_as_gmssl_does), cmocka_unit_test(writing_fails_without_a_trace))
