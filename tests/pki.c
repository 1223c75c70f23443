/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/oids.h>
#include <yufu/crypto/sm2.h>
#include <yufu/wire/der.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t pool[1 << 19];
static size_t used;
static uint8_t serials;

static void
must(yf_err e, const char *what)
{
    if (!e)
        return;
    printf("Bail out! pki: %s: %s\n", what, yf_err_name(e));
    exit(1);
}

uint8_t *
pki_take(size_t n)
{
    must(n > sizeof pool - used ? YF_E_ROOM : YF_OK, "pool");
    used += n;
    return pool + used - n;
}

yf_span
pki_keep(yf_span bytes)
{
    uint8_t *at = pki_take(bytes.n);

    if (bytes.n)
        memcpy(at, bytes.p, bytes.n);
    return (yf_span){ at, bytes.n };
}

void
pki_reset(void)
{
    used = 0;
}

/* ---- keys ---- */

static void
finish(struct pki_key *k, yf_out *o)
{
    uint8_t md[32];
    yf_span spki;

    must(yf_out_done(o, &spki), "key");
    yf_cur c = yf_cur_of(spki);
    k->spki = yf_spki_read(&c);
    must(yf_cur_done(&c), "key");
    must(yf_hash_all(yf_provider_host.hash[YF_SHA256], &k->spki.key, 1, md), "key");
    memcpy(k->id, md, sizeof k->id);
}

void
pki_ec(struct pki_key *k, const yf_curve *curve, bool explicit_params)
{
    yf_out o = yf_out_of(k->mem, sizeof k->mem);

    k->rsa = (yf_rsa){ 0 };
    k->how = (struct yf_key_signer){ .provider = &yf_provider_host,
                                     .rng = &yf_rng_system,
                                     .ec = &k->ec,
                                     .sm2_id = YF_SM2_DEFAULT_ID,
                                     .alg = yf_sig_alg_for(curve) };
    must(yf_key_generate(&yf_provider_host, curve, &yf_rng_system, &k->ec), "key");
    yf_spki_write_ec(&o, curve, explicit_params, yf_key_point(&k->ec));
    finish(k, &o);
}

/* SEQUENCE { 0, n, e, ... } to SEQUENCE { n, e } */
static void
put_public(yf_out *o, yf_span private)
{
    uint8_t mem[600];
    yf_out p = yf_out_of(mem, sizeof mem);
    yf_cur c = yf_cur_of(private);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);

    yf_der_small(&seq, YF_DER_INTEGER, 0, 0);
    size_t key = yf_der_open(&p, YF_DER_SEQ);
    yf_der_put_uint(&p, YF_DER_INTEGER, yf_der_uint(&seq, YF_DER_INTEGER, YF_RSA_MAX));
    yf_der_put_uint(&p, YF_DER_INTEGER, yf_der_uint(&seq, YF_DER_INTEGER, YF_RSA_MAX));
    yf_der_close(&p, key);
    yf_spki_write_rsa(o, yf_out_span(&p));
}

void
pki_rsa(struct pki_key *k, enum yf_sig_kind kind)
{
    yf_out o = yf_out_of(k->mem, sizeof k->mem);
    uint8_t der[2400];
    size_t n;

    k->ec = (yf_key){ 0 };
    k->how = (struct yf_key_signer){ .provider = &yf_provider_host,
                                     .rsa = &k->rsa,
                                     .alg = { kind, YF_SHA256 } };
    must(yf_provider_host.rsa->generate(&k->rsa, 2048, der, sizeof der, &n), "key");
    put_public(&o, (yf_span){ der, n });
    finish(k, &o);
}

void
pki_drop(struct pki_key *k)
{
    if (k->rsa.ops)
        k->rsa.ops->close(&k->rsa);
    yf_key_wipe(&k->ec);
}

/* ---- certificates ---- */

yf_span
pki_name(const char *cn)
{
    const yf_attr attrs[] = {
        { .type = yf_oid_bytes(YF_OID_C), .tag = YF_DER_PRINTABLE, .value = YF_STR("UT") },
        { .type = yf_oid_bytes(YF_OID_O), .tag = YF_DER_UTF8, .value = YF_STR("Utopia") },
        { .type = yf_oid_bytes(YF_OID_CN),
          .tag = YF_DER_UTF8,
          .value = { (const uint8_t *)cn, strlen(cn) } },
    };
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span name;

    yf_name_write(&o, attrs, 3);
    must(yf_out_done(&o, &name), "name");
    return pki_keep(name);
}

static yf_cert
basic(const char *cn, const struct pki_key *key)
{
    const uint8_t serial[] = { 0x10, ++serials };

    return (yf_cert){ .serial = pki_keep(YF_SPAN(serial)),
                      .subject = pki_name(cn),
                      .not_before = PKI_NOW - 30 * PKI_DAY,
                      .not_after = PKI_NOW + 365 * PKI_DAY,
                      .key = key->spki,
                      .has = YF_EXT_SKI | YF_EXT_KEY_USAGE,
                      .critical = YF_EXT_KEY_USAGE,
                      .ski = YF_SPAN(key->id),
                      .path_len = -1,
                      .key_from = INT64_MIN,
                      .key_to = INT64_MAX };
}

yf_cert
pki_ca(const char *cn, const struct pki_key *key)
{
    yf_cert c = basic(cn, key);

    c.has |= YF_EXT_BASIC;
    c.critical |= YF_EXT_BASIC;
    c.ca = true;
    c.key_usage = YF_KU_CERT_SIGN | YF_KU_CRL_SIGN;
    return c;
}

yf_cert
pki_leaf(const char *cn, const struct pki_key *key)
{
    yf_cert c = basic(cn, key);

    c.key_usage = YF_KU_SIGN;
    return c;
}

yf_cert
pki_issue(yf_cert t, const yf_cert *issuer, struct pki_key *issuer_key)
{
    uint8_t mem[3000];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_signer s = yf_signer_of(&issuer_key->how);
    yf_span der;
    yf_cert c;

    if (!t.issuer.n)
        t.issuer = issuer ? issuer->subject : t.subject;
    if (issuer && issuer->ski.n && !(t.has & YF_EXT_AKI)) {
        t.has |= YF_EXT_AKI;
        t.aki = issuer->ski;
    }
    yf_cert_write(&o, &t, &s);
    must(yf_out_done(&o, &der), "certificate");
    must(yf_cert_read(pki_keep(der), &c), "reading our own certificate");
    return c;
}

yf_crl
pki_crl(const yf_cert *issuer, const yf_span *revoked, size_t n)
{
    static const uint8_t number[] = { 7 };
    uint8_t mem[3000];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span entries;

    for (size_t i = 0; i < n; i++)
        yf_crl_entry_write(&o, &(yf_crl_entry){ revoked[i], PKI_NOW - PKI_DAY, -1 });
    must(yf_out_done(&o, &entries), "list");
    return (yf_crl){ .issuer = issuer->subject,
                     .this_update = PKI_NOW - PKI_DAY,
                     .next_update = PKI_NOW + 30 * PKI_DAY,
                     .revoked = pki_keep(entries),
                     .has = YF_EXT_AKI | YF_EXT_CRL_NUMBER,
                     .aki = issuer->ski,
                     .number = YF_SPAN(number) };
}

yf_crl
pki_publish(yf_crl t, struct pki_key *issuer_key)
{
    uint8_t mem[4000];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_signer s = yf_signer_of(&issuer_key->how);
    yf_span der;
    yf_crl c;

    yf_crl_write(&o, &t, &s);
    must(yf_out_done(&o, &der), "list");
    must(yf_crl_read(pki_keep(der), &c), "reading our own list");
    return c;
}

/* ---- damage ---- */

static bool
holds(yf_span outer, yf_span inner)
{
    return inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n;
}

/* Do the objects of in begin where from begins, and end where it ends? */
static bool
on_boundaries(yf_span in, yf_span from)
{
    yf_cur c = yf_cur_of(in);
    bool starts = c.p == from.p, ends = c.p == from.p + from.n;
    yf_der t;

    while (yf_der_next(&c, &t)) {
        starts |= c.p == from.p;
        ends |= c.p == from.p + from.n;
    }
    return starts && ends;
}

static void
edit(yf_out *o, yf_span in, yf_span from, yf_span to)
{
    yf_cur c = yf_cur_of(in);
    yf_der t;

    if (on_boundaries(in, from)) {
        yf_out_put(o, (yf_span){ in.p, (size_t)(from.p - in.p) });
        yf_out_put(o, to);
        yf_out_put(o, (yf_span){ from.p + from.n, (size_t)(in.p + in.n - from.p) - from.n });
        return;
    }
    while (yf_der_next(&c, &t)) {
        if (!holds(t.val, from)) {
            yf_out_put(o, t.raw);
            continue;
        }
        size_t mark = yf_der_open(o, t.tag);
        edit(o, t.val, from, to);
        yf_der_close(o, mark);
    }
}

yf_span
pki_edit(yf_span whole, yf_span from, yf_span to)
{
    uint8_t mem[5000];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span made;

    must(holds(whole, from) ? YF_OK : YF_E_FORMAT, "edit");
    edit(&o, whole, from, to);
    must(yf_out_done(&o, &made), "edit");
    return pki_keep(made);
}
