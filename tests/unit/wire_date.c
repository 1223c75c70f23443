/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/date.h>

#include <time.h>

#define FIRST (-62167219200)
#define LAST 253402300799

/* Every day of ten thousand years, at a time that differs, against the C library. */
static void
every_day_is_the_c_librarys(void **st)
{
    yf_date d = { 0 };
    int64_t back = 0;
    (void)st;

    for (int64_t s = FIRST; s <= LAST; s += 86400 + 1) {
        time_t t = (time_t)s;
        struct tm want;
        gmtime_r(&t, &want);
        bool good = yf_date_of(s, &d) == YF_OK && d.year == want.tm_year + 1900 &&
                    d.month == want.tm_mon + 1 && d.day == want.tm_mday && d.hour == want.tm_hour &&
                    d.minute == want.tm_min && d.second == want.tm_sec &&
                    yf_date_seconds(d, &back) == YF_OK && back == s;
        if (!good)
            fail_msg("%lld is %04d-%02d-%02d?", (long long)s, d.year, d.month, d.day);
    }
}

static void
the_ends_of_the_calendar(void **st)
{
    yf_date d = { 0 };
    (void)st;

    T_OK(yf_date_of(LAST, &d));
    T(d.year == 9999 && d.month == 12 && d.day == 31 && d.hour == 23 && d.minute == 59 &&
      d.second == 59);
    T_ERR(YF_E_ROOM, yf_date_of(LAST + 1, &d));
    T_ERR(YF_E_ROOM, yf_date_of(FIRST - 1, &d));
    T_ERR(YF_E_ROOM, yf_date_of(INT64_MAX, &d));
    T_ERR(YF_E_ROOM, yf_date_of(INT64_MIN, &d));
    T(d.year == 9999);
    T_OK(yf_date_of(FIRST, &d));
    T(d.year == 0 && d.month == 1 && d.day == 1 && d.hour == 0 && d.second == 0);
}

static void
no_such_day(void **st)
{
    static const yf_date none[] = {
        { 2023, 2, 29, 0, 0, 0 },     { 2100, 2, 29, 0, 0, 0 }, { 2000, 4, 31, 0, 0, 0 },
        { 2000, 0, 1, 0, 0, 0 },      { 2000, 13, 1, 0, 0, 0 }, { 2000, 1, 0, 0, 0, 0 },
        { 2000, 1, 32, 0, 0, 0 },     { 2000, 1, 1, 24, 0, 0 }, { 2000, 1, 1, 0, 60, 0 },
        { 2016, 12, 31, 23, 59, 60 }, { 10000, 1, 1, 0, 0, 0 },
    };
    static const uint8_t last[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t s = 7;
    (void)st;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        T_ERR(YF_E_FORMAT, yf_date_seconds(none[i], &s));
    T(s == 7);
    for (uint8_t m = 1; m <= 12; m++) {
        T_OK(yf_date_seconds((yf_date){ 2023, m, last[m - 1], 0, 0, 0 }, &s));
        T_ERR(YF_E_FORMAT,
              yf_date_seconds((yf_date){ 2023, m, (uint8_t)(last[m - 1] + 1), 0, 0, 0 }, &s));
    }
    T_OK(yf_date_seconds((yf_date){ 2000, 2, 29, 0, 0, 0 }, &s));
    T(s == 951782400);
}

T_MAIN(cmocka_unit_test(every_day_is_the_c_librarys), cmocka_unit_test(the_ends_of_the_calendar),
       cmocka_unit_test(no_such_day))
