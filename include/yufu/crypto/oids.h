/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oids - the object identifiers of certificates, revocation lists and signed
 * messages: one table with bytes, dotted text and name.
 *
 * Curves are not in it; they carry theirs (curve.h). yf_oid_name knows both.
 */
#ifndef YUFU_CRYPTO_OIDS_H
#define YUFU_CRYPTO_OIDS_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_oid {
    YF_OID_NONE, // none of these

    // Names of people and organisations (RFC 5280 A.1, RFC 4519)
    YF_OID_CN,
    YF_OID_SERIAL_NUMBER,
    YF_OID_C,
    YF_OID_L,
    YF_OID_ST,
    YF_OID_O,
    YF_OID_OU,
    YF_OID_DC,
    YF_OID_EMAIL,

    // Public keys (RFC 5480, RFC 8017, RFC 8410)
    YF_OID_EC_PUBLIC_KEY,
    YF_OID_PRIME_FIELD,
    YF_OID_RSA,

    // Signatures (RFC 5758, RFC 8017, GM/T 0006)
    YF_OID_ECDSA_SHA1,
    YF_OID_ECDSA_SHA224,
    YF_OID_ECDSA_SHA256,
    YF_OID_ECDSA_SHA384,
    YF_OID_ECDSA_SHA512,
    YF_OID_RSA_SHA1,
    YF_OID_RSA_SHA224,
    YF_OID_RSA_SHA256,
    YF_OID_RSA_SHA384,
    YF_OID_RSA_SHA512,
    YF_OID_RSA_PSS,
    YF_OID_MGF1,
    YF_OID_SM2_SM3,

    // Digests (RFC 5754, GM/T 0006)
    YF_OID_SHA1,
    YF_OID_SHA224,
    YF_OID_SHA256,
    YF_OID_SHA384,
    YF_OID_SHA512,
    YF_OID_SM3,

    // Ciphers and SM2 as an algorithm of its own (RFC 3565, GM/T 0006)
    YF_OID_AES128_CBC,
    YF_OID_AES192_CBC,
    YF_OID_AES256_CBC,
    YF_OID_SM4,
    YF_OID_SM2_SIGN,
    YF_OID_SM2_EXCHANGE,
    YF_OID_SM2_ENCRYPT,

    // Extensions of certificates and revocation lists (RFC 5280 4.2, 5.2, 5.3)
    YF_OID_X_SKI,
    YF_OID_X_KEY_USAGE,
    YF_OID_X_KEY_PERIOD,
    YF_OID_X_SUBJECT_ALT,
    YF_OID_X_ISSUER_ALT,
    YF_OID_X_BASIC,
    YF_OID_X_CRL_NUMBER,
    YF_OID_X_REASON,
    YF_OID_X_INVALIDITY_DATE,
    YF_OID_X_DELTA_CRL,
    YF_OID_X_CRL_SCOPE,
    YF_OID_X_CERT_ISSUER,
    YF_OID_X_NAME_CONSTRAINTS,
    YF_OID_X_CRL_POINTS,
    YF_OID_X_POLICIES,
    YF_OID_X_AKI,
    YF_OID_X_EKU,

    // Purposes (RFC 5280 4.2.1.12)
    YF_OID_EKU_ANY,
    YF_OID_EKU_SERVER,
    YF_OID_EKU_CLIENT,
    YF_OID_EKU_CODE,
    YF_OID_EKU_OCSP,

    // CMS (RFC 5652)
    YF_OID_CMS_DATA,
    YF_OID_CMS_SIGNED,
    YF_OID_CMS_ENVELOPED,
    YF_OID_CMS_DIGESTED,
    YF_OID_CMS_ENCRYPTED,
    YF_OID_CMS_CONTENT_TYPE,
    YF_OID_CMS_MESSAGE_DIGEST,
    YF_OID_CMS_SIGNING_TIME,

    // CMS with SM2 (GM/T 0010)
    YF_OID_GM_DATA,
    YF_OID_GM_SIGNED,
    YF_OID_GM_ENVELOPED,
    YF_OID_GM_SIGNED_ENVELOPED,
    YF_OID_GM_ENCRYPTED,
    YF_OID_GM_KEY_AGREEMENT,

    // Travel documents (Doc 9303-10, 9303-11, 9303-12)
    YF_OID_ICAO_LDS,
    YF_OID_ICAO_MASTER_LIST,
    YF_OID_ICAO_MASTER_LIST_SIGNER,
    YF_OID_ICAO_AA,
    YF_OID_ICAO_NAME_CHANGE,
    YF_OID_ICAO_DOC_TYPES,
    YF_OID_ICAO_DEVIATION_LIST,
    YF_OID_ICAO_DEVIATION_LIST_SIGNER,

    YF_OIDS // how many
};

/* The contents octets, as they stand behind tag and length; empty for none. */
YF_API yf_span yf_oid_bytes(enum yf_oid id);
/* "1.2.840.10045.2.1"; "" for none. */
YF_API const char *yf_oid_dotted(enum yf_oid id);
/* Which of them this is; YF_OID_NONE if it is not here. */
YF_API enum yf_oid yf_oid_of(yf_span bytes);
/* "id-ecPublicKey", "sm2"; NULL if neither an algorithm here nor a curve is called so. */
YF_API const char *yf_oid_name(yf_span bytes);

#ifdef __cplusplus
}
#endif

#endif
