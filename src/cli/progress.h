/* SPDX-License-Identifier: Apache-2.0 */
/* A bar on a terminal while long work goes on; nothing where output is piped. */
#ifndef YUFU_CLI_PROGRESS_H
#define YUFU_CLI_PROGRESS_H

#include <stddef.h>

/* Show "what [####    ] 3/10" on standard error, over the last one. */
void progress(const char *what, size_t done, size_t total);
/* Wipe it, so that ordinary output can follow. */
void progress_clear(void);

#endif
