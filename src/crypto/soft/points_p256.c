/* SPDX-License-Identifier: Apache-2.0 */
/* The curve P-256 (SP 800-186): p = 2^256 - 2^224 + 2^192 + 2^96 - 1, a = -3. */
#include "points.h"

#include "recode.h"

#include <yufu/base.h>

#if YF_LIMB_BITS == 64
enum { N256 = 4 };
static const limb P[N256] = { 0xFFFFFFFFFFFFFFFF, 0x00000000FFFFFFFF, 0x0000000000000000,
                              0xFFFFFFFF00000001 };

/* m P = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m, for m = t[0] */
static inline void
fold(limb *t)
{
    limb m = t[0], low = m << 32, high = m >> 32;
    limb_carry c = 0;

    limb a2 = limb_sub(m, low, &c); // m 2^256 - m 2^224 + m 2^192
    limb a3 = limb_sub(m, high, &c);
    c = 0;
    t[0] = limb_add(t[1], low, &c);
    t[1] = limb_add(t[2], high, &c);
    t[2] = limb_add(t[3], a2, &c);
    t[3] = limb_add(a3, 0, &c);
}
#else
enum { N256 = 8 };
static const limb P[N256] = { 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0x00000000,
                              0x00000000, 0x00000000, 0x00000001, 0xFFFFFFFF };

/* m P = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m, for m = t[0] */
static inline void
fold(limb *t)
{
    slimb2 m = t[0], c = 0;
    const slimb2 add[N256 + 1] = { [3] = m, [6] = m, [7] = -m, [8] = m };

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

#include "comb_p256.h"

#include "comb.h"

#include "check.h"

const struct yf_points yf_points_p256 = { .mul = points_mul,
                                          .add = points_add,
                                          .check = points_check };
