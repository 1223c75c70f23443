/* SPDX-License-Identifier: Apache-2.0 */
#include "sm.h"

#include <errno.h>
#include <string.h>

/* Whole files are held in memory; more than this is refused rather than swapped. */
static const size_t input_max = (size_t)1 << 30;

bool
sm_read(const struct args *a, const char *path, uint8_t **data, size_t *n)
{
    yf_err e = yf_file_read(path, input_max, data, n);

    if (e == YF_E_ROOM)
        complain(a, UNSURE, "cannot read", path, "larger than 1 GiB, or memory is short");
    else if (e)
        complain(a, UNSURE, "cannot read", path, "%s", strerror(errno));
    return !e;
}

int
sm_write(const struct args *a, unsigned mode, yf_span bytes)
{
    const char *path = arg(a, "out");
    yf_err e = yf_file_save(path, mode, bytes);

    if (e)
        return complain(a, UNSURE, "cannot write", path ? path : "standard output", "%s",
                        strerror(errno));
    return DONE;
}

static int
digit(char c)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, c | 0x20);

    return c && at ? (int)(at - digits) : -1;
}

bool
sm_hex(const char *text, uint8_t *out, size_t cap, size_t *n)
{
    size_t len = strlen(text);

    if (len % 2 || len / 2 > cap)
        return false;
    for (size_t i = 0; i < len / 2; i++) {
        int hi = digit(text[2 * i]), lo = digit(text[2 * i + 1]);
        if (hi < 0 || lo < 0)
            return false;
        out[i] = (uint8_t)(hi << 4 | lo);
    }
    *n = len / 2;
    return true;
}
