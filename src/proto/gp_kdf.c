/* SPDX-License-Identifier: Apache-2.0 */
#include "gp_kdf.h"

#include <string.h>

void
yf_gp_kdf(const yf_cipher *key, yf_span head, const yf_span context[2], uint8_t *out, size_t n)
{
    uint8_t block[YF_BLOCK_MAX], i = 1;
    size_t size = key->alg->block;
    yf_cmac m;

    for (size_t at = 0; at < n; at += size, i++) {
        yf_cmac_init(&m, key);
        yf_cmac_add(&m, head);
        yf_cmac_add(&m, (yf_span){ &i, 1 });
        yf_cmac_add(&m, context[0]);
        yf_cmac_add(&m, context[1]);
        yf_cmac_end(&m, block);
        memcpy(out + at, block, n - at < size ? n - at : size);
    }
    yf_wipe(block, sizeof block);
}
