/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pass - a password from --pass-file, --pass-fd, or a prompt on the terminal;
 * never from the command line, where others could read it.
 */
#ifndef YUFU_CLI_PASS_H
#define YUFU_CLI_PASS_H

#include "cli.h"

#include <yufu/crypto/keyfile.h>

enum { PASS_MAX = 1024 };

struct pass {
    const struct args *args;
    bool twice;          // a new password: ask again to be sure
    int status;          // of the complaint that was made; DONE if none was
    char text[PASS_MAX]; // secret
};

/* Reads it when it is asked for. The command declares --pass-file and --pass-fd. */
yf_pass pass_source(struct pass *p);

#endif
