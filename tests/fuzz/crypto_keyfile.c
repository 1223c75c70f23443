/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key files, as they lie on a disk: a key that can be read is written, and reads as the
 * same key; what cannot be read says why, in one line.
 */
#include "fuzz.h"

#include <yufu/crypto/keyfile.h>
#include <yufu/crypto/provider.h>

#include <string.h>

static const yf_provider *const soft = &yf_provider_soft;

static void
same_private(const yf_key *k)
{
    uint8_t pem[YF_KEYFILE_MAX];
    yf_out o = yf_out_of(pem, sizeof pem);
    const char *why = "";
    yf_key again;

    MUST(yf_keyfile_write_private(soft, k, NULL, &o) == YF_OK);
    MUST(yf_keyfile_read_private(soft, yf_out_span(&o), NULL, &again, &why) == YF_OK);
    MUST(again.curve == k->curve && yf_span_eq(yf_key_point(&again), yf_key_point(k)));
    MUST(memcmp(again.d, k->d, k->curve->size) == 0);
}

static void
same_public(const yf_key *k)
{
    uint8_t pem[YF_KEYFILE_MAX];
    yf_out o = yf_out_of(pem, sizeof pem);
    const char *why = "";
    yf_key again;

    yf_keyfile_write_public(k, &o);
    MUST(yf_keyfile_read_public(soft, yf_out_span(&o), &again, &why) == YF_OK);
    MUST(again.curve == k->curve && yf_span_eq(yf_key_point(&again), yf_key_point(k)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span file = { data, size };
    const char *why = NULL;
    yf_key k;

    if (yf_keyfile_read_private(soft, file, NULL, &k, &why) == YF_OK)
        same_private(&k);
    else
        MUST(why && *why && strchr(why, '\n') == NULL);
    why = NULL;
    if (yf_keyfile_read_public(soft, file, &k, &why) == YF_OK)
        same_public(&k);
    else
        MUST(why && *why && strchr(why, '\n') == NULL);
    return 0;
}
