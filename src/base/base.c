/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/base.h>

#include <string.h>

const char *
yf_err_name(yf_err e)
{
    static const char *const names[] = {
        [YF_OK] = "ok",           [YF_E_SHORT] = "short",
        [YF_E_FORMAT] = "format", [YF_E_ROOM] = "room",
        [YF_E_STATE] = "state",   [YF_E_DENIED] = "denied",
        [YF_E_AUTH] = "auth",     [YF_E_NOTFOUND] = "not found",
        [YF_E_IO] = "i/o",        [YF_E_UNSUPPORTED] = "unsupported",
    };

    if ((size_t)e >= sizeof names / sizeof *names)
        return "unknown";
    return names[e];
}

bool
yf_span_eq(yf_span a, yf_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* The empty assembly claims to read the memory, so the stores must happen. */
void
yf_wipe(void *p, size_t n)
{
    if (n == 0)
        return;
    memset(p, 0, n);
    __asm__ volatile("" : : "r"(p) : "memory");
}

bool
yf_ct_eq(const void *a, const void *b, size_t n)
{
    const volatile uint8_t *x = a, *y = b;
    uint32_t diff = 0;

    for (size_t i = 0; i < n; i++)
        diff |= (uint32_t)(x[i] ^ y[i]);
    return ((diff - 1) >> 31) & 1;
}
