/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/hostcert.h>
#include <yufu/crypto/sig.h>

#include "ossl.h"

#include <openssl/cms.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <time.h>

/* ---- certificates ---- */

static X509 *
cert_of(yf_span der)
{
    const uint8_t *at = der.p;
    X509 *x = der.n <= INT32_MAX ? d2i_X509(NULL, &at, (long)der.n) : NULL;

    if (x && at == der.p + der.n)
        return x;
    X509_free(x);
    return NULL;
}

/* All of them, owned by the stack; NULL if one of them is none. */
static STACK_OF(X509) * certs_of(const yf_span *der, size_t n)
{
    STACK_OF(X509) *all = sk_X509_new_reserve(NULL, (int)n);

    for (size_t i = 0; all && i < n; i++) {
        X509 *x = cert_of(der[i]);
        if (x && sk_X509_push(all, x) > 0)
            continue;
        X509_free(x);
        sk_X509_pop_free(all, X509_free);
        return NULL;
    }
    return all;
}

/* ---- messages ---- */

/* What is behind a yf_cms. */
struct message {
    CMS_ContentInfo *cms;
    STACK_OF(X509) * inside;
    yf_span *der; // of each one inside
    bool used;
};

static void
free_message(struct message *m)
{
    if (!m)
        return;
    for (int i = 0; m->der && i < sk_X509_num(m->inside); i++)
        OPENSSL_free((void *)m->der[i].p);
    OPENSSL_free(m->der);
    sk_X509_pop_free(m->inside, X509_free);
    CMS_ContentInfo_free(m->cms);
    OPENSSL_free(m);
}

/* The certificates inside, as objects and as bytes. */
static yf_err
list_inside(struct message *m)
{
    m->inside = CMS_get1_certs(m->cms);
    if (!m->inside && !(m->inside = sk_X509_new_null())) // none is NULL, too
        return YF_E_ROOM;
    size_t n = (size_t)sk_X509_num(m->inside);
    if (!(m->der = OPENSSL_zalloc((n + 1) * sizeof *m->der)))
        return YF_E_ROOM;
    for (size_t i = 0; i < n; i++) {
        uint8_t *der = NULL;
        int len = i2d_X509(sk_X509_value(m->inside, (int)i), &der);
        if (len <= 0)
            return YF_E_ROOM;
        m->der[i] = (yf_span){ der, (size_t)len };
    }
    return YF_OK;
}

yf_err
yf_cms_open(yf_cms *c, yf_span message)
{
    struct message *m = OPENSSL_zalloc(sizeof *m);
    const uint8_t *at = message.p;
    yf_err e = m ? YF_OK : YF_E_ROOM;

    if (!e && message.n > INT32_MAX)
        e = YF_E_ROOM;
    if (!e && !(m->cms = d2i_CMS_ContentInfo(NULL, &at, (long)message.n)))
        e = YF_E_FORMAT;
    if (!e &&
        (at != message.p + message.n || OBJ_obj2nid(CMS_get0_type(m->cms)) != NID_pkcs7_signed))
        e = YF_E_FORMAT;
    if (!e)
        e = list_inside(m);
    if (e) {
        free_message(m);
        return yf_ossl_err(e);
    }
    c->host = m;
    return YF_OK;
}

void
yf_cms_close(yf_cms *c)
{
    free_message(c->host);
    c->host = NULL;
}

yf_err
yf_cms_cert(const yf_cms *c, size_t i, yf_span *der)
{
    const struct message *m = c->host;

    if (i >= (size_t)sk_X509_num(m->inside))
        return YF_E_NOTFOUND;
    *der = m->der[i];
    return YF_OK;
}

/* ---- one signature ---- */

static yf_span
object_bytes(const ASN1_OBJECT *o)
{
    return (yf_span){ OBJ_get0_data(o), OBJ_length(o) };
}

/* The digest of content and signature, which must be one of ours. */
static yf_err
find_hash(CMS_SignerInfo *si, enum yf_hash_id *hash)
{
    static const int nid[YF_HASHES] = {
        [YF_SM3] = NID_sm3,       [YF_SHA1] = NID_sha1,     [YF_SHA224] = NID_sha224,
        [YF_SHA256] = NID_sha256, [YF_SHA384] = NID_sha384, [YF_SHA512] = NID_sha512,
    };
    X509_ALGOR *digest;
    const ASN1_OBJECT *oid;

    CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
    X509_ALGOR_get0(&oid, NULL, NULL, digest);
    for (size_t i = 0; i < YF_HASHES; i++)
        if (nid[i] == OBJ_obj2nid(oid)) {
            *hash = (enum yf_hash_id)i;
            return YF_OK;
        }
    return YF_E_UNSUPPORTED;
}

/*
 * OpenSSL goes by the key and does not look at the name of the signature algorithm. It is
 * one of ours and of that digest; or rsaEncryption, which names none (RFC 3370 3.2).
 */
static yf_err
check_alg(CMS_SignerInfo *si, enum yf_hash_id hash)
{
    X509_ALGOR *alg;
    uint8_t *der = NULL;

    CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &alg);
    if (OBJ_obj2nid(alg->algorithm) == NID_rsaEncryption)
        return YF_OK;
    int n = i2d_X509_ALGOR(alg, &der);
    if (n <= 0)
        return YF_E_ROOM;
    yf_cur c = yf_cur_of((yf_span){ der, (size_t)n });
    yf_sig_alg a = yf_sig_alg_read(&c);
    yf_err e = yf_cur_done(&c);
    OPENSSL_free(der);
    return e ? e : a.hash == hash ? YF_OK : YF_E_FORMAT;
}

/* RFC 5652 5.3, 11.1: typed content has signed attributes, and they repeat its type. */
static yf_err
check_type(CMS_ContentInfo *cms, CMS_SignerInfo *si)
{
    const ASN1_OBJECT *type = CMS_get0_eContentType(cms);

    if (CMS_signed_get_attr_count(si) < 0)
        return OBJ_obj2nid(type) == NID_pkcs7_data ? YF_OK : YF_E_FORMAT;
    const ASN1_OBJECT *said =
        CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT);
    return said && OBJ_cmp(said, type) == 0 ? YF_OK : YF_E_AUTH;
}

/* RFC 5652 11.3; a time that cannot be read is none. */
static void
find_time(CMS_SignerInfo *si, struct yf_cms_signed *r)
{
    int at = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
    ASN1_TYPE *t = at < 0 ? NULL : X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(si, at), 0);
    struct tm tm = { 0 };

    if (!t || (t->type != V_ASN1_UTCTIME && t->type != V_ASN1_GENERALIZEDTIME))
        return;
    r->has_time = ASN1_TIME_to_tm(t->value.asn1_string, &tm) == 1;
    r->time = r->has_time ? timegm(&tm) : 0;
}

/* Which certificate's was it: the span of the one that OpenSSL took. */
static yf_span
span_of(const X509 *signer, const STACK_OF(X509) * from, const yf_span *der)
{
    for (int i = 0; i < sk_X509_num(from); i++)
        if (sk_X509_value(from, i) == signer)
            return der[i];
    return (yf_span){ NULL, 0 };
}

/* The content inside, or the one that came beside it; exactly one of them. */
static yf_err
find_content(CMS_ContentInfo *cms, const yf_span *detached, yf_span *content)
{
    ASN1_OCTET_STRING **inside = CMS_get0_content(cms);

    if (!inside || (*inside != NULL) == (detached != NULL))
        return YF_E_FORMAT;
    *content =
        detached ? *detached
                 : (yf_span){ ASN1_STRING_get0_data(*inside), (size_t)ASN1_STRING_length(*inside) };
    return YF_OK;
}

static yf_err
run_verify(struct message *m, STACK_OF(X509) * certs, const yf_span *detached)
{
    const unsigned flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY | CMS_NOINTERN;
    BIO *in = NULL;

    if (detached && detached->n > INT32_MAX)
        return YF_E_ROOM;
    if (detached &&
        !(in = BIO_new_mem_buf(detached->n ? detached->p : (const uint8_t *)"", (int)detached->n)))
        return YF_E_ROOM;
    m->used = true;
    int ok = CMS_verify(m->cms, certs, NULL, in, NULL, flags);
    BIO_free(in);
    return ok == 1 ? YF_OK : YF_E_AUTH;
}

/* OpenSSL gives each signer the certificate that its identifier names, before it verifies. */
static yf_err
find_signer(struct message *m, STACK_OF(X509) * certs, CMS_SignerInfo *si)
{
    X509 *signer = NULL;

    if (CMS_set1_signers_certs(m->cms, certs, CMS_NOINTERN) < 0)
        return YF_E_ROOM;
    CMS_SignerInfo_get0_algs(si, NULL, &signer, NULL, NULL);
    return signer ? YF_OK : YF_E_NOTFOUND;
}

static yf_err
verify_by(struct message *m, STACK_OF(X509) * certs, const yf_span *der, const yf_span *detached,
          struct yf_cms_signed *r)
{
    STACK_OF(CMS_SignerInfo) *all = CMS_get0_SignerInfos(m->cms);
    X509 *signer;
    yf_err e;

    if (sk_CMS_SignerInfo_num(all) != 1)
        return YF_E_UNSUPPORTED;
    CMS_SignerInfo *si = sk_CMS_SignerInfo_value(all, 0);
    if ((e = find_content(m->cms, detached, &r->content)))
        return e;
    if ((e = find_hash(si, &r->hash)))
        return e;
    if ((e = check_alg(si, r->hash)))
        return e;
    if ((e = check_type(m->cms, si)))
        return e;
    if ((e = find_signer(m, certs, si)))
        return e;
    if ((e = run_verify(m, certs, detached)))
        return e;
    CMS_SignerInfo_get0_algs(si, NULL, &signer, NULL, NULL);
    r->signer = span_of(signer, certs, der);
    r->content_type = object_bytes(CMS_get0_eContentType(m->cms));
    find_time(si, r);
    return YF_OK;
}

yf_err
yf_cms_verify(yf_cms *c, const yf_span *certs, size_t n, const yf_span *detached,
              struct yf_cms_signed *out)
{
    struct message *m = c->host;
    struct yf_cms_signed r = { 0 };
    yf_err e;

    if (m->used)
        return YF_E_STATE;
    if (n) {
        STACK_OF(X509) *given = certs_of(certs, n);
        e = given ? verify_by(m, given, certs, detached, &r) : YF_E_FORMAT;
        sk_X509_pop_free(given, X509_free);
    } else {
        e = verify_by(m, m->inside, m->der, detached, &r);
    }
    if (e)
        return yf_ossl_err(e);
    *out = r;
    return YF_OK;
}

/* ---- paths ---- */

yf_err
yf_host_path(yf_span leaf, const yf_span *others, size_t n_others, const yf_span *anchors,
             size_t n_anchors, int64_t now)
{
    X509 *x = cert_of(leaf);
    STACK_OF(X509) *between = certs_of(others, n_others), *top = certs_of(anchors, n_anchors);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    yf_err e = x && between && top ? YF_E_ROOM : YF_E_FORMAT;

    if (e == YF_E_ROOM && ctx && X509_STORE_CTX_init(ctx, NULL, x, between) == 1) {
        X509_STORE_CTX_set0_trusted_stack(ctx, top);
        X509_STORE_CTX_set_time(ctx, 0, (time_t)now);
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
        e = X509_verify_cert(ctx) == 1 ? YF_OK : YF_E_AUTH;
    }
    X509_STORE_CTX_free(ctx);
    sk_X509_pop_free(between, X509_free);
    sk_X509_pop_free(top, X509_free);
    X509_free(x);
    return e ? yf_ossl_err(e) : YF_OK;
}
