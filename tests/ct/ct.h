/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ct - shows that code takes the same way whatever its secrets are.
 *
 * Secret bytes are marked undefined. Under valgrind every branch and every
 * address that depends on one is an error with its stack, however far the value
 * travelled. A program is a list of cases:
 *
 *     static void compares(void) { ct_secret(key, 32); ... ct_public(&same, sizeof same); }
 *     CT_MAIN(CT(compares))
 *
 * A case fails when valgrind reports anything in it. CT_LEAK is the reverse,
 * for code that leaks on purpose: the case fails when nothing is reported.
 *
 * What it cannot see: instructions whose time depends on their operands
 * (division; on some chips multiplication), caches, power.
 */
#ifndef YUFU_TESTS_CT_H
#define YUFU_TESTS_CT_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <valgrind/memcheck.h>

/* From here on these bytes are secret, and so is all that is computed from them. */
static inline void
ct_secret(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

/* The test may look at these: an answer, an output it compares with a vector. */
static inline void
ct_public(const void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_DEFINED(p, n);
}

struct ct_case {
    const char *name;
    void (*run)(void);
    int leaks;
};

#define CT(function)                                                                               \
    {                                                                                              \
#function, function, 0                                                                     \
    }
#define CT_LEAK(function)                                                                          \
    {                                                                                              \
#function, function, 1                                                                     \
    }

/* Runs every case, as TAP; nonzero if one failed. */
static inline int
ct_run(const struct ct_case *c, size_t n)
{
    int failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!RUNNING_ON_VALGRIND) {
        printf("Bail out! only valgrind sees what this test is about\n");
        return 1;
    }
    printf("1..%zu\n", n);
    for (size_t i = 0; i < n; i++) {
        unsigned before = VALGRIND_COUNT_ERRORS;
        c[i].run();
        unsigned found = VALGRIND_COUNT_ERRORS - before;
        int good = (found > 0) == c[i].leaks;
        failed += !good;
        printf("%s %zu - %s%s\n", good ? "ok" : "not ok", i + 1, c[i].name,
               c[i].leaks ? " must leak" : "");
        if (!good)
            printf("# %u reports\n", found);
    }
    return failed != 0;
}

#define CT_MAIN(...)                                                                               \
    int main(void)                                                                                 \
    {                                                                                              \
        static const struct ct_case cases[] = { __VA_ARGS__ };                                     \
        return ct_run(cases, sizeof cases / sizeof *cases);                                        \
    }

#endif
