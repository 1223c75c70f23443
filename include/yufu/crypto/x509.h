/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x509 - certificates and revocation lists (RFC 5280; the profiles of Doc 9303-12 and
 * GM/T 0015 fit in), read strictly in place, and written by the same struct.
 *
 * One struct says what a certificate says. Reading fills it with spans into the input,
 * which must outlive it; writing takes it, filled by hand or from another certificate,
 * and a signer (sig.h). Nothing here judges: whether a certificate may be believed,
 * now and for this, is chain.h's business. Nothing here is secret.
 *
 * Reading refuses what RFC 5280 forbids and what other readers might take differently:
 * other versions than 3 (lists: 2), a serial that is not positive or longer than 20
 * bytes, two algorithm identifiers that differ, unique identifiers, an extension twice,
 * the wrong type of time for its year, a broken value in an extension we know. What is
 * only unknown is kept apart: an unknown critical extension is reported as such, and
 * the certificate must not be used.
 *
 *   YF_E_SHORT, YF_E_FORMAT   not a certificate, or one that breaks its rules
 *   YF_E_UNSUPPORTED          a version, algorithm or curve that is not ours
 */
#ifndef YUFU_CRYPTO_X509_H
#define YUFU_CRYPTO_X509_H

#include <yufu/crypto/sig.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- names: RFC 5280 4.1.2.4 ---- */

/* One attribute of a name: its type (contents of an OID), and a string with its DER tag. */
typedef struct yf_attr {
    yf_span type;
    uint32_t tag; // YF_DER_UTF8, YF_DER_PRINTABLE, YF_DER_IA5; when read also the old ones
    yf_span value;
    unsigned rdn; // which relative name it belongs to, from 0; only when read
} yf_attr;

/* A walk through all attributes of a name, front to back. */
typedef struct yf_name_walk {
    yf_cur names, set;
    unsigned rdn;
} yf_name_walk;

YF_API yf_name_walk yf_name_begin(yf_span name);
YF_API bool yf_name_next(yf_name_walk *w, yf_attr *a);
/* The first attribute of a type (enum yf_oid); YF_E_NOTFOUND if there is none. */
YF_MUST YF_API yf_err yf_name_find(yf_span name, yf_span type, yf_attr *a);

/*
 * RFC 5280 7.1: the same attributes in the same order. Strings are compared without
 * regard to type, ASCII case, spaces around and runs of spaces within; other characters
 * byte by byte.
 */
YF_API bool yf_name_eq(yf_span a, yf_span b);

/* Write a name of n attributes, each a relative name of its own. */
YF_API void yf_name_write(yf_out *o, const yf_attr *attrs, size_t n);

/* ---- extensions ---- */

/* The extensions of which a struct here holds the content, as bits of a set. */
enum yf_ext_bit {
    YF_EXT_AKI = 1 << 0,        // authority key identifier, 4.2.1.1
    YF_EXT_SKI = 1 << 1,        // subject key identifier, 4.2.1.2
    YF_EXT_KEY_USAGE = 1 << 2,  // 4.2.1.3
    YF_EXT_KEY_PERIOD = 1 << 3, // private key usage period, RFC 3280 4.2.1.4
    YF_EXT_BASIC = 1 << 4,      // basic constraints, 4.2.1.9
    YF_EXT_EKU = 1 << 5,        // extended key usage, 4.2.1.12
    YF_EXT_CRL_NUMBER = 1 << 6, // of a list, 5.2.3
};

/* Bits of a key usage. */
enum yf_key_usage {
    YF_KU_SIGN = 1 << 0, // digitalSignature
    YF_KU_NON_REPUDIATION = 1 << 1,
    YF_KU_KEY_ENCIPHER = 1 << 2,
    YF_KU_DATA_ENCIPHER = 1 << 3,
    YF_KU_KEY_AGREE = 1 << 4,
    YF_KU_CERT_SIGN = 1 << 5,
    YF_KU_CRL_SIGN = 1 << 6,
    YF_KU_ENCIPHER_ONLY = 1 << 7,
    YF_KU_DECIPHER_ONLY = 1 << 8,
};

typedef struct yf_ext {
    yf_span oid;
    bool critical;
    yf_span value; // DER
} yf_ext;

enum { YF_EXT_MAX = 32, YF_NAME_MAX = 32 }; // extensions of a certificate, attributes of a name

/* The next of a list of extensions; false at the end and after a failure. */
YF_API bool yf_ext_next(yf_cur *c, yf_ext *x);
/* Write one; value is DER. */
YF_API void yf_ext_write(yf_out *o, yf_span oid, bool critical, yf_span value);

/* ---- certificates ---- */

typedef struct yf_cert {
    /* What it says. */
    yf_span serial;                // big-endian, without leading zeros
    yf_sig_alg alg;                // written: the signer's
    yf_span issuer, subject;       // names, whole
    int64_t not_before, not_after; // both inclusive, seconds since 1970
    yf_spki key;                   // written: key.raw

    uint8_t has, critical;    // which extensions are there, and which of them are critical
    yf_span aki, ski;         // the key identifiers themselves; aki may lack one: empty
    yf_span aki_serial;       // empty unless the authority's certificate is named by it;
    yf_span aki_issuer;       // then the GeneralNames, contents of [1]
    uint16_t key_usage;       // of enum yf_key_usage
    int64_t key_from, key_to; // INT64_MIN, INT64_MAX where open
    bool ca;
    int32_t path_len; // -1: no limit
    yf_span eku;      // object identifiers, one after the other, whole
    yf_span more;     // written only: further extensions, each made by yf_ext_write

    /* How it stands there. Reading fills it, writing does not look. */
    yf_span raw, tbs;         // all of it; the part that is signed
    yf_span sig;              // contents of the BIT STRING
    yf_span extensions;       // all of them, for yf_ext_next
    yf_span unknown_critical; // the OID of the first one we do not know; empty: none
} yf_cert;

YF_MUST YF_API yf_err yf_cert_read(yf_span der, yf_cert *c);
YF_API void yf_cert_write(yf_out *o, const yf_cert *c, const yf_signer *s);

/* Does the extended key usage name this purpose (or any)? False without the extension. */
YF_API bool yf_cert_for(const yf_cert *c, yf_span purpose);

/* ---- revocation lists ---- */

typedef struct yf_crl {
    /* What it says. */
    yf_sig_alg alg;
    yf_span issuer;
    int64_t this_update, next_update;
    yf_span revoked; // entries, for yf_crl_next; written: made by yf_crl_entry_write
    uint8_t has, critical;
    yf_span aki, aki_serial, aki_issuer;
    yf_span number; // big-endian, without leading zeros

    /* How it stands there. */
    yf_span raw, tbs, sig, extensions;
    yf_span unknown_critical; // in the list or in an entry: delta and indirect lists, too
} yf_crl;

typedef struct yf_crl_entry {
    yf_span serial;
    int64_t date;
    int32_t reason; // RFC 5280 5.3.1, 0 to 10; -1: not said
} yf_crl_entry;

YF_MUST YF_API yf_err yf_crl_read(yf_span der, yf_crl *c);
YF_API void yf_crl_write(yf_out *o, const yf_crl *c, const yf_signer *s);

/* The next entry of a list that was read. */
YF_API bool yf_crl_next(yf_cur *revoked, yf_crl_entry *e);
/* The entry for a serial; YF_E_NOTFOUND if it is not on the list. */
YF_MUST YF_API yf_err yf_crl_find(const yf_crl *c, yf_span serial, yf_crl_entry *e);
YF_API void yf_crl_entry_write(yf_out *o, const yf_crl_entry *e);

#ifdef __cplusplus
}
#endif

#endif
