/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/hostcert.h>
#include <yufu/crypto/oids.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

/* A signer: our certificate, and its key as OpenSSL wants it. */
struct signer {
    struct pki_key key;
    yf_cert cert;
    X509 *x509;
    EVP_PKEY *pkey;
};

static struct signer ds, other, written_out;

static const char content[] = "what the chip says";
#define CONTENT YF_STR("what the chip says")

static void
make_signer(struct signer *s, const char *cn, const yf_curve *curve, bool explicit_params)
{
    uint8_t mem[YF_KEY_DER_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span der;

    pki_ec(&s->key, curve, explicit_params);
    s->cert = pki_issue(pki_leaf(cn, &s->key), NULL, &s->key);
    const uint8_t *at = s->cert.raw.p;
    T((s->x509 = d2i_X509(NULL, &at, (long)s->cert.raw.n)) != NULL);
    yf_key_write_private(&s->key.ec, &o);
    T_OK(yf_out_done(&o, &der));
    at = der.p;
    T((s->pkey = d2i_AutoPrivateKey(NULL, &at, (long)der.n)) != NULL);
}

static void
drop_signer(struct signer *s)
{
    X509_free(s->x509);
    EVP_PKEY_free(s->pkey);
    pki_drop(&s->key);
}

static int
make_signers(void **st)
{
    (void)st;
    make_signer(&ds, "document signer", &yf_curve_p256, false);
    make_signer(&other, "other", &yf_curve_p256, false);
    make_signer(&written_out, "written out", &yf_curve_bp256r1, true);
    return 0;
}

static int
drop_signers(void **st)
{
    (void)st;
    drop_signer(&ds);
    drop_signer(&other);
    drop_signer(&written_out);
    return 0;
}

/* A message of the test's pool, made by OpenSSL. */
static yf_span
message(const struct signer *s, enum yf_oid type, unsigned flags, const struct signer *second)
{
    BIO *in = BIO_new_mem_buf(content, sizeof content - 1);
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, in, flags | CMS_BINARY | CMS_PARTIAL);
    uint8_t *der = NULL;

    T(cms != NULL);
    if (type) {
        ASN1_OBJECT *oid = OBJ_txt2obj(yf_oid_dotted(type), 1);
        T(CMS_set1_eContentType(cms, oid) == 1);
        ASN1_OBJECT_free(oid);
    }
    T(CMS_add1_signer(cms, s->x509, s->pkey, EVP_sha256(), flags) != NULL);
    if (second)
        T(CMS_add1_signer(cms, second->x509, second->pkey, EVP_sha256(), flags) != NULL);
    T(CMS_final(cms, in, NULL, flags | CMS_BINARY) == 1);
    int n = i2d_CMS_ContentInfo(cms, &der);
    T(n > 0);
    yf_span kept = pki_keep((yf_span){ der, (size_t)n });
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    return kept;
}

static yf_err
verify(yf_span msg, const struct signer *by, const yf_span *detached, struct yf_cms_signed *r)
{
    yf_cms m;
    yf_err e = yf_cms_open(&m, msg);

    if (e)
        return e;
    e = yf_cms_verify(&m, by ? &by->cert.raw : NULL, by != NULL, detached, r);
    if (!e) {
        T_SPAN(r->content, CONTENT);
        T(r->hash == YF_SHA256);
    }
    T(ERR_peek_error() == 0);
    yf_cms_close(&m);
    yf_cms_close(&m);
    return e;
}

static void
a_document_verifies(void **st)
{
    yf_span msg = message(&ds, YF_OID_ICAO_LDS, 0, NULL);
    struct yf_cms_signed r = { 0 };
    yf_cms m;
    yf_span der;
    (void)st;

    T_OK(yf_cms_open(&m, msg));
    T_OK(yf_cms_cert(&m, 0, &der));
    T_SPAN(der, ds.cert.raw);
    T_ERR(YF_E_NOTFOUND, yf_cms_cert(&m, 1, &der));
    T_OK(yf_cms_verify(&m, NULL, 0, NULL, &r));
    T_SPAN(r.content, CONTENT);
    T_SPAN(r.content_type, yf_oid_bytes(YF_OID_ICAO_LDS));
    T_SPAN(r.signer, ds.cert.raw);
    T(r.hash == YF_SHA256);
    T(r.has_time && r.time > 1700000000);
    T_ERR(YF_E_STATE, yf_cms_verify(&m, NULL, 0, NULL, &r));
    yf_cms_close(&m);
    T(m.host == NULL);
}

/* The path is not this function's business: the key decides, also with a curve written out. */
static void
only_the_signature_is_judged(void **st)
{
    struct yf_cms_signed r;
    (void)st;

    T_OK(verify(message(&written_out, YF_OID_ICAO_LDS, 0, NULL), NULL, NULL, &r));
    T_OK(verify(message(&written_out, YF_OID_ICAO_LDS, 0, NULL), &written_out, NULL, &r));
    T_SPAN(r.signer, written_out.cert.raw);
}

static void
certificates_can_be_given(void **st)
{
    yf_span with = message(&ds, YF_OID_ICAO_LDS, 0, NULL);
    yf_span without = message(&ds, YF_OID_ICAO_LDS, CMS_NOCERTS, NULL);
    struct yf_cms_signed r = { 0 };
    yf_cms m;
    yf_span der;
    (void)st;

    T_OK(verify(with, &ds, NULL, &r));
    T_SPAN(r.signer, ds.cert.raw);
    T(r.signer.p == ds.cert.raw.p);                       // the given one, not the one inside
    T_ERR(YF_E_NOTFOUND, verify(with, &other, NULL, &r)); // though the right one is inside
    T_OK(verify(without, &ds, NULL, &r));
    T_ERR(YF_E_NOTFOUND, verify(without, NULL, NULL, &r));
    T_OK(yf_cms_open(&m, without));
    T_ERR(YF_E_NOTFOUND, yf_cms_cert(&m, 0, &der));
    T_ERR(YF_E_FORMAT, yf_cms_verify(&m, &YF_STR("no certificate"), 1, NULL, &r));
    T_OK(yf_cms_verify(&m, &ds.cert.raw, 1, NULL, &r)); // nothing was tried before
    yf_cms_close(&m);
}

static void
content_inside_or_beside(void **st)
{
    yf_span attached = message(&ds, YF_OID_NONE, 0, NULL);
    yf_span detached = message(&ds, YF_OID_NONE, CMS_DETACHED, NULL);
    yf_span said = CONTENT, lie = YF_STR("what the chip sayz"), nothing = YF_STR("");
    struct yf_cms_signed r = { 0 };
    (void)st;

    T_OK(verify(detached, NULL, &said, &r));
    T_SPAN(r.content_type, yf_oid_bytes(YF_OID_CMS_DATA));
    T(r.content.p == said.p);
    T_ERR(YF_E_AUTH, verify(detached, NULL, &lie, &r));
    T_ERR(YF_E_AUTH, verify(detached, NULL, &nothing, &r));
    T_ERR(YF_E_FORMAT, verify(detached, NULL, NULL, &r));
    T_OK(verify(attached, NULL, NULL, &r));
    T_ERR(YF_E_FORMAT, verify(attached, NULL, &said, &r));
}

static void
one_signature_and_no_other_number(void **st)
{
    struct yf_cms_signed r;
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, verify(message(&ds, YF_OID_NONE, 0, &other), NULL, NULL, &r));
}

/* RFC 5652 5.3: without signed attributes only plain data, whose bytes cannot pose as them. */
static void
signed_attributes(void **st)
{
    struct yf_cms_signed r;
    (void)st;

    T_OK(verify(message(&ds, YF_OID_NONE, CMS_NOATTR, NULL), NULL, NULL, &r));
    T(!r.has_time);
    T_ERR(YF_E_FORMAT, verify(message(&ds, YF_OID_ICAO_LDS, CMS_NOATTR, NULL), NULL, NULL, &r));
}

/* The type beside the content is not signed; the attribute that repeats it is. */
static void
the_type_is_signed(void **st)
{
    yf_span msg = message(&ds, YF_OID_ICAO_LDS, 0, NULL), oid = yf_oid_bytes(YF_OID_ICAO_LDS);
    uint8_t *bytes = (uint8_t *)(uintptr_t)msg.p;
    struct yf_cms_signed r;
    (void)st;

    for (size_t i = 0; i + oid.n <= msg.n; i++)
        if (memcmp(bytes + i, oid.p, oid.n) == 0) {
            bytes[i + oid.n - 1] = 2; // a master list
            break;
        }
    T_ERR(YF_E_AUTH, verify(msg, NULL, NULL, &r));
}

/* No bit of content, attributes or signature can be turned; the message may fall apart, too. */
static void
nothing_can_be_changed(void **st)
{
    yf_span msg = message(&ds, YF_OID_ICAO_LDS, CMS_NOCERTS, NULL);
    uint8_t *bytes = (uint8_t *)(uintptr_t)msg.p;
    size_t accepted = 0;
    (void)st;

    for (size_t i = 0; i < msg.n; i++) {
        struct yf_cms_signed r = { 0 };
        bytes[i] ^= 1;
        accepted += verify(msg, &ds, NULL, &r) == YF_OK; // and then the content is the same
        bytes[i] ^= 1;
    }
    T(accepted <= 2); // the two version numbers are not signed (RFC 5652 5.4)
}

static void
what_is_no_signed_message(void **st)
{
    yf_span msg = message(&ds, YF_OID_ICAO_LDS, 0, NULL);
    uint8_t *longer = pki_take(msg.n + 1);
    yf_cms m;
    (void)st;

    memcpy(longer, msg.p, msg.n);
    longer[msg.n] = 0;
    T_ERR(YF_E_FORMAT, yf_cms_open(&m, (yf_span){ longer, msg.n + 1 }));
    for (size_t n = 0; n < msg.n; n += 13)
        T_ERR(YF_E_FORMAT, yf_cms_open(&m, (yf_span){ longer, n }));
    T_ERR(YF_E_FORMAT, yf_cms_open(&m, ds.cert.raw));
    // ContentInfo { id-data, OCTET STRING }
    T_ERR(YF_E_FORMAT, yf_cms_open(&m, YF_STR("\x30\x10\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"
                                              "\xA0\x03\x04\x01x")));
}

static void
paths_take_certificates_only(void **st)
{
    yf_span junk = YF_STR("junk");
    (void)st;

    T_ERR(YF_E_FORMAT, yf_host_path(junk, NULL, 0, &ds.cert.raw, 1, PKI_NOW));
    T_ERR(YF_E_FORMAT, yf_host_path(ds.cert.raw, &junk, 1, &ds.cert.raw, 1, PKI_NOW));
    T_ERR(YF_E_FORMAT, yf_host_path(ds.cert.raw, NULL, 0, &junk, 1, PKI_NOW));
    T_ERR(YF_E_AUTH, yf_host_path(ds.cert.raw, NULL, 0, &other.cert.raw, 1, PKI_NOW));
    T(ERR_peek_error() == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_verifies),
        cmocka_unit_test(only_the_signature_is_judged),
        cmocka_unit_test(certificates_can_be_given),
        cmocka_unit_test(content_inside_or_beside),
        cmocka_unit_test(one_signature_and_no_other_number),
        cmocka_unit_test(signed_attributes),
        cmocka_unit_test(the_type_is_signed),
        cmocka_unit_test(nothing_can_be_changed),
        cmocka_unit_test(what_is_no_signed_message),
        cmocka_unit_test(paths_take_certificates_only),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_signers, drop_signers);
}
