/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the self-test. Each runs on what the provider has and returns
 * YF_E_NOTFOUND if it has none of it; any other error is a failure.
 *
 * An answer is eight bytes: all that came out, folded by exclusive or. Inputs are
 * patterns: byte i is mul * i + add. The answers were made with OpenSSL 3.0 and
 * with plain integers; the standards' own vectors run in the unit tests.
 */
#ifndef YUFU_CRYPTO_SELFTEST_PARTS_H
#define YUFU_CRYPTO_SELFTEST_PARTS_H

#include <yufu/crypto/provider.h>

void yf_selftest_pattern(uint8_t *p, size_t n, unsigned mul, unsigned add);
/* YF_OK if what came out gives this answer, else YF_E_AUTH. */
YF_MUST yf_err yf_selftest_answer(const uint8_t *out, size_t n, uint64_t want);

YF_MUST yf_err yf_selftest_points(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_numbers(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_nonce(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_sign(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_verify(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_ecdh(const yf_provider *p, unsigned curve);
YF_MUST yf_err yf_selftest_encrypt(const yf_provider *p, unsigned unused);
YF_MUST yf_err yf_selftest_exchange(const yf_provider *p, unsigned unused);

YF_MUST yf_err yf_selftest_rsa(const yf_provider *p, unsigned scheme);

/* The curves that stand for all: each fast path, and the way every other one takes. */
enum { KAT_SM2, KAT_P256, KAT_P384, KAT_BP256 };

#endif
