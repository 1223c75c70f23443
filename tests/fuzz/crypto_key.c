/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: one that is read without a mark is what we would have written, byte for
 * byte; one with a mark is the same key when written and read again.
 *
 * Input: which of the readers, and the DER.
 */
#include "fuzz.h"

#include <yufu/crypto/key.h>
#include <yufu/crypto/provider.h>

#include <string.h>

typedef yf_err reader(const yf_provider *p, yf_span der, yf_key *k);
typedef void writer(const yf_key *k, yf_out *o);

static void
same_key(const yf_key *a, const yf_key *b)
{
    MUST(a->curve == b->curve && a->has_private == b->has_private);
    MUST(yf_span_eq(yf_key_point(a), yf_key_point(b)));
    MUST(memcmp(a->d, b->d, sizeof a->d) == 0);
}

static void
round_trip(yf_span der, reader *read, reader *read_again, writer *write)
{
    uint8_t mem[YF_KEY_DER_MAX];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_key k, again;

    if (read(&yf_provider_soft, der, &k))
        return;
    write(&k, &o);
    MUST(o.err == YF_OK);
    if (k.form == 0 && read == read_again)
        MUST(yf_span_eq(yf_out_span(&o), der));
    MUST(read_again(&yf_provider_soft, yf_out_span(&o), &again) == YF_OK);
    MUST(again.form == 0);
    same_key(&k, &again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    yf_span der = { data + 1, size - 1 };
    switch (data[0] % 3) {
    case 0:
        round_trip(der, yf_key_read_private, yf_key_read_private, yf_key_write_private);
        break;
    case 1:
        round_trip(der, yf_key_read_sec1, yf_key_read_private, yf_key_write_private);
        break;
    default:
        round_trip(der, yf_key_read_public, yf_key_read_public, yf_key_write_public);
    }
    return 0;
}
