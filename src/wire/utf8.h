/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YUFU_WIRE_UTF8_H
#define YUFU_WIRE_UTF8_H

#include <yufu/base.h>

/* Well-formed UTF-8 (RFC 3629): shortest forms, no surrogates, up to U+10FFFF. */
bool yf_utf8_ok(yf_span s);

#endif
