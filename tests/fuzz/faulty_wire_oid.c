/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: the first two arcs are told apart as if the first never were 2 (X.690 8.19.4). */
#include <yufu/wire/oid.h>

static void
faulty_text(yf_out *o, yf_span oid)
{
    size_t at = o->n;

    yf_oid_text(o, oid);
    if (!o->err && o->p[at] == '2')
        o->p[at] = '1';
}

#define yf_oid_text faulty_text
#include "wire_oid.c"
