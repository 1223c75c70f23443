/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

/* libFuzzer brings main; an abort is how it learns of an input worth keeping. */
void
fuzz_broken(const char *property, const char *file, int line)
{
    fprintf(stderr, "%s:%d: property broken: %s\n", file, line, property);
    abort();
}
