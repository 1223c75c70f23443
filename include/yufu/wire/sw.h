/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sw - status words: the two bytes that end every response of a card, and a
 * card handler's error type.
 *
 * ISO/IEC 7816-4 5.6, tables 5 and 6. The names below are those that cards and
 * readers of this project compare with or return; every other value the
 * standard defines has its text in sw.c. GlobalPlatform and ICAO 9303 use the
 * same values; what they add is marked.
 *
 * Three ranges carry a number: 61xx (bytes still available), 6Cxx (the right
 * Le) and 63Cx (a counter, mostly of tries left). They are built and read with
 * the functions below, never by hand.
 */
#ifndef YUFU_WIRE_SW_H
#define YUFU_WIRE_SW_H

#include <yufu/wire/out.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t yf_sw;

enum {
    YF_SW_OK = 0x9000,

    YF_SW_WARNING = 0x6200,          // state unchanged, no more to say
    YF_SW_DATA_CORRUPT = 0x6281,     // part of the returned data may be corrupted
    YF_SW_END_OF_FILE = 0x6282,      // end of file or record before Ne bytes were read
    YF_SW_FILE_DEACTIVATED = 0x6283, // GlobalPlatform: card locked
    YF_SW_FILE_TERMINATED = 0x6285,

    YF_SW_WARNING_CHANGED = 0x6300, // state changed; GlobalPlatform, 9303: authentication failed
    YF_SW_MORE_DATA = 0x6310,       // GlobalPlatform GET STATUS: ask for the next occurrence
    YF_SW_FILE_FULL = 0x6381,

    YF_SW_EXECUTION = 0x6400, // execution error, state unchanged
    YF_SW_MEMORY = 0x6581,    // memory failure
    YF_SW_SECURITY = 0x6600,  // security-related issue

    YF_SW_WRONG_LENGTH = 0x6700,

    YF_SW_CLA_FUNCTION = 0x6800,  // function in CLA not supported
    YF_SW_NO_CHANNEL = 0x6881,    // logical channel not supported
    YF_SW_NO_SM = 0x6882,         // secure messaging not supported
    YF_SW_LAST_OF_CHAIN = 0x6883, // last command of the chain expected
    YF_SW_NO_CHAINING = 0x6884,   // command chaining not supported

    YF_SW_NOT_ALLOWED = 0x6900,
    YF_SW_FILE_STRUCTURE = 0x6981,     // command incompatible with file structure
    YF_SW_SECURITY_STATUS = 0x6982,    // security status not satisfied
    YF_SW_AUTH_BLOCKED = 0x6983,       // authentication method blocked
    YF_SW_REFERENCE_UNUSABLE = 0x6984, // reference data not usable
    YF_SW_CONDITIONS = 0x6985,         // conditions of use not satisfied
    YF_SW_NO_CURRENT_EF = 0x6986,
    YF_SW_SM_MISSING = 0x6987,   // secure messaging data objects missing
    YF_SW_SM_INCORRECT = 0x6988, // secure messaging data objects incorrect

    YF_SW_WRONG_DATA = 0x6A80,     // incorrect parameters in the data field
    YF_SW_NO_FUNCTION = 0x6A81,    // function not supported; GlobalPlatform: card life cycle
    YF_SW_FILE_NOT_FOUND = 0x6A82, // file or application not found
    YF_SW_RECORD_NOT_FOUND = 0x6A83,
    YF_SW_NO_MEMORY = 0x6A84, // not enough memory
    YF_SW_NC_TLV = 0x6A85,    // Nc inconsistent with TLV structure
    YF_SW_WRONG_P1P2 = 0x6A86,
    YF_SW_NC_P1P2 = 0x6A87,             // Nc inconsistent with P1-P2
    YF_SW_REFERENCE_NOT_FOUND = 0x6A88, // referenced data not found
    YF_SW_FILE_EXISTS = 0x6A89,
    YF_SW_NAME_EXISTS = 0x6A8A, // DF name already exists

    YF_SW_OUT_OF_RANGE = 0x6B00, // wrong P1-P2, such as an offset beyond the file
    YF_SW_WRONG_INS = 0x6D00,    // instruction not supported or invalid
    YF_SW_WRONG_CLA = 0x6E00,    // class not supported
    YF_SW_UNKNOWN = 0x6F00,      // no precise diagnosis

    YF_SW_ALGORITHM = 0x9484, // GlobalPlatform: algorithm not supported
    YF_SW_KEY_CHECK = 0x9485, // GlobalPlatform: invalid key check value
};

/* Table 5. INVALID: no card may send it (not 6xxx or 9xxx, or 60xx). */
typedef enum yf_sw_class {
    YF_SW_CLASS_INVALID,
    YF_SW_CLASS_NORMAL,    // 9000, 61xx
    YF_SW_CLASS_WARNING,   // 62xx, 63xx: done, with a remark
    YF_SW_CLASS_EXECUTION, // 64xx to 66xx: tried and failed
    YF_SW_CLASS_CHECKING,  // 67xx to 6Fxx: refused
    YF_SW_CLASS_OTHER,     // 9xxx but 9000: the application's own
} yf_sw_class;

YF_API yf_sw_class yf_sw_class_of(yf_sw sw);

/* 61xx: n bytes are available, 256 or more said as 00. */
static inline yf_sw
yf_sw_more(size_t n)
{
    return (yf_sw)(0x6100 | (n < 256 ? n : 0));
}

/* 6Cxx: the command would be right with Le = n, 1 to 256. */
static inline yf_sw
yf_sw_wrong_le(size_t n)
{
    return (yf_sw)(0x6C00 | (n & 0xFF));
}

/* 63Cx: a check failed and n tries are left; more than 15 are said as 15. */
static inline yf_sw
yf_sw_tries(unsigned n)
{
    return (yf_sw)(0x63C0 | (n < 15 ? n : 15));
}

/* Is it 61xx, 6Cxx, 63Cx? */
static inline bool
yf_sw_is_more(yf_sw sw)
{
    return sw >> 8 == 0x61;
}

static inline bool
yf_sw_is_wrong_le(yf_sw sw)
{
    return sw >> 8 == 0x6C;
}

static inline bool
yf_sw_is_tries(yf_sw sw)
{
    return sw >> 4 == 0x63C;
}

/* The number in a 61xx or 6Cxx, 1 to 256. */
static inline unsigned
yf_sw_count(yf_sw sw)
{
    return (sw & 0xFF) ? sw & 0xFF : 256;
}

/*
 * What the standard says of it, lower case, without the number in a range:
 * "file or application not found". A value without an entry gets the text of its
 * SW1, an invalid one "invalid status word". Never NULL.
 */
YF_API const char *yf_sw_text(yf_sw sw);

/* The four digits, the text and the number: "63C2 comparison failed, tries left: 2". */
YF_API void yf_sw_put_text(yf_out *o, yf_sw sw);

#ifdef __cplusplus
}
#endif

#endif
