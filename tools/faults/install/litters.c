/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: what is left after uninstalling. */
#include <stdio.h>

int
main(int argc, char **argv)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/left-behind", argc > 1 ? argv[1] : ".");
    return fopen(path, "w") == NULL;
}
