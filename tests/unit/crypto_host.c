/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host has beyond the card's table: RSA, Ed25519, HKDF, scrypt, the
 * system's random bytes; and what its own way of holding keys and digests could
 * get wrong. The algorithms of the table run through every provider's vectors in
 * the tests of their own names.
 */
#include "t.h"
#include "vec.h"

#include <yufu/crypto/host.h>
#include <yufu/wire/der.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

static const yf_provider *const host = &yf_provider_host;

static const struct yf_hash_alg *
hash_named(const char *name)
{
    const struct yf_hash_alg *h = yf_provider_hash_named(host, name);

    if (!h)
        fail_msg("no hash '%s'", name);
    return h;
}

/* ---- RSA: keys ---- */

/* RFC 8017 A.1.1: SEQUENCE { n, e } */
static yf_span
public_der(uint8_t *mem, size_t cap, yf_span n, yf_span e)
{
    yf_out o = yf_out_of(mem, cap);
    size_t seq = yf_der_open(&o, YF_DER_SEQ);
    yf_span der;

    yf_der_put_uint(&o, YF_DER_INTEGER, n);
    yf_der_put_uint(&o, YF_DER_INTEGER, e);
    yf_der_close(&o, seq);
    T_OK(yf_out_done(&o, &der));
    return der;
}

/* One key for all tests of this program: its private key, and its public half. */
static struct {
    yf_rsa key, pub;
    uint8_t private[2400], public[600];
    size_t private_n;
    yf_span public_der, n;
} rsa;

static int
make_rsa(void **st)
{
    (void)st;
    T_OK(host->rsa->generate(&rsa.key, 2048, rsa.private, sizeof rsa.private, &rsa.private_n));
    yf_cur c = yf_cur_of((yf_span){ rsa.private, rsa.private_n });
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);
    yf_der_small(&seq, YF_DER_INTEGER, 0, 0);
    rsa.n = yf_der_uint(&seq, YF_DER_INTEGER, 256);
    yf_span e = yf_der_uint(&seq, YF_DER_INTEGER, 8);
    rsa.public_der = public_der(rsa.public, sizeof rsa.public, rsa.n, e);
    T_OK(host->rsa->open_public(&rsa.pub, rsa.public_der));
    return 0;
}

static int
drop_rsa(void **st)
{
    (void)st;
    host->rsa->close(&rsa.key);
    host->rsa->close(&rsa.pub);
    return 0;
}

static void
a_key_knows_itself(void **st)
{
    yf_rsa again;
    uint8_t sig[YF_RSA_MAX];
    (void)st;

    T(rsa.key.has_private && rsa.key.size == 256);
    T(!rsa.pub.has_private && rsa.pub.size == 256);
    T_ERR(YF_E_STATE, host->rsa->sign(&rsa.pub, YF_RSA_PSS, YF_SHA256, YF_STR("m"), sig));
    T_OK(host->rsa->open_private(&again, (yf_span){ rsa.private, rsa.private_n }));
    T_OK(host->rsa->sign(&again, YF_RSA_PSS, YF_SHA256, YF_STR("m"), sig));
    T_OK(host->rsa->verify(&rsa.pub, YF_RSA_PSS, YF_SHA256, YF_STR("m"), (yf_span){ sig, 256 }));
    host->rsa->close(&again);
    host->rsa->close(&again); // all zero now
}

/* Each byte of a key's encoding belongs to it: cut or lengthened, it is no key. */
static void
a_key_is_exactly_its_der(void **st)
{
    uint8_t longer[sizeof rsa.private + 1] = { 0 };
    yf_rsa k;
    (void)st;

    memcpy(longer, rsa.private, rsa.private_n);
    T_ERR(YF_E_FORMAT, host->rsa->open_private(&k, (yf_span){ longer, rsa.private_n + 1 }));
    T_ERR(YF_E_FORMAT, host->rsa->open_private(&k, (yf_span){ longer, rsa.private_n - 1 }));
    memcpy(longer, rsa.public, rsa.public_der.n);
    longer[rsa.public_der.n] = 0;
    T_ERR(YF_E_FORMAT, host->rsa->open_public(&k, (yf_span){ longer, rsa.public_der.n + 1 }));
    for (size_t n = 0; n < rsa.public_der.n; n++)
        T_ERR(YF_E_FORMAT, host->rsa->open_public(&k, (yf_span){ longer, n }));
    T_ERR(YF_E_FORMAT, host->rsa->open_public(&k, (yf_span){ rsa.private, rsa.private_n }));
}

/* 30 82 LLLL 02 82 LLLL n 02 03 e, with e's length in the long form that BER allows. */
static void
a_key_is_der_not_ber(void **st)
{
    uint8_t ber[sizeof rsa.public];
    size_t n = rsa.public_der.n, at = n - 4;
    yf_rsa k;
    (void)st;

    memcpy(ber, rsa.public, n);
    T(ber[at] == 3); // 65537
    memmove(ber + at + 1, ber + at, n - at);
    ber[at] = 0x81;
    yf_put_be16(ber + 2, (uint16_t)(n + 1 - 4));
    T_ERR(YF_E_FORMAT, host->rsa->open_public(&k, (yf_span){ ber, n + 1 }));
}

static yf_err
open_with(const uint8_t *n, size_t n_n, yf_span e)
{
    uint8_t mem[700];
    yf_rsa k = { 0 };
    yf_err r = host->rsa->open_public(&k, public_der(mem, sizeof mem, (yf_span){ n, n_n }, e));

    if (k.ops)
        host->rsa->close(&k);
    return r;
}

static void
unfit_keys_are_refused(void **st)
{
    const yf_span f4 = YF_STR("\x01\x00\x01");
    uint8_t n[YF_RSA_MAX + 1];
    (void)st;

    memset(n, 0xFF, sizeof n);
    T_OK(open_with(n, 128, f4));
    T_OK(open_with(n, YF_RSA_MAX, f4));
    T_OK(open_with(n, 128, YF_STR("\x03")));
    T_ERR(YF_E_FORMAT, open_with(n, 128, YF_STR("\x01"))); // then every message is its signature
    T_ERR(YF_E_FORMAT, open_with(n, 128, YF_STR("\x00")));
    T_ERR(YF_E_FORMAT, open_with(n, 128, YF_STR("\x01\x00\x00")));
    T_ERR(YF_E_UNSUPPORTED, open_with(n, 127, f4));
    T_ERR(YF_E_UNSUPPORTED, open_with(n, YF_RSA_MAX + 1, f4));
    T_ERR(YF_E_UNSUPPORTED, open_with(n, 128, YF_STR("\x01\0\0\0\0\0\0\0\x01")));
    n[127] = 0xFE;
    T_ERR(YF_E_FORMAT, open_with(n, 128, f4));
}

static void
generating_has_limits(void **st)
{
    uint8_t der[64];
    size_t n = 77;
    yf_rsa k;
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, host->rsa->generate(&k, 1024, der, sizeof der, &n));
    T_ERR(YF_E_UNSUPPORTED, host->rsa->generate(&k, 4104, der, sizeof der, &n));
    T_ERR(YF_E_UNSUPPORTED, host->rsa->generate(&k, 2049, der, sizeof der, &n));
    T_ERR(YF_E_ROOM, host->rsa->generate(&k, 2048, der, sizeof der, &n));
    T(n == 77);
}

/* ---- RSA: PKCS#1 v1.5 and PSS ---- */

static enum yf_rsa_scheme
scheme_named(const char *name)
{
    if (strcmp(name, "pkcs1") == 0)
        return YF_RSA_PKCS1;
    if (strcmp(name, "pss") == 0)
        return YF_RSA_PSS;
    T(strcmp(name, "iso9796") == 0);
    return YF_RSA_ISO9796_2;
}

static void
one_rsa(const struct vec *v, void *arg)
{
    uint8_t mem[1400];
    yf_span der = public_der(mem, sizeof mem, vec_get(v, "n"), vec_get(v, "e"));
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    yf_rsa k;
    (void)arg;

    T_OK(host->rsa->open_public(&k, der));
    yf_err e =
        host->rsa->verify(&k, scheme_named(vec_str(v, "alg")), hash_named(vec_str(v, "hash"))->id,
                          vec_get(v, "msg"), vec_get(v, "sig"));
    if (e != (valid ? YF_OK : YF_E_AUTH))
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
    host->rsa->close(&k);
}

static void
rsa_vectors(void **st)
{
    (void)st;
    vec_each("rsa.txt", one_rsa, NULL);
    T(vec_each("wycheproof_rsa.txt", one_rsa, NULL) > 900);
}

static const enum yf_hash_id signing[] = { YF_SHA1, YF_SHA224, YF_SHA256, YF_SHA384, YF_SHA512 };
enum { SIGNING = sizeof signing / sizeof *signing };

static void
every_scheme_verifies_only_what_was_signed(void **st)
{
    uint8_t sig[256];
    (void)st;

    for (size_t i = 0; i < SIGNING; i++)
        for (enum yf_rsa_scheme s = YF_RSA_PKCS1; s <= YF_RSA_ISO9796_2; s++) {
            enum yf_hash_id other = signing[(i + 1) % SIGNING];
            enum yf_rsa_scheme scheme = s == YF_RSA_PKCS1 ? YF_RSA_PSS : YF_RSA_PKCS1;
            yf_span all = YF_SPAN(sig);

            T_OK(host->rsa->sign(&rsa.key, s, signing[i], YF_STR("challenge"), sig));
            T_OK(host->rsa->verify(&rsa.pub, s, signing[i], YF_STR("challenge"), all));
            T_OK(host->rsa->verify(&rsa.key, s, signing[i], YF_STR("challenge"), all));
            T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, s, signing[i], YF_STR("challengf"), all));
            T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, s, other, YF_STR("challenge"), all));
            T_ERR(YF_E_AUTH,
                  host->rsa->verify(&rsa.pub, scheme, signing[i], YF_STR("challenge"), all));
            all.n--;
            T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, s, signing[i], YF_STR("challenge"), all));
        }
    T_ERR(YF_E_UNSUPPORTED, host->rsa->sign(&rsa.key, YF_RSA_PSS, YF_SM3, YF_STR("m"), sig));
    T_ERR(YF_E_UNSUPPORTED,
          host->rsa->verify(&rsa.pub, YF_RSA_PSS, YF_SM3, YF_STR("m"), YF_SPAN(sig)));
}

static void
every_bit_of_a_signature_counts(void **st)
{
    uint8_t sig[256];
    (void)st;

    for (enum yf_rsa_scheme s = YF_RSA_PKCS1; s <= YF_RSA_ISO9796_2; s++) {
        T_OK(host->rsa->sign(&rsa.key, s, YF_SHA256, YF_STR("m"), sig));
        for (size_t bit = 0; bit < 8 * sizeof sig; bit += 7) {
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
            T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, s, YF_SHA256, YF_STR("m"), YF_SPAN(sig)));
            sig[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        T_OK(host->rsa->verify(&rsa.pub, s, YF_SHA256, YF_STR("m"), YF_SPAN(sig)));
    }
}

/* A 1024-bit modulus has no room for SHA-512 twice (RFC 8017 9.1.1 step 3). */
static void
a_modulus_may_be_too_short_for_the_scheme(void **st)
{
    EVP_PKEY *pkey = EVP_RSA_gen(1024);
    uint8_t *der = NULL, sig[128];
    int n = i2d_PrivateKey(pkey, &der);
    yf_rsa k;
    (void)st;

    T(n > 0);
    T_OK(host->rsa->open_private(&k, (yf_span){ der, (size_t)n }));
    T_OK(host->rsa->sign(&k, YF_RSA_PSS, YF_SHA384, YF_STR("m"), sig));
    T_ERR(YF_E_UNSUPPORTED, host->rsa->sign(&k, YF_RSA_PSS, YF_SHA512, YF_STR("m"), sig));
    T_OK(host->rsa->sign(&k, YF_RSA_ISO9796_2, YF_SHA512, YF_STR("m"), sig));
    host->rsa->close(&k);
    OPENSSL_free(der);
    EVP_PKEY_free(pkey);
}

/* ---- RSA: ISO/IEC 9796-2 scheme 1, Doc 9303-11 6.1 ---- */

enum { C = 256 }; // bytes of the modulus

/* The bare power with the private or the public key, by OpenSSL. */
static void
power(bool private, const uint8_t in[C], uint8_t out[C])
{
    const uint8_t *at = rsa.private;
    EVP_PKEY *pkey = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)rsa.private_n);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    size_t n = C;

    T((private ? EVP_PKEY_decrypt_init(ctx) : EVP_PKEY_encrypt_init(ctx)) == 1);
    T(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1);
    T((private ? EVP_PKEY_decrypt(ctx, out, &n, in, C) : EVP_PKEY_encrypt(ctx, out, &n, in, C)) ==
      1);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
}

/* 6A | M1 | H(M1 || M2) | trailer */
struct frame {
    enum yf_hash_id hash;
    uint8_t head, trailer, end[2];
};

/* Sign such a frame over M2, whatever it says. */
static void
sign_frame(const struct frame *f, yf_span m2, uint8_t sig[C])
{
    const struct yf_hash_alg *h = host->hash[f->hash];
    uint8_t r[C];
    size_t m1 = (size_t)C - 1 - h->size - f->trailer;

    memset(r, 0x5A, sizeof r);
    r[0] = f->head;
    memcpy(r + C - f->trailer, f->end, f->trailer);
    yf_hash x;
    T_OK(yf_hash_init(&x, h));
    yf_hash_add(&x, (yf_span){ r + 1, m1 });
    yf_hash_add(&x, m2);
    yf_hash_end(&x, r + 1 + m1);
    power(true, r, sig);
}

static void
frames_are_what_the_standard_draws(void **st)
{
    static const struct frame good[] = {
        { YF_SHA1, 0x6A, 1, { 0xBC } },         { YF_SHA224, 0x6A, 2, { 0x38, 0xCC } },
        { YF_SHA256, 0x6A, 2, { 0x34, 0xCC } }, { YF_SHA384, 0x6A, 2, { 0x36, 0xCC } },
        { YF_SHA512, 0x6A, 2, { 0x35, 0xCC } }, { YF_SHA1, 0x6A, 2, { 0x33, 0xCC } },
    };
    yf_span m2 = YF_STR("RND.IFD!");
    uint8_t sig[C], r[C];
    (void)st;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        const struct frame *f = &good[i];
        sign_frame(f, m2, sig);
        T_OK(host->rsa->verify(&rsa.pub, YF_RSA_ISO9796_2, f->hash, m2, YF_SPAN(sig)));

        T_OK(host->rsa->sign(&rsa.key, YF_RSA_ISO9796_2, f->hash, m2, sig));
        power(false, sig, r);
        T(r[0] == 0x6A);
        if (f->hash == YF_SHA1)
            T(r[C - 1] == 0xBC); // how 9303 writes it
        else
            T_MEM(r + C - 2, f->end, 2);
    }
}

static void
other_frames_are_refused(void **st)
{
    static const struct frame bad[] = {
        { YF_SHA256, 0x4A, 2, { 0x34, 0xCC } }, // total recovery
        { YF_SHA256, 0x4B, 2, { 0x34, 0xCC } }, // padding
        { YF_SHA256, 0x6A, 2, { 0x35, 0xCC } }, // another hash
        { YF_SHA256, 0x6A, 2, { 0x34, 0xDC } },
        { YF_SHA256, 0x6A, 2, { 0x34, 0xC0 } }, // not even C at the end
        { YF_SHA256, 0x6A, 1, { 0xBC } },       // an unnamed hash that is not SHA-1
        { YF_SHA1, 0x6A, 1, { 0xCC } },
    };
    yf_span m2 = YF_STR("RND.IFD!");
    uint8_t sig[C];
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sign_frame(&bad[i], m2, sig);
        T_ERR(YF_E_AUTH,
              host->rsa->verify(&rsa.pub, YF_RSA_ISO9796_2, bad[i].hash, m2, YF_SPAN(sig)));
    }
}

/* ISO/IEC 9796-2 B.5: the signature may be the smaller of s and n - s. */
static void
either_of_s_and_n_minus_s_verifies(void **st)
{
    uint8_t sig[C];
    yf_span m2 = YF_STR("RND.IFD!");
    unsigned borrow = 0;
    (void)st;

    T_OK(host->rsa->sign(&rsa.key, YF_RSA_ISO9796_2, YF_SHA256, m2, sig));
    for (size_t i = C; i-- > 0;) {
        unsigned d = (unsigned)rsa.n.p[i] - sig[i] - borrow;
        sig[i] = (uint8_t)d;
        borrow = d >> 8 & 1;
    }
    T_OK(host->rsa->verify(&rsa.pub, YF_RSA_ISO9796_2, YF_SHA256, m2, YF_SPAN(sig)));
    sig[9] ^= 1;
    T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, YF_RSA_ISO9796_2, YF_SHA256, m2, YF_SPAN(sig)));
}

static void
numbers_beyond_the_modulus_are_no_signatures(void **st)
{
    uint8_t sig[C];
    (void)st;

    memset(sig, 0xFF, sizeof sig);
    for (enum yf_rsa_scheme s = YF_RSA_PKCS1; s <= YF_RSA_ISO9796_2; s++)
        T_ERR(YF_E_AUTH, host->rsa->verify(&rsa.pub, s, YF_SHA256, YF_STR("m"), YF_SPAN(sig)));
    memcpy(sig, rsa.n.p, C);
    T_ERR(YF_E_AUTH,
          host->rsa->verify(&rsa.pub, YF_RSA_ISO9796_2, YF_SHA256, YF_STR("m"), YF_SPAN(sig)));
}

/* ---- Ed25519, HKDF, scrypt, random bytes ---- */

static void
one_ed25519(const struct vec *v, void *arg)
{
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    yf_span pub = vec_get(v, "pub"), sig = vec_get(v, "sig");
    uint8_t mine[64];
    (void)arg;

    if (pub.n != 32) { // cannot even be asked
        T(!valid);
        return;
    }
    yf_err e = yf_ed25519_verify(pub.p, vec_get(v, "msg"), sig);
    if (e != (valid ? YF_OK : YF_E_AUTH))
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
    if (!vec_has(v, "sk"))
        return;
    T_OK(yf_ed25519_public(vec_get(v, "sk").p, mine));
    T_MEM(mine, pub.p, 32);
    T_OK(yf_ed25519_sign(vec_get(v, "sk").p, vec_get(v, "msg"), mine));
    T_SPAN(YF_SPAN(mine), sig);
}

static void
ed25519_vectors(void **st)
{
    (void)st;
    vec_each("ed25519.txt", one_ed25519, NULL);
}

static void
one_kdf(const struct vec *v, void *arg)
{
    const char *kdf = vec_str(v, "kdf");
    size_t *seen = arg;
    static uint8_t out[255 * 64];

    if (strcmp(kdf, "hkdf") == 0) {
        const struct yf_hash_alg *h = hash_named(vec_str(v, "alg"));
        yf_span okm = vec_get(v, "okm");
        T(okm.n <= sizeof out);
        T_OK(yf_hkdf(h, vec_get(v, "salt"), vec_get(v, "ikm"), vec_get(v, "info"), out, okm.n));
        T_SPAN(((yf_span){ out, okm.n }), okm);
        seen[0]++;
    } else if (strcmp(kdf, "scrypt") == 0) {
        yf_span want = vec_get(v, "out");
        T(want.n <= sizeof out);
        T_OK(yf_scrypt(vec_get(v, "pass"), vec_get(v, "salt"), (uint64_t)vec_num(v, "N"),
                       (uint32_t)vec_num(v, "r"), (uint32_t)vec_num(v, "p"), out, want.n));
        T_SPAN(((yf_span){ out, want.n }), want);
        seen[1]++;
    }
}

static void
kdf_vectors(void **st)
{
    size_t seen[2] = { 0 };
    (void)st;

    vec_each("kdf.txt", one_kdf, seen);
    T(seen[0] > 0 && seen[1] > 0);
}

static void
hkdf_gives_255_digests_and_no_more(void **st)
{
    static uint8_t out[255 * 32 + 1], part[33];
    yf_span s = YF_STR("salt"), k = YF_STR("key"), i = YF_STR("info");
    (void)st;

    T_OK(yf_hkdf(host->hash[YF_SHA256], s, k, i, out, sizeof out - 1));
    T_OK(yf_hkdf(host->hash[YF_SHA256], s, k, i, part, sizeof part));
    T_MEM(out, part, sizeof part);
    T_ERR(YF_E_FORMAT, yf_hkdf(host->hash[YF_SHA256], s, k, i, out, sizeof out));
    T_ERR(YF_E_UNSUPPORTED, yf_hkdf(NULL, s, k, i, out, 1));
}

static void
scrypt_refuses_bad_costs(void **st)
{
    yf_span p = YF_STR("pass"), s = YF_STR("salt");
    uint8_t out[8];
    (void)st;

    T_OK(yf_scrypt(p, s, 2, 1, 1, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 0, 1, 1, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 1, 1, 1, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 24, 1, 1, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 16, 0, 1, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 16, 1, 0, out, sizeof out));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 16, 1, 1, out, 0));
    T_ERR(YF_E_FORMAT, yf_scrypt(p, s, 1 << 16, 1, 1, out, sizeof out)); // N < 2^(128 r / 8)
    T_ERR(YF_E_ROOM, yf_scrypt(p, s, 1 << 19, 8, 1, out, sizeof out));
    T_ERR(YF_E_ROOM, yf_scrypt(p, s, UINT64_C(1) << 63, 8, 1, out, sizeof out));
    T_ERR(YF_E_ROOM, yf_scrypt(p, s, 2, UINT32_MAX, UINT32_MAX, out, sizeof out));
}

static void
the_system_fills_all_of_it(void **st)
{
    static uint8_t a[1000], b[1000];
    (void)st;

    T_OK(yf_rng_fill(&yf_rng_system, a, sizeof a));
    T_OK(yf_rng_fill(&yf_rng_system, b, sizeof b));
    T(memcmp(a, b, sizeof a) != 0);
    T(memcmp(a + 900, b + 900, 100) != 0);
    T_OK(yf_rng_fill(&yf_rng_system, NULL, 0));
}

/* ---- digests and keys that OpenSSL holds ---- */

static void
a_fork_goes_on_alone(void **st)
{
    uint8_t a[32], b[32], whole[32];
    yf_hash x, y;
    (void)st;

    T_OK(yf_hash_init(&x, host->hash[YF_SHA256]));
    yf_hash_add(&x, YF_STR("ab"));
    T_OK(yf_hash_fork(&y, &x));
    yf_hash_add(&x, YF_STR("c"));
    yf_hash_add(&y, YF_STR("d"));
    T(x.total == 3 && y.total == 3);
    yf_hash_end(&x, a);
    yf_hash_end(&y, b);
    T_OK(yf_hash_all(host->hash[YF_SHA256], &YF_STR("abc"), 1, whole));
    T_MEM(a, whole, 32);
    T_OK(yf_hash_all(host->hash[YF_SHA256], &YF_STR("abd"), 1, whole));
    T_MEM(b, whole, 32);
}

/* The sanitizer would say so if anything were left. */
static void
what_is_begun_can_be_dropped(void **st)
{
    const uint8_t key[32] = { 0 };
    (void)st;

    for (size_t i = 0; i < YF_HASHES; i++) {
        yf_hash h;
        T_OK(yf_hash_init(&h, host->hash[i]));
        yf_hash_add(&h, YF_STR("half a message"));
        yf_hash_drop(&h);
        T(h.alg == NULL);
        yf_hash_drop(&h);
    }
    for (size_t i = 0; i < YF_CIPHERS; i++) {
        yf_cipher c;
        T_OK(host->cipher[i]->init(&c, key));
        yf_cipher_drop(&c);
        T(c.alg == NULL);
        yf_cipher_drop(&c);
    }
}

/* SP 800-38A B.1: the counter is the whole block, and wraps. */
static void
counters_carry_to_the_top(void **st)
{
    const uint8_t key[32] = { 1 };
    (void)st;

    for (size_t i = 0; i < YF_CIPHERS; i++) {
        const struct yf_cipher_alg *alg = host->cipher[i];
        uint8_t counter[YF_BLOCK_MAX], out[3 * YF_BLOCK_MAX] = { 0 }, want[3 * YF_BLOCK_MAX];
        size_t n = alg->block;
        yf_cipher c;

        memset(counter, 0xFF, sizeof counter);
        counter[n - 1] = 0xFE;
        memset(want, 0xFF, n);
        want[n - 1] = 0xFE;
        memset(want + n, 0xFF, n);
        memset(want + 2 * n, 0, n);
        T_OK(alg->init(&c, key));
        alg->ecb_enc(&c, want, want, 3 * n);
        alg->ctr(&c, counter, out, out, 2 * n);
        T(counter[0] == 0 && counter[n - 1] == 0);
        alg->ctr(&c, counter, out + 2 * n, out + 2 * n, n - 1);
        T(counter[0] == 0 && counter[n - 1] == 1);
        T_MEM(out, want, 3 * n - 1);
        yf_cipher_drop(&c);
    }
}

static void
gcm_has_limits(void **st)
{
    const uint8_t key[16] = { 2 };
    uint8_t iv[129] = { 3 }, text[5] = "text", tag[YF_GCM_TAG];
    const struct yf_cipher_alg *alg = host->cipher[YF_AES128];
    yf_cipher c;
    (void)st;

    T(!host->cipher[YF_DES3_2KEY]->gcm_seal && !host->cipher[YF_DES3_3KEY]->gcm_open);
    T_OK(alg->init(&c, key));
    T_ERR(YF_E_FORMAT, alg->gcm_seal(&c, YF_STR(""), YF_STR("a"), YF_SPAN(text), text, tag));
    T_ERR(YF_E_UNSUPPORTED, alg->gcm_seal(&c, YF_SPAN(iv), YF_STR("a"), YF_SPAN(text), text, tag));
    T_OK(alg->gcm_seal(&c, (yf_span){ iv, 128 }, YF_STR("a"), YF_SPAN(text), text, tag));
    T_ERR(YF_E_AUTH,
          alg->gcm_open(&c, (yf_span){ iv, 127 }, YF_STR("a"), YF_SPAN(text), text, tag));
    T_MEM(text, "\0\0\0\0", 5);
    T(ERR_peek_error() == 0);
    yf_cipher_drop(&c);
}

/* ---- no memory ---- */

/* The library's allocator, which can be told to fail once at the n-th request. */
static struct {
    bool armed;
    unsigned until;
} memory;

static bool
fails_now(void)
{
    return memory.armed && memory.until-- == 0;
}

static void *
scarce_malloc(size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return n && !fails_now() ? malloc(n) : NULL;
}

static void *
scarce_realloc(void *p, size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return !fails_now() ? realloc(p, n) : NULL;
}

static void
scarce_free(void *p, const char *file, int line)
{
    (void)file, (void)line;
    free(p);
}

/* Before OpenSSL asks for its first byte. */
__attribute__((constructor)) static void
install(void)
{
    CRYPTO_set_mem_functions(scarce_malloc, scarce_realloc, scarce_free);
}

/* Each leaves in out what it found, as far as that is the same every time. */
static yf_err
try_hash(uint8_t out[64])
{
    yf_hash h = { 0 }, f = { 0 };
    yf_err e = yf_hash_init(&h, host->hash[YF_SHA512]);

    if (!e)
        e = yf_hash_fork(&f, &h);
    if (!e)
        yf_hash_end(&f, out);
    yf_hash_drop(&h);
    return e;
}

static yf_err
try_cipher(uint8_t out[64])
{
    const uint8_t key[32] = { 0 };
    yf_cipher c = { 0 };
    yf_err e = host->cipher[YF_AES256]->init(&c, key);

    if (!e)
        c.alg->ecb_enc(&c, out, out, 64);
    yf_cipher_drop(&c);
    return e;
}

static yf_err
try_group(const yf_curve *curve, uint8_t out[64])
{
    uint8_t k[66] = { 0 }, a[133], b[133];
    yf_group g = { 0 };
    yf_err e = yf_group_open(&g, host->group, curve);

    k[curve->size - 1] = 2;
    if (!e)
        e = g.ops->mul(&g, k, (yf_span){ 0 }, a);
    if (!e)
        e = g.ops->add(&g, (yf_span){ a, yf_point_size(&g) }, (yf_span){ a, yf_point_size(&g) }, b);
    if (!e)
        e = g.ops->mod_mul(&g, YF_MOD_P, b + 1, k, a);
    if (!e)
        e = g.ops->mod_inv(&g, YF_MOD_P, a, b);
    if (!e)
        e = g.ops->mod_reduce(&g, YF_MOD_N, (yf_span){ b, curve->size }, a);
    if (!e)
        memcpy(out, a, curve->size);
    yf_group_close(&g);
    return e;
}

static yf_err
try_named_group(uint8_t out[64])
{
    return try_group(&yf_curve_p256, out);
}

static yf_err
try_other_group(uint8_t out[64])
{
    return try_group(&yf_curve_bp320r1, out);
}

static yf_err
try_ecdsa(uint8_t out[64])
{
    uint8_t d[32] = { [31] = 5 }, pub[65], md[32] = { 1 }, sig[64];
    yf_group g = { 0 };
    yf_err e = yf_group_open(&g, host->group, &yf_curve_p256);

    if (!e)
        e = g.ops->mul(&g, d, (yf_span){ 0 }, pub);
    if (!e)
        e = g.ops->ecdsa_sign(&g, d, YF_SPAN(md), NULL, sig);
    if (!e)
        e = g.ops->ecdsa_verify(&g, YF_SPAN(pub), YF_SPAN(md), sig);
    if (!e)
        memcpy(out, pub, 64);
    yf_group_close(&g);
    return e;
}

static yf_err
try_rsa(uint8_t out[64])
{
    uint8_t sig[256];
    yf_rsa k;
    yf_err e = host->rsa->open_private(&k, (yf_span){ rsa.private, rsa.private_n });

    if (e)
        return e;
    for (enum yf_rsa_scheme s = YF_RSA_PKCS1; !e && s <= YF_RSA_ISO9796_2; s++) {
        e = host->rsa->sign(&k, s, YF_SHA256, YF_STR("m"), sig);
        if (s == YF_RSA_PKCS1)
            memcpy(out, sig, 64);
        if (!e)
            e = host->rsa->verify(&k, s, YF_SHA256, YF_STR("m"), YF_SPAN(sig));
    }
    host->rsa->close(&k);
    return e;
}

static yf_err
try_misc(uint8_t out[64])
{
    uint8_t seed[32] = { 1 }, pub[32], sig[64];
    yf_err e = yf_ed25519_public(seed, pub);

    if (!e)
        e = yf_ed25519_sign(seed, YF_STR("m"), sig);
    if (!e)
        e = yf_ed25519_verify(pub, YF_STR("m"), YF_SPAN(sig));
    if (!e)
        e = yf_hkdf(host->hash[YF_SHA256], YF_STR("s"), YF_SPAN(sig), YF_STR("i"), out, 32);
    if (!e)
        e = yf_scrypt(YF_STR("p"), YF_STR("s"), 16, 1, 1, out + 32, 32);
    return e;
}

/*
 * Fail each allocation in turn: it is an error or the right result, nothing crashes
 * and (under the sanitizer) nothing stays allocated. The error is YF_E_ROOM where
 * OpenSSL tells why it failed, which it mostly does.
 */
static void
fail_each_allocation(yf_err (*try)(uint8_t out[64]))
{
    unsigned failed = 0, room = 0;
    uint8_t want[64] = { 0 };
    bool over = false;

    T_OK(try(want)); // what is fetched once is fetched now
    for (unsigned n = 0; !over; n++) {
        uint8_t out[64] = { 0 };
        memory.armed = true;
        memory.until = n;
        yf_err e = try(out);
        memory.armed = false;
        over = memory.until < UINT32_MAX / 2; // there was no n-th request
        if (e == YF_OK)
            T_MEM(out, want, sizeof out);
        else
            T(ERR_peek_error() == 0);
        failed += e != YF_OK;
        room += e == YF_E_ROOM;
    }
    T(failed > 0 && 4 * room >= 3 * failed);
}

static void
no_memory_is_an_error(void **st)
{
    (void)st;
    fail_each_allocation(try_hash);
    fail_each_allocation(try_cipher);
    fail_each_allocation(try_named_group);
    fail_each_allocation(try_other_group);
    fail_each_allocation(try_ecdsa);
    fail_each_allocation(try_rsa);
    fail_each_allocation(try_misc);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_knows_itself),
        cmocka_unit_test(a_key_is_exactly_its_der),
        cmocka_unit_test(a_key_is_der_not_ber),
        cmocka_unit_test(unfit_keys_are_refused),
        cmocka_unit_test(generating_has_limits),
        cmocka_unit_test(rsa_vectors),
        cmocka_unit_test(every_scheme_verifies_only_what_was_signed),
        cmocka_unit_test(every_bit_of_a_signature_counts),
        cmocka_unit_test(a_modulus_may_be_too_short_for_the_scheme),
        cmocka_unit_test(frames_are_what_the_standard_draws),
        cmocka_unit_test(other_frames_are_refused),
        cmocka_unit_test(either_of_s_and_n_minus_s_verifies),
        cmocka_unit_test(numbers_beyond_the_modulus_are_no_signatures),
        cmocka_unit_test(ed25519_vectors),
        cmocka_unit_test(kdf_vectors),
        cmocka_unit_test(hkdf_gives_255_digests_and_no_more),
        cmocka_unit_test(scrypt_refuses_bad_costs),
        cmocka_unit_test(the_system_fills_all_of_it),
        cmocka_unit_test(a_fork_goes_on_alone),
        cmocka_unit_test(what_is_begun_can_be_dropped),
        cmocka_unit_test(counters_carry_to_the_top),
        cmocka_unit_test(gcm_has_limits),
        cmocka_unit_test(no_memory_is_an_error),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_rsa, drop_rsa);
}
