/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/wire/apdu.h>

/* ---- an independent reading of 7816-3 12.1.3: by total length, case by case ---- */

struct naive {
    int kase; // 0: refused
    bool extended;
    size_t nc, at, ne;
};

static struct naive
naive_parse(const uint8_t *b, size_t n)
{
    if (n == 4)
        return (struct naive){ .kase = 1 };
    if (n == 5)
        return (struct naive){ .kase = 2, .ne = b[4] ? b[4] : 256 };
    if (n > 5 && b[4] != 0) {
        size_t lc = b[4];
        if (n == 5 + lc)
            return (struct naive){ .kase = 3, .nc = lc, .at = 5 };
        if (n == 6 + lc)
            return (struct naive){ .kase = 4, .nc = lc, .at = 5, .ne = b[n - 1] ? b[n - 1] : 256 };
    }
    if (n >= 7 && b[4] == 0) {
        size_t w = (size_t)b[5] * 256 + b[6], le = (size_t)b[n - 2] * 256 + b[n - 1];
        if (n == 7)
            return (struct naive){ .kase = 2, .extended = true, .ne = w ? w : 65536 };
        if (w != 0 && n == 7 + w)
            return (struct naive){ .kase = 3, .extended = true, .nc = w, .at = 7 };
        if (w != 0 && n == 9 + w)
            return (struct naive){ 4, true, w, 7, le ? le : 65536 };
    }
    return (struct naive){ 0 };
}

/* Parse agrees with the naive reading; what is accepted is rebuilt byte for byte. */
static void
agree(const uint8_t *b, size_t n)
{
    struct naive want = naive_parse(b, n);
    yf_apdu_cmd c = { .ins = 0xEE, .ne = 77 };
    yf_err e = yf_apdu_cmd_parse((yf_span){ b, n }, &c);

    if (!want.kase) {
        T(e == YF_E_SHORT || e == YF_E_FORMAT);
        T(c.ins == 0xEE && c.ne == 77);
        return;
    }
    T_OK(e);
    T(c.cla == b[0] && c.ins == b[1] && c.p1 == b[2] && c.p2 == b[3]);
    T(c.ne == want.ne && c.data.n == want.nc);
    T(want.nc == 0 || c.data.p == b + want.at);
    T(c.form == (want.extended ? YF_APDU_EXTENDED : YF_APDU_SHORT));

    static uint8_t mem[YF_APDU_MAX_CMD];
    yf_out o = yf_out_of(mem, n);
    yf_apdu_cmd_put(&o, &c);
    T_SPAN(yf_out_span(&o), ((yf_span){ b, n }));
}

/* Every string of up to 12 bytes whose body is drawn from the bytes that matter. */
static void
every_short_string_decodes_as_the_standard_says(void **st)
{
    static const uint8_t pick[] = { 0, 1, 2, 3, 4, 5, 255 };
    uint8_t b[12] = { 0x00, 0xA4, 0x04, 0x0C };
    (void)st;

    for (size_t n = 0; n < 4; n++) {
        yf_apdu_cmd c;
        T_ERR(YF_E_SHORT, yf_apdu_cmd_parse((yf_span){ b, n }, &c));
    }
    for (size_t body = 0; body <= 8; body++) {
        size_t all = 1;
        for (size_t i = 0; i < body; i++)
            all *= sizeof pick;
        for (size_t k = 0; k < all; k++) {
            size_t digits = k;
            for (size_t i = 0; i < body; i++, digits /= sizeof pick)
                b[4 + i] = pick[digits % sizeof pick];
            agree(b, 4 + body);
        }
    }
}

/* Every declared length against every total length around it. */
static void
every_length_is_exact(void **st)
{
    static uint8_t b[YF_APDU_MAX_CMD + 1];
    static const size_t lc[] = { 1, 2, 254, 255, 256, 257, 4096, 65534, 65535 };
    (void)st;

    for (unsigned v = 0; v < 256; v++)
        for (size_t n = 4; n < 270; n++) {
            b[4] = (uint8_t)v;
            agree(b, n);
        }
    b[4] = 0;
    for (size_t i = 0; i < sizeof lc / sizeof *lc; i++)
        for (size_t n = lc[i] + 4; n < lc[i] + 12 && n <= sizeof b; n++) {
            yf_put_be16(b + 5, (uint16_t)lc[i]);
            agree(b, n);
        }
}

static void
refusals_say_why(void **st)
{
    yf_apdu_cmd c;
    (void)st;

    T_ERR(YF_E_SHORT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04"), &c));
    T_ERR(YF_E_SHORT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04\x00\x02\xAA"), &c));
    T_ERR(YF_E_SHORT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04\x00\x00\x00"), &c));
    T_ERR(YF_E_FORMAT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04\x00\x01\xAA\x00\x00"), &c));
    T_ERR(YF_E_FORMAT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04\x00\x00\x00\x00\xAA"), &c));
    T_ERR(YF_E_SHORT, yf_apdu_cmd_parse(YF_STR("\x00\xA4\x04\x00\x00\x00\x01\xAA\x00"), &c));
}

/* ---- building ---- */

static void
builds(const yf_apdu_cmd *c, yf_span want)
{
    uint8_t mem[32];
    yf_out o = yf_out_of(mem, sizeof mem);

    yf_apdu_cmd_put(&o, c);
    T_OK(o.err);
    T_SPAN(yf_out_span(&o), want);
}

#define T_BUILDS(want, ...) builds(&(yf_apdu_cmd){ __VA_ARGS__ }, YF_STR(want))
#define DATA .data = YF_STR("\xAA\xBB")

static void
builds_every_case(void **st)
{
    (void)st;
    T_BUILDS("\x80\x01\x02\x03", 0x80, 1, 2, 3, .ne = 0);
    T_BUILDS("\x80\x01\x02\x03", 0x80, 1, 2, 3, YF_APDU_EXTENDED, .ne = 0);
    T_BUILDS("\x80\x01\x02\x03\x05", 0x80, 1, 2, 3, .ne = 5);
    T_BUILDS("\x80\x01\x02\x03\x00", 0x80, 1, 2, 3, .ne = 256);
    T_BUILDS("\x80\x01\x02\x03\x00\x01\x00", 0x80, 1, 2, 3, YF_APDU_EXTENDED, .ne = 256);
    T_BUILDS("\x80\x01\x02\x03\x00\x01\x01", 0x80, 1, 2, 3, .ne = 257);
    T_BUILDS("\x80\x01\x02\x03\x00\x00\x00", 0x80, 1, 2, 3, .ne = 65536);
    T_BUILDS("\x80\x01\x02\x03\x02\xAA\xBB", 0x80, 1, 2, 3, DATA);
    T_BUILDS("\x80\x01\x02\x03\x00\x00\x02\xAA\xBB", 0x80, 1, 2, 3, YF_APDU_EXTENDED, DATA);
    T_BUILDS("\x80\x01\x02\x03\x02\xAA\xBB\x00", 0x80, 1, 2, 3, .ne = 256, DATA);
    T_BUILDS("\x80\x01\x02\x03\x00\x00\x02\xAA\xBB\x01\x01", 0x80, 1, 2, 3, .ne = 257, DATA);
    T_BUILDS("\x80\x01\x02\x03\x00\x00\x02\xAA\xBB\x00\x01", 0x80, 1, 2, 3, YF_APDU_EXTENDED,
             .ne = 1, DATA);
}

static yf_err
build_error(yf_apdu_form form, size_t nc, uint32_t ne, size_t cap)
{
    static uint8_t data[65537], mem[YF_APDU_MAX_CMD];
    yf_out o = yf_out_of(mem, cap);

    yf_apdu_cmd_put(&o, &(yf_apdu_cmd){ .form = form, .ne = ne, .data = { data, nc } });
    return o.err;
}

static void
building_keeps_to_its_form_and_room(void **st)
{
    (void)st;
    T_ERR(YF_E_ROOM, build_error(YF_APDU_SHORT, 256, 0, YF_APDU_MAX_CMD));
    T_ERR(YF_E_ROOM, build_error(YF_APDU_SHORT, 0, 257, YF_APDU_MAX_CMD));
    T_OK(build_error(YF_APDU_SHORT, 255, 256, YF_APDU_MAX_SHORT_CMD));
    T_ERR(YF_E_ROOM, build_error(YF_APDU_SHORT, 255, 256, YF_APDU_MAX_SHORT_CMD - 1));
    T_ERR(YF_E_ROOM, build_error(YF_APDU_SHORTEST, 65536, 0, YF_APDU_MAX_CMD));
    T_ERR(YF_E_ROOM, build_error(YF_APDU_SHORTEST, 0, 65537, YF_APDU_MAX_CMD));
    T_OK(build_error(YF_APDU_SHORTEST, 65535, 65536, YF_APDU_MAX_CMD));
    T_ERR(YF_E_ROOM, build_error(YF_APDU_EXTENDED, 65535, 65536, YF_APDU_MAX_CMD - 1));
}

static void
responses_round_trip(void **st)
{
    static uint8_t big[YF_APDU_MAX_RSP + 1];
    uint8_t mem[8];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r = { 0 };
    (void)st;

    T_OK(yf_apdu_rsp_parse(YF_STR("\x01\x02\x90\x00"), &r));
    T(r.sw == YF_SW_OK);
    T_SPAN(r.data, YF_STR("\x01\x02"));
    yf_apdu_rsp_put(&o, &r);
    T_SPAN(yf_out_span(&o), YF_STR("\x01\x02\x90\x00"));

    T_OK(yf_apdu_rsp_parse(YF_STR("\x6A\x82"), &r));
    T(r.sw == YF_SW_FILE_NOT_FOUND && r.data.n == 0);

    r.sw = 0x1234;
    T_ERR(YF_E_SHORT, yf_apdu_rsp_parse(YF_STR(""), &r));
    T_ERR(YF_E_SHORT, yf_apdu_rsp_parse(YF_STR("\x90"), &r));
    T_ERR(YF_E_FORMAT, yf_apdu_rsp_parse(YF_STR("\x90\x00\x00"), &r));
    T_ERR(YF_E_FORMAT, yf_apdu_rsp_parse(YF_STR("\x60\x00"), &r));
    yf_put_be16(big + 65536, YF_SW_OK);
    yf_put_be16(big + 65537, YF_SW_OK);
    T_ERR(YF_E_FORMAT, yf_apdu_rsp_parse((yf_span){ big, 65539 }, &r));
    T(r.sw == 0x1234);
    yf_put_be16(big + 65536, YF_SW_OK);
    T_OK(yf_apdu_rsp_parse((yf_span){ big, 65538 }, &r));
    T(r.data.n == 65536);
}

static void
responses_that_cannot_be_are_not_built(void **st)
{
    static uint8_t big[65537];
    uint8_t mem[2] = { 0 };
    yf_out o = yf_out_of(mem, sizeof mem);
    (void)st;

    yf_apdu_rsp_put(&o, &(yf_apdu_rsp){ .sw = 0x6000 });
    T_ERR(YF_E_FORMAT, o.err);
    o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp_put(&o, &(yf_apdu_rsp){ .sw = 0x9000, .data = { big, 65537 } });
    T_ERR(YF_E_ROOM, o.err);
    T(mem[0] == 0);
}

/* ---- the class byte ---- */

static void
class_is(uint8_t cla, bool proprietary, bool chained, yf_apdu_sm sm, uint8_t channel)
{
    yf_apdu_cla c;

    T_OK(yf_apdu_cla_parse(cla, &c));
    T(c.proprietary == proprietary && c.chained == chained && c.sm == sm && c.channel == channel);
}

/* 7816-4 tables 2 and 3 */
static void
class_bytes_decode(void **st)
{
    (void)st;
    class_is(0x00, false, false, YF_APDU_SM_NONE, 0);
    class_is(0x03, false, false, YF_APDU_SM_NONE, 3);
    class_is(0x04, false, false, YF_APDU_SM_OWN, 0);
    class_is(0x0C, false, false, YF_APDU_SM_HEADER, 0);
    class_is(0x19, false, true, YF_APDU_SM_ISO, 1);
    class_is(0x40, false, false, YF_APDU_SM_NONE, 4);
    class_is(0x4F, false, false, YF_APDU_SM_NONE, 19);
    class_is(0x75, false, true, YF_APDU_SM_ISO, 9);
    class_is(0x80, true, false, YF_APDU_SM_NONE, 0);
    class_is(0x84, true, false, YF_APDU_SM_OWN, 0);
    class_is(0xC1, true, false, YF_APDU_SM_NONE, 5);
    class_is(0xE1, true, false, YF_APDU_SM_ISO, 5);
    class_is(0x90, true, false, YF_APDU_SM_NONE, 0); // another application's own
    class_is(0xA0, true, false, YF_APDU_SM_NONE, 0);
}

static void
every_class_byte_is_read_or_refused(void **st)
{
    unsigned built = 0;
    (void)st;

    for (unsigned b = 0; b < 256; b++) {
        yf_apdu_cla c;
        uint8_t again;
        yf_err e = yf_apdu_cla_parse((uint8_t)b, &c);

        T_ERR(b == 0xFF ? YF_E_FORMAT : b >> 5 == 1 ? YF_E_UNSUPPORTED : YF_OK, e);
        if (e || b >> 5 == 5 || (b & 0x90) == 0x90)
            continue;
        T_OK(yf_apdu_cla_build(&c, &again));
        assert_int_equal(again, b);
        built++;
    }
    T(built == 96 + 48);
}

static void
classes_without_a_byte_are_refused(void **st)
{
    uint8_t b = 0xEE;
    (void)st;

    T_ERR(YF_E_FORMAT, yf_apdu_cla_build(&(yf_apdu_cla){ .channel = 20 }, &b));
    T_ERR(YF_E_FORMAT,
          yf_apdu_cla_build(&(yf_apdu_cla){ .channel = 4, .sm = YF_APDU_SM_HEADER }, &b));
    T_ERR(YF_E_FORMAT, yf_apdu_cla_build(&(yf_apdu_cla){ .channel = 4, .sm = YF_APDU_SM_OWN }, &b));
    T_ERR(YF_E_FORMAT,
          yf_apdu_cla_build(&(yf_apdu_cla){ .proprietary = true, .chained = true }, &b));
    T_ERR(YF_E_FORMAT, yf_apdu_cla_build(&(yf_apdu_cla){ .sm = (yf_apdu_sm)4 }, &b));
    T(b == 0xEE);
}

/* ---- chaining ---- */

static yf_err
add(struct yf_apdu_chain *ch, uint8_t cla, yf_span data, yf_apdu_cmd *whole, bool *done)
{
    return yf_apdu_chain_add(ch, &(yf_apdu_cmd){ cla, 0xDB, 0x3F, 0xFF, .ne = 7, .data = data },
                             whole, done);
}

static void
a_chain_is_joined(void **st)
{
    uint8_t mem[6];
    struct yf_apdu_chain ch;
    yf_apdu_cmd whole = { 0 };
    bool done = true;
    (void)st;

    yf_apdu_chain_init(&ch, mem, sizeof mem);
    T_OK(add(&ch, 0x10, YF_STR("ab"), &whole, &done));
    T(!done && whole.ins == 0);
    T_OK(add(&ch, 0x10, YF_STR(""), &whole, &done));
    T_OK(add(&ch, 0x10, YF_STR("cd"), &whole, &done));
    T(!done);
    T_OK(add(&ch, 0x00, YF_STR("ef"), &whole, &done));
    T(done && whole.cla == 0 && whole.ins == 0xDB && whole.ne == 7);
    T_SPAN(whole.data, YF_STR("abcdef"));

    T_OK(add(&ch, 0x0C, YF_STR("next"), &whole, &done)); // the chain is over, and wiped
    T(done && whole.cla == 0x0C);
    T_MEM(mem, "\0\0\0\0\0\0", 6);
}

static void
a_single_command_passes_untouched(void **st)
{
    struct yf_apdu_chain ch;
    yf_span data = YF_STR("longer than any memory");
    yf_apdu_cmd whole;
    bool done = false;
    (void)st;

    yf_apdu_chain_init(&ch, NULL, 0);
    T_OK(add(&ch, 0x80, data, &whole, &done));
    T(done && whole.cla == 0x80 && whole.data.p == data.p && whole.data.n == data.n);
    T_OK(add(&ch, 0x90, data, &whole, &done)); // no chain: proprietary
    T(done && whole.cla == 0x90);
}

static void
a_chain_that_outgrows_its_memory_is_dropped(void **st)
{
    uint8_t mem[3];
    struct yf_apdu_chain ch;
    yf_apdu_cmd whole = { 0 };
    bool done = false;
    (void)st;

    yf_apdu_chain_init(&ch, mem, sizeof mem);
    T_OK(add(&ch, 0x10, YF_STR("ab"), &whole, &done));
    T_ERR(YF_E_ROOM, add(&ch, 0x10, YF_STR("cd"), &whole, &done));
    T(!done && mem[0] == 0);
    T_OK(add(&ch, 0x00, YF_STR("x"), &whole, &done)); // afresh, on its own
    T(done);
    T_SPAN(whole.data, YF_STR("x"));
}

/* Each byte of the header, changed on the way, breaks the chain. */
static void
a_foreign_command_breaks_the_chain(void **st)
{
    static const uint8_t foreign[][4] = {
        { 0x01, 0xDB, 0x3F, 0xFF }, { 0x11, 0xDB, 0x3F, 0xFF }, { 0x0C, 0xDB, 0x3F, 0xFF },
        { 0x80, 0xDB, 0x3F, 0xFF }, { 0x90, 0xDB, 0x3F, 0xFF }, { 0x00, 0xDA, 0x3F, 0xFF },
        { 0x00, 0xDB, 0x3E, 0xFF }, { 0x10, 0xDB, 0x3F, 0xFE },
    };
    uint8_t mem[8];
    struct yf_apdu_chain ch;
    yf_apdu_cmd whole = { 0 };
    bool done = false;
    (void)st;

    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        yf_apdu_chain_init(&ch, mem, sizeof mem);
        T_OK(add(&ch, 0x10, YF_STR("ab"), &whole, &done));
        yf_apdu_cmd other;
        T_OK(yf_apdu_cmd_parse(YF_SPAN(foreign[i]), &other));
        T_ERR(YF_E_STATE, yf_apdu_chain_add(&ch, &other, &whole, &done));
        T(!done && whole.ins == 0 && !ch.open && mem[0] == 0);
    }
}

/* Every data length and step: the parts are short, and joined give the command. */
static void
what_split_cuts_chain_joins(void **st)
{
    static uint8_t data[600], mem[600];
    static const size_t steps[] = { 1, 2, 7, 254, 255 };
    (void)st;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 7);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
        for (size_t n = 0; n <= sizeof data; n++) {
            yf_apdu_cmd cmd = { 0x00, 0xDB, 1, 2, .ne = 1000, .data = { data, n } }, part, whole;
            struct yf_apdu_split s;
            struct yf_apdu_chain ch;
            size_t parts = 0;
            bool done = false;

            yf_apdu_chain_init(&ch, mem, sizeof mem);
            T_OK(yf_apdu_split_init(&s, &cmd, steps[k]));
            while (yf_apdu_split_next(&s, &part)) {
                T(!done && part.form == YF_APDU_SHORT && part.data.n <= steps[k]);
                T_OK(yf_apdu_chain_add(&ch, &part, &whole, &done));
                T(part.ne == (done ? 256 : 0));
                parts++;
            }
            T(done && parts == (n == 0 ? 1 : (n + steps[k] - 1) / steps[k]));
            T(whole.cla == 0 && whole.ins == 0xDB && whole.p1 == 1 && whole.p2 == 2);
            T_SPAN(whole.data, cmd.data);
        }
}

static void
split_refuses_what_cannot_chain(void **st)
{
    static const uint8_t data[300];
    yf_apdu_cmd cmd = { .ins = 0xDB, .data = YF_SPAN(data) };
    struct yf_apdu_split s;
    (void)st;

    T_ERR(YF_E_ROOM, yf_apdu_split_init(&s, &cmd, 0));
    T_ERR(YF_E_ROOM, yf_apdu_split_init(&s, &cmd, 256));
    cmd.cla = 0x10;
    T_ERR(YF_E_STATE, yf_apdu_split_init(&s, &cmd, 255));
    cmd.cla = 0x80;
    T_ERR(YF_E_UNSUPPORTED, yf_apdu_split_init(&s, &cmd, 255));
    cmd.cla = 0x20;
    T_ERR(YF_E_UNSUPPORTED, yf_apdu_split_init(&s, &cmd, 255));
    cmd.data.n = 255;
    T_OK(yf_apdu_split_init(&s, &cmd, 255));
}

/* ---- 61xx and 6Cxx ---- */

static const yf_apdu_cmd read_all = { 0x0D, 0xB0, 0, 0, .ne = 256 };

static yf_err
step(struct yf_apdu_fetch *f, yf_sw sw, yf_span data, bool *done)
{
    return yf_apdu_fetch_step(f, &(yf_apdu_rsp){ sw, data }, done);
}

static void
get_response_collects(void **st)
{
    uint8_t mem[8];
    struct yf_apdu_fetch f;
    bool done = true;
    (void)st;

    yf_apdu_fetch_init(&f, &read_all, mem, sizeof mem);
    T_OK(step(&f, 0x6103, YF_STR(""), &done));
    T(!done && f.cmd.cla == 0x01 && f.cmd.ins == 0xC0 && f.cmd.p1 == 0 && f.cmd.p2 == 0);
    T(f.cmd.ne == 3 && f.cmd.data.n == 0);
    T_OK(step(&f, 0x6100, YF_STR("abc"), &done));
    T(!done && f.cmd.ne == 256);
    T_OK(step(&f, 0x6282, YF_STR("de"), &done));
    T(done && f.rsp.sw == 0x6282);
    T_SPAN(f.rsp.data, YF_STR("abcde"));
}

static void
get_response_goes_to_the_channel_of_the_command(void **st)
{
    static const struct {
        uint8_t cla, want;
    } t[] = {
        { 0x00, 0x00 }, { 0x02, 0x02 }, { 0x1F, 0x03 }, { 0x4F, 0x4F },
        { 0x65, 0x45 }, { 0x84, 0x00 }, { 0x83, 0x03 }, { 0xE1, 0x41 },
        { 0x90, 0x00 }, { 0xA0, 0x00 }, { 0x20, 0x00 },
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        struct yf_apdu_fetch f;
        bool done;
        yf_apdu_fetch_init(&f, &(yf_apdu_cmd){ .cla = t[i].cla, .ne = 1 }, NULL, 0);
        T_OK(step(&f, 0x6101, YF_STR(""), &done));
        assert_int_equal(f.cmd.cla, t[i].want);
    }
}

static void
wrong_le_is_tried_once_more(void **st)
{
    uint8_t mem[8];
    struct yf_apdu_fetch f;
    bool done = true;
    (void)st;

    yf_apdu_fetch_init(&f, &read_all, mem, sizeof mem);
    T_OK(step(&f, 0x6C02, YF_STR(""), &done));
    T(!done && f.cmd.cla == 0x0D && f.cmd.ins == 0xB0 && f.cmd.ne == 2);
    T_OK(step(&f, 0x6101, YF_STR("ab"), &done)); // a new command, a new try
    T_OK(step(&f, 0x6C01, YF_STR(""), &done));
    T(!done && f.cmd.ins == 0xC0 && f.cmd.ne == 1);
    T_OK(step(&f, 0x6C01, YF_STR(""), &done));
    T(done && f.rsp.sw == 0x6C01);
    T_SPAN(f.rsp.data, YF_STR("ab"));
}

static void
wrong_le_is_final_when_nothing_was_asked_for(void **st)
{
    struct yf_apdu_fetch f;
    bool done = false;
    (void)st;

    yf_apdu_fetch_init(&f, &(yf_apdu_cmd){ .ins = 0x20 }, NULL, 0);
    T_OK(step(&f, 0x6C02, YF_STR(""), &done));
    T(done && f.rsp.sw == 0x6C02 && f.rsp.data.n == 0);
}

static void
wrong_le_is_final_when_data_came_with_it(void **st)
{
    uint8_t mem[4];
    struct yf_apdu_fetch f;
    bool done = false;
    (void)st;

    yf_apdu_fetch_init(&f, &read_all, mem, sizeof mem);
    T_OK(step(&f, 0x6C02, YF_STR("a"), &done));
    T(done && f.rsp.sw == 0x6C02 && f.rsp.data.n == 1);
}

static void
an_endless_card_is_stopped(void **st)
{
    uint8_t mem[4];
    struct yf_apdu_fetch f;
    bool done;
    (void)st;

    yf_apdu_fetch_init(&f, &read_all, mem, sizeof mem);
    T_OK(step(&f, 0x6101, YF_STR(""), &done));
    T_ERR(YF_E_FORMAT, step(&f, 0x6101, YF_STR(""), &done));

    yf_apdu_fetch_init(&f, &read_all, mem, sizeof mem);
    for (int i = 0; i < 4; i++)
        T_OK(step(&f, 0x6101, YF_STR("x"), &done));
    T_ERR(YF_E_ROOM, step(&f, 0x6101, YF_STR("x"), &done));
    T(!done);
}

T_MAIN(cmocka_unit_test(every_short_string_decodes_as_the_standard_says),
       cmocka_unit_test(every_length_is_exact), cmocka_unit_test(refusals_say_why),
       cmocka_unit_test(builds_every_case), cmocka_unit_test(building_keeps_to_its_form_and_room),
       cmocka_unit_test(responses_round_trip),
       cmocka_unit_test(responses_that_cannot_be_are_not_built),
       cmocka_unit_test(class_bytes_decode), cmocka_unit_test(every_class_byte_is_read_or_refused),
       cmocka_unit_test(classes_without_a_byte_are_refused), cmocka_unit_test(a_chain_is_joined),
       cmocka_unit_test(a_single_command_passes_untouched),
       cmocka_unit_test(a_chain_that_outgrows_its_memory_is_dropped),
       cmocka_unit_test(a_foreign_command_breaks_the_chain),
       cmocka_unit_test(what_split_cuts_chain_joins),
       cmocka_unit_test(split_refuses_what_cannot_chain), cmocka_unit_test(get_response_collects),
       cmocka_unit_test(get_response_goes_to_the_channel_of_the_command),
       cmocka_unit_test(wrong_le_is_tried_once_more),
       cmocka_unit_test(wrong_le_is_final_when_nothing_was_asked_for),
       cmocka_unit_test(wrong_le_is_final_when_data_came_with_it),
       cmocka_unit_test(an_endless_card_is_stopped))
