/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stack - how much stack a function takes: it is run on one that was painted before,
 * and the paint that is gone is counted.
 *
 *     size_t n = stack_used(run, &what);
 */
#ifndef YUFU_TESTS_STACK_H
#define YUFU_TESTS_STACK_H

#include <stdint.h>
#include <string.h>
#include <ucontext.h>

enum { STACK_PAINTED = 256 * 1024, STACK_PAINT = 0xC5 };

static struct {
    void (*run)(void *arg);
    void *arg;
    ucontext_t back;
    _Alignas(64) uint8_t mem[STACK_PAINTED];
} stack;

static inline void
stack_enter(void)
{
    stack.run(stack.arg);
}

static inline size_t
stack_used(void (*run)(void *arg), void *arg)
{
    ucontext_t there;
    size_t left = 0;

    memset(stack.mem, STACK_PAINT, sizeof stack.mem);
    stack.run = run;
    stack.arg = arg;
    getcontext(&there);
    there.uc_stack.ss_sp = stack.mem;
    there.uc_stack.ss_size = sizeof stack.mem;
    there.uc_link = &stack.back;
    makecontext(&there, stack_enter, 0);
    swapcontext(&stack.back, &there);
    while (left < sizeof stack.mem && stack.mem[left] == STACK_PAINT)
        left++;
    return sizeof stack.mem - left;
}

#endif
