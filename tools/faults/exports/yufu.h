/* SPDX-License-Identifier: Apache-2.0 */
#define YF_API __attribute__((visibility("default")))

/* YF_API void yf_commented(void); */
YF_API void yf_missing(int (*call)(void));
YF_API extern const int yf_table[2], yf_gone;
