/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/oids.h>
#include <yufu/wire/der.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* A span in a constant table. */
#define TEXT(s)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

/* Keys of every kind that certificates are made with here. */
enum { P256, BRAINPOOL, SM2, PKCS1, PSS, KEYS };

static struct pki_key keys[KEYS];

static int
make_keys(void **st)
{
    (void)st;
    pki_ec(&keys[P256], &yf_curve_p256, false);
    pki_ec(&keys[BRAINPOOL], &yf_curve_bp256r1, true);
    pki_ec(&keys[SM2], &yf_curve_sm2, false);
    pki_rsa(&keys[PKCS1], YF_SIG_RSA_PKCS1);
    pki_rsa(&keys[PSS], YF_SIG_RSA_PSS);
    return 0;
}

static int
drop_keys(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++)
        pki_drop(&keys[i]);
    return 0;
}

static int
fresh_pool(void **st)
{
    (void)st;
    pki_reset();
    return 0;
}

/* ---- what we write ---- */

/* A certificate in which every field says something. */
static yf_cert
full(struct pki_key *k)
{
    yf_cert t = pki_ca("everything", k);

    t.issuer = pki_name("somebody else");
    t.serial =
        YF_STR("\x7F\xEE\xDD\xCC\xBB\xAA\x99\x88\x77\x66\x55\x44\x33\x22\x11\x00\x01\x02\x03\x04");
    t.not_before = -1000000000; // 1938: GeneralizedTime
    t.not_after = 253402300799; // 99991231235959Z, RFC 5280 4.1.2.5
    t.has |= YF_EXT_AKI | YF_EXT_KEY_PERIOD | YF_EXT_EKU;
    t.critical |= YF_EXT_EKU;
    t.aki = YF_STR("an authority's key!!");
    t.aki_issuer = YF_STR("\x82\x07utopia\x21");
    t.aki_serial = YF_STR("\x99");
    t.key_usage = YF_KU_SIGN | YF_KU_CERT_SIGN | YF_KU_DECIPHER_ONLY;
    t.key_from = PKI_NOW;
    t.key_to = PKI_NOW + PKI_DAY;
    t.path_len = 3;
    t.eku = YF_STR("\x06\x06\x67\x81\x08\x01\x01\x03"); // master list signer
    return t;
}

static void
same_fields(const yf_cert *a, const yf_cert *b)
{
    T_SPAN(a->serial, b->serial);
    T_SPAN(a->issuer, b->issuer);
    T_SPAN(a->subject, b->subject);
    T(a->not_before == b->not_before && a->not_after == b->not_after);
    T_SPAN(a->key.raw, b->key.raw);
    T(a->has == b->has && a->critical == b->critical);
    T_SPAN(a->aki, b->aki);
    T_SPAN(a->ski, b->ski);
    T_SPAN(a->aki_issuer, b->aki_issuer);
    T_SPAN(a->aki_serial, b->aki_serial);
    T(a->key_usage == b->key_usage && a->ca == b->ca && a->path_len == b->path_len);
    T(a->key_from == b->key_from && a->key_to == b->key_to);
    T_SPAN(a->eku, b->eku);
}

static void
every_field_comes_back(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++) {
        yf_cert t = full(&keys[i]);
        yf_cert c = pki_issue(t, NULL, &keys[i]);

        same_fields(&c, &t);
        T(c.alg.kind == keys[i].how.alg.kind && c.alg.hash == keys[i].how.alg.hash);
        T(c.unknown_critical.n == 0);
        T(c.tbs.p > c.raw.p && c.sig.p > c.tbs.p + c.tbs.n);
        T(c.sig.p + c.sig.n == c.raw.p + c.raw.n);
        T_OK(yf_sig_verify(&yf_provider_host, c.alg, &c.key, keys[i].how.sm2_id, c.tbs, c.sig));
    }
}

static void
the_least_certificate(void **st)
{
    yf_cert t = { .serial = YF_STR("\x01"),
                  .subject = pki_name("bare"),
                  .not_before = 0,
                  .not_after = 0,
                  .key = keys[P256].spki,
                  .path_len = -1,
                  .key_from = INT64_MIN,
                  .key_to = INT64_MAX };
    yf_cert c;
    (void)st;

    t.issuer = t.subject;
    c = pki_issue(t, NULL, &keys[P256]);
    same_fields(&c, &t);
    T(c.extensions.n == 0 && !c.ca && c.path_len == -1);
}

/* What OpenSSL makes of it: read to the end, and the same bytes when written again. */
static X509 *
theirs(yf_span der)
{
    const uint8_t *at = der.p;
    X509 *x = d2i_X509(NULL, &at, (long)der.n);
    uint8_t *again = NULL;

    T(x && at == der.p + der.n);
    int n = i2d_X509(x, &again);
    T(n > 0);
    T_SPAN(((yf_span){ again, (size_t)n }), der);
    OPENSSL_free(again);
    return x;
}

static void
openssl_reads_ours(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++) {
        yf_cert c = pki_issue(full(&keys[i]), NULL, &keys[i]);
        X509 *x = theirs(c.raw);

        T(X509_get_version(x) == 2);
        T(X509_get_extension_flags(x) & EXFLAG_CA &&
          !(X509_get_extension_flags(x) & EXFLAG_INVALID));
        T(X509_get_pathlen(x) == 3);
        T(X509_get_key_usage(x) == (KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_DECIPHER_ONLY));
        T(ASN1_STRING_length(X509_get0_subject_key_id(x)) == 20);
        T(ASN1_STRING_length(X509_get0_authority_key_id(x)) == 20);
        if (i != SM2) // which wants to know the id first
            T(X509_verify(x, X509_get0_pubkey(x)) == 1);
        X509_free(x);
    }
}

static void
further_extensions_are_passed_through(void **st)
{
    uint8_t mem[64];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_cert t = pki_ca("more", &keys[P256]), c;
    yf_ext x = { 0 };
    (void)st;

    yf_ext_write(&o, yf_oid_bytes(YF_OID_ICAO_DOC_TYPES), false, YF_STR("\x30\x00"));
    t.more = yf_out_span(&o);
    c = pki_issue(t, NULL, &keys[P256]);
    T(c.unknown_critical.n == 0);
    yf_cur list = yf_cur_of(c.extensions);
    size_t n = 0;
    while (yf_ext_next(&list, &x))
        n++;
    T_OK(yf_cur_done(&list));
    T(n == 4);
    T_SPAN(x.oid, yf_oid_bytes(YF_OID_ICAO_DOC_TYPES));
    T(!x.critical);
    T_SPAN(x.value, YF_STR("\x30\x00"));

    o = yf_out_of(mem, sizeof mem);
    yf_ext_write(&o, yf_oid_bytes(YF_OID_X_NAME_CONSTRAINTS), true, YF_STR("\x30\x00"));
    t.more = yf_out_span(&o);
    c = pki_issue(t, NULL, &keys[P256]);
    T_SPAN(c.unknown_critical, yf_oid_bytes(YF_OID_X_NAME_CONSTRAINTS));
    yf_ext_write(&o, yf_oid_bytes(YF_OID_X_POLICIES), true, YF_STR("\x30\x00"));
    t.more = yf_out_span(&o);
    c = pki_issue(t, NULL, &keys[P256]);
    T_SPAN(c.unknown_critical, yf_oid_bytes(YF_OID_X_NAME_CONSTRAINTS)); // the first
}

static yf_err
refuse(void *state, yf_span msg, uint8_t *sig, size_t *n)
{
    (void)state, (void)msg, (void)sig, (void)n;
    return YF_E_DENIED;
}

static void
writing_fails_as_its_signer_or_its_room(void **st)
{
    uint8_t mem[2000];
    yf_cert t = pki_ca("x", &keys[P256]);
    yf_signer no = { .alg = { YF_SIG_ECDSA, YF_SHA256 }, .sign = refuse };
    yf_signer yes = yf_signer_of(&keys[P256].how);
    yf_span all;
    (void)st;

    t.issuer = t.subject;
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_cert_write(&o, &t, &no);
    T_ERR(YF_E_DENIED, yf_out_done(&o, &all));
    for (size_t room = 0; room < 300; room += 7) {
        o = yf_out_of(mem, room);
        yf_cert_write(&o, &t, &yes);
        T_ERR(YF_E_ROOM, yf_out_done(&o, &all));
    }
    yes.alg = (yf_sig_alg){ YF_SIG_ECDSA, YF_SHA1 };
    o = yf_out_of(mem, sizeof mem);
    yf_cert_write(&o, &t, &yes);
    T_ERR(YF_E_UNSUPPORTED, yf_out_done(&o, &all));
}

static void
purposes(void **st)
{
    yf_cert c = full(&keys[P256]);
    (void)st;

    T(yf_cert_for(&c, yf_oid_bytes(YF_OID_ICAO_MASTER_LIST_SIGNER)));
    T(!yf_cert_for(&c, yf_oid_bytes(YF_OID_EKU_SERVER)));
    c.eku = YF_STR("\x06\x04\x55\x1D\x25\x00"); // any
    T(yf_cert_for(&c, yf_oid_bytes(YF_OID_EKU_SERVER)));
    c.eku = YF_STR("");
    T(!yf_cert_for(&c, yf_oid_bytes(YF_OID_EKU_SERVER)));
}

/* ---- what we read ---- */

static yf_err
read_edited(yf_span whole, yf_span from, yf_span to)
{
    yf_cert c = { .path_len = 77 };
    yf_err e = yf_cert_read(pki_edit(whole, from, to), &c);

    if (e)
        T(c.path_len == 77 && c.raw.n == 0); // untouched
    return e;
}

/* The object that holds exactly this value, header included: two bytes before a short one. */
static yf_span
around(yf_span value)
{
    T(value.n < 128);
    return (yf_span){ value.p - 2, value.n + 2 };
}

static void
every_prefix_is_short_and_every_byte_more_is_wrong(void **st)
{
    yf_cert c = pki_issue(pki_leaf("cut", &keys[P256]), NULL, &keys[P256]), r;
    uint8_t longer[2000];
    (void)st;

    for (size_t n = 0; n < c.raw.n; n++)
        T_ERR(YF_E_SHORT, yf_cert_read((yf_span){ c.raw.p, n }, &r));
    memcpy(longer, c.raw.p, c.raw.n);
    longer[c.raw.n] = 0;
    T_ERR(YF_E_FORMAT, yf_cert_read((yf_span){ longer, c.raw.n + 1 }, &r));
}

static void
versions(void **st)
{
    yf_cert c = pki_issue(pki_leaf("v", &keys[P256]), NULL, &keys[P256]);
    yf_span version = { c.tbs.p + 4, 5 }; // 30 82 LL LL A0 03 02 01 02
    (void)st;

    if (c.tbs.p[1] == 0x81)
        version.p--;
    T(version.p[0] == 0xA0 && version.p[4] == 2);
    T_OK(read_edited(c.raw, version, version));
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, version, YF_STR("")));                     // 1
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, version, YF_STR("\xA0\x03\x02\x01\x01"))); // 2
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, version, YF_STR("\xA0\x03\x02\x01\x03"))); // 4
    T_ERR(YF_E_FORMAT, read_edited(c.raw, version, YF_STR("\xA0\x03\x02\x01\x00"))); // the default
    T_ERR(YF_E_FORMAT, read_edited(c.raw, version, YF_STR("\xA0\x06\x02\x01\x02\x02\x01\x02")));
}

/* RFC 5280 4.1.2.2 */
static void
serials(void **st)
{
    yf_cert c = pki_issue(pki_leaf("s", &keys[P256]), NULL, &keys[P256]);
    yf_span serial = around(c.serial);
    (void)st;

    T_OK(read_edited(c.raw, serial, YF_STR("\x02\x02\x00\x80")));
    T_OK(read_edited(c.raw, serial, YF_STR("\x02\x14\x7F\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, serial, YF_STR("\x02\x01\x00")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, serial, YF_STR("\x02\x01\x80")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, serial, YF_STR("\x02\x02\x00\x01")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, serial, YF_STR("\x02\x00")));
    T_ERR(YF_E_FORMAT,
          read_edited(c.raw, serial,
                      YF_STR("\x02\x15\x00\x80\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, serial,
                                   YF_STR("\x02\x15\x01\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")));
}

/* 4.1.1.2: inside and outside, the same bytes. */
static void
one_algorithm(void **st)
{
    yf_cert c = pki_issue(pki_leaf("a", &keys[SM2]), NULL, &keys[SM2]);
    const yf_span null = YF_STR("\x30\x0C\x06\x08\x2A\x81\x1C\xCF\x55\x01\x83\x75\x05\x00");
    yf_span outer = { c.tbs.p + c.tbs.n, 12 }, inner = { c.serial.p + c.serial.n, 12 };
    (void)st;

    T_OK(read_edited(c.raw, inner, inner));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, outer, null));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, inner, null));
    T_ERR(YF_E_FORMAT,
          read_edited(c.raw, inner, YF_STR("\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02")));
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, outer, YF_STR("\x30\x04\x06\x02\x2A\x03")));
}

/* 4.1.2.5 */
static void
times(void **st)
{
    yf_cert c = pki_issue(pki_leaf("t", &keys[P256]), NULL, &keys[P256]);
    yf_span issuer_end = { c.issuer.p + c.issuer.n, 0 };
    yf_span first = { issuer_end.p + 2, 15 };
    (void)st;

    T(first.p[0] == YF_DER_UTCTIME && first.p[1] == 13);
    T_OK(read_edited(c.raw, first,
                     YF_STR("\x17\x0D"
                            "491231235959Z")));
    T_OK(read_edited(c.raw, first,
                     YF_STR("\x17\x0D"
                            "500101000000Z")));
    T_OK(read_edited(c.raw, first,
                     YF_STR("\x18\x0F"
                            "20500101000000Z")));
    T_OK(read_edited(c.raw, first,
                     YF_STR("\x18\x0F"
                            "19491231235959Z")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, first,
                                   YF_STR("\x18\x0F"
                                          "20491231235959Z")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, first,
                                   YF_STR("\x18\x0F"
                                          "19500101000000Z")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, first,
                                   YF_STR("\x17\x0B"
                                          "4912312359Z")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, first,
                                   YF_STR("\x17\x0D"
                                          "491331235959Z")));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, first,
                                   YF_STR("\x17\x0D"
                                          "490229235959Z")));
    T(read_edited(c.raw, first,
                  YF_STR("\x18\x11"
                         "20500101000000.5Z")) != YF_OK);
    T_ERR(YF_E_SHORT, read_edited(c.raw, first, YF_STR("")));
}

static void
unique_identifiers_are_refused(void **st)
{
    yf_cert c = pki_issue(pki_leaf("u", &keys[P256]), NULL, &keys[P256]);
    yf_span behind_key = { c.key.raw.p + c.key.raw.n, 0 };
    (void)st;

    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, behind_key, YF_STR("\x81\x02\x00\x01")));
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, behind_key, YF_STR("\x82\x02\x00\x01")));
}

/* ---- extensions ---- */

/* A certificate with just this extension, its value given. */
static yf_err
with_ext(enum yf_oid oid, bool critical, yf_span value)
{
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_cert t = pki_leaf("x", &keys[P256]), c = { 0 };
    yf_signer s = yf_signer_of(&keys[P256].how);
    uint8_t out[1500];
    yf_out cert = yf_out_of(out, sizeof out);
    yf_span der;

    yf_ext_write(&o, yf_oid_bytes(oid), critical, value);
    T_OK(yf_out_done(&o, &t.more));
    t.has = 0;
    t.issuer = t.subject;
    yf_cert_write(&cert, &t, &s);
    T_OK(yf_out_done(&cert, &der));
    return yf_cert_read(der, &c);
}

static void
values_of_extensions_are_held_to_their_type(void **st)
{
    static const struct {
        enum yf_oid oid;
        yf_err want;
        yf_span value;
    } cases[] = {
        { YF_OID_X_BASIC, YF_OK, TEXT("\x30\x00") },
        { YF_OID_X_BASIC, YF_OK, TEXT("\x30\x03\x01\x01\xFF") },
        { YF_OID_X_BASIC, YF_OK, TEXT("\x30\x06\x01\x01\xFF\x02\x01\x00") },
        { YF_OID_X_BASIC, YF_E_FORMAT, TEXT("\x30\x03\x01\x01\x00") }, // the default
        { YF_OID_X_BASIC, YF_E_FORMAT, TEXT("\x30\x03\x01\x01\x01") }, // BER's true
        { YF_OID_X_BASIC, YF_E_FORMAT, TEXT("\x30\x03\x02\x01\x00") }, // a length, no authority
        { YF_OID_X_BASIC, YF_E_FORMAT, TEXT("\x30\x06\x01\x01\xFF\x02\x01\xFF") },
        { YF_OID_X_BASIC, YF_E_FORMAT, TEXT("\x30\x00\x00") },
        { YF_OID_X_BASIC, YF_E_SHORT, TEXT("") },
        { YF_OID_X_KEY_USAGE, YF_OK, TEXT("\x03\x02\x01\x06") },
        { YF_OID_X_KEY_USAGE, YF_OK, TEXT("\x03\x03\x07\x00\x80") },
        { YF_OID_X_KEY_USAGE, YF_E_FORMAT, TEXT("\x03\x02\x00\x06") }, // a zero at the end
        { YF_OID_X_KEY_USAGE, YF_E_FORMAT, TEXT("\x03\x02\x01\x07") }, // an unused bit that is set
        { YF_OID_X_KEY_USAGE, YF_E_FORMAT, TEXT("\x03\x01\x00") },     // for nothing
        { YF_OID_X_KEY_USAGE, YF_E_FORMAT, TEXT("\x03\x03\x06\x00\x40") }, // a tenth bit
        { YF_OID_X_SKI, YF_OK, TEXT("\x04\x01\x00") },
        { YF_OID_X_SKI, YF_E_FORMAT, TEXT("\x04\x00") },
        { YF_OID_X_SKI, YF_E_FORMAT, TEXT("\x05\x00") },
        { YF_OID_X_AKI, YF_OK, TEXT("\x30\x00") },
        { YF_OID_X_AKI, YF_OK, TEXT("\x30\x03\x80\x01\x01") },
        { YF_OID_X_AKI, YF_OK, TEXT("\x30\x08\xA1\x03\x82\x01\x61\x82\x01\x07") },
        { YF_OID_X_AKI, YF_E_SHORT, TEXT("\x30\x05\xA1\x03\x82\x01\x61") }, // no serial
        { YF_OID_X_AKI, YF_E_FORMAT, TEXT("\x30\x03\x82\x01\x07") },        // no issuer
        { YF_OID_X_AKI, YF_E_SHORT, TEXT("\x30\x08\xA1\x03\x82\x02\x61\x82\x01\x07") },
        { YF_OID_X_AKI, YF_E_FORMAT, TEXT("\x30\x08\xA1\x03\x82\x01\x61\x82\x01\x87") },
        { YF_OID_X_EKU, YF_OK, TEXT("\x30\x04\x06\x02\x2A\x03") },
        { YF_OID_X_EKU, YF_E_FORMAT, TEXT("\x30\x00") },
        { YF_OID_X_EKU, YF_E_FORMAT, TEXT("\x30\x04\x06\x02\x2A\x83") },
        { YF_OID_X_KEY_PERIOD, YF_OK,
          TEXT("\x30\x11\x80\x0F"
               "20270101000000Z") },
        { YF_OID_X_KEY_PERIOD, YF_OK,
          TEXT("\x30\x11\x81\x0F"
               "20270101000000Z") },
        { YF_OID_X_KEY_PERIOD, YF_E_FORMAT, TEXT("\x30\x00") },
        { YF_OID_X_KEY_PERIOD, YF_E_FORMAT,
          TEXT("\x30\x0F\x80\x0D"
               "270101000000Z") },
    };
    (void)st;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        yf_err e = with_ext(cases[i].oid, true, cases[i].value);
        if (e != cases[i].want)
            fail_msg("case %zu, %s: %s", i, yf_oid_name(yf_oid_bytes(cases[i].oid)),
                     yf_err_name(e));
    }
}

static void
extensions_come_once_and_say_critical_once(void **st)
{
    yf_cert c = pki_issue(pki_leaf("e", &keys[P256]), NULL, &keys[P256]);
    yf_span list = c.extensions, ski = { list.p, (size_t)list.p[1] + 2 };
    const yf_span unknown = YF_STR("\x30\x08\x06\x02\x2A\x03\x04\x02\x05\x00");
    const yf_span false_said = YF_STR("\x30\x0B\x06\x02\x2A\x03\x01\x01\x00\x04\x02\x05\x00");
    yf_span all = { c.key.raw.p + c.key.raw.n,
                    (size_t)(c.tbs.p + c.tbs.n - c.key.raw.p) - c.key.raw.n };
    (void)st;

    T_OK(read_edited(c.raw, (yf_span){ list.p, 0 }, unknown));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, (yf_span){ list.p, 0 }, ski)); // twice, and known
    yf_span twice = pki_edit(c.raw, (yf_span){ list.p, 0 }, unknown);
    yf_cert d;
    T_OK(yf_cert_read(twice, &d));
    T_ERR(YF_E_FORMAT, read_edited(d.raw, (yf_span){ d.extensions.p, 0 }, unknown));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, (yf_span){ list.p, 0 }, false_said));
    T_ERR(YF_E_FORMAT, read_edited(c.raw, all, YF_STR("\xA3\x02\x30\x00"))); // none of them
    T_ERR(YF_E_UNSUPPORTED, read_edited(c.raw, all, YF_STR("\xA4\x02\x30\x00")));
    T_OK(read_edited(c.raw, all, YF_STR("")));
}

static void
extensions_have_a_limit(void **st)
{
    uint8_t mem[40 * 12];
    yf_cert t = pki_leaf("many", &keys[P256]), c;
    (void)st;

    for (unsigned n = YF_EXT_MAX; n <= YF_EXT_MAX + 1; n++) {
        yf_out o = yf_out_of(mem, sizeof mem), cert;
        uint8_t out[2000];
        yf_signer s = yf_signer_of(&keys[P256].how);
        yf_span der;

        for (unsigned i = 0; i < n; i++) {
            const uint8_t oid[] = { 0x2A, (uint8_t)i };
            yf_ext_write(&o, YF_SPAN(oid), false, YF_STR("\x05\x00"));
        }
        t.has = 0;
        t.issuer = t.subject;
        t.more = yf_out_span(&o);
        cert = yf_out_of(out, sizeof out);
        yf_cert_write(&cert, &t, &s);
        T_OK(yf_out_done(&cert, &der));
        T_ERR(n > YF_EXT_MAX ? YF_E_UNSUPPORTED : YF_OK, yf_cert_read(der, &c));
    }
}

/* ---- names ---- */

/* C=UT and a second attribute as the bytes say. */
static yf_span
name_with(yf_span rdns)
{
    uint8_t mem[600];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t name = yf_der_open(&o, YF_DER_SEQ);
    yf_span out;

    yf_out_put(&o, YF_STR("\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x13\x02UT"));
    yf_out_put(&o, rdns);
    yf_der_close(&o, name);
    T_OK(yf_out_done(&o, &out));
    return pki_keep(out);
}

static void
names_have_a_form(void **st)
{
    yf_cert c = pki_issue(pki_leaf("n", &keys[P256]), NULL, &keys[P256]);
    static const struct {
        yf_err want;
        yf_span rdns;
    } cases[] = {
        { YF_OK, TEXT("") },
        { YF_OK, TEXT("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x") },
        { YF_OK, TEXT("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x14\x01\xE9") }, // T61String
        // two in one set, in order and not
        { YF_OK, TEXT("\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0C\x01x\x30\x08\x06\x03\x55\x04\x0B"
                      "\x0C\x01x") },
        { YF_E_FORMAT, TEXT("\x31\x14\x30\x08\x06\x03\x55\x04\x0B\x0C\x01x\x30\x08\x06\x03\x55\x04"
                            "\x03\x0C\x01x") },
        { YF_E_FORMAT, TEXT("\x31\x00") },
        { YF_E_FORMAT, TEXT("\x30\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x") },
        { YF_E_FORMAT,
          TEXT("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x13\x01*") }, // no PrintableString
        { YF_E_FORMAT, TEXT("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01\xFF") }, // no UTF-8
        { YF_E_FORMAT, TEXT("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x04\x01x") },    // no string
        { YF_E_FORMAT, TEXT("\x31\x0C\x30\x0A\x06\x03\x55\x04\x03\x0C\x01x\x05\x00") },
        { YF_E_SHORT, TEXT("\x31\x07\x30\x05\x06\x03\x55\x04\x03") },
    };
    (void)st;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        yf_err e = read_edited(c.raw, c.subject, name_with(cases[i].rdns));
        if (e != cases[i].want)
            fail_msg("case %zu: %s", i, yf_err_name(e));
    }
    for (size_t n = YF_NAME_MAX - 1; n <= YF_NAME_MAX; n++) { // and the country
        uint8_t many[YF_NAME_MAX * 12];
        for (size_t i = 0; i < n; i++)
            memcpy(many + 12 * i, "\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x", 12);
        T_ERR(n < YF_NAME_MAX ? YF_OK : YF_E_UNSUPPORTED,
              read_edited(c.raw, c.subject, name_with((yf_span){ many, 12 * n })));
    }
    T_OK(read_edited(c.raw, c.subject, YF_STR("\x30\x00")));
    T(read_edited(c.raw, c.subject, YF_STR("\x31\x00")) != YF_OK);
}

static yf_span
cn_of(uint32_t tag, const char *text, size_t n)
{
    const yf_attr a = { .type = yf_oid_bytes(YF_OID_CN),
                        .tag = tag,
                        .value = { (const uint8_t *)text, n } };
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span out;

    yf_name_write(&o, &a, 1);
    T_OK(yf_out_done(&o, &out));
    return pki_keep(out);
}

static bool
cn_eq(uint32_t ta, const char *a, uint32_t tb, const char *b)
{
    bool r = yf_name_eq(cn_of(ta, a, strlen(a)), cn_of(tb, b, strlen(b)));

    T(r == yf_name_eq(cn_of(tb, b, strlen(b)), cn_of(ta, a, strlen(a))));
    return r;
}

/* RFC 5280 7.1 */
static void
names_are_compared_as_people_write_them(void **st)
{
    enum { U = YF_DER_UTF8, P = YF_DER_PRINTABLE, I = YF_DER_IA5 };
    (void)st;

    T(cn_eq(U, "Fish Tally", P, "fish tally"));
    T(cn_eq(P, "Fish Tally", I, "  FISH   TALLY "));
    T(cn_eq(U, "", P, "  "));
    T(cn_eq(U, "\xE9\xB1\xBC\xE7\xAC\xA6", U, "\xE9\xB1\xBC\xE7\xAC\xA6"));
    T(!cn_eq(U, "\xC3\xA9", U, "\xC3\x89")); // only ASCII has a case here
    T(!cn_eq(U, "FishTally", U, "Fish Tally"));
    T(!cn_eq(U, "Fish Tall", U, "Fish Tally"));
    T(!cn_eq(U, "[", U, "{"));
    T(!yf_name_eq(cn_of(U, "a\0b", 3), cn_of(U, "a", 1)));
    T(!yf_name_eq(name_with(YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x14\x01x")),
                  name_with(YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x"))));
    T(yf_name_eq(name_with(YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x14\x01x")),
                 name_with(YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x14\x01x"))));
}

static void
names_differ_by_structure(void **st)
{
    const yf_span cn = YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x");
    const yf_span ou = YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x0B\x0C\x01x");
    const yf_span one_set = YF_STR("\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0C\x01x"
                                   "\x30\x08\x06\x03\x55\x04\x0B\x0C\x01x");
    const yf_span two_sets = YF_STR("\x31\x0A\x30\x08\x06\x03\x55\x04\x03\x0C\x01x"
                                    "\x31\x0A\x30\x08\x06\x03\x55\x04\x0B\x0C\x01x");
    (void)st;

    T(!yf_name_eq(name_with(cn), name_with(ou)));
    T(!yf_name_eq(name_with(cn), name_with(YF_STR(""))));
    T(!yf_name_eq(name_with(YF_STR("")), name_with(cn)));
    T(!yf_name_eq(name_with(one_set), name_with(two_sets)));
    T(yf_name_eq(name_with(one_set), name_with(one_set)));
    T(yf_name_eq(YF_STR("\x30\x00"), YF_STR("\x30\x00")));
    T(!yf_name_eq(YF_STR("broken"), YF_STR("broken")));
    T(!yf_name_eq(YF_STR(""), YF_STR("")));
    T(!yf_name_eq(YF_STR("\x30\x00\x00"), YF_STR("\x30\x00\x00"))); // a byte too many
}

static void
attributes_are_found(void **st)
{
    yf_span name = pki_name("Marvin");
    yf_attr a;
    (void)st;

    T_OK(yf_name_find(name, yf_oid_bytes(YF_OID_CN), &a));
    T_SPAN(a.value, YF_STR("Marvin"));
    T(a.tag == YF_DER_UTF8 && a.rdn == 2);
    T_OK(yf_name_find(name, yf_oid_bytes(YF_OID_C), &a));
    T_SPAN(a.value, YF_STR("UT"));
    T_ERR(YF_E_NOTFOUND, yf_name_find(name, yf_oid_bytes(YF_OID_EMAIL), &a));
    T_ERR(YF_E_SHORT, yf_name_find(YF_STR(""), yf_oid_bytes(YF_OID_CN), &a));
}

static void
names_are_written_only_as_text(void **st)
{
    const yf_attr bad[] = {
        { .type = yf_oid_bytes(YF_OID_C), .tag = YF_DER_PRINTABLE, .value = YF_STR("*") },
        { .type = yf_oid_bytes(YF_OID_C), .tag = YF_DER_OCTETS, .value = YF_STR("UT") },
        { .type = YF_STR("\x80"), .tag = YF_DER_UTF8, .value = YF_STR("UT") },
    };
    (void)st;

    for (size_t i = 0; i < 3; i++) {
        uint8_t mem[64];
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_span all;
        yf_name_write(&o, &bad[i], 1);
        T_ERR(YF_E_FORMAT, yf_out_done(&o, &all));
    }
}

/* ---- revocation lists ---- */

static const yf_span gone[] = { { (const uint8_t *)"\x10\x99", 2 },
                                { (const uint8_t *)"\xFF", 1 } };

static void
lists_come_back(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++) {
        yf_cert ca = pki_issue(pki_ca("list", &keys[i]), NULL, &keys[i]);
        yf_crl t = pki_crl(&ca, gone, 2), c = pki_publish(t, &keys[i]);
        const uint8_t *at = c.raw.p;
        X509_CRL *x = d2i_X509_CRL(NULL, &at, (long)c.raw.n);
        yf_crl_entry e;

        T_SPAN(c.issuer, t.issuer);
        T(c.this_update == t.this_update && c.next_update == t.next_update);
        T_SPAN(c.revoked, t.revoked);
        T(c.has == t.has && c.critical == 0 && c.unknown_critical.n == 0);
        T_SPAN(c.aki, ca.ski);
        T_SPAN(c.number, YF_STR("\x07"));
        T_OK(yf_crl_find(&c, gone[1], &e));
        T(e.date == PKI_NOW - PKI_DAY && e.reason == -1);
        T_ERR(YF_E_NOTFOUND, yf_crl_find(&c, YF_STR("\x10"), &e));
        T_OK(yf_sig_verify(&yf_provider_host, c.alg, &ca.key, keys[i].how.sm2_id, c.tbs, c.sig));
        T(x && at == c.raw.p + c.raw.n);
        T(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(x)) == 2);
        X509_CRL_free(x);
    }
}

static void
entries_have_reasons(void **st)
{
    uint8_t mem[600];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_crl c = { 0 };
    yf_crl_entry e;
    (void)st;

    for (int32_t r = 0; r <= 10; r++) {
        const uint8_t serial = (uint8_t)(r + 1);
        yf_crl_entry_write(&o, &(yf_crl_entry){ { &serial, 1 }, PKI_NOW, r });
    }
    T_OK(yf_out_done(&o, &c.revoked));
    T_OK(yf_crl_find(&c, YF_STR("\x0B"), &e));
    T(e.reason == 10);
    T_OK(yf_crl_find(&c, YF_STR("\x01"), &e));
    T(e.reason == 0);
    yf_crl_entry_write(&o, &(yf_crl_entry){ YF_STR("\x01"), PKI_NOW, 11 });
    T_ERR(YF_E_FORMAT, o.err);
}

static yf_err
read_edited_list(const yf_crl *c, yf_span from, yf_span to, yf_crl *r)
{
    return yf_crl_read(pki_edit(c->raw, from, to), r);
}

static void
lists_have_a_form(void **st)
{
    yf_cert ca = pki_issue(pki_ca("list", &keys[P256]), NULL, &keys[P256]);
    yf_crl c = pki_publish(pki_crl(&ca, gone, 2), &keys[P256]), r = { 0 };
    yf_span version = { c.tbs.p + (c.tbs.p[1] == 0x81 ? 3 : 2), 3 };
    yf_span entries = { c.revoked.p - 2, c.revoked.n + 2 };
    yf_span next = { entries.p - 15, 15 };
    (void)st;

    T(version.p[0] == 2 && next.p[0] == YF_DER_UTCTIME);
    T_OK(read_edited_list(&c, version, version, &r));
    T_ERR(YF_E_UNSUPPORTED, read_edited_list(&c, version, YF_STR(""), &r));
    T_ERR(YF_E_UNSUPPORTED, read_edited_list(&c, version, YF_STR("\x02\x01\x00"), &r));
    T_ERR(YF_E_UNSUPPORTED, read_edited_list(&c, version, YF_STR("\x02\x01\x02"), &r));
    T(read_edited_list(&c, next, YF_STR(""), &r) != YF_OK); // 5.1.2.5: always there
    T_ERR(YF_E_FORMAT, read_edited_list(&c, entries, YF_STR("\x30\x00"), &r));
    T_OK(read_edited_list(&c, entries, YF_STR(""), &r));
    T(r.revoked.n == 0);
    for (size_t n = 0; n < c.raw.n; n++)
        T_ERR(YF_E_SHORT, yf_crl_read((yf_span){ c.raw.p, n }, &r));
}

/* Delta lists, lists of less than everything, entries of other issuers. */
static void
lists_that_are_not_all_say_so(void **st)
{
    yf_cert ca = pki_issue(pki_ca("list", &keys[P256]), NULL, &keys[P256]);
    yf_crl c = pki_publish(pki_crl(&ca, gone, 2), &keys[P256]), r;
    yf_span first = { c.extensions.p, 0 };
    const yf_span delta = YF_STR("\x30\x0D\x06\x03\x55\x1D\x1B\x01\x01\xFF\x04\x03\x02\x01\x01");
    const yf_span date = YF_STR("\x30\x0C\x06\x03\x55\x1D\x18\x01\x01\xFF\x04\x02\x05\x00");
    yf_span entry = { c.revoked.p, (size_t)c.revoked.p[1] + 2 };
    uint8_t with[64];
    yf_out o = yf_out_of(with, sizeof with);
    (void)st;

    T_OK(read_edited_list(&c, first, delta, &r));
    T_SPAN(r.unknown_critical, yf_oid_bytes(YF_OID_X_DELTA_CRL));
    size_t seq = yf_der_open(&o, YF_DER_SEQ);
    yf_out_put(&o, (yf_span){ entry.p + 2, entry.n - 2 });
    yf_der_put(&o, YF_DER_SEQ, date);
    yf_der_close(&o, seq);
    T_OK(read_edited_list(&c, entry, yf_out_span(&o), &r));
    T_SPAN(r.unknown_critical, yf_oid_bytes(YF_OID_X_INVALIDITY_DATE));
}

#define TEST(f) cmocka_unit_test_setup(f, fresh_pool)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_field_comes_back),
        TEST(the_least_certificate),
        TEST(openssl_reads_ours),
        TEST(further_extensions_are_passed_through),
        TEST(writing_fails_as_its_signer_or_its_room),
        TEST(purposes),
        TEST(every_prefix_is_short_and_every_byte_more_is_wrong),
        TEST(versions),
        TEST(serials),
        TEST(one_algorithm),
        TEST(times),
        TEST(unique_identifiers_are_refused),
        TEST(values_of_extensions_are_held_to_their_type),
        TEST(extensions_come_once_and_say_critical_once),
        TEST(extensions_have_a_limit),
        TEST(names_have_a_form),
        TEST(names_are_compared_as_people_write_them),
        TEST(names_differ_by_structure),
        TEST(attributes_are_found),
        TEST(names_are_written_only_as_text),
        TEST(lists_come_back),
        TEST(entries_have_reasons),
        TEST(lists_have_a_form),
        TEST(lists_that_are_not_all_say_so),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
