/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spki - public keys as certificates carry them: SubjectPublicKeyInfo (RFC 5280
 * 4.1.2.7) of an elliptic curve (RFC 5480) or of RSA (RFC 4055 1.2), read in place.
 *
 * A curve may be named, or written out by its parameters, as Doc 9303-12 wants it; then
 * they must be those of a curve we know. What is read borrows the input; nothing here
 * is secret.
 */
#ifndef YUFU_CRYPTO_SPKI_H
#define YUFU_CRYPTO_SPKI_H

#include <yufu/crypto/curve.h>
#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_spki {
    yf_span raw;           // the whole SubjectPublicKeyInfo
    const yf_curve *curve; // NULL: RSA
    bool explicit_params;  // the curve is written out
    yf_span key;           // a point, or RSAPublicKey in DER
} yf_spki;

/*
 * The form is checked here: whether a point is on its curve, or a modulus fit for use,
 * is checked when the key is used. YF_E_UNSUPPORTED for other algorithms and curves.
 */
YF_API yf_spki yf_spki_read(yf_cur *c);
YF_API void yf_spki_write_ec(yf_out *o, const yf_curve *curve, bool explicit_params, yf_span point);
YF_API void yf_spki_write_rsa(yf_out *o, yf_span rsa_public_key);

/*
 * EcpkParameters alone (RFC 3279 2.3.5). NULL and YF_E_UNSUPPORTED for a curve we do not
 * know, in either form, and for parameters that are implied. A cofactor may be absent,
 * or 1; it is written. A seed is passed over, since the curve is known.
 */
YF_API const yf_curve *yf_ec_params_read(yf_cur *c, bool *explicit_params);
YF_API void yf_ec_params_write(yf_out *o, const yf_curve *curve, bool explicit_params);

#ifdef __cplusplus
}
#endif

#endif
