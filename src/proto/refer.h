/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refer - what MSE and SecurityInfos refer to by number: keys, domain parameters. Numbers
 * from 0 to 2^31 - 1; -1 where nothing is said.
 */
#ifndef YUFU_PROTO_REFER_H
#define YUFU_PROTO_REFER_H

#include <yufu/wire/tlv.h>

/* The number of one to four bytes; -1 if it is none. */
int32_t yf_refer_get(yf_span be);

/* Append an object with this number, in as few bytes as it needs; none for -1. */
void yf_refer_put(yf_out *o, uint32_t tag, int32_t number);

/*
 * The objects of an MSE, in any order: each of n tags at most once, its value to vals, which
 * the caller cleared; others are passed over (9303-11 4.4.4.1, note 2).
 */
yf_err yf_refer_objects(yf_span in, const uint32_t *tags, yf_span *vals, size_t n);

#endif
