/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Years are counted from March, so that the leap day is the last of its year, and
 * from 400 years before year 0, so that nothing is negative.
 */
#include <yufu/wire/date.h>

enum {
    CYCLE_YEARS = 400,
    CYCLE_DAYS = 146097,
    DAY = 86400,
    YEAR_0 = CYCLE_DAYS - 60, // 1 January of year 0, in days from our origin
    YEAR_1970 = YEAR_0 + 719528,
};
#define FIRST_SECOND INT64_C(-62167219200) // 0000-01-01T00:00:00Z
#define LAST_SECOND INT64_C(253402300799)  // 9999-12-31T23:59:59Z

static unsigned
month_days(unsigned year, unsigned month)
{
    static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

static bool
exists(yf_date d)
{
    return d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= month_days(d.year, d.month) && d.hour < 24 && d.minute < 60 && d.second < 60;
}

/* Days from our origin to the first of March of a year counted from there. */
static uint32_t
days_before(uint32_t year)
{
    return 365 * year + year / 4 - year / 100 + year / 400;
}

/* Days before the nth month counted from March: 0, 31, 61, 92, ... */
static uint32_t
month_start(uint32_t month)
{
    return (153 * month + 2) / 5;
}

yf_err
yf_date_seconds(yf_date d, int64_t *seconds)
{
    if (!exists(d))
        return YF_E_FORMAT;
    uint32_t year = d.year + CYCLE_YEARS - (d.month <= 2 ? 1U : 0U);
    uint32_t month = d.month <= 2 ? d.month + 9U : d.month - 3U;
    uint32_t days = days_before(year) + month_start(month) + d.day - 1U;
    int32_t time = (d.hour * 60 + d.minute) * 60 + d.second;

    *seconds = (int64_t)((int32_t)days - YEAR_1970) * DAY + time;
    return YF_OK;
}

static void
split_days(uint32_t days, yf_date *d)
{
    uint32_t cycle = days / CYCLE_DAYS, left = days % CYCLE_DAYS;
    uint32_t year = (left - left / 1460 + left / 36524 - left / (CYCLE_DAYS - 1)) / 365;
    uint32_t day = left - days_before(year);
    uint32_t month = (5 * day + 2) / 153;

    d->day = (uint8_t)(day - month_start(month) + 1);
    d->month = (uint8_t)(month < 10 ? month + 3 : month - 9);
    d->year = (uint16_t)((cycle - 1) * CYCLE_YEARS + year + (month >= 10));
}

yf_err
yf_date_of(int64_t seconds, yf_date *d)
{
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND)
        return YF_E_ROOM;
    /* A day is 675 * 128 seconds, and the range in units of 128 fits 32 bits. */
    uint64_t since = (uint64_t)(seconds - FIRST_SECOND);
    uint32_t units = (uint32_t)(since >> 7);
    uint32_t time = units % 675 << 7 | ((uint32_t)since & 127);

    split_days(YEAR_0 + units / 675, d);
    d->hour = (uint8_t)(time / 3600);
    d->minute = (uint8_t)(time / 60 % 60);
    d->second = (uint8_t)(time % 60);
    return YF_OK;
}
