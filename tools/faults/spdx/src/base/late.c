#include <yufu/base.h>

/* SPDX-License-Identifier: Apache-2.0 */
