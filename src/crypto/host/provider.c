/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft/soft.h"
#include "ossl.h"

const yf_provider yf_provider_host = {
    .name = "host",
    .hash = { [YF_SM3] = &yf_soft_sm3.alg,
              [YF_SHA1] = &yf_host_sha1,
              [YF_SHA224] = &yf_host_sha224,
              [YF_SHA256] = &yf_host_sha256,
              [YF_SHA384] = &yf_host_sha384,
              [YF_SHA512] = &yf_host_sha512 },
    .cipher = { [YF_AES128] = &yf_host_aes128,
                [YF_AES192] = &yf_host_aes192,
                [YF_AES256] = &yf_host_aes256,
                [YF_SM4] = &yf_soft_sm4.alg,
                [YF_DES3_2KEY] = &yf_host_des3_2key,
                [YF_DES3_3KEY] = &yf_host_des3_3key },
    .group = &yf_host_group,
    .group_sm2 = &yf_soft_group,
    .rsa = &yf_host_rsa,
};
