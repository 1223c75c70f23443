/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out - build a byte string front to back in memory the caller owns.
 *
 * The twin of cur: the first failure sticks, later writes do nothing, and the
 * caller asks once at the end. What does not fit is YF_E_ROOM, and nothing is
 * ever written past cap.
 *
 * A length that stands before its content is inserted when the content is known
 * (yf_out_insert; tlv.h and der.h wrap it as _open and _close).
 */
#ifndef YUFU_WIRE_OUT_H
#define YUFU_WIRE_OUT_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_out {
    uint8_t *p; // start of the caller's memory
    size_t cap; // its size
    size_t n;   // bytes written so far
    yf_err err; // first failure, or YF_OK
} yf_out;

static inline yf_out
yf_out_of(uint8_t *p, size_t cap)
{
    return (yf_out){ p, cap, 0, YF_OK };
}

/* Append bytes, one byte repeated, or a big-endian integer. */
YF_API void yf_out_put(yf_out *o, yf_span bytes);
YF_API void yf_out_fill(yf_out *o, uint8_t byte, size_t n);
YF_API void yf_out_u8(yf_out *o, uint8_t v);
YF_API void yf_out_u16(yf_out *o, uint16_t v);
YF_API void yf_out_u32(yf_out *o, uint32_t v);
YF_API void yf_out_u64(yf_out *o, uint64_t v);

/*
 * Claim the next n bytes for the caller to fill in place; NULL and YF_E_ROOM
 * when they do not fit.
 */
YF_API uint8_t *yf_out_claim(yf_out *o, size_t n);

/* Insert n bytes at offset at, moving what follows. For length fields. */
YF_API void yf_out_insert(yf_out *o, size_t at, yf_span bytes);

/* Record a failure found by the caller; the first one stays. */
YF_API void yf_out_fail(yf_out *o, yf_err e);

/* What was written so far: empty once something failed. */
YF_API yf_span yf_out_span(const yf_out *o);

/* The first failure, or YF_OK and everything written in *written. */
YF_MUST YF_API yf_err yf_out_done(const yf_out *o, yf_span *written);

#ifdef __cplusplus
}
#endif

#endif
