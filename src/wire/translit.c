/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/wire/cur.h>
#include <yufu/wire/translit.h>

enum { SHADDA = 0x0651, TEH_MARBUTA = 0x0629, ARABIC = 0x0600 };

/* A capital letter or a sign, and what it becomes; "" is omitted, "<" ends a component. */
struct row {
    uint16_t cp;
    char to[5];
};

/* Sorted. A-Z need no row; shadda and the end of teh marbuta are in the code. */
// clang-format off
static const struct row rows[] = {
    // punctuation, 4.6
    { 0x0020, "<" }, { 0x0021, "" }, { 0x0022, "" }, { 0x0023, "" }, { 0x0025, "" }, { 0x0026, "" },
    { 0x0027, "" }, { 0x0028, "" }, { 0x0029, "" }, { 0x002A, "" }, { 0x002C, "<" }, { 0x002D, "<" },
    { 0x002E, "" }, { 0x002F, "" }, { 0x003A, "" }, { 0x003B, "" }, { 0x003F, "" }, { 0x0040, "" },
    { 0x005B, "" }, { 0x005C, "" }, { 0x005D, "" }, { 0x005F, "" }, { 0x007B, "" }, { 0x007D, "" },
    { 0x00A0, "<" }, { 0x00B7, "" },
    // table A
    { 0x00C0, "A" }, { 0x00C1, "A" }, { 0x00C2, "A" }, { 0x00C3, "A" }, { 0x00C4, "AE" }, { 0x00C5, "AA" },
    { 0x00C6, "AE" }, { 0x00C7, "C" }, { 0x00C8, "E" }, { 0x00C9, "E" }, { 0x00CA, "E" }, { 0x00CB, "E" },
    { 0x00CC, "I" }, { 0x00CD, "I" }, { 0x00CE, "I" }, { 0x00CF, "I" }, { 0x00D0, "D" }, { 0x00D1, "N" },
    { 0x00D2, "O" }, { 0x00D3, "O" }, { 0x00D4, "O" }, { 0x00D5, "O" }, { 0x00D6, "OE" }, { 0x00D8, "OE" },
    { 0x00D9, "U" }, { 0x00DA, "U" }, { 0x00DB, "U" }, { 0x00DC, "UE" }, { 0x00DD, "Y" }, { 0x00DE, "TH" },
    { 0x0100, "A" }, { 0x0102, "A" }, { 0x0104, "A" }, { 0x0106, "C" }, { 0x0108, "C" }, { 0x010A, "C" },
    { 0x010C, "C" }, { 0x010E, "D" }, { 0x0110, "D" }, { 0x0112, "E" }, { 0x0114, "E" }, { 0x0116, "E" },
    { 0x0118, "E" }, { 0x011A, "E" }, { 0x011C, "G" }, { 0x011E, "G" }, { 0x0120, "G" }, { 0x0122, "G" },
    { 0x0124, "H" }, { 0x0126, "H" }, { 0x0128, "I" }, { 0x012A, "I" }, { 0x012C, "I" }, { 0x012E, "I" },
    { 0x0130, "I" }, { 0x0131, "I" }, { 0x0132, "IJ" }, { 0x0134, "J" }, { 0x0136, "K" }, { 0x0139, "L" },
    { 0x013B, "L" }, { 0x013D, "L" }, { 0x013F, "L" }, { 0x0141, "L" }, { 0x0143, "N" }, { 0x0145, "N" },
    { 0x0147, "N" }, { 0x014A, "N" }, { 0x014C, "O" }, { 0x014E, "O" }, { 0x0150, "O" }, { 0x0152, "OE" },
    { 0x0154, "R" }, { 0x0156, "R" }, { 0x0158, "R" }, { 0x015A, "S" }, { 0x015C, "S" }, { 0x015E, "S" },
    { 0x0160, "S" }, { 0x0162, "T" }, { 0x0164, "T" }, { 0x0166, "T" }, { 0x0168, "U" }, { 0x016A, "U" },
    { 0x016C, "U" }, { 0x016E, "U" }, { 0x0170, "U" }, { 0x0172, "U" }, { 0x0174, "W" }, { 0x0176, "Y" },
    { 0x0178, "Y" }, { 0x0179, "Z" }, { 0x017B, "Z" }, { 0x017D, "Z" }, { 0x0218, "S" }, { 0x021A, "T" },
    { 0x02BB, "" }, { 0x02BC, "" },
    // table B
    { 0x0401, "E" }, { 0x0402, "D" }, { 0x0403, "G" }, { 0x0404, "IE" }, { 0x0405, "DZ" }, { 0x0406, "I" },
    { 0x0407, "I" }, { 0x0408, "J" }, { 0x0409, "LJ" }, { 0x040A, "NJ" }, { 0x040B, "C" }, { 0x040C, "K" },
    { 0x040E, "U" }, { 0x040F, "DZ" }, { 0x0410, "A" }, { 0x0411, "B" }, { 0x0412, "V" }, { 0x0413, "G" },
    { 0x0414, "D" }, { 0x0415, "E" }, { 0x0416, "ZH" }, { 0x0417, "Z" }, { 0x0418, "I" }, { 0x0419, "I" },
    { 0x041A, "K" }, { 0x041B, "L" }, { 0x041C, "M" }, { 0x041D, "N" }, { 0x041E, "O" }, { 0x041F, "P" },
    { 0x0420, "R" }, { 0x0421, "S" }, { 0x0422, "T" }, { 0x0423, "U" }, { 0x0424, "F" }, { 0x0425, "KH" },
    { 0x0426, "TS" }, { 0x0427, "CH" }, { 0x0428, "SH" }, { 0x0429, "SHCH" }, { 0x042A, "IE" }, { 0x042B, "Y" },
    { 0x042C, "" }, { 0x042D, "E" }, { 0x042E, "IU" }, { 0x042F, "IA" }, { 0x046A, "U" }, { 0x0474, "Y" },
    { 0x0490, "G" }, { 0x0492, "G" }, { 0x04BA, "C" },
    // table C, appendix B.5
    { 0x060C, "<" }, { 0x0621, "XE" }, { 0x0622, "XAA" }, { 0x0623, "XAE" }, { 0x0624, "U" }, { 0x0625, "I" },
    { 0x0626, "XI" }, { 0x0627, "A" }, { 0x0628, "B" }, { 0x0629, "XTA" }, { 0x062A, "T" }, { 0x062B, "XTH" },
    { 0x062C, "J" }, { 0x062D, "XH" }, { 0x062E, "XKH" }, { 0x062F, "D" }, { 0x0630, "XDH" }, { 0x0631, "R" },
    { 0x0632, "Z" }, { 0x0633, "S" }, { 0x0634, "XSH" }, { 0x0635, "XSS" }, { 0x0636, "XDZ" }, { 0x0637, "XTT" },
    { 0x0638, "XZZ" }, { 0x0639, "E" }, { 0x063A, "G" }, { 0x0640, "" }, { 0x0641, "F" }, { 0x0642, "Q" },
    { 0x0643, "K" }, { 0x0644, "L" }, { 0x0645, "M" }, { 0x0646, "N" }, { 0x0647, "H" }, { 0x0648, "W" },
    { 0x0649, "XAY" }, { 0x064A, "Y" }, { 0x064B, "" }, { 0x064C, "" }, { 0x064D, "" }, { 0x064E, "" },
    { 0x064F, "" }, { 0x0650, "" }, { 0x0652, "" }, { 0x0670, "" }, { 0x0671, "XXA" }, { 0x0679, "XXT" },
    { 0x067C, "XRT" }, { 0x067E, "P" }, { 0x0681, "XKE" }, { 0x0685, "XXH" }, { 0x0686, "XC" }, { 0x0688, "XXD" },
    { 0x0689, "XDR" }, { 0x0691, "XXR" }, { 0x0693, "XRR" }, { 0x0696, "XRX" }, { 0x0698, "XJ" }, { 0x069A, "XXS" },
    { 0x069C, "" }, { 0x06A2, "" }, { 0x06A4, "V" }, { 0x06A5, "XF" }, { 0x06A7, "" }, { 0x06A8, "" },
    { 0x06A9, "XKK" }, { 0x06AB, "XXK" }, { 0x06AD, "XNG" }, { 0x06AF, "XGG" }, { 0x06BA, "XNN" }, { 0x06BC, "XXN" },
    { 0x06BE, "XDO" }, { 0x06C0, "XYH" }, { 0x06C1, "XXG" }, { 0x06C2, "XGE" }, { 0x06C3, "XTG" }, { 0x06CC, "XYA" },
    { 0x06CD, "XXY" }, { 0x06D0, "Y" }, { 0x06D2, "XYB" }, { 0x06D3, "XBE" },
    // table A, and punctuation again
    { 0x1E9E, "SS" }, { 0x2010, "<" }, { 0x2011, "<" }, { 0x2013, "<" }, { 0x2018, "" }, { 0x2019, "" },
};

/* What a choice makes of a letter instead; first: only where it begins a component. */
static const struct choice {
    uint16_t cp, when;
    bool first;
    char to[4];
} choices[] = {
    { 0x00C4, YF_TRANSLIT_A, false, "A" },
    { 0x00C5, YF_TRANSLIT_AA, false, "A" },
    { 0x00D1, YF_TRANSLIT_N, false, "NXX" },
    { 0x00D6, YF_TRANSLIT_O, false, "O" },
    { 0x00DC, YF_TRANSLIT_U, false, "U" },
    { 0x00DC, YF_TRANSLIT_UXX, false, "UXX" },
    { 0x0401, YF_TRANSLIT_BELARUSIAN, false, "IO" },
    { 0x0403, YF_TRANSLIT_MACEDONIAN, false, "GJ" },
    { 0x0404, YF_TRANSLIT_UKRAINIAN, true, "YE" },
    { 0x0407, YF_TRANSLIT_UKRAINIAN, true, "YI" },
    { 0x040C, YF_TRANSLIT_MACEDONIAN, false, "KJ" },
    { 0x040F, YF_TRANSLIT_MACEDONIAN, false, "DJ" },
    { 0x0413, YF_TRANSLIT_BELARUSIAN | YF_TRANSLIT_SERBIAN | YF_TRANSLIT_UKRAINIAN, false, "H" },
    { 0x0416, YF_TRANSLIT_SERBIAN, false, "Z" },
    { 0x0418, YF_TRANSLIT_UKRAINIAN, false, "Y" },
    { 0x0419, YF_TRANSLIT_UKRAINIAN, true, "Y" },
    { 0x0425, YF_TRANSLIT_SERBIAN | YF_TRANSLIT_MACEDONIAN, false, "H" },
    { 0x0426, YF_TRANSLIT_SERBIAN | YF_TRANSLIT_MACEDONIAN, false, "C" },
    { 0x0427, YF_TRANSLIT_SERBIAN, false, "C" },
    { 0x0428, YF_TRANSLIT_SERBIAN, false, "S" },
    { 0x0429, YF_TRANSLIT_BULGARIAN, false, "SHT" },
    { 0x042E, YF_TRANSLIT_UKRAINIAN, true, "YU" },
    { 0x042F, YF_TRANSLIT_UKRAINIAN, true, "YA" },
    { 0x0492, YF_TRANSLIT_MACEDONIAN, false, "GJ" },
};
// clang-format on

static const char *
find(uint32_t cp)
{
    size_t lo = 0, hi = sizeof rows / sizeof *rows;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (rows[mid].cp == cp)
            return rows[mid].to;
        if (rows[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

/* The capital of a letter in the blocks of the tables; anything else is itself. */
static uint32_t
capital(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 0xE0 && c <= 0xFE))
        return c - 0x20;
    if (c == 0xDF)
        return 0x1E9E;
    if (c == 0xFF)
        return 0x178;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return c - (c % 2 == 0);
    if ((c >= 0x100 && c <= 0x177) || (c >= 0x218 && c <= 0x21B) || (c >= 0x460 && c <= 0x4BF))
        return c - c % 2;
    if (c >= 0x430 && c <= 0x44F)
        return c - 0x20;
    return c >= 0x450 && c <= 0x45F ? c - 0x50 : c;
}

/* One character of UTF-8 (RFC 3629: shortest form, no surrogates). */
static uint32_t
next(yf_cur *c)
{
    static const uint32_t least[4] = { 0, 0x80, 0x800, 0x10000 };
    uint8_t lead = yf_cur_u8(c);

    if (lead < 0x80)
        return lead;
    unsigned more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC0 || lead > 0xF4 || c->left < more)
        yf_cur_fail(c, YF_E_FORMAT);
    uint32_t cp = lead & (0x3Fu >> more);
    for (unsigned i = 0; i < more; i++) {
        uint8_t b = yf_cur_u8(c);
        if ((b & 0xC0) != 0x80)
            yf_cur_fail(c, YF_E_FORMAT);
        cp = cp << 6 | (b & 0x3F);
    }
    if (cp < least[more] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        yf_cur_fail(c, YF_E_FORMAT);
    return cp;
}

struct name {
    yf_out *o;
    size_t start; // where in o the name begins
    unsigned choices;
    bool inside;      // of a component
    bool teh;         // a teh marbuta waits for what follows it
    const char *last; // the Arabic letter just written, for shadda
};

static void
put(struct name *n, const char *s)
{
    for (; *s; s++)
        yf_out_u8(n->o, (uint8_t)*s);
}

static void
begin_letter(struct name *n)
{
    if (!n->inside && n->o->n > n->start)
        put(n, "<");
    if (n->teh)
        put(n, "XTA");
    n->inside = true;
    n->teh = false;
}

static void
end_component(struct name *n)
{
    if (n->teh)
        put(n, "XAH");
    n->inside = false;
    n->teh = false;
    n->last = NULL;
}

static const char *
choose(const struct name *n, uint32_t cp, const char *otherwise)
{
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i].cp == cp && (n->choices & choices[i].when) &&
            !(choices[i].first && n->inside))
            return choices[i].to;
    return otherwise;
}

static void
letter(struct name *n, uint32_t cp)
{
    const char *to = find(cp);
    char ascii[2] = { 0 };

    if (!to) {
        cp = capital(cp);
        ascii[0] = (char)(cp >= 'A' && cp <= 'Z' ? cp : 0);
        to = ascii[0] ? ascii : find(cp);
    }
    if (!to) {
        yf_out_fail(n->o, YF_E_UNSUPPORTED);
    } else if (*to == '<') {
        end_component(n);
    } else if (*to) {
        to = choose(n, cp, to);
        begin_letter(n);
        n->teh = cp == TEH_MARBUTA;
        n->last = cp >= ARABIC && cp < ARABIC + 0x100 && !n->teh ? to : NULL;
        put(n, n->teh ? "" : to);
    }
}

void
yf_translit(yf_out *o, yf_span utf8, unsigned choices_made)
{
    struct name n = { .o = o, .start = o->n, .choices = choices_made };
    yf_cur c = yf_cur_of(utf8);

    while (yf_cur_more(&c) && !o->err) {
        uint32_t cp = next(&c);
        if (c.err)
            break;
        if (cp != SHADDA)
            letter(&n, cp);
        else if (n.last)
            put(&n, n.last);
        else
            yf_out_fail(o, YF_E_UNSUPPORTED);
    }
    end_component(&n);
    if (c.err)
        yf_out_fail(o, c.err);
}
