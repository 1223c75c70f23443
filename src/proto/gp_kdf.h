/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gp_kdf - SP 800-108 in counter mode over CMAC, as GlobalPlatform orders its input:
 *
 *     CMAC(key, head || 01 || context) || CMAC(key, head || 02 || context) || ...
 *
 * SCP03 has a label, a zero and the length in front of the counter (4.1.5); the
 * diversification of keys has nothing there.
 */
#ifndef YUFU_PROTO_GP_KDF_H
#define YUFU_PROTO_GP_KDF_H

#include <yufu/crypto/modes.h>

/* n up to 255 blocks; context is two spans, one behind the other. */
void yf_gp_kdf(const yf_cipher *key, yf_span head, const yf_span context[2], uint8_t *out,
               size_t n);

#endif
