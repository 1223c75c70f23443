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
    .cipher = {
        [YF_AES128] = &yf_soft_aes128.alg,
        [YF_AES192] = &yf_soft_aes192.alg,
        [YF_AES256] = &yf_soft_aes256.alg,
        [YF_SM4] = &yf_soft_sm4.alg,
        [YF_DES3_2KEY] = &yf_soft_des3_2key.alg,
        [YF_DES3_3KEY] = &yf_soft_des3_3key.alg,
    },
    .group = &yf_soft_group,
    .group_sm2 = &yf_soft_group,
};
