/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

enum { WIDTH = 30 };

void
progress(const char *what, size_t done, size_t total)
{
    char bar[WIDTH + 1];

    if (!isatty(STDERR_FILENO) || total == 0)
        return;
    for (size_t i = 0; i < WIDTH; i++)
        bar[i] = i * total < done * WIDTH ? '#' : ' ';
    bar[WIDTH] = 0;
    fprintf(stderr, "\r\033[K%s [%s] %zu/%zu", what, bar, done, total);
    (void)fflush(stderr);
}

void
progress_clear(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}
