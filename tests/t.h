/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t - the few words our tests are written in; cmocka underneath, TAP out.
 *
 *     static void reads_front_to_back(void **st) { (void)st; T(1 + 1 == 2); }
 *     T_MAIN(cmocka_unit_test(reads_front_to_back))
 *
 * A program whose peer is missing skips as a whole, before cmocka starts, with
 * T_SKIP_ALL: cmocka 1.1.5 prints single skips in a form Meson counts as failed.
 */
#ifndef YUFU_TESTS_T_H
#define YUFU_TESTS_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T(cond) assert_true(cond)
#define T_OK(expr) assert_int_equal((expr), YF_OK)
#define T_ERR(err, expr) assert_int_equal((expr), (err))
#define T_SPAN(a, b) assert_true(yf_span_eq((a), (b)))
#define T_MEM(a, b, n) assert_memory_equal((a), (b), (n))

/* The span of bytes as one sees them: BYTES(0x5C, 0x01, 0x61). */
#define BYTES(...)                                                                                 \
    ((yf_span){ (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }) })

#define T_SKIP_ALL(reason)                                                                         \
    do {                                                                                           \
        printf("1..0 # SKIP %s\n", reason);                                                        \
        exit(0);                                                                                   \
    } while (0)

#define T_MAIN(...)                                                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const struct CMUnitTest tests[] = { __VA_ARGS__ };                                         \
        cmocka_set_message_output(CM_OUTPUT_TAP);                                                  \
        return cmocka_run_group_tests(tests, NULL, NULL);                                          \
    }

#endif
