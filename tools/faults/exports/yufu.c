/* SPDX-License-Identifier: Apache-2.0 */
/* The faults: a foreign prefix, an undeclared function, and one that is declared and not there. */
#include "yufu.h"

YF_API void yf_commented(void);
YF_API void foreign(void);

const int yf_table[2] = { 1, 2 };

void
yf_commented(void)
{
}

void
foreign(void)
{
}
