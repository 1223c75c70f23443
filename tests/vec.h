/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vec - test vectors as text: `name = value` lines, a record per blank line,
 * `#` starts a comment line. A line `[name = value]` holds for every record
 * that follows, until the same name is set again. Values are hex unless read
 * with vec_str or vec_num; an empty value is an empty span.
 *
 * The head of each file names its source, licence and version.
 */
#ifndef YUFU_TESTS_VEC_H
#define YUFU_TESTS_VEC_H

#include <yufu/base.h>

struct vec;

/*
 * Call one(v, arg) for each record of tests/vectors/<file>; returns how many
 * there were. A file that is missing, malformed or empty ends the test as failed.
 */
size_t vec_each(const char *file, void (*one)(const struct vec *v, void *arg), void *arg);

/* The value of a field: bytes from hex, text, or a decimal number. A missing field fails the test.
 */
yf_span vec_get(const struct vec *v, const char *name);
const char *vec_str(const struct vec *v, const char *name);
long vec_num(const struct vec *v, const char *name);

bool vec_has(const struct vec *v, const char *name);

/* "file:line", for messages. */
const char *vec_where(const struct vec *v);

#endif
