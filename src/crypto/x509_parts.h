/* SPDX-License-Identifier: Apache-2.0 */
/* x509_parts - what the files behind include/yufu/crypto/x509.h share. */
#ifndef YUFU_CRYPTO_X509_PARTS_H
#define YUFU_CRYPTO_X509_PARTS_H

#include <yufu/crypto/x509.h>

/* A name, checked to its end and returned whole. */
yf_span yf_name_read(yf_cur *c);

/* RFC 5280 4.1.2.5: UTCTime from 1950 to 2049, GeneralizedTime beyond. */
int64_t yf_x509_time_read(yf_cur *c);

/* A positive number of at most 20 bytes. */
yf_span yf_serial_read(yf_cur *c);

/* The whole next object, not consumed. */
yf_span yf_raw_next(const yf_cur *c);

/* What is signed from start on, then who signs it: { tbs, algorithm, signature } follows. */
void yf_sign_rest(yf_out *o, size_t start, const yf_signer *s);

/* The parts of the outer SEQUENCE, for both kinds. */
struct yf_signed {
    yf_cur tbs; // entered
    yf_span tbs_raw, alg_raw, sig;
    yf_sig_alg alg;
};
YF_MUST yf_err yf_signed_read(yf_span der, struct yf_signed *s);
/* The algorithm inside the signed part: byte for byte the one outside. */
void yf_signed_same_alg(yf_cur *tbs, const struct yf_signed *s);

/* Write one extension: its value is what is written until it is closed. */
struct yf_ext_mark {
    size_t ext, value;
};
struct yf_ext_mark yf_ext_open(yf_out *o, yf_span oid, bool critical);
void yf_ext_close(yf_out *o, struct yf_ext_mark m);

/* Authority key identifier, the same in certificates and lists. */
struct yf_aki {
    yf_span key, issuer, serial;
};
void yf_aki_read(yf_cur *c, struct yf_aki *a);
void yf_aki_write(yf_out *o, const struct yf_aki *a);

/*
 * All extensions of a list: each is at most once there; known of them are read by
 * `read`, which says whether it knew it; the first critical one it did not is left in
 * *unknown_critical.
 */
typedef bool yf_ext_reader(const yf_ext *x, yf_cur *value, void *state);
yf_span yf_exts_read(yf_cur *c, yf_ext_reader *read, void *state, yf_span *unknown_critical);

#endif
