/* SPDX-License-Identifier: Apache-2.0 */
#include "utf8.h"

#include <yufu/wire/cur.h>

/* RFC 3629 4: by lead byte, how many bytes follow and what the first of them may be. */
static const struct {
    uint8_t from, to, follow, min, max;
} lead[] = {
    { 0x00, 0x7F, 0, 0x00, 0x00 }, { 0xC2, 0xDF, 1, 0x80, 0xBF }, { 0xE0, 0xE0, 2, 0xA0, 0xBF },
    { 0xE1, 0xEC, 2, 0x80, 0xBF }, { 0xED, 0xED, 2, 0x80, 0x9F }, { 0xEE, 0xEF, 2, 0x80, 0xBF },
    { 0xF0, 0xF0, 3, 0x90, 0xBF }, { 0xF1, 0xF3, 3, 0x80, 0xBF }, { 0xF4, 0xF4, 3, 0x80, 0x8F },
};

static bool
character(yf_cur *c)
{
    uint8_t b = yf_cur_u8(c);
    size_t i = 0;

    while (i < sizeof lead / sizeof *lead && (b < lead[i].from || b > lead[i].to))
        i++;
    if (i == sizeof lead / sizeof *lead)
        return false;
    yf_span rest = yf_cur_take(c, lead[i].follow);
    if (c->err || (rest.n && (rest.p[0] < lead[i].min || rest.p[0] > lead[i].max)))
        return false;
    for (size_t k = 1; k < rest.n; k++)
        if ((rest.p[k] & 0xC0) != 0x80)
            return false;
    return true;
}

bool
yf_utf8_ok(yf_span s)
{
    yf_cur c = yf_cur_of(s);

    while (yf_cur_more(&c))
        if (!character(&c))
            return false;
    return true;
}
