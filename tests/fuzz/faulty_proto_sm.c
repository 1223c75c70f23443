/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a command whose MAC is wrong is taken. */
#include <yufu/proto/sm.h>

static yf_err
faulty_unwrap(struct yf_sm *s, const yf_apdu_cmd *wrapped, uint8_t *mem, size_t cap,
              yf_apdu_cmd *plain)
{
    yf_err e = yf_sm_unwrap_cmd(s, wrapped, mem, cap, plain);

    if (e != YF_E_AUTH)
        return e;
    *plain = *wrapped;
    return YF_OK;
}

#define yf_sm_unwrap_cmd faulty_unwrap
#include "proto_sm.c"
