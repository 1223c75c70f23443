/* SPDX-License-Identifier: Apache-2.0 */
#include "pbes2.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/modes.h>
#include <yufu/wire/der.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#define PBES2 YF_STR("\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0D")
#define PBKDF2 YF_STR("\x2A\x86\x48\x86\xF7\x0D\x01\x05\x0C")
#define SCRYPT YF_STR("\x2B\x06\x01\x04\x01\xDA\x47\x04\x0B")

/* A file must not keep us busy for longer than half a minute or so. */
enum { ITERATIONS_MAX = 10000000, R_MAX = 32, P_MAX = 16 };
enum { BLOCK = 16, SALT = 16, SCRYPT_R = 8 };
enum { PBKDF2_COST = 600000, SCRYPT_COST = 16384, SM_COST = 65536, SM_KEY = 16 };

/* What the algorithm identifier says. */
struct scheme {
    bool scrypt;
    int32_t iterations; // PBKDF2
    int32_t n, r, p;    // scrypt
    enum yf_hash_id prf;
    enum yf_cipher_id cipher;
    yf_span salt, iv;
};

/* What is read; of each algorithm the first row is what is written. */
static const struct {
    enum yf_hash_id hash;
    yf_span oid;
} prfs[] = {
    { YF_SHA256, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x02\x09") },
    { YF_SHA1, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x02\x07") },
    { YF_SHA224, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x02\x08") },
    { YF_SHA384, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x02\x0A") },
    { YF_SHA512, YF_STR("\x2A\x86\x48\x86\xF7\x0D\x02\x0B") },
    { YF_SM3, YF_STR("\x2A\x81\x1C\xCF\x55\x01\x83\x11\x02") },     // GM/T 0006, GmSSL
    { YF_SM3, YF_STR("\x2A\x81\x1C\xCF\x55\x01\x83\x11\x03\x01") }, // GM/T 0091, newer OpenSSL
};

static const struct {
    enum yf_cipher_id cipher;
    yf_span oid;
} ciphers[] = {
    { YF_AES256, YF_STR("\x60\x86\x48\x01\x65\x03\x04\x01\x2A") },
    { YF_AES192, YF_STR("\x60\x86\x48\x01\x65\x03\x04\x01\x16") },
    { YF_AES128, YF_STR("\x60\x86\x48\x01\x65\x03\x04\x01\x02") },
    { YF_SM4, YF_STR("\x2A\x81\x1C\xCF\x55\x01\x68\x02") },
};

/* ---- the algorithm identifier ---- */

/* RFC 8018 A.2: prf AlgorithmIdentifier DEFAULT hmacWithSHA1; parameters NULL or absent. */
static void
read_prf(yf_cur *c, struct scheme *s)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);
    yf_span oid = yf_der_oid(&alg);
    bool known = false;

    for (size_t i = 0; i < sizeof prfs / sizeof *prfs; i++)
        if (yf_span_eq(oid, prfs[i].oid)) {
            s->prf = prfs[i].hash;
            known = true;
        }
    if (yf_cur_more(&alg))
        yf_der_null(&alg);
    yf_cur_fail(&alg, known ? YF_OK : YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&alg));
}

/* RFC 8018 A.2: PBKDF2-params { salt, iterationCount, keyLength OPTIONAL, prf }. */
static void
read_pbkdf2(yf_cur *c, struct scheme *s)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);

    s->salt = yf_der_need(&seq, YF_DER_OCTETS, 0, SIZE_MAX);
    s->iterations = yf_der_small(&seq, YF_DER_INTEGER, 1, INT32_MAX);
    if (yf_der_peek(&seq) == YF_DER_INTEGER)
        yf_der_small(&seq, YF_DER_INTEGER, 1, INT32_MAX); // the cipher says it, too
    s->prf = YF_SHA1;
    if (yf_cur_more(&seq))
        read_prf(&seq, s);
    if (s->iterations > ITERATIONS_MAX)
        yf_cur_fail(&seq, YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&seq));
}

/* RFC 7914 7: scrypt-params { salt, N, r, p, keyLength OPTIONAL }. */
static void
read_scrypt(yf_cur *c, struct scheme *s)
{
    yf_cur seq = yf_der_enter(c, YF_DER_SEQ);

    s->scrypt = true;
    s->salt = yf_der_need(&seq, YF_DER_OCTETS, 0, SIZE_MAX);
    s->n = yf_der_small(&seq, YF_DER_INTEGER, 2, INT32_MAX);
    s->r = yf_der_small(&seq, YF_DER_INTEGER, 1, INT32_MAX);
    s->p = yf_der_small(&seq, YF_DER_INTEGER, 1, INT32_MAX);
    if (yf_cur_more(&seq))
        yf_der_small(&seq, YF_DER_INTEGER, 1, INT32_MAX);
    if (s->r > R_MAX || s->p > P_MAX)
        yf_cur_fail(&seq, YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&seq));
}

static void
read_kdf(yf_cur *c, struct scheme *s)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);
    yf_span oid = yf_der_oid(&alg);

    if (yf_span_eq(oid, PBKDF2))
        read_pbkdf2(&alg, s);
    else if (yf_span_eq(oid, SCRYPT))
        read_scrypt(&alg, s);
    else
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    yf_cur_fail(c, yf_cur_done(&alg));
}

static void
read_cipher(yf_cur *c, struct scheme *s)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);
    yf_span oid = yf_der_oid(&alg);
    bool known = false;

    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
        if (yf_span_eq(oid, ciphers[i].oid)) {
            s->cipher = ciphers[i].cipher;
            known = true;
        }
    yf_cur_fail(&alg, known ? YF_OK : YF_E_UNSUPPORTED);
    s->iv = yf_der_need(&alg, YF_DER_OCTETS, BLOCK, BLOCK);
    yf_cur_fail(c, yf_cur_done(&alg));
}

/* RFC 8018 A.4: { id-PBES2, { keyDerivationFunc, encryptionScheme } }. */
static void
read_scheme(yf_cur *c, struct scheme *s)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);

    if (!yf_span_eq(yf_der_oid(&alg), PBES2))
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    yf_cur seq = yf_der_enter(&alg, YF_DER_SEQ);
    read_kdf(&seq, s);
    read_cipher(&seq, s);
    yf_cur_fail(&alg, yf_cur_done(&seq));
    yf_cur_fail(c, yf_cur_done(&alg));
}

static yf_span
prf_oid(enum yf_hash_id hash)
{
    size_t i = 0;

    while (prfs[i].hash != hash)
        i++;
    return prfs[i].oid;
}

static yf_span
cipher_oid(enum yf_cipher_id cipher)
{
    size_t i = 0;

    while (ciphers[i].cipher != cipher)
        i++;
    return ciphers[i].oid;
}

/* GmSSL names the key's length, and has no NULL where others do. */
static void
write_pbkdf2(const struct scheme *s, yf_out *o)
{
    bool sm = s->prf == YF_SM3;

    yf_der_put(o, YF_DER_OCTETS, s->salt);
    yf_der_put_small(o, YF_DER_INTEGER, s->iterations);
    if (sm)
        yf_der_put_small(o, YF_DER_INTEGER, SM_KEY);
    size_t prf = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, prf_oid(s->prf));
    if (!sm)
        yf_der_put_null(o);
    yf_der_close(o, prf);
}

static void
write_scrypt(const struct scheme *s, yf_out *o)
{
    yf_der_put(o, YF_DER_OCTETS, s->salt);
    yf_der_put_small(o, YF_DER_INTEGER, s->n);
    yf_der_put_small(o, YF_DER_INTEGER, s->r);
    yf_der_put_small(o, YF_DER_INTEGER, s->p);
}

static void
write_kdf(const struct scheme *s, yf_out *o)
{
    size_t alg = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, s->scrypt ? SCRYPT : PBKDF2);
    size_t params = yf_der_open(o, YF_DER_SEQ);
    if (s->scrypt)
        write_scrypt(s, o);
    else
        write_pbkdf2(s, o);
    yf_der_close(o, params);
    yf_der_close(o, alg);
}

static void
write_scheme(const struct scheme *s, yf_out *o)
{
    size_t alg = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, PBES2);
    size_t both = yf_der_open(o, YF_DER_SEQ);
    write_kdf(s, o);
    size_t cipher = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, cipher_oid(s->cipher));
    yf_der_put(o, YF_DER_OCTETS, s->iv);
    yf_der_close(o, cipher);
    yf_der_close(o, both);
    yf_der_close(o, alg);
}

/* ---- the cipher, keyed by the password ---- */

static yf_err
pbkdf2(const struct scheme *s, const struct yf_hash_alg *prf, yf_span pass, uint8_t *key, size_t n)
{
    const EVP_MD *md = prf ? EVP_get_digestbyname(prf->name) : NULL;

    if (!md)
        return YF_E_UNSUPPORTED;
    if (pass.n > INT32_MAX || s->salt.n > INT32_MAX)
        return YF_E_ROOM;
    int ok = PKCS5_PBKDF2_HMAC((const char *)pass.p, (int)pass.n, s->salt.p, (int)s->salt.n,
                               s->iterations, md, (int)n, key);
    ERR_clear_error();
    return ok == 1 ? YF_OK : YF_E_ROOM;
}

static yf_err
cipher_open(yf_cipher *c, const yf_provider *p, const struct scheme *s, yf_span pass)
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(p, s->cipher);
    uint8_t key[YF_CIPHER_KEY_MAX];
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if (s->scrypt)
        e = yf_scrypt(pass, s->salt, (uint64_t)s->n, (uint32_t)s->r, (uint32_t)s->p, key, alg->key);
    else
        e = pbkdf2(s, yf_provider_hash(p, s->prf), pass, key, alg->key);
    if (!e)
        e = yf_cipher_init(c, alg, (yf_span){ key, alg->key });
    yf_wipe(key, sizeof key);
    return e;
}

yf_err
yf_pbes2_open(const yf_provider *p, yf_span der, yf_span pass, uint8_t *out, size_t cap, size_t *n)
{
    yf_cur c = yf_cur_of(der);
    yf_cur info = yf_der_enter(&c, YF_DER_SEQ);
    uint8_t iv[BLOCK];
    struct scheme s = { 0 };
    yf_cipher cipher;

    read_scheme(&info, &s);
    yf_span data = yf_der_need(&info, YF_DER_OCTETS, BLOCK, SIZE_MAX);
    yf_err e = yf_err_first(yf_cur_done(&info), yf_cur_done(&c));
    if (e)
        return e;
    if (data.n % BLOCK)
        return YF_E_FORMAT;
    if (data.n > cap)
        return YF_E_ROOM;
    if ((e = cipher_open(&cipher, p, &s, pass)))
        return e;
    memcpy(iv, s.iv.p, BLOCK);
    cipher.alg->cbc_dec(&cipher, iv, out, data.p, data.n);
    yf_cipher_drop(&cipher);
    if (yf_unpad_pkcs7(out, data.n, BLOCK, n) == YF_OK)
        return YF_OK;
    yf_wipe(out, data.n);
    return YF_E_AUTH;
}

static struct scheme
scheme_of(const struct yf_lock *lock, const uint8_t *salt, const uint8_t *iv)
{
    static const uint32_t costs[] = {
        [YF_LOCK_PBKDF2] = PBKDF2_COST, [YF_LOCK_SCRYPT] = SCRYPT_COST, [YF_LOCK_SM] = SM_COST
    };
    int32_t cost = (int32_t)(lock->cost ? lock->cost : costs[lock->kind]);
    bool sm = lock->kind == YF_LOCK_SM;

    return (struct scheme){ .scrypt = lock->kind == YF_LOCK_SCRYPT,
                            .iterations = cost,
                            .n = cost,
                            .r = SCRYPT_R,
                            .p = 1,
                            .prf = sm ? YF_SM3 : YF_SHA256,
                            .cipher = sm ? YF_SM4 : YF_AES256,
                            .salt = { salt, SALT },
                            .iv = { iv, BLOCK } };
}

/* The key with its padding, encrypted in place. */
static void
put_data(yf_out *o, const yf_cipher *c, const uint8_t *iv, yf_span key)
{
    size_t n = key.n - key.n % BLOCK + BLOCK;
    uint8_t chain[BLOCK];
    size_t mark = yf_der_open(o, YF_DER_OCTETS);
    uint8_t *at = yf_out_claim(o, n);

    if (at) {
        memcpy(at, key.p, key.n);
        yf_pad_pkcs7(at, key.n, BLOCK);
        memcpy(chain, iv, BLOCK);
        c->alg->cbc_enc(c, chain, at, at, n);
    }
    yf_der_close(o, mark);
}

yf_err
yf_pbes2_seal(const yf_provider *p, yf_span key, const struct yf_lock *lock, yf_out *o)
{
    uint8_t fresh[SALT + BLOCK];
    struct scheme s = scheme_of(lock, fresh, fresh + SALT);
    yf_cipher cipher;
    yf_err e;

    if (lock->cost > ITERATIONS_MAX)
        return YF_E_ROOM;
    if ((e = yf_rng_fill(lock->rng, fresh, sizeof fresh)))
        return e;
    if ((e = cipher_open(&cipher, p, &s, lock->pass)))
        return e;
    size_t info = yf_der_open(o, YF_DER_SEQ);
    write_scheme(&s, o);
    put_data(o, &cipher, fresh + SALT, key);
    yf_der_close(o, info);
    yf_cipher_drop(&cipher);
    return o->err;
}
