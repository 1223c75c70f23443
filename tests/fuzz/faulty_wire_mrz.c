/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a text is accepted whose composite check digit is wrong. */
#include <yufu/wire/mrz.h>

static yf_err
faulty_parse(yf_span text, struct yf_mrz *out)
{
    unsigned faults;
    yf_err e = yf_mrz_read(text, out, &faults);

    return e ? e : faults & ~(unsigned)YF_MRZ_COMPOSITE_DIGIT ? YF_E_FORMAT : YF_OK;
}

#define yf_mrz_parse faulty_parse
#include "wire_mrz.c"
