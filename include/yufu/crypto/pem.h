/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pem - bytes as text between -----BEGIN label----- and -----END label----- (RFC
 * 7468), for keys, certificates and the rest (hosted).
 *
 * Written is the strict form: lines of 64, a newline after each. Read is also what
 * is found in the field: text around the blocks, lines of any length, blanks and
 * CRs in them. What could hide something is refused: labels that differ, a
 * character that is not base64, padding that is missing, too much, or not zero.
 */
#ifndef YUFU_CRYPTO_PEM_H
#define YUFU_CRYPTO_PEM_H

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_pem {
    yf_span label; // "PRIVATE KEY"
    yf_span body;  // the text between, as it stands
} yf_pem;

/*
 * The next block of a text. YF_E_NOTFOUND if there is none, YF_E_SHORT if it has
 * no end, YF_E_FORMAT if its lines are wrong. The body is not looked at.
 */
YF_MUST YF_API yf_err yf_pem_next(yf_cur *text, yf_pem *block);

/*
 * The bytes of a block; on failure out is wiped. YF_E_FORMAT, YF_E_ROOM;
 * YF_E_UNSUPPORTED for the header lines of RFC 1421, by which OpenSSL once marked
 * encrypted keys.
 */
YF_MUST YF_API yf_err yf_pem_decode(const yf_pem *block, uint8_t *out, size_t cap, size_t *n);

/* Append a block; its label is capitals, digits and single blanks (else YF_E_FORMAT). */
YF_API void yf_pem_put(yf_out *o, yf_span label, yf_span bytes);

#ifdef __cplusplus
}
#endif

#endif
