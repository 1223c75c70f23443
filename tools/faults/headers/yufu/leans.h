/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: uses a type without including what declares it. */
uint8_t yf_leans(void);
