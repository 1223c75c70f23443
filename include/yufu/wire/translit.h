/* SPDX-License-Identifier: Apache-2.0 */
/*
 * translit - names in national letters, as A-Z and '<' for a machine readable zone.
 *
 * ICAO Doc 9303-3, eighth edition, 4.6 and 6: table A (Latin), B (Cyrillic), C and
 * appendix B.5 (Arabic). The tables recommend; where they give a choice, the first
 * is taken unless the caller chooses otherwise.
 *
 * Beside the tables' own rows, five letters get what their intent plainly is:
 * Ș Ț (listed with a cedilla only) S T, Ѓ and Ћ (listed as their look-alikes Ғ and Һ)
 * G and C, and Ь nothing, as in the passports of the states that write it.
 */
#ifndef YUFU_WIRE_TRANSLIT_H
#define YUFU_WIRE_TRANSLIT_H

#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Choices, or-ed: how to write five Latin letters, and at most one language for Cyrillic. */
enum {
    YF_TRANSLIT_A = 1 << 0,   // Ä as A, not AE
    YF_TRANSLIT_AA = 1 << 1,  // Å as A, not AA
    YF_TRANSLIT_N = 1 << 2,   // Ñ as NXX, not N
    YF_TRANSLIT_O = 1 << 3,   // Ö as O, not OE
    YF_TRANSLIT_U = 1 << 4,   // Ü as U, not UE
    YF_TRANSLIT_UXX = 1 << 5, // Ü as UXX, not UE

    YF_TRANSLIT_BELARUSIAN = 1 << 8,
    YF_TRANSLIT_BULGARIAN = 1 << 9,
    YF_TRANSLIT_MACEDONIAN = 1 << 10,
    YF_TRANSLIT_SERBIAN = 1 << 11,
    YF_TRANSLIT_UKRAINIAN = 1 << 12,
};

/*
 * Append one identifier, primary or secondary, given as UTF-8 in composed form
 * (NFC), in either case, in its own order of writing:
 *
 * space hyphen comma   end a component; components are joined by one '<'
 * apostrophe and other punctuation   omitted
 * Arabic   vowel signs and four obsolete letters are not encoded; shadda repeats
 *          the letter before it; teh marbuta is XTA, XAH at the end of a component
 *
 * Personal data: o's memory is the caller's to wipe. Nothing is ever dropped that
 * the standard does not drop:
 * YF_E_UNSUPPORTED  a character that has no row: digits, other scripts, accents
 *                   that stand alone
 * YF_E_FORMAT       not UTF-8
 */
YF_API void yf_translit(yf_out *o, yf_span utf8, unsigned choices);

#ifdef __cplusplus
}
#endif

#endif
