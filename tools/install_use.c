/* SPDX-License-Identifier: Apache-2.0 */
/* The least a program of somebody else does with the installed library. */
#include <yufu/wire/cur.h>

int
main(void)
{
    const uint8_t in[] = { 0x90, 0x00 };
    yf_cur c = yf_cur_of(YF_SPAN(in));

    return yf_cur_u16(&c) != 0x9000 || yf_cur_done(&c) != YF_OK;
}
