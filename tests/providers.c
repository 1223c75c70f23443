/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"

#include <yufu/crypto/host.h>

const yf_provider *const test_providers[] = {
    &yf_provider_soft,
    &yf_provider_host,
    &test_provider_openssl,
    NULL,
};
