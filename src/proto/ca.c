/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/proto/ca.h>

#include "oids.h"
#include "refer.h"

#include <yufu/crypto/ec.h>
#include <yufu/crypto/kdf.h>

/* ---- protocols: 9303-11 table 6, and our own profile; those of DH are BSI_CA 01 ---- */

static const struct {
    enum yf_cipher_id cipher;
    enum yf_hash_id hash; // of its key derivation
    yf_span oid;
} protocols[] = {
    { YF_DES3_2KEY, YF_SHA1, OID(BSI_CA "\x02\x01") },
    { YF_AES128, YF_SHA1, OID(BSI_CA "\x02\x02") },
    { YF_AES192, YF_SHA256, OID(BSI_CA "\x02\x03") },
    { YF_AES256, YF_SHA256, OID(BSI_CA "\x02\x04") },
    { YF_SM4, YF_SM3, OID(YUFU_CA "\x01") },
};
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

yf_err
yf_ca_cipher(const yf_provider *p, yf_span oid, enum yf_cipher_id *cipher)
{
    for (size_t i = 0; i < PROTOCOLS; i++) {
        if (!yf_span_eq(protocols[i].oid, oid))
            continue;
        if (!p->cipher[protocols[i].cipher] || !p->hash[protocols[i].hash])
            return YF_E_UNSUPPORTED;
        *cipher = protocols[i].cipher;
        return YF_OK;
    }
    return YF_E_UNSUPPORTED;
}

yf_span
yf_ca_oid(enum yf_cipher_id cipher)
{
    for (size_t i = 0; i < PROTOCOLS; i++)
        if (protocols[i].cipher == cipher)
            return protocols[i].oid;
    return (yf_span){ NULL, 0 };
}

/* ---- agreement: 9303-11 6.2.1, 9.7.4 ---- */

static yf_err
agree(const yf_provider *p, enum yf_cipher_id cipher, const yf_group *g, const uint8_t *d,
      yf_span peer, struct yf_sm_keys *keys)
{
    struct yf_sm_keys k = { .cipher = cipher };
    uint8_t z[YF_FIELD_MAX];
    yf_span secret = { z, g->curve->size };
    yf_err e = YF_E_UNSUPPORTED;

    if ((cipher == YF_SM4) != (g->curve == &yf_curve_sm2))
        goto out;
    e = YF_E_FORMAT;
    if (peer.n != yf_point_size(g) || peer.p[0] != 4)
        goto out;
    if ((e = yf_ecdh(g, d, peer, z)))
        goto out;
    if ((e = yf_kdf_icao(p, cipher, secret, YF_KDF_ENC, k.enc)))
        goto out;
    if ((e = yf_kdf_icao(p, cipher, secret, YF_KDF_MAC, k.mac)))
        goto out;
    *keys = k;
out:
    yf_wipe(z, sizeof z);
    yf_wipe(&k, sizeof k);
    return e;
}

yf_err
yf_ca_answer(const yf_provider *p, enum yf_cipher_id cipher, const yf_curve *curve,
             const uint8_t *d, yf_span point, struct yf_sm_keys *keys)
{
    yf_group g;
    yf_err e = yf_group_open(&g, yf_provider_group(p, curve), curve);

    if (e)
        return e;
    e = agree(p, cipher, &g, d, point, keys);
    yf_group_close(&g);
    return e;
}

yf_err
yf_ca_ask(const yf_provider *p, enum yf_cipher_id cipher, const yf_curve *curve, yf_span chip,
          const yf_rng *rng, yf_out *o, struct yf_sm_keys *keys)
{
    uint8_t d[YF_FIELD_MAX], pub[YF_POINT_MAX];
    yf_group g;
    yf_err e = yf_group_open(&g, yf_provider_group(p, curve), curve);

    if (e)
        return e;
    if ((e = yf_ec_keygen(&g, rng, d, pub)))
        goto out;
    yf_out_put(o, (yf_span){ pub, yf_point_size(&g) });
    if ((e = o->err))
        goto out;
    e = agree(p, cipher, &g, d, chip, keys);
out:
    yf_group_close(&g);
    yf_wipe(d, sizeof d);
    return e;
}

/* ---- MSE: 9303-11 6.2.4 ---- */

enum { PROTOCOL = 0x80, KEY = 0x84, POINT = 0x91 };

void
yf_ca_select_put(yf_out *o, const struct yf_ca_select *s)
{
    if (s->point.n)
        yf_tlv_put(o, POINT, s->point);
    else
        yf_tlv_put(o, PROTOCOL, s->oid);
    yf_refer_put(o, KEY, s->key_id);
}

/* The object the command must have, and the key it may name. */
static yf_err
select_parse(yf_span in, uint32_t tag, yf_span *val, int32_t *key_id)
{
    const uint32_t tags[] = { tag, KEY };
    yf_span v[2] = { { NULL, 0 } };
    yf_err e = yf_refer_objects(in, tags, v, 2);

    if (e)
        return e;
    int32_t id = v[1].n ? yf_refer_get(v[1]) : -1;
    if (v[0].n == 0 || (v[1].n && id < 0))
        return YF_E_FORMAT;
    *val = v[0];
    *key_id = id;
    return YF_OK;
}

yf_err
yf_ca_set_at_parse(yf_span in, struct yf_ca_select *s)
{
    struct yf_ca_select r = { 0 };
    yf_err e = select_parse(in, PROTOCOL, &r.oid, &r.key_id);

    if (!e)
        *s = r;
    return e;
}

yf_err
yf_ca_set_kat_parse(yf_span in, struct yf_ca_select *s)
{
    struct yf_ca_select r = { 0 };
    yf_err e = select_parse(in, POINT, &r.point, &r.key_id);

    if (!e)
        *s = r;
    return e;
}
