/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a 16-bit integer is read with its bytes swapped. */
#include <yufu/wire/cur.h>

static uint16_t
faulty_u16(yf_cur *c)
{
    uint16_t v = yf_cur_u16(c);
    return (uint16_t)(v << 8 | v >> 8);
}

#define yf_cur_u16 faulty_u16
#include "wire_cur.c"
