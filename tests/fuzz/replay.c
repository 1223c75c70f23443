/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay - run a fuzz target over its corpus, as TAP.
 *
 *     fuzz_<target> DIR                every input must hold; no input at all is a failure
 *     fuzz_<target> --must-break DIR   some input must break the property: the target was
 *                                      built from a faulty_*.c, and a property that does
 *                                      not notice the fault is worth nothing
 *
 * Only a broken MUST counts as breaking: a crash, a missing corpus or an
 * unreadable file fails either way.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    const char *input;
    int number;
    bool must_break;
} now;

YF_NORETURN static void
die(const char *what, const char *path)
{
    printf("Bail out! %s '%s'\n", what, path);
    exit(1);
}

void
fuzz_broken(const char *property, const char *file, int line)
{
    if (now.must_break) {
        printf("ok 1 - %s breaks: %s\n", now.input, property);
        exit(0);
    }
    printf("not ok %d - %s\n# %s:%d: property broken: %s\n", now.number, now.input, file, line,
           property);
    fflush(stdout);
    abort();
}

/* The whole file in memory of exactly its size, so that a sanitizer sees the end of it. */
static uint8_t *
slurp(const char *path, size_t *n)
{
    FILE *in = fopen(path, "rb");
    long size;

    if (!in || fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0 || fseek(in, 0, SEEK_SET))
        die("cannot read", path);
    *n = (size_t)size;
    uint8_t *bytes = malloc(*n ? *n : 1);
    if (!bytes || fread(bytes, 1, *n, in) != *n)
        die("cannot read", path);
    fclose(in);
    return bytes;
}

static void
replay(const char *dir, const char *name)
{
    char path[4096];
    size_t n;

    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path)
        die("name too long", name);
    uint8_t *bytes = slurp(path, &n);
    now.input = name;
    now.number++;
    LLVMFuzzerTestOneInput(bytes, n);
    free(bytes);
    if (!now.must_break)
        printf("ok %d - %s\n", now.number, name);
}

static int
visible(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

int
main(int argc, char **argv)
{
    const char *dir = argc > 1 ? argv[argc - 1] : "";
    struct dirent **file;
    int files = scandir(dir, &file, visible, alphasort);

    now.must_break = argc > 2 && strcmp(argv[1], "--must-break") == 0;
    if (files < 0)
        die("cannot open corpus", dir);
    if (files == 0)
        die("no input in corpus", dir);
    printf("1..%d\n", now.must_break ? 1 : files);
    for (int i = 0; i < files; i++) {
        replay(dir, file[i]->d_name);
        free(file[i]);
    }
    free(file);
    if (now.must_break)
        printf("not ok 1 - %d inputs, and none notices the fault\n", files);
    return now.must_break;
}
