/* SPDX-License-Identifier: Apache-2.0 */
/* The fault: a word that C++ keeps for itself. */
int yf_word(int class);
