/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cbor - read and write deterministic CBOR (RFC 8949 4.2.1): integers, byte and text
 * strings, arrays, maps, tags, true, false and null.
 *
 * There is one way to write a value, and no other is read: arguments are shortest,
 * lengths definite, keys in the bytewise order of their encodings and no two alike,
 * texts UTF-8. What we accept, we would have written ourselves.
 *
 *   YF_E_SHORT        the input ends inside an item, or there is none
 *   YF_E_FORMAT       not well-formed, not deterministic (an indefinite length, too), another
 *                     type than asked for, or a value out of range
 *   YF_E_UNSUPPORTED  well-formed and more than we do: floats, undefined and other simple
 *                     values, nesting beyond YF_CBOR_DEPTH
 *
 * A parser is the list of its fields on one cursor, in the order they stand:
 *
 *     yf_cbor_array(&c, 3, 3);
 *     r.ver = yf_cbor_uint(&c, 1);
 *     r.zone = yf_cbor_text(&c, 1, 32);
 *     r.body = yf_cbor_bytes(&c, 256, 65536);
 *     yf_err e = yf_cur_done(&c);
 *
 * A getter that fails consumes nothing. Counts never exceed the bytes that are left, so
 * a loop over them ends. Tag numbers carry no meaning here.
 */
#ifndef YUFU_WIRE_CBOR_H
#define YUFU_WIRE_CBOR_H

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { YF_CBOR_DEPTH = 16 }; // arrays, maps and tags inside each other

/* The first seven are RFC 8949's major types. */
typedef enum yf_cbor_type {
    YF_CBOR_UINT,
    YF_CBOR_NINT,
    YF_CBOR_BYTES,
    YF_CBOR_TEXT,
    YF_CBOR_ARRAY,
    YF_CBOR_MAP,
    YF_CBOR_TAG,
    YF_CBOR_BOOL,
    YF_CBOR_NULL,
    YF_CBOR_NONE, // the end, or nothing that can be read
} yf_cbor_type;

/* ---- reading ---- */

/* The type of the next item, not consumed. */
YF_API yf_cbor_type yf_cbor_peek(const yf_cur *c);

YF_API uint64_t yf_cbor_uint(yf_cur *c, uint64_t max);
YF_API int64_t yf_cbor_int(yf_cur *c, int64_t min, int64_t max);
YF_API yf_span yf_cbor_bytes(yf_cur *c, size_t min, size_t max);
YF_API yf_span yf_cbor_text(yf_cur *c, size_t min, size_t max);
YF_API bool yf_cbor_bool(yf_cur *c);
YF_API void yf_cbor_null(yf_cur *c);

/* The number of a tag; its content comes next. */
YF_API uint64_t yf_cbor_tag(yf_cur *c);

/* The number of items in an array; they come next. */
YF_API size_t yf_cbor_array(yf_cur *c, size_t min, size_t max);

/*
 * A map of min to max pairs. Before each key, yf_cbor_key: true if there is one more, and
 * it is in order; read key and value then. False at the end and after a failure.
 */
typedef struct yf_cbor_map {
    size_t left; // pairs not yet begun
    yf_span key; // the last one's encoding
} yf_cbor_map;

YF_API yf_cbor_map yf_cbor_map_of(yf_cur *c, size_t min, size_t max);
YF_API bool yf_cbor_key(yf_cur *c, yf_cbor_map *m);

/* The encoding of the next item, with all that is in it checked. */
YF_API yf_span yf_cbor_skip(yf_cur *c);

/* Exactly one item, deterministic all the way down. */
YF_MUST YF_API yf_err yf_cbor_check(yf_span in);

/* ---- writing ---- */

YF_API void yf_cbor_put_uint(yf_out *o, uint64_t v);
YF_API void yf_cbor_put_int(yf_out *o, int64_t v);
YF_API void yf_cbor_put_bytes(yf_out *o, yf_span bytes);
YF_API void yf_cbor_put_text(yf_out *o, yf_span utf8); // YF_E_FORMAT if it is not
YF_API void yf_cbor_put_bool(yf_out *o, bool v);
YF_API void yf_cbor_put_null(yf_out *o);

/* What follows belongs to it: the content of a tag, n items, or n pairs of key and
 * value with the keys in order. */
YF_API void yf_cbor_put_tag(yf_out *o, uint64_t tag);
YF_API void yf_cbor_put_array(yf_out *o, size_t n);
YF_API void yf_cbor_put_map(yf_out *o, size_t n);

/* As yf_out_done, and what was written passes yf_cbor_check: nobody writes a map in the
 * wrong order, or an array with an item too few, and does not notice. */
YF_MUST YF_API yf_err yf_cbor_done(const yf_out *o, yf_span *written);

#ifdef __cplusplus
}
#endif

#endif
