/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: an insertion overwrites what stood there instead of moving it. */
#include <yufu/wire/out.h>

#include <string.h>

static void
faulty_insert(yf_out *o, size_t at, yf_span bytes)
{
    if (at > o->n)
        yf_out_fail(o, YF_E_STATE);
    else if (bytes.n && yf_out_claim(o, bytes.n))
        memcpy(o->p + at, bytes.p, bytes.n);
}

#define yf_out_insert faulty_insert
#include "wire_out.c"
