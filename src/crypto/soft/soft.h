/* SPDX-License-Identifier: Apache-2.0 */
/* soft - the algorithms written here, as provider.c puts them into one table. */
#ifndef YUFU_CRYPTO_SOFT_SOFT_H
#define YUFU_CRYPTO_SOFT_SOFT_H

#include <yufu/crypto/provider.h>

#include "block.h"
#include "md.h"

extern const struct yf_md yf_soft_sm3, yf_soft_sha1, yf_soft_sha224, yf_soft_sha256, yf_soft_sha384,
    yf_soft_sha512;
extern const struct yf_block_cipher yf_soft_aes128, yf_soft_aes192, yf_soft_aes256, yf_soft_sm4,
    yf_soft_des3_2key, yf_soft_des3_3key;

/* Prime curves of 112 to 521 bits, with fast paths for SM2 and P-256. */
extern const struct yf_group_ops yf_soft_group;

#endif
