/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int
main(int argc, char **argv)
{
    int status = cli_main(argc, argv);
    struct args none = { 0 };

    /* What was printed must have arrived: a full disk or a closed pipe is no success. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == DONE)
        return complain(&none, UNSURE, "cannot write", "standard output", "output is incomplete");
    return status;
}
