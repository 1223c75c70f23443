/* SPDX-License-Identifier: Apache-2.0 */
/* What DER allows, asked by its reader (der.c) and its builder (der_put.c) alike. */
#ifndef YUFU_WIRE_DER_RULES_H
#define YUFU_WIRE_DER_RULES_H

#include <yufu/wire/der.h>

/* Can an object with this tag be DER? */
bool yf_der_tag_ok(uint32_t tag);

/* The time a UTCTime or GeneralizedTime says; fractions of a second are unsupported. */
yf_err yf_der_seconds(uint32_t type, yf_span val, int64_t *seconds);

/* UTCTime says its year with two digits: RFC 5280 4.1.2.5.1 */
enum { YF_DER_UTC_FIRST = 1950, YF_DER_UTC_LAST = 2049 };

#endif
