/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiny - the smallest applications there can be: a root, an issuer's domain and one
 * more that does what a test tells it to. Through it tests see what an application
 * sees, and try to reach from it what it must not.
 */
#ifndef YUFU_TESTS_TINY_H
#define YUFU_TESTS_TINY_H

#include <yufu/card/card.h>

extern const struct yf_applet tiny_root, tiny_domain, tiny;

#define TINY_AID YF_STR("\xF0Yufu.tiny")

/*
 * What tiny answers, class 00. In every stage from PERSO to ACTIVE, unless it says so.
 *
 *   02  the data of the command
 *   04  the same; may be chained
 *   06  the class byte; links steps
 *   08  never
 *   0A  needs PIN 1: 9000
 *   0C  P1 = 1 shows PIN 1, 0 withdraws it
 *   0E  needs messaging: the data
 *   10  needs BAC or PACE
 *   12  from the next command on 3DES messaging with keys all 'P1'; P2: 1 global
 *   14  answers P1 P2 with the data
 *   16  P1 bytes 00 01 02 ...; P2 times
 *   18  the first byte of its memory, which becomes P1
 *   1A  in ACTIVE alone: 9000
 *   1C  advances to stage P1
 *   1E  what has been shown, two bytes
 *   20  more data than there is room for
 *   22  installs the module named by the data, under it; answers the number
 *   24  removes application P1
 *   26  sets application P1 to state P2
 *   28  object P1 of its own in the store becomes the data; no data: gives it
 *
 * tiny_domain, class 80: 50 INITIALIZE UPDATE, 82 EXTERNAL AUTHENTICATE with the keys
 * it was made with; 02 data, needs ADMIN; 04 data, needs nothing; in every stage.
 * tiny_root, class 80: CA gives the serial number, in every stage; class 00: A4 "mf", in use.
 */

#endif
