/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/sw.h>

yf_sw_class
yf_sw_class_of(yf_sw sw)
{
    static const uint8_t of_6x[16] = {
        [0x1] = YF_SW_CLASS_NORMAL,    [0x2] = YF_SW_CLASS_WARNING,   [0x3] = YF_SW_CLASS_WARNING,
        [0x4] = YF_SW_CLASS_EXECUTION, [0x5] = YF_SW_CLASS_EXECUTION, [0x6] = YF_SW_CLASS_EXECUTION,
        [0x7] = YF_SW_CLASS_CHECKING,  [0x8] = YF_SW_CLASS_CHECKING,  [0x9] = YF_SW_CLASS_CHECKING,
        [0xA] = YF_SW_CLASS_CHECKING,  [0xB] = YF_SW_CLASS_CHECKING,  [0xC] = YF_SW_CLASS_CHECKING,
        [0xD] = YF_SW_CLASS_CHECKING,  [0xE] = YF_SW_CLASS_CHECKING,  [0xF] = YF_SW_CLASS_CHECKING,
    };

    if (sw >> 12 == 6)
        return (yf_sw_class)of_6x[sw >> 8 & 0xF];
    if (sw >> 12 == 9)
        return sw == YF_SW_OK ? YF_SW_CLASS_NORMAL : YF_SW_CLASS_OTHER;
    return YF_SW_CLASS_INVALID;
}

struct text {
    uint16_t sw, mask;
    const char *text;
};

/* 7816-4 tables 5 and 6; the first row that fits speaks, so SW1 alone comes last. */
// clang-format off
static const struct text texts[] = {
    { 0x9000, 0xFFFF, "ok" },
    { 0x6100, 0xFF00, "more data available" },
    { 0x6281, 0xFFFF, "part of the returned data may be corrupted" },
    { 0x6282, 0xFFFF, "end of file or record reached early, or search unsuccessful" },
    { 0x6283, 0xFFFF, "selected file deactivated" },
    { 0x6284, 0xFFFF, "control information not formatted" },
    { 0x6285, 0xFFFF, "selected file in termination state" },
    { 0x6286, 0xFFFF, "no input data available from a sensor" },
    { 0x6287, 0xFFFF, "a referenced record is deactivated" },
    { 0x6200, 0xFFFF, "warning, state unchanged" },
    { 0x6300, 0xFFFF, "warning, state changed" },
    { 0x6310, 0xFFFF, "more data available, ask for the next occurrence" },
    { 0x6340, 0xFFFF, "comparison unsuccessful" },
    { 0x6381, 0xFFFF, "file filled up by the last write" },
    { 0x63C0, 0xFFF0, "comparison failed" },
    { 0x6401, 0xFFFF, "immediate response required by the card" },
    { 0x6481, 0xFFFF, "shared access to logical channel denied" },
    { 0x6482, 0xFFFF, "opening of logical channel denied" },
    { 0x6581, 0xFFFF, "memory failure" },
    { 0x6700, 0xFFFF, "wrong length" },
    { 0x6701, 0xFFFF, "malformed command" },
    { 0x6702, 0xFFFF, "not the expected Lc" },
    { 0x6881, 0xFFFF, "logical channel not supported" },
    { 0x6882, 0xFFFF, "secure messaging not supported" },
    { 0x6883, 0xFFFF, "last command of the chain expected" },
    { 0x6884, 0xFFFF, "command chaining not supported" },
    { 0x6981, 0xFFFF, "command incompatible with file structure" },
    { 0x6982, 0xFFFF, "security status not satisfied" },
    { 0x6983, 0xFFFF, "authentication method blocked" },
    { 0x6984, 0xFFFF, "reference data not usable" },
    { 0x6985, 0xFFFF, "conditions of use not satisfied" },
    { 0x6986, 0xFFFF, "no current file" },
    { 0x6987, 0xFFFF, "secure messaging data objects missing" },
    { 0x6988, 0xFFFF, "secure messaging data objects incorrect" },
    { 0x6A80, 0xFFFF, "incorrect parameters in the data field" },
    { 0x6A81, 0xFFFF, "function not supported" },
    { 0x6A82, 0xFFFF, "file or application not found" },
    { 0x6A83, 0xFFFF, "record not found" },
    { 0x6A84, 0xFFFF, "not enough memory" },
    { 0x6A85, 0xFFFF, "length inconsistent with TLV structure" },
    { 0x6A86, 0xFFFF, "incorrect P1-P2" },
    { 0x6A87, 0xFFFF, "length inconsistent with P1-P2" },
    { 0x6A88, 0xFFFF, "referenced data not found" },
    { 0x6A89, 0xFFFF, "file already exists" },
    { 0x6A8A, 0xFFFF, "name already exists" },
    { 0x6C00, 0xFF00, "wrong Le" },
    { 0x9484, 0xFFFF, "algorithm not supported" },
    { 0x9485, 0xFFFF, "invalid key check value" },
    { 0x6200, 0xFF00, "warning, state unchanged" },
    { 0x6300, 0xFF00, "warning, state changed" },
    { 0x6400, 0xFF00, "execution error, state unchanged" },
    { 0x6500, 0xFF00, "execution error, state changed" },
    { 0x6600, 0xFF00, "security-related issue" },
    { 0x6700, 0xFF00, "wrong length" },
    { 0x6800, 0xFF00, "function in class byte not supported" },
    { 0x6900, 0xFF00, "command not allowed" },
    { 0x6A00, 0xFF00, "wrong parameters" },
    { 0x6B00, 0xFF00, "wrong parameters or offset" },
    { 0x6D00, 0xFF00, "instruction not supported" },
    { 0x6E00, 0xFF00, "class not supported" },
    { 0x6F00, 0xFF00, "no precise diagnosis" },
    { 0x9000, 0xF000, "defined by the application" },
};
// clang-format on

const char *
yf_sw_text(yf_sw sw)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if ((sw & texts[i].mask) == texts[i].sw)
            return texts[i].text;
    return "invalid status word";
}

static void
put_str(yf_out *o, const char *s)
{
    for (; *s; s++)
        yf_out_u8(o, (uint8_t)*s);
}

/* v below 1000 */
static void
put_dec(yf_out *o, unsigned v)
{
    if (v >= 100)
        yf_out_u8(o, (uint8_t)('0' + v / 100));
    if (v >= 10)
        yf_out_u8(o, (uint8_t)('0' + v / 10 % 10));
    yf_out_u8(o, (uint8_t)('0' + v % 10));
}

void
yf_sw_put_text(yf_out *o, yf_sw sw)
{
    for (int shift = 12; shift >= 0; shift -= 4)
        yf_out_u8(o, (uint8_t) "0123456789ABCDEF"[sw >> shift & 0xF]);
    put_str(o, " ");
    put_str(o, yf_sw_text(sw));
    if (yf_sw_is_more(sw) || yf_sw_is_wrong_le(sw)) {
        put_str(o, yf_sw_is_more(sw) ? ", bytes: " : ", right: ");
        put_dec(o, yf_sw_count(sw));
    } else if (yf_sw_is_tries(sw)) {
        put_str(o, ", tries left: ");
        put_dec(o, sw & 0xF);
    }
}
