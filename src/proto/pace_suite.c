/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/pace.h>

#include "oids.h"
#include "refer.h"

#include <yufu/crypto/kdf.h>

/* ---- domain parameters: 9303-11 table 12; those of DH would go in front ---- */

static const struct {
    uint8_t id;
    const yf_curve *curve;
} parameters[] = {
    { 10, &yf_curve_p224 },         { 11, &yf_curve_bp224r1 }, { 12, &yf_curve_p256 },
    { 13, &yf_curve_bp256r1 },      { 14, &yf_curve_bp320r1 }, { 15, &yf_curve_p384 },
    { 16, &yf_curve_bp384r1 },      { 17, &yf_curve_bp512r1 }, { 18, &yf_curve_p521 },
    { YF_PACE_SM2, &yf_curve_sm2 },
};
enum { PARAMETERS = sizeof parameters / sizeof *parameters };

const yf_curve *
yf_pace_curve(int32_t id)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        if (parameters[i].id == id)
            return parameters[i].curve;
    return NULL;
}

int32_t
yf_pace_parameters(const yf_curve *curve)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        if (parameters[i].curve == curve)
            return parameters[i].id;
    return -1;
}

/* ---- suites: 9303-11 table 3, and our own profile ---- */

/* clang-format off */
static const struct {
    enum yf_pace_mapping mapping;
    enum yf_cipher_id cipher;
    yf_span oid;
} suites[] = {
    { YF_PACE_GM, YF_DES3_2KEY, OID(BSI_PACE "\x02\x01") },
    { YF_PACE_GM, YF_AES128,    OID(BSI_PACE "\x02\x02") },
    { YF_PACE_GM, YF_AES192,    OID(BSI_PACE "\x02\x03") },
    { YF_PACE_GM, YF_AES256,    OID(BSI_PACE "\x02\x04") },
    { YF_PACE_IM, YF_DES3_2KEY, OID(BSI_PACE "\x04\x01") },
    { YF_PACE_IM, YF_AES128,    OID(BSI_PACE "\x04\x02") },
    { YF_PACE_IM, YF_AES192,    OID(BSI_PACE "\x04\x03") },
    { YF_PACE_IM, YF_AES256,    OID(BSI_PACE "\x04\x04") },
    { YF_PACE_GM, YF_SM4,       OID(YUFU_PACE "\x01") },
    { YF_PACE_IM, YF_SM4,       OID(YUFU_PACE "\x02") },
};
/* clang-format on */
enum { SUITES = sizeof suites / sizeof *suites };

/* The digest of MRZ information (9303-11 table 14). */
static enum yf_hash_id
mrz_hash(enum yf_cipher_id cipher)
{
    return cipher == YF_SM4 ? YF_SM3 : YF_SHA1;
}

static bool
has_hashes(const yf_provider *p, enum yf_cipher_id cipher)
{
    bool longer = cipher == YF_AES192 || cipher == YF_AES256; // keys from SHA-256 (9.7.1.2)

    return p->hash[mrz_hash(cipher)] && (!longer || p->hash[YF_SHA256]);
}

static bool
has_curve(const yf_provider *p, const yf_curve *curve)
{
    yf_group g;

    if (yf_group_open(&g, yf_provider_group(p, curve), curve))
        return false;
    yf_group_close(&g);
    return true;
}

static yf_err
suite_made(const yf_provider *p, size_t i, const yf_curve *curve, struct yf_pace_suite *suite)
{
    int32_t id = yf_pace_parameters(curve);
    bool sm = suites[i].cipher == YF_SM4;

    if (id < 0 || sm != (curve == &yf_curve_sm2))
        return YF_E_UNSUPPORTED;
    if (suites[i].mapping == YF_PACE_IM && (curve->p[curve->size - 1] & 3) != 3)
        return YF_E_UNSUPPORTED; // B.1: p must be 3 modulo 4
    if (!p->cipher[suites[i].cipher] || !has_hashes(p, suites[i].cipher) || !has_curve(p, curve))
        return YF_E_UNSUPPORTED;
    *suite = (struct yf_pace_suite){ suites[i].mapping, suites[i].cipher, curve, suites[i].oid,
                                     (uint8_t)id };
    return YF_OK;
}

yf_err
yf_pace_suite(const yf_provider *p, yf_span oid, int32_t id, struct yf_pace_suite *suite)
{
    const yf_curve *curve = yf_pace_curve(id);

    for (size_t i = 0; curve && i < SUITES; i++)
        if (yf_span_eq(suites[i].oid, oid))
            return suite_made(p, i, curve, suite);
    return YF_E_UNSUPPORTED;
}

yf_err
yf_pace_suite_of(const yf_provider *p, enum yf_pace_mapping mapping, enum yf_cipher_id cipher,
                 const yf_curve *curve, struct yf_pace_suite *suite)
{
    for (size_t i = 0; i < SUITES; i++)
        if (suites[i].mapping == mapping && suites[i].cipher == cipher)
            return suite_made(p, i, curve, suite);
    return YF_E_UNSUPPORTED;
}

/* ---- passwords ---- */

/* 9303-11 9.7.3 */
yf_err
yf_pace_key(const yf_provider *p, enum yf_cipher_id cipher, enum yf_pace_password kind,
            yf_span secret, uint8_t k_pi[YF_CIPHER_KEY_MAX])
{
    const struct yf_hash_alg *hash = yf_provider_hash(p, mrz_hash(cipher));
    uint8_t md[YF_HASH_MAX];
    yf_err e = YF_OK;

    if (kind < YF_PACE_MRZ || kind > YF_PACE_PUK)
        return YF_E_FORMAT;
    if (kind == YF_PACE_MRZ) {
        if ((e = yf_hash_all(hash, &secret, 1, md)))
            goto out;
        secret = (yf_span){ md, hash->size };
    }
    e = yf_kdf_icao(p, cipher, secret, YF_KDF_PI, k_pi);
out:
    yf_wipe(md, sizeof md);
    return e;
}

/* ---- MSE:Set AT ---- */

void
yf_pace_select_put(yf_out *o, const struct yf_pace_select *s)
{
    yf_tlv_put(o, 0x80, s->oid);
    yf_tlv_put(o, 0x83, (yf_span){ &s->password, 1 });
    yf_refer_put(o, 0x84, s->parameters);
}

yf_err
yf_pace_select_parse(yf_span in, struct yf_pace_select *s)
{
    static const uint32_t tags[] = { 0x80, 0x83, 0x84 };
    yf_span v[3] = { { NULL, 0 } };
    yf_err e = yf_refer_objects(in, tags, v, 3);

    if (e)
        return e;
    int32_t id = v[2].n ? yf_refer_get(v[2]) : -1;
    if (v[0].n == 0 || v[1].n != 1 || (v[2].n && id < 0))
        return YF_E_FORMAT;
    *s = (struct yf_pace_select){ v[0], v[1].p[0], id };
    return YF_OK;
}
