/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: what only GNU C has, an array of nothing. */
typedef unsigned char yf_gnu[0];
