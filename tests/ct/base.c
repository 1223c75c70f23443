/* SPDX-License-Identifier: Apache-2.0 */
#include "ct.h"

#include <yufu/base.h>

#include <string.h>

static void
compare(size_t differs_at)
{
    uint8_t a[32], b[32];

    memset(a, 0x5A, sizeof a);
    memset(b, 0x5A, sizeof b);
    if (differs_at < sizeof b)
        b[differs_at] ^= 1;
    ct_secret(a, sizeof a);
    ct_secret(b, sizeof b);
    bool same = yf_ct_eq(a, b, sizeof a);
    ct_public(&same, sizeof same);
    if (same != (differs_at >= sizeof b))
        abort();
}

static void
ct_eq(void)
{
    compare(0);
    compare(31);
    compare(32);
}

/* A wiped secret is a public zero: the branch below would be reported otherwise. */
static void
wipe(void)
{
    uint8_t key[32];

    memset(key, 0x5A, sizeof key);
    ct_secret(key, sizeof key);
    yf_wipe(key, sizeof key);
    for (size_t i = 0; i < sizeof key; i++)
        if (key[i])
            abort();
}

CT_MAIN(CT(ct_eq), CT(wipe))
