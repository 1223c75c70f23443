/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/host.h>

#include <errno.h>
#include <sys/random.h>

static yf_err
fill(void *state, uint8_t *out, size_t n)
{
    (void)state;
    while (n) {
        ssize_t got = getrandom(out, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return YF_E_IO;
        out += got;
        n -= (size_t)got;
    }
    return YF_OK;
}

const yf_rng yf_rng_system = { .fill = fill, .state = NULL };
