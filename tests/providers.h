/* SPDX-License-Identifier: Apache-2.0 */
/*
 * providers - every table of functions a test of ciphers runs on.
 *
 *     for (const yf_provider *const *p = test_providers; *p; p++) ...
 *
 * An entry a provider does not have is NULL and is passed over; a test asserts
 * that somebody had it.
 */
#ifndef YUFU_TESTS_PROVIDERS_H
#define YUFU_TESTS_PROVIDERS_H

#include <yufu/crypto/provider.h>

extern const yf_provider test_provider_openssl;   // OpenSSL's SM2, SM3, SM4
extern const yf_provider *const test_providers[]; // ended by NULL; the first is soft

#endif
