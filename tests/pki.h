/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pki - keys, certificates and lists for tests, made by our own builder.
 *
 *     struct pki_key k;
 *     pki_ec(&k, &yf_curve_p256, false);
 *     yf_cert root = pki_issue(pki_ca("root", &k), NULL, &k);
 *
 * A certificate is described by a yf_cert, changed as the test wants it broken, and
 * issued. Names, identifiers and certificates live in one pool that is never freed
 * but has an end: pki_reset starts it anew, and every span into it is then stale.
 */
#ifndef YUFU_TESTS_PKI_H
#define YUFU_TESTS_PKI_H

#include <yufu/crypto/x509.h>

struct pki_key {
    yf_key ec;
    yf_rsa rsa; // size 0: it is ec
    struct yf_key_signer how;
    yf_spki spki;
    uint8_t id[20], mem[700];
};

enum { PKI_NOW = 1800000000, PKI_DAY = 86400 }; // 2027-01-15T08:00:00Z

void pki_ec(struct pki_key *k, const yf_curve *curve, bool explicit_params);
void pki_rsa(struct pki_key *k, enum yf_sig_kind kind);
void pki_drop(struct pki_key *k);

/* "C=UT, O=Utopia, CN=cn", or what else is given as attributes. */
yf_span pki_name(const char *cn);

/* Valid around PKI_NOW, with the extensions of an authority or of a leaf that signs. */
yf_cert pki_ca(const char *cn, const struct pki_key *key);
yf_cert pki_leaf(const char *cn, const struct pki_key *key);

/* Signed by issuer, or by itself when that is NULL; read back, and whole. */
yf_cert pki_issue(yf_cert t, const yf_cert *issuer, struct pki_key *issuer_key);

/* A list of n serials, revoked a day ago, valid around PKI_NOW. */
yf_crl pki_crl(const yf_cert *issuer, const yf_span *revoked, size_t n);
yf_crl pki_publish(yf_crl t, struct pki_key *issuer_key);

/*
 * The DER in `whole` with the objects that fill `from` replaced by the bytes of `to`, and
 * every length around them set right. An empty `from` inserts before the object there.
 */
yf_span pki_edit(yf_span whole, yf_span from, yf_span to);

/* n bytes of the pool, or a copy of some. */
uint8_t *pki_take(size_t n);
yf_span pki_keep(yf_span bytes);
void pki_reset(void);

#endif
