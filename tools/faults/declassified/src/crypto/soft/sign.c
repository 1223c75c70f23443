/* SPDX-License-Identifier: Apache-2.0 */
void
sign(unsigned char *sig, int again)
{
    YF_DECLASSIFY(sig, 64);
    YF_DECLASSIFY(&again, sizeof again);
}

void
open(int bad)
{
    YF_DECLASSIFY(&bad, sizeof bad);
}
