/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hostcert - signed messages (CMS SignedData, RFC 5652) verified by OpenSSL, and its
 * opinion on a certification path; for the international algorithms.
 *
 * For whoever inspects documents: EF.SOD, master lists and deviation lists (Doc 9303-10,
 * 9303-12) are signed messages of one signer. What is verified here is that this
 * signer's certificate signed this content. Whether to believe the certificate is a
 * question of its own, asked of chain.h, which takes curves that are written out and
 * says what is wrong with it. Nothing here is secret.
 *
 * A message is opened, asked and closed; every span it hands out lives until then. BER
 * is read where OpenSSL reads it, because documents in the field have it.
 */
#ifndef YUFU_CRYPTO_HOSTCERT_H
#define YUFU_CRYPTO_HOSTCERT_H

#include <yufu/crypto/hash.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All zero when closed. */
typedef struct yf_cms {
    void *host;
} yf_cms;

struct yf_cms_signed {
    yf_span content_type; // contents of the OID
    yf_span content;      // what was signed; the caller's own bytes if they came detached
    yf_span signer;       // the certificate that verified it, DER
    enum yf_hash_id hash; // of content and signature; SHA-1 is for the caller to judge
    bool has_time;
    int64_t time; // signing time, seconds since 1970: the signer's claim, no more
};

/* YF_E_FORMAT if it is no SignedData, or bytes follow it. */
YF_MUST YF_API yf_err yf_cms_open(yf_cms *m, yf_span message);
YF_API void yf_cms_close(yf_cms *m);

/* The i-th certificate that travels with the message, DER; YF_E_NOTFOUND behind the last. */
YF_MUST YF_API yf_err yf_cms_cert(const yf_cms *m, size_t i, yf_span *der);

/*
 * Verify the message's one signature with one of n signer certificates (DER), or, if n
 * is 0, of those that travel with it. NO PATH IS CHECKED: certificate times, usages and
 * issuers are not looked at. detached: the content, if the message has none; else NULL.
 *
 * YF_E_AUTH if the content, the signature or the signed attributes do not hold;
 * YF_E_NOTFOUND if no certificate is the signer's; YF_E_UNSUPPORTED for none or more
 * than one signature, and for algorithms that are not in sig.h; YF_E_FORMAT for content
 * both inside and detached, or neither, for a signature algorithm of another digest, and
 * for typed content without signed attributes (RFC 5652 5.3). Verified once, a message cannot be
 * verified again: YF_E_STATE.
 */
YF_MUST YF_API yf_err yf_cms_verify(yf_cms *m, const yf_span *certs, size_t n,
                                    const yf_span *detached, struct yf_cms_signed *out);

/*
 * OpenSSL's own path validation: all DER, one leaf, intermediates, anchors. It does not
 * take curves that are written out, nor SM2 ids. YF_E_AUTH if it does not hold,
 * YF_E_FORMAT if something is no certificate.
 */
YF_MUST YF_API yf_err yf_host_path(yf_span leaf, const yf_span *others, size_t n_others,
                                   const yf_span *anchors, size_t n_anchors, int64_t now);

#ifdef __cplusplus
}
#endif

#endif
