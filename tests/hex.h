/* SPDX-License-Identifier: Apache-2.0 */
/* hex - bytes as one writes them down in a test: "00A4020C 02 0001", upper case, with blanks. */
#ifndef YUFU_TESTS_HEX_H
#define YUFU_TESTS_HEX_H

#include <yufu/base.h>

#include <stdlib.h>
#include <string.h>

/* The bytes, at `to`; anything else than digits and blanks, or too many, ends the test. */
static inline yf_span
hex_span(const char *hex, uint8_t *to, size_t cap)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;

    for (const char *p = hex; *p; p++) {
        if (*p == ' ')
            continue;
        const char *high = strchr(digits, p[0]), *low = p[1] ? strchr(digits, p[1]) : NULL;
        if (!high || !low || n == cap)
            abort();
        to[n++] = (uint8_t)((high - digits) << 4 | (low - digits));
        p++;
    }
    return (yf_span){ to, n };
}

#endif
