/* SPDX-License-Identifier: Apache-2.0 */
/*
 * date - calendar dates and the seconds since 1970-01-01T00:00:00Z.
 *
 * Universal time in the Gregorian calendar, years 0 to 9999: what the formats we
 * read can say. No leap seconds, no time zones, no division wider than 32 bits.
 */
#ifndef YUFU_WIRE_DATE_H
#define YUFU_WIRE_DATE_H

#include <yufu/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct yf_date {
    uint16_t year;      // 0 to 9999
    uint8_t month, day; // from 1
    uint8_t hour, minute, second;
} yf_date;

/* Seconds since 1970 of a date; YF_E_FORMAT if there is no such day or time. */
YF_MUST YF_API yf_err yf_date_seconds(yf_date d, int64_t *seconds);

/* And back; YF_E_ROOM outside the years 0 to 9999. */
YF_MUST YF_API yf_err yf_date_of(int64_t seconds, yf_date *d);

#ifdef __cplusplus
}
#endif

#endif
