/* SPDX-License-Identifier: Apache-2.0 */
#include "../cli/main.h"
#include "nowhere.h"
