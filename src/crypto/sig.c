/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/ec.h>
#include <yufu/crypto/oids.h>
#include <yufu/crypto/sig.h>
#include <yufu/crypto/sm2.h>
#include <yufu/wire/der.h>

#include <string.h>

/* ---- algorithms ---- */

/* RSA wants NULL beside it, ECDSA nothing (RFC 5758 3.2); for SM2 both occur. */
static const struct {
    enum yf_oid oid;
    yf_sig_alg alg;
} algs[] = {
    { YF_OID_ECDSA_SHA256, { YF_SIG_ECDSA, YF_SHA256 } },
    { YF_OID_ECDSA_SHA384, { YF_SIG_ECDSA, YF_SHA384 } },
    { YF_OID_ECDSA_SHA512, { YF_SIG_ECDSA, YF_SHA512 } },
    { YF_OID_ECDSA_SHA224, { YF_SIG_ECDSA, YF_SHA224 } },
    { YF_OID_ECDSA_SHA1, { YF_SIG_ECDSA, YF_SHA1 } },
    { YF_OID_SM2_SM3, { YF_SIG_SM2, YF_SM3 } },
    { YF_OID_RSA_SHA256, { YF_SIG_RSA_PKCS1, YF_SHA256 } },
    { YF_OID_RSA_SHA384, { YF_SIG_RSA_PKCS1, YF_SHA384 } },
    { YF_OID_RSA_SHA512, { YF_SIG_RSA_PKCS1, YF_SHA512 } },
    { YF_OID_RSA_SHA224, { YF_SIG_RSA_PKCS1, YF_SHA224 } },
    { YF_OID_RSA_SHA1, { YF_SIG_RSA_PKCS1, YF_SHA1 } },
};

/* The digests of PSS; their sizes are its salt lengths. */
static const struct {
    enum yf_oid oid;
    enum yf_hash_id hash;
    uint8_t size;
} digests[] = {
    { YF_OID_SHA256, YF_SHA256, 32 },
    { YF_OID_SHA384, YF_SHA384, 48 },
    { YF_OID_SHA512, YF_SHA512, 64 },
    { YF_OID_SHA224, YF_SHA224, 28 },
};

enum { ALGS = sizeof algs / sizeof *algs, DIGESTS = sizeof digests / sizeof *digests };

static bool
same(yf_sig_alg a, yf_sig_alg b)
{
    return a.kind == b.kind && a.hash == b.hash;
}

/* AlgorithmIdentifier of a digest, NULL or nothing beside it; which of digests, or DIGESTS. */
static size_t
read_digest(yf_cur *c)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);
    enum yf_oid oid = yf_oid_of(yf_der_oid(&alg));
    size_t i = 0;

    while (i < DIGESTS && digests[i].oid != oid)
        i++;
    if (i == DIGESTS)
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    if (yf_cur_more(&alg))
        yf_der_null(&alg);
    yf_cur_fail(c, yf_cur_done(&alg));
    return c->err ? DIGESTS : i;
}

/* [n] { what read finds } */
static size_t
read_tagged(yf_cur *c, unsigned n, size_t (*read)(yf_cur *c))
{
    yf_cur tagged = yf_der_enter(c, YF_DER_CTX_C(n));
    size_t r = read(&tagged);

    yf_cur_fail(c, yf_cur_done(&tagged));
    return r;
}

static size_t
read_mgf1(yf_cur *c)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);

    if (yf_oid_of(yf_der_oid(&alg)) != YF_OID_MGF1)
        yf_cur_fail(&alg, YF_E_UNSUPPORTED);
    size_t i = read_digest(&alg);
    yf_cur_fail(c, yf_cur_done(&alg));
    return i;
}

static size_t
read_salt(yf_cur *c)
{
    return (size_t)yf_der_small(c, YF_DER_INTEGER, 0, YF_RSA_MAX);
}

/*
 * RFC 4055 3.1: { [0] hash, [1] mask generation, [2] salt length, [3] trailer }. The
 * defaults mean SHA-1 and a salt of 20, which are not ours, so the first three must be there.
 */
static void
read_pss(yf_cur *c, yf_sig_alg *r)
{
    yf_cur params = yf_der_enter(c, YF_DER_SEQ);

    if (yf_der_peek(&params) != YF_DER_CTX_C(0))
        yf_cur_fail(&params, YF_E_UNSUPPORTED);
    size_t hash = read_tagged(&params, 0, read_digest);
    size_t mask = read_tagged(&params, 1, read_mgf1);
    size_t salt = read_tagged(&params, 2, read_salt);
    yf_cur_fail(c, yf_cur_done(&params));
    if (c->err)
        return;
    if (mask != hash || salt != digests[hash].size)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    *r = (yf_sig_alg){ YF_SIG_RSA_PSS, digests[hash].hash };
}

static void
read_plain(yf_cur *c, enum yf_oid oid, yf_sig_alg *r)
{
    for (size_t i = 0; i < ALGS; i++)
        if (oid && algs[i].oid == oid)
            *r = algs[i].alg;
    if (r->kind == YF_SIG_NONE)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    if (r->kind == YF_SIG_RSA_PKCS1 || (r->kind == YF_SIG_SM2 && yf_cur_more(c)))
        yf_der_null(c);
}

yf_sig_alg
yf_sig_alg_read(yf_cur *c)
{
    yf_cur alg = yf_der_enter(c, YF_DER_SEQ);
    enum yf_oid oid = yf_oid_of(yf_der_oid(&alg));
    yf_sig_alg r = { 0 };

    if (oid == YF_OID_RSA_PSS)
        read_pss(&alg, &r);
    else
        read_plain(&alg, oid, &r);
    yf_cur_fail(c, yf_cur_done(&alg));
    if (c->err)
        return (yf_sig_alg){ 0 };
    return r;
}

static void
write_digest(yf_out *o, size_t i)
{
    size_t alg = yf_der_open(o, YF_DER_SEQ);

    yf_der_put(o, YF_DER_OID, yf_oid_bytes(digests[i].oid));
    yf_der_put_null(o);
    yf_der_close(o, alg);
}

static void
write_pss(yf_out *o, size_t i)
{
    size_t params = yf_der_open(o, YF_DER_SEQ);

    size_t hash = yf_der_open(o, YF_DER_CTX_C(0));
    write_digest(o, i);
    yf_der_close(o, hash);
    size_t mask = yf_der_open(o, YF_DER_CTX_C(1));
    size_t mgf1 = yf_der_open(o, YF_DER_SEQ);
    yf_der_put(o, YF_DER_OID, yf_oid_bytes(YF_OID_MGF1));
    write_digest(o, i);
    yf_der_close(o, mgf1);
    yf_der_close(o, mask);
    size_t salt = yf_der_open(o, YF_DER_CTX_C(2));
    yf_der_put_small(o, YF_DER_INTEGER, digests[i].size);
    yf_der_close(o, salt);
    yf_der_close(o, params);
}

/* The table's OID for an algorithm that may be written. */
static enum yf_oid
oid_for(yf_sig_alg a)
{
    for (size_t i = 0; i < ALGS && a.hash != YF_SHA1; i++)
        if (same(algs[i].alg, a))
            return algs[i].oid;
    return YF_OID_NONE;
}

void
yf_sig_alg_write(yf_out *o, yf_sig_alg a)
{
    size_t alg = yf_der_open(o, YF_DER_SEQ);
    enum yf_oid oid = oid_for(a);
    size_t pss = 0;

    while (pss < DIGESTS && !same(a, (yf_sig_alg){ YF_SIG_RSA_PSS, digests[pss].hash }))
        pss++;
    if (pss < DIGESTS)
        oid = YF_OID_RSA_PSS;
    if (!oid)
        yf_out_fail(o, YF_E_UNSUPPORTED);
    yf_der_put(o, YF_DER_OID, yf_oid_bytes(oid));
    if (pss < DIGESTS)
        write_pss(o, pss);
    else if (a.kind == YF_SIG_RSA_PKCS1)
        yf_der_put_null(o);
    yf_der_close(o, alg);
}

yf_sig_alg
yf_sig_alg_for(const yf_curve *curve)
{
    yf_sig_alg a = { YF_SIG_ECDSA, YF_SHA512 };

    if (yf_curve_same(curve) == &yf_curve_sm2)
        return (yf_sig_alg){ YF_SIG_SM2, YF_SM3 };
    if (curve->order_bits <= 224)
        a.hash = YF_SHA224;
    else if (curve->order_bits <= 320)
        a.hash = YF_SHA256;
    else if (curve->order_bits <= 384)
        a.hash = YF_SHA384;
    return a;
}

/* ---- verifying ---- */

/* A signature that is not even DER does not verify. */
static yf_err
verify_ecdsa(const yf_provider *p, enum yf_hash_id hash, const yf_spki *key, yf_span msg,
             yf_span sig)
{
    const struct yf_hash_alg *alg = yf_provider_hash(p, hash);
    uint8_t md[YF_HASH_MAX], rs[2 * YF_FIELD_MAX];
    yf_group g;
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if (yf_sig_from_der(sig, key->curve->size, rs))
        return YF_E_AUTH;
    if ((e = yf_hash_all(alg, &msg, 1, md)))
        return e;
    if ((e = yf_group_open(&g, yf_provider_group(p, key->curve), key->curve)))
        return e;
    e = yf_ecdsa_verify(&g, key->key, (yf_span){ md, alg->size },
                        (yf_span){ rs, 2 * (size_t)key->curve->size });
    yf_group_close(&g);
    return e;
}

static yf_err
verify_sm2(const yf_provider *p, const yf_spki *key, yf_span id, yf_span msg, yf_span sig)
{
    uint8_t rs[YF_SM2_SIG];
    yf_sm2 s;
    yf_err e;

    if (yf_sig_from_der(sig, YF_SM2_SIZE, rs))
        return YF_E_AUTH;
    if ((e = yf_sm2_open(&s, p)))
        return e;
    e = yf_sm2_verify(&s, key->key, id, msg, YF_SPAN(rs));
    yf_sm2_close(&s);
    return e;
}

static yf_err
verify_rsa(const yf_provider *p, yf_sig_alg alg, const yf_spki *key, yf_span msg, yf_span sig)
{
    enum yf_rsa_scheme scheme = alg.kind == YF_SIG_RSA_PSS ? YF_RSA_PSS : YF_RSA_PKCS1;
    yf_rsa k;
    yf_err e;

    if (!p->rsa)
        return YF_E_UNSUPPORTED;
    if ((e = p->rsa->open_public(&k, key->key)))
        return e;
    e = p->rsa->verify(&k, scheme, alg.hash, msg, sig);
    p->rsa->close(&k);
    return e;
}

yf_err
yf_sig_verify(const yf_provider *p, yf_sig_alg alg, const yf_spki *key, yf_span sm2_id, yf_span msg,
              yf_span sig)
{
    bool rsa = alg.kind == YF_SIG_RSA_PKCS1 || alg.kind == YF_SIG_RSA_PSS;
    bool sm2 = alg.kind == YF_SIG_SM2;

    if (alg.kind == YF_SIG_NONE)
        return YF_E_UNSUPPORTED;
    if (rsa != !key->curve || sm2 != (key->curve == &yf_curve_sm2))
        return YF_E_FORMAT;
    if (rsa)
        return verify_rsa(p, alg, key, msg, sig);
    if (sm2)
        return verify_sm2(p, key, sm2_id, msg, sig);
    return verify_ecdsa(p, alg.hash, key, msg, sig);
}

/* ---- signing with a key in memory ---- */

static yf_err
sign_ecdsa(const struct yf_key_signer *k, yf_span msg, uint8_t *sig, size_t *n)
{
    const struct yf_hash_alg *alg = yf_provider_hash(k->provider, k->alg.hash);
    const yf_curve *curve = k->ec->curve;
    uint8_t md[YF_HASH_MAX], rs[2 * YF_FIELD_MAX];
    yf_group g;
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if ((e = yf_hash_all(alg, &msg, 1, md)))
        return e;
    if ((e = yf_group_open(&g, yf_provider_group(k->provider, curve), curve)))
        return e;
    e = yf_ecdsa_sign(&g, alg, k->ec->d, (yf_span){ md, alg->size }, k->rng, rs);
    yf_group_close(&g);
    return e ? e : yf_sig_to_der((yf_span){ rs, 2 * (size_t)curve->size }, sig, n);
}

static yf_err
sign_sm2(const struct yf_key_signer *k, yf_span msg, uint8_t *sig, size_t *n)
{
    uint8_t rs[YF_SM2_SIG];
    yf_sm2 s;
    yf_err e;

    if ((e = yf_sm2_open(&s, k->provider)))
        return e;
    e = yf_sm2_sign(&s, k->ec->d, k->sm2_id, msg, k->rng, rs);
    yf_sm2_close(&s);
    return e ? e : yf_sig_to_der(YF_SPAN(rs), sig, n);
}

static yf_err
sign_rsa(const struct yf_key_signer *k, yf_span msg, uint8_t *sig, size_t *n)
{
    enum yf_rsa_scheme scheme = k->alg.kind == YF_SIG_RSA_PSS ? YF_RSA_PSS : YF_RSA_PKCS1;
    yf_err e = k->rsa->ops->sign(k->rsa, scheme, k->alg.hash, msg, sig);

    if (!e)
        *n = k->rsa->size;
    return e;
}

static yf_err
sign(void *state, yf_span msg, uint8_t sig[YF_SIG_MAX], size_t *n)
{
    const struct yf_key_signer *k = state;

    switch (k->alg.kind) {
    case YF_SIG_ECDSA:
        return k->ec && k->ec->has_private ? sign_ecdsa(k, msg, sig, n) : YF_E_STATE;
    case YF_SIG_SM2:
        return k->ec && k->ec->has_private ? sign_sm2(k, msg, sig, n) : YF_E_STATE;
    case YF_SIG_RSA_PKCS1:
    case YF_SIG_RSA_PSS:
        return k->rsa ? sign_rsa(k, msg, sig, n) : YF_E_STATE;
    default:
        return YF_E_UNSUPPORTED;
    }
}

yf_signer
yf_signer_of(struct yf_key_signer *k)
{
    return (yf_signer){ .alg = k->alg, .sign = sign, .state = k };
}
