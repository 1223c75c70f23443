/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a writer that forgets which key or which parameters are meant. */
#include <yufu/proto/secinfo.h>

static void
faulty_put(yf_out *o, const struct yf_secinfo *info)
{
    struct yf_secinfo less = *info;

    less.id = -1;
    yf_secinfo_put(o, &less);
}

#define yf_secinfo_put faulty_put
#include "proto_secinfo.c"
