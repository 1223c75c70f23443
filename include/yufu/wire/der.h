/* SPDX-License-Identifier: Apache-2.0 */
/*
 * der - read and write ASN.1 in its distinguished encoding (X.690 8, 10 and 11):
 * certificates, revocation lists, CMS, signatures, keys.
 *
 * There is one way to write a value, and no other is read: what we accept, we would
 * have written ourselves. Tags are the bytes as one sees them (0x30, 0xA0, 0x7F49) as
 * in tlv.h, up to three; a length is minimal; constructed are the types that X.690
 * wants constructed, and no others.
 *
 * Two layers. The structure (yf_der_next to yf_der_enter, yf_der_put to yf_der_close)
 * checks tags and lengths and leaves the value alone: enough to walk, to hash what was
 * read, to compare names byte by byte. The typed getters and builders also hold the
 * value to its type. They take the tag they stand under, their own (YF_DER_INTEGER)
 * or an implicit one (YF_DER_CTX(2)).
 *
 *   YF_E_SHORT        the object is longer than what holds it, or there is none
 *   YF_E_FORMAT       not DER, another tag, or a value out of range
 *   YF_E_UNSUPPORTED  a tag of more than three bytes, a length field beyond 84, nesting
 *                     beyond YF_DER_DEPTH, fractions of a second, an unknown string type
 *
 * A getter that fails consumes nothing; sub-cursors combine as tlv.h says. Nothing here
 * is for secrets except yf_der_put and yf_der_need, which only copy and borrow.
 */
#ifndef YUFU_WIRE_DER_H
#define YUFU_WIRE_DER_H

#include <yufu/wire/tlv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X.680 8.4 */
enum {
    YF_DER_BOOLEAN = 0x01,
    YF_DER_INTEGER = 0x02,
    YF_DER_BITS = 0x03,
    YF_DER_OCTETS = 0x04,
    YF_DER_NULL = 0x05,
    YF_DER_OID = 0x06,
    YF_DER_ENUM = 0x0A,
    YF_DER_UTF8 = 0x0C,
    YF_DER_PRINTABLE = 0x13,
    YF_DER_IA5 = 0x16,
    YF_DER_UTCTIME = 0x17,
    YF_DER_GENTIME = 0x18,
    YF_DER_SEQ = 0x30,
    YF_DER_SET = 0x31,
};

/* [n] of a primitive type, and [n] EXPLICIT or of a SEQUENCE or SET; n up to 30. */
#define YF_DER_CTX(n) (0x80U | (n))
#define YF_DER_CTX_C(n) (0xA0U | (n))

enum { YF_DER_DEPTH = 16 }; // levels that yf_der_check follows

typedef yf_tlv yf_der;

/* ---- reading: structure ---- */

/* As yf_tlv_next, _peek, _need, _maybe and _enter, for objects that are DER. */
YF_API bool yf_der_next(yf_cur *c, yf_der *t);
YF_API uint32_t yf_der_peek(const yf_cur *c);
YF_API yf_span yf_der_need(yf_cur *c, uint32_t tag, size_t min, size_t max);
YF_API bool yf_der_maybe(yf_cur *c, uint32_t tag, size_t min, size_t max, yf_span *val);
YF_API yf_cur yf_der_enter(yf_cur *c, uint32_t tag);

/* Enter a SET OF, whose elements must stand in ascending order (X.690 11.6). */
YF_API yf_cur yf_der_enter_set(yf_cur *c, uint32_t tag);

/* Is this the value of such a universal type? Types without rules here always are. */
YF_MUST YF_API yf_err yf_der_value(uint32_t type, yf_span val);

/* Exactly one object, DER all the way down, each universal type with its value. The
 * order of SETs is not judged: it differs for SET and SET OF, which look the same. */
YF_MUST YF_API yf_err yf_der_check(yf_span in);

/* ---- reading: types ---- */

/* The value of the next object under this tag, which must be one of this type. */
YF_API yf_span yf_der_as(yf_cur *c, uint32_t tag, uint32_t type, size_t min, size_t max);

/*
 * A non-negative INTEGER as big-endian bytes, at most max of them. Without leading
 * zeros; the number zero is one byte 00.
 */
YF_API yf_span yf_der_uint(yf_cur *c, uint32_t tag, size_t max);

/* An INTEGER between min and max. */
YF_API int32_t yf_der_small(yf_cur *c, uint32_t tag, int32_t min, int32_t max);

YF_API bool yf_der_bool(yf_cur *c, uint32_t tag);

/* BOOLEAN DEFAULT FALSE: absent, or TRUE. Writing the default is not DER (X.690 11.5). */
YF_API bool yf_der_bool_or_false(yf_cur *c, uint32_t tag);

YF_API void yf_der_null(yf_cur *c);

/* The bytes of an object identifier, to be compared with yf_span_eq; oid.h has the text. */
YF_API yf_span yf_der_oid(yf_cur *c);

/* A BIT STRING, and how many bits of the last byte are unused (all zero). Where unused
 * is NULL there must be none, as for keys and signatures. */
YF_API yf_span yf_der_bits(yf_cur *c, uint32_t tag, unsigned *unused);

/* A list of named bits, bit n as 1 << n; without trailing zeros (X.690 11.2.2). More
 * than 32 bits are YF_E_UNSUPPORTED. */
YF_API uint32_t yf_der_flags(yf_cur *c, uint32_t tag);

/* A string of type UTF8String, PrintableString or IA5String, and which it was. Any of
 * them may hold 00, and does when somebody hopes for a C string: keep it a span. */
YF_API yf_span yf_der_string(yf_cur *c, size_t min, size_t max, uint32_t *type);

/* A time, in seconds since 1970: either type under its own tag (RFC 5280 4.1.2.5; which
 * one fits which year is not judged), or the given type under another tag. */
YF_API int64_t yf_der_time(yf_cur *c);
YF_API int64_t yf_der_time_as(yf_cur *c, uint32_t tag, uint32_t type);

/* ---- writing ---- */

/* As yf_tlv_put, _open and _close; YF_E_FORMAT if the tag cannot stand in DER. */
YF_API void yf_der_put(yf_out *o, uint32_t tag, yf_span val);
YF_API size_t yf_der_open(yf_out *o, uint32_t tag);
YF_API void yf_der_close(yf_out *o, size_t mark);

/* Close a SET OF: sorts its elements in place (X.690 11.6) in quadratic time. */
YF_API void yf_der_close_set(yf_out *o, size_t mark);

/* A value of this type under this tag; YF_E_FORMAT if it is none. For object
 * identifiers, strings, and integers that are DER already. */
YF_API void yf_der_put_as(yf_out *o, uint32_t tag, uint32_t type, yf_span val);

/* An INTEGER from unsigned big-endian bytes of any length; leading zeros are dropped
 * and one is added where the number would read as negative. Empty is zero. */
YF_API void yf_der_put_uint(yf_out *o, uint32_t tag, yf_span be);
YF_API void yf_der_put_small(yf_out *o, uint32_t tag, int32_t v);

YF_API void yf_der_put_bool(yf_out *o, uint32_t tag, bool v);
YF_API void yf_der_put_null(yf_out *o);

/* The last `unused` bits of bytes must be zero. */
YF_API void yf_der_put_bits(yf_out *o, uint32_t tag, yf_span bytes, unsigned unused);
YF_API void yf_der_put_flags(yf_out *o, uint32_t tag, uint32_t flags);

/* UTCTime from 1950 to 2049, GeneralizedTime otherwise (RFC 5280 4.1.2.5); or this type
 * under this tag. YF_E_ROOM for a year the type cannot say. */
YF_API void yf_der_put_time(yf_out *o, int64_t seconds);
YF_API void yf_der_put_time_as(yf_out *o, uint32_t tag, uint32_t type, int64_t seconds);

#ifdef __cplusplus
}
#endif

#endif
