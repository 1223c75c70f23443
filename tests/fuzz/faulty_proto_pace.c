/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a reader that takes any token for the card's. */
#include <yufu/proto/pace.h>

static yf_err
faulty_hear(struct yf_pace *s, yf_span response)
{
    bool last = yf_pace_last(s);
    yf_err e = yf_pace_hear(s, response);

    return last ? YF_OK : e;
}

#define yf_pace_hear faulty_hear
#include "proto_pace.c"
