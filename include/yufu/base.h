/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base - what every other header stands on: errors, spans, big-endian
 * integers, and the few operations that may touch secrets.
 *
 * Everything here is freestanding: no allocation, no I/O, no C library beyond
 * memcpy, memmove, memset and memcmp.
 *
 * Small values (yf_span, yf_err) are copied freely. A span borrows; it never
 * owns. A function that can fail returns yf_err and writes its results through
 * its last parameters, which it leaves untouched on failure.
 */
#ifndef YUFU_BASE_H
#define YUFU_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define YF_API __attribute__((visibility("default")))
#define YF_MUST __attribute__((warn_unused_result))
#define YF_NORETURN __attribute__((noreturn))
#else
#define YF_API
#define YF_MUST
#define YF_NORETURN
#endif

/* What a caller can do about a failure, not where it happened. */
typedef enum yf_err {
    YF_OK = 0,
    YF_E_SHORT,       // input ends too early: ask for more, or give up
    YF_E_FORMAT,      // input breaks its own format: reject it
    YF_E_ROOM,        // output or object does not fit where it was to go
    YF_E_STATE,       // not now: wrong order, used up, or a generator that broke
    YF_E_DENIED,      // the rules say no
    YF_E_AUTH,        // a signature, MAC, tag or password does not match
    YF_E_NOTFOUND,    // no such thing
    YF_E_IO,          // the world outside failed
    YF_E_UNSUPPORTED, // well-formed, and more than we do
} yf_err;

/* A short lower-case name: "ok", "short", "format", ... Never NULL. */
YF_API const char *yf_err_name(yf_err e);

/* The first of two results that is not YF_OK. */
static inline yf_err
yf_err_first(yf_err a, yf_err b)
{
    return a ? a : b;
}

/* Borrowed, read-only bytes. Empty is n == 0, whatever p is. */
typedef struct yf_span {
    const uint8_t *p;
    size_t n;
} yf_span;

/* The span of a whole array; of a string literal, without its NUL. */
#define YF_SPAN(array) ((yf_span){ (const uint8_t *)(array), sizeof(array) })
#define YF_STR(literal) ((yf_span){ (const uint8_t *)("" literal), sizeof(literal) - 1 })

/* Same length and same bytes. Not for secrets: its time tells where they differ. */
YF_API bool yf_span_eq(yf_span a, yf_span b);

/* ---- secrets ---- */

/* Overwrite with zeros in a way the compiler may not drop. */
YF_API void yf_wipe(void *p, size_t n);

/* Same bytes? Looks at all n of them always; only the answer is public. */
YF_API bool yf_ct_eq(const void *a, const void *b, size_t n);

/*
 * A bug of ours was found at run time. The embedder supplies it: a card mutes
 * the chip, a daemon aborts. It must not return.
 */
YF_NORETURN YF_API void yf_halt(void);

/* ---- big-endian integers, the order of every format in this project ---- */

static inline uint16_t
yf_be16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t
yf_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
yf_be64(const uint8_t *p)
{
    return (uint64_t)yf_be32(p) << 32 | yf_be32(p + 4);
}

static inline void
yf_put_be16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static inline void
yf_put_be32(uint8_t *p, uint32_t v)
{
    yf_put_be16(p, (uint16_t)(v >> 16));
    yf_put_be16(p + 2, (uint16_t)v);
}

static inline void
yf_put_be64(uint8_t *p, uint64_t v)
{
    yf_put_be32(p, (uint32_t)(v >> 32));
    yf_put_be32(p + 4, (uint32_t)v);
}

#ifdef __cplusplus
}
#endif

#endif
