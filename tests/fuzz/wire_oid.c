/* SPDX-License-Identifier: Apache-2.0 */
/* Object identifiers: text that we accept, we would have written; the same for bytes. */
#include "fuzz.h"

#include <yufu/wire/oid.h>

enum { SIZE_LIMIT = 1 << 10 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yf_span in = { data, size };
    uint8_t a[4 * SIZE_LIMIT], b[4 * SIZE_LIMIT];

    if (size > SIZE_LIMIT)
        return 0;
    yf_out bytes = yf_out_of(a, sizeof a), text = yf_out_of(b, sizeof b);
    yf_oid_put(&bytes, in);
    yf_oid_text(&text, yf_out_span(&bytes));
    MUST(bytes.err == YF_OK || bytes.err == YF_E_FORMAT || bytes.err == YF_E_UNSUPPORTED);
    MUST(bytes.err || yf_span_eq(yf_out_span(&text), in));

    bytes = yf_out_of(a, sizeof a);
    text = yf_out_of(b, sizeof b);
    yf_oid_text(&text, in);
    yf_oid_put(&bytes, yf_out_span(&text));
    MUST((text.err == YF_E_FORMAT) == !yf_oid_ok(in));
    MUST(text.err || yf_span_eq(yf_out_span(&bytes), in));
    return 0;
}
