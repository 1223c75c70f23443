/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curve - domain parameters of short Weierstrass curves y^2 = x^3 + ax + b over
 * a prime field, as plain data.
 *
 * The named ones are constants; a caller may also fill a struct yf_curve with
 * parameters of its own (any odd prime up to 521 bits, cofactor 1). Numbers are
 * big-endian, `size` bytes each, from the start of their arrays; p and n have
 * the same length in bytes on every curve we know, and must here.
 */
#ifndef YUFU_CRYPTO_CURVE_H
#define YUFU_CRYPTO_CURVE_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_FIELD_MAX = 66,                   // bytes of a 521-bit number
    YF_POINT_MAX = 1 + 2 * YF_FIELD_MAX, // uncompressed: 04 x y
};

typedef struct yf_curve {
    const char *name; // "sm2", "p256", "brainpoolp256r1"
    yf_span oid;      // contents octets of the object identifier; empty if it has none
    uint16_t bits;    // of p
    uint16_t order_bits;
    uint8_t size; // bytes of p and of n
    uint8_t p[YF_FIELD_MAX], a[YF_FIELD_MAX], b[YF_FIELD_MAX];
    uint8_t gx[YF_FIELD_MAX], gy[YF_FIELD_MAX];
    uint8_t n[YF_FIELD_MAX]; // the order of the generator, prime; cofactor 1
} yf_curve;

/* GB/T 32918.5-2017; SP 800-186; RFC 5639. */
YF_API extern const yf_curve yf_curve_sm2;
YF_API extern const yf_curve yf_curve_p224, yf_curve_p256, yf_curve_p384, yf_curve_p521;
YF_API extern const yf_curve yf_curve_bp224r1, yf_curve_bp256r1, yf_curve_bp320r1, yf_curve_bp384r1,
    yf_curve_bp512r1;

/* All of them, ended by NULL. */
YF_API extern const yf_curve *const yf_curves[];

/* By name or by the contents octets of its OID; NULL if there is none. */
YF_API const yf_curve *yf_curve_named(const char *name);
YF_API const yf_curve *yf_curve_by_oid(yf_span oid);
/* The named curve with exactly these parameters (9303-12 writes them out); NULL if there is none.
 */
YF_API const yf_curve *yf_curve_same(const yf_curve *params);

#ifdef __cplusplus
}
#endif

#endif
