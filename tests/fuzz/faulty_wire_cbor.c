/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader of maps that does not look at the order of their keys. */
#include <yufu/wire/cbor.h>

static bool
faulty_key(yf_cur *c, yf_cbor_map *m)
{
    m->key.n = 0;
    return yf_cbor_key(c, m);
}

#define yf_cbor_key faulty_key
#include "wire_cbor.c"
