/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: asks for a header that is not public. */
#include <crypto/soft/declassify.h>

int
main(void)
{
    return 0;
}
