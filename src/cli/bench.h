/* SPDX-License-Identifier: Apache-2.0 */
/* A result of the bench, as a line for people or an object for programs. */
#ifndef YUFU_CLI_BENCH_H
#define YUFU_CLI_BENCH_H

#include <lab/bench/bench.h>

#include <jansson.h>

void bench_result_print(const struct bench_result *r);
json_t *bench_result_json(const struct bench_result *r); // a new reference

#endif
