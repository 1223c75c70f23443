/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: the last part of a chain is joined without its data. */
#include <yufu/wire/apdu.h>

static yf_err
faulty_add(struct yf_apdu_chain *ch, const yf_apdu_cmd *part, yf_apdu_cmd *whole, bool *done)
{
    yf_apdu_cmd p = *part;

    if (ch->open && !(p.cla & 0x10))
        p.data.n = 0;
    return yf_apdu_chain_add(ch, &p, whole, done);
}

#define yf_apdu_chain_add faulty_add
#include "wire_apdu.c"
