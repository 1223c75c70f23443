/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/aa.h>

#include <yufu/crypto/oids.h>
#include <yufu/crypto/sm2.h>
#include <yufu/wire/der.h>

/* ---- algorithms ---- */

/* ecdsa-plain-signatures, BSI TR-03111 5.2.1.1: 0.4.0.127.0.7.1.1.4.1.n */
#define PLAIN(n) YF_STR("\x04\x00\x7F\x00\x07\x01\x01\x04\x01" n)

static const struct {
    enum yf_hash_id hash;
    enum yf_oid oid; // of the hash itself
    uint8_t size;    // bytes of a digest
    yf_span plain;   // with ECDSA; empty: none
} hashes[] = {
    { YF_SHA1, YF_OID_SHA1, 20, PLAIN("\x01") },
    { YF_SHA224, YF_OID_SHA224, 28, PLAIN("\x02") },
    { YF_SHA256, YF_OID_SHA256, 32, PLAIN("\x03") },
    { YF_SHA384, YF_OID_SHA384, 48, PLAIN("\x04") },
    { YF_SHA512, YF_OID_SHA512, 64, PLAIN("\x05") },
    { YF_SM3, YF_OID_SM3, 32, { 0 } },
};
enum { N_HASHES = sizeof hashes / sizeof *hashes };

yf_err
yf_aa_hash_of(yf_span oid, enum yf_hash_id *hash)
{
    if (yf_oid_of(oid) == YF_OID_SM2_SM3) {
        *hash = YF_SM3;
        return YF_OK;
    }
    for (size_t i = 0; i < N_HASHES; i++) {
        if (hashes[i].plain.n && yf_span_eq(oid, hashes[i].plain)) {
            *hash = hashes[i].hash;
            return YF_OK;
        }
    }
    return YF_E_UNSUPPORTED;
}

/* SM2 signs with SM3 and nothing else does; a digest is no longer than n (9303-11 6.1.2.3). */
static bool
fits(const yf_curve *curve, size_t hash)
{
    if (!curve)
        return hashes[hash].plain.n != 0;
    if (curve == &yf_curve_sm2 || hashes[hash].hash == YF_SM3)
        return curve == &yf_curve_sm2 && hashes[hash].hash == YF_SM3;
    return hashes[hash].size <= curve->size;
}

/* Where a hash stands above; N_HASHES if nowhere. */
static size_t
row_of(enum yf_hash_id hash)
{
    size_t i = 0;

    while (i < N_HASHES && hashes[i].hash != hash)
        i++;
    return i;
}

yf_span
yf_aa_oid_of(const yf_curve *curve, enum yf_hash_id hash)
{
    size_t i = row_of(hash);

    if (!curve || i == N_HASHES || !fits(curve, i))
        return (yf_span){ 0 };
    return hash == YF_SM3 ? yf_oid_bytes(YF_OID_SM2_SM3) : hashes[i].plain;
}

/* ---- the stored key ---- */

static size_t
read_hash(yf_cur *c)
{
    enum yf_oid oid = yf_oid_of(yf_der_oid(c));
    size_t i = 0;

    while (i < N_HASHES && hashes[i].oid != oid)
        i++;
    if (i == N_HASHES)
        yf_cur_fail(c, YF_E_UNSUPPORTED);
    return i;
}

yf_err
yf_aa_key_read(yf_span stored, struct yf_aa_key *k)
{
    yf_cur c = yf_cur_of(stored), seq = yf_der_enter(&c, YF_DER_SEQ);
    struct yf_aa_key r = { 0 };
    size_t min = 1, max = YF_AA_KEY_MAX;

    size_t row = read_hash(&seq);
    if (yf_der_peek(&seq) == YF_DER_OID) {
        r.curve = yf_curve_by_oid(yf_der_oid(&seq));
        if (!r.curve)
            yf_cur_fail(&seq, YF_E_UNSUPPORTED);
        else
            min = max = r.curve->size;
    }
    r.key = yf_der_need(&seq, YF_DER_OCTETS, min, max);
    yf_err e = yf_err_first(yf_cur_done(&seq), yf_cur_done(&c));
    if (e)
        return e;
    if (!fits(r.curve, row))
        return YF_E_FORMAT;
    r.hash = hashes[row].hash;
    *k = r;
    return YF_OK;
}

void
yf_aa_key_write(yf_out *o, const struct yf_aa_key *k)
{
    size_t row = row_of(k->hash), mark = yf_der_open(o, YF_DER_SEQ);

    if (row == N_HASHES || !fits(k->curve, row) || (k->curve && k->key.n != k->curve->size)) {
        yf_out_fail(o, YF_E_FORMAT);
        return;
    }
    yf_der_put(o, YF_DER_OID, yf_oid_bytes(hashes[row].oid));
    if (k->curve)
        yf_der_put(o, YF_DER_OID, k->curve->oid);
    yf_der_put(o, YF_DER_OCTETS, k->key);
    yf_der_close(o, mark);
}

/* ---- signing ---- */

static yf_err
sign_ecdsa(const yf_provider *p, const struct yf_aa_key *k, const yf_rng *rng, yf_span challenge,
           uint8_t *sig)
{
    const struct yf_hash_alg *alg = yf_provider_hash(p, k->hash);
    uint8_t md[YF_HASH_MAX];
    yf_group g;
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if ((e = yf_hash_all(alg, &challenge, 1, md)))
        return e;
    if ((e = yf_group_open(&g, yf_provider_group(p, k->curve), k->curve)))
        return e;
    e = yf_ecdsa_sign(&g, alg, k->key.p, (yf_span){ md, alg->size }, rng, sig);
    yf_group_close(&g);
    return e;
}

static yf_err
sign_sm2(const yf_provider *p, const struct yf_aa_key *k, const yf_rng *rng, yf_span challenge,
         uint8_t *sig)
{
    yf_sm2 s;
    yf_err e = yf_sm2_open(&s, p);

    if (e)
        return e;
    e = yf_sm2_sign(&s, k->key.p, YF_SM2_DEFAULT_ID, challenge, rng, sig);
    yf_sm2_close(&s);
    return e;
}

static yf_err
sign_rsa(const yf_provider *p, const struct yf_aa_key *k, yf_span challenge, yf_out *o)
{
    yf_rsa rsa;
    yf_err e = p->rsa ? p->rsa->open_private(&rsa, k->key) : YF_E_UNSUPPORTED;

    if (e)
        return e;
    uint8_t *sig = yf_out_claim(o, rsa.size);
    e = sig ? p->rsa->sign(&rsa, YF_RSA_ISO9796_2, k->hash, challenge, sig) : o->err;
    p->rsa->close(&rsa);
    return e;
}

static yf_err
sign_ec(const yf_provider *p, const struct yf_aa_key *k, const yf_rng *rng, yf_span challenge,
        yf_out *o)
{
    uint8_t *sig = yf_out_claim(o, 2 * (size_t)k->curve->size);

    if (!sig)
        return o->err;
    return k->curve == &yf_curve_sm2 ? sign_sm2(p, k, rng, challenge, sig)
                                     : sign_ecdsa(p, k, rng, challenge, sig);
}

yf_err
yf_aa_sign(const yf_provider *p, const struct yf_aa_key *k, const yf_rng *rng, yf_span challenge,
           yf_out *o)
{
    size_t at = o->n;
    yf_err e;

    if (challenge.n != YF_AA_CHALLENGE)
        return YF_E_FORMAT;
    e = k->curve ? sign_ec(p, k, rng, challenge, o) : sign_rsa(p, k, challenge, o);
    if (e)
        o->n = at;
    return e;
}

/* ---- verifying ---- */

static yf_err
verify_ecdsa(const yf_provider *p, const yf_spki *key, enum yf_hash_id hash, yf_span challenge,
             yf_span sig)
{
    const struct yf_hash_alg *alg = yf_provider_hash(p, hash);
    uint8_t md[YF_HASH_MAX];
    yf_group g;
    yf_err e;

    if (!alg)
        return YF_E_UNSUPPORTED;
    if ((e = yf_hash_all(alg, &challenge, 1, md)))
        return e;
    if ((e = yf_group_open(&g, yf_provider_group(p, key->curve), key->curve)))
        return e;
    e = yf_ecdsa_verify(&g, key->key, (yf_span){ md, alg->size }, sig);
    yf_group_close(&g);
    return e;
}

static yf_err
verify_sm2(const yf_provider *p, const yf_spki *key, yf_span challenge, yf_span sig)
{
    yf_sm2 s;
    yf_err e = yf_sm2_open(&s, p);

    if (e)
        return e;
    e = yf_sm2_verify(&s, key->key, YF_SM2_DEFAULT_ID, challenge, sig);
    yf_sm2_close(&s);
    return e;
}

/* The trailer that names the hash is inside the signature: each is asked whether it is it. */
static yf_err
verify_rsa(const yf_provider *p, const yf_spki *key, yf_span challenge, yf_span sig)
{
    yf_rsa rsa;
    yf_err e = p->rsa ? p->rsa->open_public(&rsa, key->key) : YF_E_UNSUPPORTED;

    if (e)
        return e;
    e = YF_E_AUTH;
    for (size_t i = 0; i < N_HASHES && e == YF_E_AUTH; i++)
        if (fits(NULL, i))
            e = p->rsa->verify(&rsa, YF_RSA_ISO9796_2, hashes[i].hash, challenge, sig);
    p->rsa->close(&rsa);
    return e;
}

yf_err
yf_aa_verify(const yf_provider *p, const yf_spki *key, enum yf_hash_id hash, yf_span challenge,
             yf_span sig)
{
    size_t row = row_of(hash);

    if (challenge.n != YF_AA_CHALLENGE)
        return YF_E_FORMAT;
    if (!key->curve)
        return verify_rsa(p, key, challenge, sig);
    if (row == N_HASHES || !fits(key->curve, row))
        return YF_E_FORMAT;
    if (sig.n != 2 * (size_t)key->curve->size)
        return YF_E_AUTH;
    return hash == YF_SM3 ? verify_sm2(p, key, challenge, sig)
                          : verify_ecdsa(p, key, hash, challenge, sig);
}
