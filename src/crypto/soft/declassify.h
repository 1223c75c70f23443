/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declassify - the one door through which what was computed from a secret
 * becomes public: a signature's r and s, a public key, a retry bit.
 *
 *     YF_DECLASSIFY(&retry, sizeof retry);    // how often we drew says nothing of what we kept
 *     if (retry)
 *         goto again;
 *
 * The object must be an lvalue's address, and is what the following code must
 * read: a copy made before the declassification stays secret.
 *
 * In the product it is nothing. In the constant-time test, whose core alone is
 * compiled with YF_CT_TEST, secrets are bytes that valgrind takes for undefined,
 * and this defines them again. Each use owes one line in
 * tests/ct/declassified.txt with its reason; a test holds the two together.
 */
#ifndef YUFU_CRYPTO_SOFT_DECLASSIFY_H
#define YUFU_CRYPTO_SOFT_DECLASSIFY_H

#ifdef YF_CT_TEST
#include <valgrind/memcheck.h>
#define YF_DECLASSIFY(p, n) ((void)VALGRIND_MAKE_MEM_DEFINED((p), (n)))
#else
#define YF_DECLASSIFY(p, n) ((void)(p), (void)(n))
#endif

#endif
