/* SPDX-License-Identifier: Apache-2.0 */
/* The faults: a call out of the core, a division that becomes one, and two memories. */
#include <stddef.h>
#include <stdint.h>

void *malloc(size_t n);
void *fault_call(void);
uint64_t fault_divide(uint64_t a, uint64_t b);
unsigned fault_count(void);
extern unsigned fault_default;

unsigned fault_default = 7;

void *
fault_call(void)
{
    return malloc(fault_default);
}

/* On a 64-bit host one instruction; on the chip a call. */
uint64_t
fault_divide(uint64_t a, uint64_t b)
{
    return a / b;
}

unsigned
fault_count(void)
{
    static unsigned fault_calls;

    return ++fault_calls;
}
