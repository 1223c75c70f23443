/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cur - read a byte string once, front to back, never past its end.
 *
 * A cursor borrows its input and allocates nothing; the spans it hands out
 * point into that input and live exactly as long.
 *
 * The first failure sticks. From then on every getter returns zero or an
 * empty span and consumes nothing, so a parser can be written as the list of
 * fields in the specification and ask once, at the end, how it went.
 */
#ifndef YUFU_WIRE_CUR_H
#define YUFU_WIRE_CUR_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_cur {
    const uint8_t *p; // next unread byte
    size_t left;      // bytes unread
    yf_err err;       // first failure, or YF_OK
} yf_cur;

static inline yf_cur
yf_cur_of(yf_span in)
{
    return (yf_cur){ in.p, in.n, YF_OK };
}

/* The next n bytes; an empty span and YF_E_SHORT if there are fewer. */
YF_API yf_span yf_cur_take(yf_cur *c, size_t n);

/* Everything that is left; may be empty, never fails by itself. */
YF_API yf_span yf_cur_rest(yf_cur *c);

/* The next 1, 2, 4 or 8 bytes as a big-endian integer. */
YF_API uint8_t yf_cur_u8(yf_cur *c);
YF_API uint16_t yf_cur_u16(yf_cur *c);
YF_API uint32_t yf_cur_u32(yf_cur *c);
YF_API uint64_t yf_cur_u64(yf_cur *c);

/* The next byte without consuming it; -1 if there is none or an error stuck. */
YF_API int yf_cur_peek(const yf_cur *c);

/* Record a failure found by the caller; the first one stays. */
YF_API void yf_cur_fail(yf_cur *c, yf_err e);

/*
 * Make what a copy of c read count: c moves to where the copy stands. If the copy
 * failed, c takes the failure and stays where it is. True if c is sound after it.
 *
 * A getter made of several reads works on a copy, and so consumes nothing if it fails.
 */
YF_API bool yf_cur_commit(yf_cur *c, const yf_cur *copy);

/* True while nothing failed and bytes are left: the condition of a loop. */
static inline bool
yf_cur_more(const yf_cur *c)
{
    return c->err == YF_OK && c->left > 0;
}

/* YF_OK if nothing failed and nothing is left; trailing bytes are YF_E_FORMAT. */
YF_MUST YF_API yf_err yf_cur_done(const yf_cur *c);

#ifdef __cplusplus
}
#endif

#endif
