/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/curve.h>
#include <yufu/crypto/oids.h>

/* clang-format off */
#define OID(bytes) { (const uint8_t *)(bytes), sizeof(bytes) - 1 }

static const struct {
    const char *dotted, *name;
    yf_span bytes;
} oids[YF_OIDS] = {
    [YF_OID_NONE] = { "", "", { NULL, 0 } },
    [YF_OID_CN] = { "2.5.4.3", "commonName", OID("\x55\x04\x03") },
    [YF_OID_SERIAL_NUMBER] = { "2.5.4.5", "serialNumber", OID("\x55\x04\x05") },
    [YF_OID_C] = { "2.5.4.6", "countryName", OID("\x55\x04\x06") },
    [YF_OID_L] = { "2.5.4.7", "localityName", OID("\x55\x04\x07") },
    [YF_OID_ST] = { "2.5.4.8", "stateOrProvinceName", OID("\x55\x04\x08") },
    [YF_OID_O] = { "2.5.4.10", "organizationName", OID("\x55\x04\x0A") },
    [YF_OID_OU] = { "2.5.4.11", "organizationalUnitName", OID("\x55\x04\x0B") },
    [YF_OID_DC] = { "0.9.2342.19200300.100.1.25", "domainComponent", OID("\x09\x92\x26\x89\x93\xF2\x2C\x64\x01\x19") },
    [YF_OID_EMAIL] = { "1.2.840.113549.1.9.1", "emailAddress", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x01") },
    [YF_OID_EC_PUBLIC_KEY] = { "1.2.840.10045.2.1", "id-ecPublicKey", OID("\x2A\x86\x48\xCE\x3D\x02\x01") },
    [YF_OID_PRIME_FIELD] = { "1.2.840.10045.1.1", "prime-field", OID("\x2A\x86\x48\xCE\x3D\x01\x01") },
    [YF_OID_RSA] = { "1.2.840.113549.1.1.1", "rsaEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01") },
    [YF_OID_ECDSA_SHA1] = { "1.2.840.10045.4.1", "ecdsa-with-SHA1", OID("\x2A\x86\x48\xCE\x3D\x04\x01") },
    [YF_OID_ECDSA_SHA224] = { "1.2.840.10045.4.3.1", "ecdsa-with-SHA224", OID("\x2A\x86\x48\xCE\x3D\x04\x03\x01") },
    [YF_OID_ECDSA_SHA256] = { "1.2.840.10045.4.3.2", "ecdsa-with-SHA256", OID("\x2A\x86\x48\xCE\x3D\x04\x03\x02") },
    [YF_OID_ECDSA_SHA384] = { "1.2.840.10045.4.3.3", "ecdsa-with-SHA384", OID("\x2A\x86\x48\xCE\x3D\x04\x03\x03") },
    [YF_OID_ECDSA_SHA512] = { "1.2.840.10045.4.3.4", "ecdsa-with-SHA512", OID("\x2A\x86\x48\xCE\x3D\x04\x03\x04") },
    [YF_OID_RSA_SHA1] = { "1.2.840.113549.1.1.5", "sha1WithRSAEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x05") },
    [YF_OID_RSA_SHA224] = { "1.2.840.113549.1.1.14", "sha224WithRSAEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0E") },
    [YF_OID_RSA_SHA256] = { "1.2.840.113549.1.1.11", "sha256WithRSAEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B") },
    [YF_OID_RSA_SHA384] = { "1.2.840.113549.1.1.12", "sha384WithRSAEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C") },
    [YF_OID_RSA_SHA512] = { "1.2.840.113549.1.1.13", "sha512WithRSAEncryption", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D") },
    [YF_OID_RSA_PSS] = { "1.2.840.113549.1.1.10", "id-RSASSA-PSS", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A") },
    [YF_OID_MGF1] = { "1.2.840.113549.1.1.8", "id-mgf1", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x08") },
    [YF_OID_SM2_SM3] = { "1.2.156.10197.1.501", "sm2sign-with-sm3", OID("\x2A\x81\x1C\xCF\x55\x01\x83\x75") },
    [YF_OID_SHA1] = { "1.3.14.3.2.26", "id-sha1", OID("\x2B\x0E\x03\x02\x1A") },
    [YF_OID_SHA224] = { "2.16.840.1.101.3.4.2.4", "id-sha224", OID("\x60\x86\x48\x01\x65\x03\x04\x02\x04") },
    [YF_OID_SHA256] = { "2.16.840.1.101.3.4.2.1", "id-sha256", OID("\x60\x86\x48\x01\x65\x03\x04\x02\x01") },
    [YF_OID_SHA384] = { "2.16.840.1.101.3.4.2.2", "id-sha384", OID("\x60\x86\x48\x01\x65\x03\x04\x02\x02") },
    [YF_OID_SHA512] = { "2.16.840.1.101.3.4.2.3", "id-sha512", OID("\x60\x86\x48\x01\x65\x03\x04\x02\x03") },
    [YF_OID_SM3] = { "1.2.156.10197.1.401", "sm3", OID("\x2A\x81\x1C\xCF\x55\x01\x83\x11") },
    [YF_OID_AES128_CBC] = { "2.16.840.1.101.3.4.1.2", "id-aes128-CBC", OID("\x60\x86\x48\x01\x65\x03\x04\x01\x02") },
    [YF_OID_AES192_CBC] = { "2.16.840.1.101.3.4.1.22", "id-aes192-CBC", OID("\x60\x86\x48\x01\x65\x03\x04\x01\x16") },
    [YF_OID_AES256_CBC] = { "2.16.840.1.101.3.4.1.42", "id-aes256-CBC", OID("\x60\x86\x48\x01\x65\x03\x04\x01\x2A") },
    [YF_OID_SM4] = { "1.2.156.10197.1.104", "sm4", OID("\x2A\x81\x1C\xCF\x55\x01\x68") },
    [YF_OID_SM2_SIGN] = { "1.2.156.10197.1.301.1", "sm2-sign", OID("\x2A\x81\x1C\xCF\x55\x01\x82\x2D\x01") },
    [YF_OID_SM2_EXCHANGE] = { "1.2.156.10197.1.301.2", "sm2-keyagreement", OID("\x2A\x81\x1C\xCF\x55\x01\x82\x2D\x02") },
    [YF_OID_SM2_ENCRYPT] = { "1.2.156.10197.1.301.3", "sm2-encrypt", OID("\x2A\x81\x1C\xCF\x55\x01\x82\x2D\x03") },
    [YF_OID_X_SKI] = { "2.5.29.14", "subjectKeyIdentifier", OID("\x55\x1D\x0E") },
    [YF_OID_X_KEY_USAGE] = { "2.5.29.15", "keyUsage", OID("\x55\x1D\x0F") },
    [YF_OID_X_KEY_PERIOD] = { "2.5.29.16", "privateKeyUsagePeriod", OID("\x55\x1D\x10") },
    [YF_OID_X_SUBJECT_ALT] = { "2.5.29.17", "subjectAltName", OID("\x55\x1D\x11") },
    [YF_OID_X_ISSUER_ALT] = { "2.5.29.18", "issuerAltName", OID("\x55\x1D\x12") },
    [YF_OID_X_BASIC] = { "2.5.29.19", "basicConstraints", OID("\x55\x1D\x13") },
    [YF_OID_X_CRL_NUMBER] = { "2.5.29.20", "cRLNumber", OID("\x55\x1D\x14") },
    [YF_OID_X_REASON] = { "2.5.29.21", "cRLReason", OID("\x55\x1D\x15") },
    [YF_OID_X_INVALIDITY_DATE] = { "2.5.29.24", "invalidityDate", OID("\x55\x1D\x18") },
    [YF_OID_X_DELTA_CRL] = { "2.5.29.27", "deltaCRLIndicator", OID("\x55\x1D\x1B") },
    [YF_OID_X_CRL_SCOPE] = { "2.5.29.28", "issuingDistributionPoint", OID("\x55\x1D\x1C") },
    [YF_OID_X_CERT_ISSUER] = { "2.5.29.29", "certificateIssuer", OID("\x55\x1D\x1D") },
    [YF_OID_X_NAME_CONSTRAINTS] = { "2.5.29.30", "nameConstraints", OID("\x55\x1D\x1E") },
    [YF_OID_X_CRL_POINTS] = { "2.5.29.31", "cRLDistributionPoints", OID("\x55\x1D\x1F") },
    [YF_OID_X_POLICIES] = { "2.5.29.32", "certificatePolicies", OID("\x55\x1D\x20") },
    [YF_OID_X_AKI] = { "2.5.29.35", "authorityKeyIdentifier", OID("\x55\x1D\x23") },
    [YF_OID_X_EKU] = { "2.5.29.37", "extKeyUsage", OID("\x55\x1D\x25") },
    [YF_OID_EKU_ANY] = { "2.5.29.37.0", "anyExtendedKeyUsage", OID("\x55\x1D\x25\x00") },
    [YF_OID_EKU_SERVER] = { "1.3.6.1.5.5.7.3.1", "id-kp-serverAuth", OID("\x2B\x06\x01\x05\x05\x07\x03\x01") },
    [YF_OID_EKU_CLIENT] = { "1.3.6.1.5.5.7.3.2", "id-kp-clientAuth", OID("\x2B\x06\x01\x05\x05\x07\x03\x02") },
    [YF_OID_EKU_CODE] = { "1.3.6.1.5.5.7.3.3", "id-kp-codeSigning", OID("\x2B\x06\x01\x05\x05\x07\x03\x03") },
    [YF_OID_EKU_OCSP] = { "1.3.6.1.5.5.7.3.9", "id-kp-OCSPSigning", OID("\x2B\x06\x01\x05\x05\x07\x03\x09") },
    [YF_OID_CMS_DATA] = { "1.2.840.113549.1.7.1", "id-data", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01") },
    [YF_OID_CMS_SIGNED] = { "1.2.840.113549.1.7.2", "id-signedData", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02") },
    [YF_OID_CMS_ENVELOPED] = { "1.2.840.113549.1.7.3", "id-envelopedData", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03") },
    [YF_OID_CMS_DIGESTED] = { "1.2.840.113549.1.7.5", "id-digestedData", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x05") },
    [YF_OID_CMS_ENCRYPTED] = { "1.2.840.113549.1.7.6", "id-encryptedData", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x06") },
    [YF_OID_CMS_CONTENT_TYPE] = { "1.2.840.113549.1.9.3", "id-contentType", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03") },
    [YF_OID_CMS_MESSAGE_DIGEST] = { "1.2.840.113549.1.9.4", "id-messageDigest", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04") },
    [YF_OID_CMS_SIGNING_TIME] = { "1.2.840.113549.1.9.5", "id-signingTime", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05") },
    [YF_OID_GM_DATA] = { "1.2.156.10197.6.1.4.2.1", "gm-data", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x01") },
    [YF_OID_GM_SIGNED] = { "1.2.156.10197.6.1.4.2.2", "gm-signedData", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x02") },
    [YF_OID_GM_ENVELOPED] = { "1.2.156.10197.6.1.4.2.3", "gm-envelopedData", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x03") },
    [YF_OID_GM_SIGNED_ENVELOPED] = { "1.2.156.10197.6.1.4.2.4", "gm-signedAndEnvelopedData", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x04") },
    [YF_OID_GM_ENCRYPTED] = { "1.2.156.10197.6.1.4.2.5", "gm-encryptedData", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x05") },
    [YF_OID_GM_KEY_AGREEMENT] = { "1.2.156.10197.6.1.4.2.6", "gm-keyAgreementInfoData", OID("\x2A\x81\x1C\xCF\x55\x06\x01\x04\x02\x06") },
    [YF_OID_ICAO_LDS] = { "2.23.136.1.1.1", "id-icao-ldsSecurityObject", OID("\x67\x81\x08\x01\x01\x01") },
    [YF_OID_ICAO_MASTER_LIST] = { "2.23.136.1.1.2", "id-icao-cscaMasterList", OID("\x67\x81\x08\x01\x01\x02") },
    [YF_OID_ICAO_MASTER_LIST_SIGNER] = { "2.23.136.1.1.3", "id-icao-cscaMasterListSigningKey", OID("\x67\x81\x08\x01\x01\x03") },
    [YF_OID_ICAO_AA] = { "2.23.136.1.1.5", "id-icao-aaProtocolObject", OID("\x67\x81\x08\x01\x01\x05") },
    [YF_OID_ICAO_NAME_CHANGE] = { "2.23.136.1.1.6.1", "id-icao-nameChange", OID("\x67\x81\x08\x01\x01\x06\x01") },
    [YF_OID_ICAO_DOC_TYPES] = { "2.23.136.1.1.6.2", "id-icao-documentTypeList", OID("\x67\x81\x08\x01\x01\x06\x02") },
    [YF_OID_ICAO_DEVIATION_LIST] = { "2.23.136.1.1.7", "id-icao-DeviationList", OID("\x67\x81\x08\x01\x01\x07") },
    [YF_OID_ICAO_DEVIATION_LIST_SIGNER] = { "2.23.136.1.1.8", "id-icao-DeviationListSigningKey", OID("\x67\x81\x08\x01\x01\x08") },
};
/* clang-format on */

yf_span
yf_oid_bytes(enum yf_oid id)
{
    return oids[id < YF_OIDS ? id : YF_OID_NONE].bytes;
}

const char *
yf_oid_dotted(enum yf_oid id)
{
    return oids[id < YF_OIDS ? id : YF_OID_NONE].dotted;
}

enum yf_oid
yf_oid_of(yf_span bytes)
{
    for (unsigned i = 1; i < YF_OIDS; i++)
        if (yf_span_eq(oids[i].bytes, bytes))
            return (enum yf_oid)i;
    return YF_OID_NONE;
}

const char *
yf_oid_name(yf_span bytes)
{
    enum yf_oid id = yf_oid_of(bytes);
    const yf_curve *curve = yf_curve_by_oid(bytes);

    if (id)
        return oids[id].name;
    return curve ? curve->name : NULL;
}
