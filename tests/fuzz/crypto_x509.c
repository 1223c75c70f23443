/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates and revocation lists: what is read lies inside the input, and written
 * again with the same signature it reads the same. Where everything in it is of our own
 * kind, in our order, it is the same, byte for byte.
 */
#include "fuzz.h"

#include <yufu/crypto/oids.h>
#include <yufu/crypto/x509.h>
#include <yufu/wire/der.h>

#include <stdlib.h>
#include <string.h>

enum { SIZE_LIMIT = 1 << 14 };

static void
inside(yf_span part, yf_span whole)
{
    MUST(part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n));
}

/* ---- a signer that gives the signature that was there, over what was signed there ---- */

struct copy {
    yf_span tbs, sig;
    bool exact; // what is signed must be the same bytes
};

static yf_err
copy_sign(void *state, yf_span msg, uint8_t *sig, size_t *n)
{
    const struct copy *c = state;

    MUST(!c->exact || yf_span_eq(msg, c->tbs));
    memcpy(sig, c->sig.p, c->sig.n);
    *n = c->sig.n;
    return YF_OK;
}

/* Could our writer have written this algorithm, and in these bytes? */
static bool
writes(yf_sig_alg alg, yf_span tbs, yf_span raw)
{
    yf_span rest = { tbs.p + tbs.n, (size_t)(raw.p + raw.n - tbs.p) - tbs.n };
    yf_cur c = yf_cur_of(rest);
    uint8_t mem[128];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_der t = { 0 };

    yf_der_next(&c, &t);
    yf_sig_alg_write(&o, alg);
    return yf_span_eq(t.raw, yf_out_span(&o));
}

/* Are all extensions among these, in this order? */
static bool
in_order(yf_span extensions, const enum yf_oid *order, size_t n)
{
    yf_cur c = yf_cur_of(extensions);
    size_t i = 0;
    yf_ext x;

    while (yf_ext_next(&c, &x)) {
        while (i < n && order[i] != yf_oid_of(x.oid))
            i++;
        if (i == n)
            return false;
    }
    return true;
}

/* ---- keys ---- */

static void
key_again(const yf_spki *k)
{
    uint8_t mem[SIZE_LIMIT];
    yf_out o = yf_out_of(mem, sizeof mem);

    if (k->explicit_params) // may have a seed, or no cofactor
        return;
    if (k->curve)
        yf_spki_write_ec(&o, k->curve, false, k->key);
    else
        yf_spki_write_rsa(&o, k->key);
    MUST(yf_span_eq(yf_out_span(&o), k->raw));
}

/* ---- certificates ---- */

static void
same_cert(const yf_cert *a, const yf_cert *b)
{
    MUST(yf_span_eq(a->serial, b->serial));
    MUST(a->alg.kind == b->alg.kind && a->alg.hash == b->alg.hash);
    MUST(yf_span_eq(a->issuer, b->issuer) && yf_span_eq(a->subject, b->subject));
    MUST(a->not_before == b->not_before && a->not_after == b->not_after);
    MUST(yf_span_eq(a->key.raw, b->key.raw));
    MUST(a->has == b->has && a->critical == b->critical);
    MUST(yf_span_eq(a->aki, b->aki) && yf_span_eq(a->ski, b->ski));
    MUST(yf_span_eq(a->aki_issuer, b->aki_issuer) && yf_span_eq(a->aki_serial, b->aki_serial));
    MUST(a->key_usage == b->key_usage && a->ca == b->ca && a->path_len == b->path_len);
    MUST(a->key_from == b->key_from && a->key_to == b->key_to);
    MUST(yf_span_eq(a->eku, b->eku) && yf_span_eq(a->sig, b->sig));
}

static void
parts_inside(const yf_cert *c)
{
    const yf_span parts[] = { c->serial,     c->issuer,     c->subject,    c->key.raw,
                              c->key.key,    c->aki,        c->ski,        c->eku,
                              c->extensions, c->aki_issuer, c->aki_serial, c->unknown_critical };

    inside(c->tbs, c->raw);
    inside(c->sig, c->raw);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        inside(parts[i], c->tbs);
}

static void
cert_again(const yf_cert *c)
{
    static const enum yf_oid order[] = { YF_OID_X_AKI,        YF_OID_X_SKI,   YF_OID_X_KEY_USAGE,
                                         YF_OID_X_KEY_PERIOD, YF_OID_X_BASIC, YF_OID_X_EKU };
    bool ours = writes(c->alg, c->tbs, c->raw) && in_order(c->extensions, order, 6);
    struct copy copy = { c->tbs, c->sig, ours };
    yf_signer s = { c->alg, copy_sign, &copy };
    uint8_t *mem = malloc(2 * SIZE_LIMIT);
    yf_out o = yf_out_of(mem, mem ? 2 * SIZE_LIMIT : 0);
    yf_span der;
    yf_cert r;

    yf_cert_write(&o, c, &s);
    MUST(yf_out_done(&o, &der) == YF_OK);
    MUST(yf_cert_read(der, &r) == YF_OK);
    same_cert(c, &r);
    MUST(!ours || yf_span_eq(der, c->raw));
    free(mem);
}

/* ---- lists ---- */

static void
same_list(const yf_crl *a, const yf_crl *b)
{
    MUST(a->alg.kind == b->alg.kind && a->alg.hash == b->alg.hash);
    MUST(yf_span_eq(a->issuer, b->issuer) && yf_span_eq(a->revoked, b->revoked));
    MUST(a->this_update == b->this_update && a->next_update == b->next_update);
    MUST(a->has == b->has && a->critical == b->critical);
    MUST(yf_span_eq(a->aki, b->aki) && yf_span_eq(a->number, b->number));
    MUST(yf_span_eq(a->aki_issuer, b->aki_issuer) && yf_span_eq(a->aki_serial, b->aki_serial));
    MUST(yf_span_eq(a->sig, b->sig));
}

static void
entries(const yf_crl *c)
{
    yf_cur list = yf_cur_of(c->revoked);
    yf_crl_entry e, found;

    inside(c->revoked, c->tbs);
    inside(c->number, c->tbs);
    while (yf_crl_next(&list, &e)) {
        inside(e.serial, c->revoked);
        MUST(yf_crl_find(c, e.serial, &found) == YF_OK);
    }
    MUST(yf_cur_done(&list) == YF_OK);
}

static void
list_again(const yf_crl *c)
{
    static const enum yf_oid order[] = { YF_OID_X_AKI, YF_OID_X_CRL_NUMBER };
    bool ours = writes(c->alg, c->tbs, c->raw) && in_order(c->extensions, order, 2);
    struct copy copy = { c->tbs, c->sig, ours };
    yf_signer s = { c->alg, copy_sign, &copy };
    uint8_t *mem = malloc(2 * SIZE_LIMIT);
    yf_out o = yf_out_of(mem, mem ? 2 * SIZE_LIMIT : 0);
    yf_span der;
    yf_crl r;

    yf_crl_write(&o, c, &s);
    MUST(yf_out_done(&o, &der) == YF_OK);
    MUST(yf_crl_read(der, &r) == YF_OK);
    same_list(c, &r);
    MUST(!ours || yf_span_eq(der, c->raw));
    free(mem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };
    yf_cert cert;
    yf_crl list;

    if (size > SIZE_LIMIT)
        return 0;
    bool is_cert = yf_cert_read(in, &cert) == YF_OK;
    bool is_list = yf_crl_read(in, &list) == YF_OK;
    MUST(!is_cert || !is_list);
    if (is_cert) {
        MUST(yf_name_eq(cert.subject, cert.subject));
        parts_inside(&cert);
        key_again(&cert.key);
        if (cert.alg.hash != YF_SHA1 && cert.sig.n <= YF_SIG_MAX)
            cert_again(&cert);
    }
    if (is_list) {
        inside(list.tbs, list.raw);
        entries(&list);
        if (list.alg.hash != YF_SHA1 && list.sig.n <= YF_SIG_MAX)
            list_again(&list);
    }
    return 0;
}
