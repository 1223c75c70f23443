/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: whoever reads has shown everything. */
#include <yufu/card/files.h>

static yf_sw
faulty_read(struct yf_call *c)
{
    c->shown = (yf_need)0xFFFF;
    return yf_do_read_binary(c);
}

#define yf_do_read_binary faulty_read
#include "card_files.c"
