/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oid - object identifiers: the bytes DER carries and the dotted text people write
 * (X.690 8.19, X.660).
 *
 * An arc may have 128 bits, as the ones under 2.25 do, whose number is a UUID.
 */
#ifndef YUFU_WIRE_OID_H
#define YUFU_WIRE_OID_H

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Append the value bytes (no tag, no length) of a dotted text such as "1.2.156.10197.1.301".
 * YF_E_FORMAT if it is none (sign, leading zero, one arc, second arc above 39 under 0 and
 * 1), YF_E_UNSUPPORTED for an arc of more than 128 bits. */
YF_API void yf_oid_put(yf_out *o, yf_span text);

/* Append the dotted text of such bytes; the same errors. */
YF_API void yf_oid_text(yf_out *o, yf_span oid);

/* X.690 8.19: one arc or more, each complete and without leading zeros. */
YF_API bool yf_oid_ok(yf_span oid);

#ifdef __cplusplus
}
#endif

#endif
