/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain - may this certificate be believed, now and for this? Certification path
 * validation (RFC 5280 6) of our own, because SM2 needs its id on every certificate and
 * travel documents write their curves out, which OpenSSL refuses.
 *
 * A path is searched from the leaf through the intermediates, given in any order and
 * not believed, to one of the anchors, which are. Of each certificate on it is checked:
 *
 *     validity at `now`, the anchor's included; no unknown critical extension
 *     the signature, by the next one's key; no SHA-1
 *     issuer and subject names (yf_name_eq); key identifiers and serial where both sides
 *     name them; on the leaf the key usage and purpose asked for
 *     of those above the leaf: basic constraints with cA, path length, keyCertSign
 *     revocation, by the lists given; the anchor's own is not asked. A list clears a
 *     certificate only while it is valid; one that its issuer signed revokes for ever
 *
 * An anchor ends the path wherever it is met, also when it is the leaf itself. Name
 * constraints and policies are not done: marked critical they are unknown. Work is
 * bounded by YF_CHAIN_WORK signatures whatever the input; nothing recurses or
 * allocates beyond the provider. Everything here is public.
 */
#ifndef YUFU_CRYPTO_CHAIN_H
#define YUFU_CRYPTO_CHAIN_H

#include <yufu/crypto/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_CHAIN_MAX = 8,   // certificates on a path, leaf and anchor included
    YF_CHAIN_WORK = 64, // signatures verified in one search, the lists' included
};

/* Why a path ended, in the order in which it is found out. */
enum yf_chain_reason {
    YF_CHAIN_OK,
    YF_CHAIN_NO_ISSUER,   // no certificate here has the issuer's name
    YF_CHAIN_UNTRUSTED,   // it has its own issuer's name, and is no anchor
    YF_CHAIN_KEY_ID,      // those with the name are not the one its key identifier means
    YF_CHAIN_TOO_LONG,    // more than YF_CHAIN_MAX certificates
    YF_CHAIN_NOT_YET,     // before its validity
    YF_CHAIN_EXPIRED,     // after it
    YF_CHAIN_CRITICAL,    // a critical extension nobody here understands
    YF_CHAIN_NOT_CA,      // it may issue nothing
    YF_CHAIN_PATH_LENGTH, // it may issue nothing that issues so deep
    YF_CHAIN_KEY_USAGE,   // its key may not be used for that
    YF_CHAIN_PURPOSE,     // nor for this purpose (extended key usage)
    YF_CHAIN_ALGORITHM,   // signed by an algorithm the provider lacks, or with SHA-1
    YF_CHAIN_SIGNATURE,   // not signed by its issuer's key
    YF_CHAIN_NO_CRL,      // lists are asked for, and none covers it now
    YF_CHAIN_REVOKED,
    YF_CHAIN_TOO_MUCH, // more than YF_CHAIN_WORK signatures
    YF_CHAIN_REASONS   // how many
};

/* A short lower-case name: "ok", "no-issuer", ... Never NULL. */
YF_API const char *yf_chain_reason_name(enum yf_chain_reason r);

struct yf_chain {
    const yf_provider *provider;
    const yf_cert *leaf;
    const yf_cert *others; // intermediates
    size_t n_others;
    const yf_cert *anchors;
    size_t n_anchors;
    const yf_crl *crls; // of the issuers on the path
    size_t n_crls;
    int64_t now;
    bool need_crl;         // each certificate below the anchor must be covered by a list
    const yf_span *sm2_id; // of whoever signed with SM2; NULL: YF_SM2_DEFAULT_ID
    uint16_t key_usage;    // bits the leaf must have if it says anything
    yf_span purpose;       // an extended key usage the leaf must have; empty: any
};

struct yf_chain_result {
    enum yf_chain_reason reason;
    const yf_cert *at;                 // the certificate the reason is about
    const yf_cert *path[YF_CHAIN_MAX]; // leaf first; complete only when the reason is OK
    size_t n;
};

/*
 * r is always filled. Where no path holds, it tells of the one that came furthest, and
 * path and n are as far as it came.
 * YF_E_NOTFOUND, AUTH, DENIED, UNSUPPORTED or ROOM as the reason has it: no issuer or
 * key identifier; signature; a rule; an algorithm or extension; a bound. Another error
 * is the provider's own.
 */
YF_MUST YF_API yf_err yf_chain_verify(const struct yf_chain *c, struct yf_chain_result *r);

#ifdef __cplusplus
}
#endif

#endif
