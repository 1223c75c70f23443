/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: 128 is written as a length of one byte, which reads as indefinite. */
#include <yufu/wire/tlv.h>

static void
faulty_put(yf_out *o, uint32_t tag, yf_span val)
{
    if (val.n != 0x80) {
        yf_tlv_put(o, tag, val);
        return;
    }
    yf_tlv_put_tag(o, tag);
    yf_out_u8(o, 0x80);
    yf_out_put(o, val);
}

#define yf_tlv_put faulty_put
#include "wire_tlv.c"
