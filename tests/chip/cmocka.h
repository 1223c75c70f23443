/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmocka - the little of cmocka that our tests use, for the board, where there is
 * no cmocka: the same names, the same TAP.
 */
#ifndef YUFU_TESTS_CHIP_CMOCKA_H
#define YUFU_TESTS_CHIP_CMOCKA_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
};

#define cmocka_unit_test(function)                                                                 \
    {                                                                                              \
#function, function                                                                        \
    }

enum { CM_OUTPUT_TAP };
#define cmocka_set_message_output(output) ((void)(output))

static jmp_buf cmocka_failed;

#define fail_msg(...)                                                                              \
    (printf("# %s:%d: ", __FILE__, __LINE__), printf(__VA_ARGS__), printf("\n"),                   \
     longjmp(cmocka_failed, 1))
#define assert_true(c) ((c) ? (void)0 : fail_msg("%s", #c))
#define assert_int_equal(a, b) assert_true((uintmax_t)(a) == (uintmax_t)(b))
#define assert_string_equal(a, b) assert_true(strcmp((a), (b)) == 0)
#define assert_memory_equal(a, b, n) assert_true(memcmp((a), (b), (n)) == 0)
#define assert_in_range(v, low, high) assert_true((v) >= (low) && (v) <= (high))

static inline int
cmocka_run(const struct CMUnitTest *tests, int n)
{
    volatile int failed = 0;

    printf("1..%d\n", n);
    for (volatile int i = 0; i < n; i++) {
        void *state = NULL;
        volatile int bad = setjmp(cmocka_failed);
        if (!bad)
            tests[i].test(&state);
        printf("%s %d - %s\n", bad ? "not ok" : "ok", i + 1, tests[i].name);
        failed += bad;
    }
    return failed;
}

#define cmocka_run_group_tests(tests, setup, teardown)                                             \
    cmocka_run((tests), (int)(sizeof(tests) / sizeof *(tests)))

#endif
