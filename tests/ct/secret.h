/* SPDX-License-Identifier: Apache-2.0 */
/* secret - what the subjects that hold keys share: a secret random source, and results. */
#ifndef YUFU_TESTS_CT_SECRET_H
#define YUFU_TESTS_CT_SECRET_H

#include "ct.h"

#include "../rnd.h"

#include <yufu/crypto/rng.h>

/* The same bytes every time, and all of them secret. */
static inline yf_err
secret_fill(void *state, uint8_t *out, size_t n)
{
    rnd_fill(state, out, n);
    ct_secret(out, n);
    return YF_OK;
}

static inline yf_rng
secret_rng(struct rnd *r)
{
    return (yf_rng){ secret_fill, r };
}

/* An error is public by itself: one that hangs on a secret is reported here. */
static inline void
must_be(yf_err want, yf_err e)
{
    if (e != want)
        abort();
}

#endif
