/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/host.h>
