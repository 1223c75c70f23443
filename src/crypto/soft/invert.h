/* SPDX-License-Identifier: Apache-2.0 */
/*
 * invert - the inversion in GF(2^8) that AES and SM4 share, as a circuit on planes.
 *
 * Both S-boxes are an inversion between two affine maps. The inversion is done in
 * a tower GF(((2^2)^2)^2); the 62 gates here are the non-linear part of the
 * circuit of Boyar and Peralta ("A new combinational logic minimization technique
 * with applications to cryptology", 2010). It takes 22 linear combinations y of the
 * input bits and gives 18 products z, of which the output bits are linear
 * combinations. These two linear layers hold everything else: change of basis,
 * isomorphism between the fields, the affine maps, and a free factor f, because
 * 1/x = f/(fx). aes.c and sm4.c have the shortest layers a search over all
 * isomorphisms and factors found: 48 gates each. That they are the S-boxes is shown
 * by the vectors, whose keys and texts walk through all their values.
 *
 * The constants of the affine maps are not here: xor with a constant passes
 * through to the round keys.
 */
#ifndef YUFU_CRYPTO_SOFT_INVERT_H
#define YUFU_CRYPTO_SOFT_INVERT_H

#include "slice.h"

INLINE void
invert(word z[18], const word y[22])
{
    // the products of the two halves, down to GF(2^4)
    word m = y[12] & y[15], n = y[13] & y[16], o = y[9] & y[11];
    word p = (y[14] & y[17]) ^ o, r = (y[8] & y[10]) ^ o;
    word a = (y[3] & y[6]) ^ m ^ p ^ y[20];
    word b = (y[4] & y[0]) ^ m ^ r ^ y[19];
    word c = (y[5] & y[1]) ^ n ^ p ^ y[21];
    word d = (y[2] & y[7]) ^ n ^ r ^ y[18];

    // the inverse of (a, b, c, d) in GF(2^4)
    word ab = a ^ b, cd = c ^ d, ac = a & c;
    word dac = d ^ ac;
    word e = (ab & dac) ^ b;
    word f = ((b ^ ac) & cd) ^ d;
    word df = d & (dac ^ f);
    word g = df ^ c ^ f;
    word h = ab ^ (e & (dac ^ df));

    // and back up
    word gh = g ^ h, ef = e ^ f, eh = e ^ h, fg = f ^ g, all = ef ^ gh;

    z[0] = fg & y[15];
    z[1] = g & y[6];
    z[2] = f & y[0];
    z[3] = eh & y[16];
    z[4] = h & y[1];
    z[5] = e & y[7];
    z[6] = ef & y[11];
    z[7] = all & y[17];
    z[8] = gh & y[10];
    z[9] = fg & y[12];
    z[10] = g & y[3];
    z[11] = f & y[4];
    z[12] = eh & y[13];
    z[13] = h & y[5];
    z[14] = e & y[2];
    z[15] = ef & y[9];
    z[16] = all & y[14];
    z[17] = gh & y[8];
}

#endif
