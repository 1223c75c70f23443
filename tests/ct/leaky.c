/* SPDX-License-Identifier: Apache-2.0 */
/* The seeded faults: one leak of each kind, which the harness must report, and the one door out. */
#include "ct.h"

#include "crypto/soft/declassify.h"

#include <stdint.h>

static volatile uint32_t sink;

/* Not inlined, so that the stack in the report can be read. */
#define LEAK __attribute__((noinline)) static

LEAK uint32_t
square_or_not(uint32_t x, uint8_t bit)
{
    if (bit & 1)
        sink = x;
    return x * x;
}

LEAK uint8_t
look_up(const uint8_t *table, uint8_t i)
{
    return table[i & 15];
}

LEAK int
early_exit(const uint8_t *a, const uint8_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

static void
secret_branch(void)
{
    uint8_t bit = 1;

    ct_secret(&bit, sizeof bit);
    sink = square_or_not(3, bit);
}

static void
secret_index(void)
{
    uint8_t table[16] = { 0 }, i = 7;

    ct_secret(&i, sizeof i);
    sink = look_up(table, i);
}

static void
early_exit_compare(void)
{
    uint8_t a[16] = { 0 }, b[16] = { 0 };

    ct_secret(a, sizeof a);
    sink = (uint32_t)early_exit(a, b, sizeof a);
}

static void
declassified_branch(void)
{
    uint8_t bit = 1;

    ct_secret(&bit, sizeof bit);
    YF_DECLASSIFY(&bit, sizeof bit);
    sink = square_or_not(3, bit);
}

/* Only the object that was named is public, not what it was copied from. */
static void
declassified_copy(void)
{
    uint8_t bit = 1, copy;

    ct_secret(&bit, sizeof bit);
    copy = bit;
    YF_DECLASSIFY(&copy, sizeof copy);
    sink = square_or_not(3, bit);
}

CT_MAIN(CT_LEAK(secret_branch), CT_LEAK(secret_index), CT_LEAK(early_exit_compare),
        CT(declassified_branch), CT_LEAK(declassified_copy))
