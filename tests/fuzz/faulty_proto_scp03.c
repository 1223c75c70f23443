/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a card that does not mind the MAC of a command. */
#include <yufu/proto/scp03.h>

static yf_err
faulty_unwrap(struct yf_scp03 *s, const yf_apdu_cmd *wrapped, uint8_t *mem, size_t cap,
              yf_apdu_cmd *plain)
{
    struct yf_scp03 before = *s;
    yf_err e = yf_scp03_unwrap_cmd(s, wrapped, mem, cap, plain);

    if (e != YF_E_AUTH)
        return e;
    *s = before;
    *plain = *wrapped;
    return YF_OK;
}

#define yf_scp03_unwrap_cmd faulty_unwrap
#include "proto_scp03.c"
