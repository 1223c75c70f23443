/* SPDX-License-Identifier: Apache-2.0 */
/* The curve of SM2 (GB/T 32918.5): p = 2^256 - 2^224 - 2^96 + 2^64 - 1, a = -3. */
#include "points.h"

#include "recode.h"

#include <yufu/base.h>

#if YF_LIMB_BITS == 64
enum { N256 = 4 };
static const limb P[N256] = { 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFF,
                              0xFFFFFFFEFFFFFFFF };

/* m P = m 2^256 - m 2^224 - m 2^96 + m 2^64 - m, for m = t[0] */
static inline void
fold(limb *t)
{
    limb m = t[0], low = m << 32, high = m >> 32;
    limb_carry c = 0;

    limb s0 = limb_sub(low, m, &c); // m 2^96 - m 2^64, to be taken away
    limb s1 = limb_sub(high, 0, &c);
    c = 0;
    limb a2 = limb_sub(0, low, &c); // m 2^256 - m 2^224, to be added
    limb a3 = limb_sub(m, high, &c);
    c = 0;
    t[0] = limb_sub(t[1], s0, &c);
    t[1] = limb_sub(t[2], s1, &c);
    t[2] = limb_sub(t[3], 0, &c);
    t[3] = limb_sub(a3, 0, &c);
    c = 0;
    t[2] = limb_add(t[2], a2, &c);
    t[3] = limb_add(t[3], 0, &c);
}
#else
enum { N256 = 8 };
static const limb P[N256] = { 0xFFFFFFFF, 0xFFFFFFFF, 0x00000000, 0xFFFFFFFF,
                              0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE };

/* m P = m 2^256 - m 2^224 - m 2^96 + m 2^64 - m, for m = t[0] */
static inline void
fold(limb *t)
{
    slimb2 m = t[0], c = 0;
    const slimb2 add[N256 + 1] = { [2] = m, [3] = -m, [7] = -m, [8] = m };

    LIMB_UNROLL_ROW
    for (unsigned i = 1; i <= N256; i++) {
        c += add[i] + (i < N256 ? t[i] : 0);
        t[i - 1] = (limb)c;
        c >>= YF_LIMB_BITS;
    }
}
#endif

#include "field256.h"

#include "jacobian.h"

#include "multiply.h"

#include "naf.h"

#include "comb_sm2.h"

#include "comb.h"

#include "check.h"

const struct yf_points yf_points_sm2 = { .mul = points_mul,
                                         .add = points_add,
                                         .check = points_check };
