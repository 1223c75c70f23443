/* SPDX-License-Identifier: Apache-2.0 */
/*
 * genauth - dynamic authentication data, what GENERAL AUTHENTICATE carries both ways
 * (ISO/IEC 7816-4 11.5.5, Doc 9303-11 4.4.5 and 6.2.4): a template '7C' around data
 * objects '80', '81', ... It may be empty.
 *
 * Nothing here is secret.
 */
#ifndef YUFU_PROTO_GENAUTH_H
#define YUFU_PROTO_GENAUTH_H

#include <yufu/wire/tlv.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Append '7C' { tag val }; tag 0 is the empty template. */
YF_API void yf_genauth_put(yf_out *o, uint32_t tag, yf_span val);

/*
 * The one object of a template that has no other: what a card takes. With tag 0 the
 * template must be empty. YF_E_FORMAT, YF_E_SHORT for anything else.
 */
YF_MUST YF_API yf_err yf_genauth_only(yf_span in, uint32_t tag, yf_span *val);

/*
 * The object with this tag in a template that may have others: what a reader takes, for a
 * card may add some (certification authority references, '87' and '88').
 * YF_E_NOTFOUND if it is not there, YF_E_FORMAT if it is twice.
 */
YF_MUST YF_API yf_err yf_genauth_find(yf_span in, uint32_t tag, yf_span *val);

#ifdef __cplusplus
}
#endif

#endif
