/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/base.h>

#include <stdlib.h>

/* On a host a bug of ours ends the process; weak, so that an embedder may differ. */
__attribute__((weak)) void
yf_halt(void)
{
    abort();
}
