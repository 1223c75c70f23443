/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"

const yf_provider *const test_providers[] = {
    &yf_provider_soft,
    NULL,
};
