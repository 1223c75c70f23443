/* SPDX-License-Identifier: Apache-2.0 */
/*
 * selftest - known answers for all that a provider's table holds, to be asked for
 * before the table is used: at a card's start, by `yufu up`, by `yufu lab kat`.
 *
 * For each hash the digest and its HMAC; for each cipher its modes both ways and
 * its MAC; for the curves points, numbers, nonces, signatures made and verified,
 * and a changed one refused; for SM2 also encryption and key exchange; for RSA its
 * schemes; and the health tests of a noise source that is stuck. As FIPS 140-3 IG
 * 10.3 wants them. What the table does not have is passed over.
 *
 * It fails closed: a provider whose test did not end with YF_OK must not be used.
 */
#ifndef YUFU_CRYPTO_SELFTEST_H
#define YUFU_CRYPTO_SELFTEST_H

#include <yufu/crypto/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Told of each test that ran, with its name ("sm3", "aes128", "sm2.sign") and outcome. */
typedef struct yf_selftest_report {
    void (*done)(void *state, const char *name, yf_err e);
    void *state;
} yf_selftest_report;

/*
 * Run them all, also after one failed. YF_E_STATE if any did, or if the provider
 * has nothing to test. report may be NULL. Needs 2.5 KiB of stack beyond the provider's.
 */
YF_MUST YF_API yf_err yf_selftest(const yf_provider *p, const yf_selftest_report *report);

#ifdef __cplusplus
}
#endif

#endif
