/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/reader/session.h>
