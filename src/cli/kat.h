/* SPDX-License-Identifier: Apache-2.0 */
/* The self-tests of a provider, counted. */
#ifndef YUFU_CLI_KAT_H
#define YUFU_CLI_KAT_H

#include <yufu/crypto/provider.h>

struct kat {
    size_t passed, failed;
    double ms;
    /* Told of each test; may be NULL. */
    void (*each)(const char *provider, const char *name, bool ok, void *arg);
    void *arg;
    const char *provider; // of the run under way
};

/* Adds to the counts; false if anything failed, or there was nothing to test. */
bool kat_run(const yf_provider *p, struct kat *k);

/* The tables this program can be asked to trust, ended by NULL. */
extern const yf_provider *const kat_providers[];

#endif
