/* SPDX-License-Identifier: Apache-2.0 */
#include "soft.h"

const yf_provider yf_provider_soft = {
    .name = "soft",
    .hash = {
        [YF_SM3] = &yf_soft_sm3.alg,
        [YF_SHA1] = &yf_soft_sha1.alg,
        [YF_SHA224] = &yf_soft_sha224.alg,
        [YF_SHA256] = &yf_soft_sha256.alg,
        [YF_SHA384] = &yf_soft_sha384.alg,
        [YF_SHA512] = &yf_soft_sha512.alg,
    },
    .group = &yf_soft_group,
    .group_sm2 = &yf_soft_group,
};
