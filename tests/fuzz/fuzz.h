/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz - what every fuzz target shares.
 *
 * A target is one C file with LLVMFuzzerTestOneInput. It states a property of
 * its subject with MUST; that nothing crashes is only the weakest of them.
 *
 * Linked with replay.c it replays tests/corpus/<target> as an ordinary test,
 * with any compiler; linked with libfuzzer.c (meson option fuzz) it searches.
 */
#ifndef YUFU_TESTS_FUZZ_H
#define YUFU_TESTS_FUZZ_H

#include <yufu/base.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property does not hold: say which, and end the process. */
YF_NORETURN void fuzz_broken(const char *property, const char *file, int line);

#define MUST(property) ((property) ? (void)0 : fuzz_broken(#property, __FILE__, __LINE__))

#endif
