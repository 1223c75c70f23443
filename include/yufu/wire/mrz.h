/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mrz - the machine readable zone of a travel document: ICAO Doc 9303-3 clause 4,
 * and 9303-4 (TD3, passport books), -5 (TD1, cards), -6 (TD2), clause 4.2 of each.
 *
 * The text is the lines one after the other, without line ends: 90, 72 or 88
 * characters of A-Z, 0-9 and the filler '<', as in EF.DG1. In a struct yf_mrz
 * every field is a string with its trailing fillers removed, so that the length
 * is the field's own; what is parsed is written again to the same text.
 *
 * All of it is personal data: wipe the struct when done, print it nowhere. It is
 * not secret in the sense of timing.
 */
#ifndef YUFU_WIRE_MRZ_H
#define YUFU_WIRE_MRZ_H

#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum yf_mrz_format {
    YF_MRZ_TD1 = 1, // 3 lines of 30
    YF_MRZ_TD2,     // 2 lines of 36
    YF_MRZ_TD3,     // 2 lines of 44
} yf_mrz_format;

#define YF_MRZ_MAX 90     // the longest text
#define YF_MRZ_BAC_MAX 37 // the longest yf_mrz_put_bac_info

struct yf_mrz {
    yf_mrz_format format;
    char code[3];   // "P", "PP", "I", "AC"
    char issuer[4]; // "UTO", "D"
    char nationality[4];
    char name[40];      // "ERIKSSON<<ANNA<MARIA"; at most 30, 31, 39
    char number[23];    // at most 22, 14, 9; the longer ones run on into the optional data
    char birth[7];      // YYMMDD; a year, month or day that is unknown is "<<"
    char expiry[7];     // YYMMDD
    char sex;           // 'F', 'M', '<'
    char optional[16];  // line 1 of a TD1, less what a long number takes; 7 in a TD2, 14 in a TD3
    char optional2[12]; // line 2 of a TD1
    bool optional_unchecked; // TD3 without optional data: its check digit is '<', not '0'
};

/* What is wrong with a text that can be read. Check digits first, then contents. */
enum {
    YF_MRZ_NUMBER_DIGIT = 1 << 0,
    YF_MRZ_BIRTH_DIGIT = 1 << 1,
    YF_MRZ_EXPIRY_DIGIT = 1 << 2,
    YF_MRZ_OPTIONAL_DIGIT = 1 << 3, // TD3
    YF_MRZ_COMPOSITE_DIGIT = 1 << 4,
    YF_MRZ_DIGITS = (1 << 5) - 1,

    YF_MRZ_CODE = 1 << 8, // not P (TD3); not A, C or I, or V after it
    YF_MRZ_ISSUER = 1 << 9,
    YF_MRZ_NATIONALITY = 1 << 10,
    YF_MRZ_NAME = 1 << 11,   // empty, digits, or misplaced fillers
    YF_MRZ_NUMBER = 1 << 12, // empty
    YF_MRZ_BIRTH = 1 << 13,  // no date
    YF_MRZ_EXPIRY = 1 << 14, // no date, or not all of it known
    YF_MRZ_SEX = 1 << 15,
};

/*
 * Read a text with all its faults, for one who must say what is wrong with a
 * document, or look at it in spite of that. *faults is 0 when nothing is.
 *
 * YF_E_FORMAT       not 90, 72 or 88 characters, or one outside the alphabet
 * YF_E_UNSUPPORTED  a visa (9303-7)
 */
YF_MUST YF_API yf_err yf_mrz_read(yf_span text, struct yf_mrz *out, unsigned *faults);

/* The same, and any fault is YF_E_FORMAT. What this accepts, yf_mrz_put writes. */
YF_MUST YF_API yf_err yf_mrz_parse(yf_span text, struct yf_mrz *out);

/*
 * Append the text, with all check digits. YF_E_FORMAT if a field does not fit the
 * format, ends in a filler, or would be read as a fault: what this writes,
 * yf_mrz_parse gives back.
 */
YF_API void yf_mrz_put(yf_out *o, const struct yf_mrz *m);

/* Characters in a line: 30, 36, 44; 0 for no format. */
YF_API size_t yf_mrz_line(yf_mrz_format format);

/* 9303-3 4.9: '0' to '9', or 0 if a character is outside the alphabet. */
YF_API char yf_mrz_check_digit(yf_span field);

/*
 * 9303-11 4.3.2: number, birth and expiry, each with its check digit, from which
 * the keys of basic access are derived and which is the password of PACE. Only
 * these three fields are looked at. YF_E_FORMAT if one is not as it must be.
 */
YF_API void yf_mrz_put_bac_info(yf_out *o, const struct yf_mrz *m);

/* ---- names, 9303-3 4.6 ---- */

/* The parts of m->name before and after "<<"; the second may be empty. They point into m. */
YF_API yf_span yf_mrz_primary(const struct yf_mrz *m);
YF_API yf_span yf_mrz_secondary(const struct yf_mrz *m);

/*
 * Set m->name for m->format from identifiers of A-Z with '<' between components
 * (yf_translit gives them), the second possibly empty. What is too long is cut:
 * components from the last to the first, down to their initials; the primary
 * identifier only until the secondary shows, and then by whole components. As the
 * clause "Truncation of names" wants, a name that was cut ends in a letter in the
 * last position.
 *
 * YF_E_FORMAT  no format, an empty primary identifier, or another character
 * YF_E_ROOM    a name of so many single letters that it cannot be cut that way
 */
YF_MUST YF_API yf_err yf_mrz_set_name(struct yf_mrz *m, yf_span primary, yf_span secondary);

/* ---- dates, 9303-3 4.8 ---- */

typedef struct yf_mrz_date {
    uint16_t year; // all four digits
    uint8_t month, day;
} yf_mrz_date; // 0 is unknown

/*
 * A date of birth is the latest that is not after today; so a holder of more than
 * a hundred years comes out a hundred too young. YF_E_FORMAT if there is no such day.
 */
YF_MUST YF_API yf_err yf_mrz_birth(const struct yf_mrz *m, yf_mrz_date today, yf_mrz_date *out);

/* An expiry is in the hundred years around today: 49 years back to 50 ahead. */
YF_MUST YF_API yf_err yf_mrz_expiry(const struct yf_mrz *m, yf_mrz_date today, yf_mrz_date *out);

#ifdef __cplusplus
}
#endif

#endif
