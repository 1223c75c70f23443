/* SPDX-License-Identifier: Apache-2.0 */
/* hex - bytes as one writes them in a test: "00A4020C 02 0001", in either case, with blanks. */
#ifndef YUFU_TESTS_HEX_H
#define YUFU_TESTS_HEX_H

#include <yufu/base.h>

#include <stdlib.h>
#include <string.h>

static inline int
hex_digit(char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *at = c ? strchr(digits, c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* The bytes, at `to`; anything else than digits and blanks, or too many, ends the test. */
static inline yf_span
hex_span(const char *hex, uint8_t *to, size_t cap)
{
    size_t n = 0;

    for (const char *p = hex; *p; p++) {
        if (*p == ' ')
            continue;
        int high = hex_digit(p[0]), low = hex_digit(p[1]);
        if (high < 0 || low < 0 || n == cap)
            abort();
        to[n++] = (uint8_t)(high << 4 | low);
        p++;
    }
    return (yf_span){ to, n };
}

#endif
