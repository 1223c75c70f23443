/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that takes lengths longer than needed. */
#include <yufu/wire/der.h>

static bool
faulty_next(yf_cur *c, yf_der *t)
{
    return yf_tlv_next(c, t);
}

#define yf_der_next faulty_next
#include "wire_der.c"
