/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that does not look at the bytes kept for later. */
#include <yufu/sim/cardfile.h>

#include <string.h>

static yf_err
faulty_parse(yf_span in, struct yf_cardfile_shape *shape, char why[YF_CARDFILE_WHY])
{
    uint8_t head[YF_CARDFILE_HEAD];

    if (in.n != sizeof head)
        return yf_cardfile_head_parse(in, shape, why);
    struct yf_cardfile_shape said = { yf_be32(in.p + 12), yf_be32(in.p + 16), yf_be32(in.p + 20) };
    yf_cardfile_head_put(&said, head);
    if (memcmp(head, in.p, 10) != 0)
        return YF_E_FORMAT;
    return yf_cardfile_head_parse(YF_SPAN(head), shape, why);
}

#define yf_cardfile_head_parse faulty_parse
#include "sim_cardfile.c"
