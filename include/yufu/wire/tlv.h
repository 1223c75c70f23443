/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tlv - BER-TLV data objects as cards and travel documents use them
 * (ISO/IEC 7816-4 5.2.2, ICAO Doc 9303-10).
 *
 * A tag is one to three bytes, written as the number one sees in the standards:
 * 0x5C, 0x7F49, 0xDF8101. A length is one byte, or 81 to 84 and that many bytes.
 * Reading is as tolerant as documents in the field need: a length may be longer
 * than necessary, and a two-byte tag may hold a number below 31 (EF.COM's 5F01).
 * Writing is minimal. Hash what was read (raw), never what would be written.
 *
 * Everything is read through a yf_cur and keeps its manners: the first failure
 * sticks and nothing is consumed by a getter that fails.
 *
 *   YF_E_SHORT        the object is longer than what holds it, or there is none
 *   YF_E_FORMAT       another tag, a length out of range, an indefinite length,
 *                     a tag that begins with 00 or continues with 80
 *   YF_E_UNSUPPORTED  a tag of more than three bytes, a length field beyond 84
 *
 * A sub-cursor is a cursor of its own, with its own first failure: it starts with
 * its parent's, so that fields of a missing object fail too, and ends a parser
 * with yf_err_first(yf_cur_done(&sub), yf_cur_done(&parent)). Where a parser is
 * to go on after an inner object, yf_cur_fail(&parent, yf_cur_done(&sub)).
 *
 * Bytes between objects are no objects: only yf_tlv_pad and yf_tlv_find skip them.
 */
#ifndef YUFU_WIRE_TLV_H
#define YUFU_WIRE_TLV_H

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_tlv {
    uint32_t tag;
    yf_span val;
    yf_span raw; // tag, length and value as they were read
} yf_tlv;

/* 7816-4 5.2.2.1: does the value of such an object consist of objects? */
static inline bool
yf_tlv_constructed(uint32_t tag)
{
    return (tag >> (tag > 0xFFFF ? 16 : tag > 0xFF ? 8 : 0) & 0x20) != 0;
}

/* ---- reading ---- */

/* The next object, whatever it is; false at the end and after a failure. */
YF_API bool yf_tlv_next(yf_cur *c, yf_tlv *t);

/* Read a tag that stands alone, as in a tag list or a DOL; 0 on failure. */
YF_API uint32_t yf_tlv_tag(yf_cur *c);

/* The tag that comes next, not consumed; 0 if there is none that can be read. */
YF_API uint32_t yf_tlv_peek(const yf_cur *c);

/* The value of the next object, which must have this tag and min to max bytes. */
YF_API yf_span yf_tlv_need(yf_cur *c, uint32_t tag, size_t min, size_t max);

/*
 * The same for an object that may be absent: false, *val untouched and nothing
 * consumed when another tag or the end comes next.
 */
YF_API bool yf_tlv_maybe(yf_cur *c, uint32_t tag, size_t min, size_t max, yf_span *val);

/* A cursor over the value of the next object, which must have this tag. */
YF_API yf_cur yf_tlv_enter(yf_cur *c, uint32_t tag);

/*
 * Skip what 7816-4 lets stand before, between and after objects: bytes 00, and
 * FF where nothing but FF follows. (FF also begins tags, such as FF8105; but a run of
 * FF to the end can be no object, so that nothing can be read in two ways.)
 */
YF_API void yf_tlv_pad(yf_cur *c);

/*
 * The one object with this tag among those in `in`, in any order and with padding
 * between them. YF_E_NOTFOUND if there is none; YF_E_FORMAT if there are two, for
 * then two readers may differ; any error in `in`, also behind the object.
 */
YF_MUST YF_API yf_err yf_tlv_find(yf_span in, uint32_t tag, yf_span *val);

/*
 * How long is the object that begins with these bytes, header included? For reading
 * a file in pieces: YF_E_SHORT asks for more of the header (8 bytes always suffice),
 * YF_E_ROOM is a length that does not fit size_t.
 */
YF_MUST YF_API yf_err yf_tlv_size(yf_span head, size_t *size);

/* ---- writing ---- */

/* Bytes of tag and minimal length before a value of n bytes; 0 if tag is none. */
YF_API size_t yf_tlv_head(uint32_t tag, size_t n);

/* Append a tag alone, or an object. YF_E_FORMAT if tag is none. */
YF_API void yf_tlv_put_tag(yf_out *o, uint32_t tag);
YF_API void yf_tlv_put(yf_out *o, uint32_t tag, yf_span val);
/* Tag and length alone; the n bytes of the value are the caller's to append. */
YF_API void yf_tlv_put_head(yf_out *o, uint32_t tag, size_t n);

/*
 * Begin an object whose value is what is written until yf_tlv_close(o, mark); the
 * length is inserted then. Objects nest; close in reverse order.
 */
YF_API size_t yf_tlv_open(yf_out *o, uint32_t tag);
YF_API void yf_tlv_close(yf_out *o, size_t mark);

#ifdef __cplusplus
}
#endif

#endif
