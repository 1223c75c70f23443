/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <yufu/crypto/pem.h>

/* RFC 4648 10: the test vectors of base64. */
static const struct {
    const char *bytes, *text;
} rfc4648[] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
};

static yf_span
str(const char *s)
{
    return (yf_span){ (const uint8_t *)s, strlen(s) };
}

static yf_err
read_one(const char *text, uint8_t *out, size_t cap, size_t *n)
{
    yf_cur c = yf_cur_of(str(text));
    yf_pem b;
    yf_err e = yf_pem_next(&c, &b);

    return e ? e : yf_pem_decode(&b, out, cap, n);
}

static void
knows_base64(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof rfc4648 / sizeof *rfc4648; i++) {
        char want[128];
        uint8_t mem[128], out[8];
        yf_out o = yf_out_of(mem, sizeof mem);
        size_t n = 99;

        snprintf(want, sizeof want, "-----BEGIN X 1-----\n%s%s-----END X 1-----\n", rfc4648[i].text,
                 i ? "\n" : "");
        yf_pem_put(&o, YF_STR("X 1"), str(rfc4648[i].bytes));
        T_SPAN(yf_out_span(&o), str(want));
        T_OK(read_one(want, out, sizeof out, &n));
        T_SPAN(((yf_span){ out, n }), str(rfc4648[i].bytes));
    }
}

/* 48 bytes fill a line, 49 begin another; all 256 values come back. */
static void
breaks_lines_at_64(void **st)
{
    uint8_t bytes[256], mem[512], out[256];
    (void)st;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    for (size_t n = 0; n <= sizeof bytes; n++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        size_t m = 0, begin = strlen("-----BEGIN A-----\n");
        yf_pem_put(&o, YF_STR("A"), (yf_span){ bytes, n });
        T_OK(o.err);
        size_t lines = (n + 47) / 48, body = (n + 2) / 3 * 4;
        T(o.n == begin + body + lines + strlen("-----END A-----\n"));
        if (n > 48)
            T(mem[begin + 64] == '\n');
        yf_cur c = yf_cur_of(yf_out_span(&o));
        yf_pem b;
        T_OK(yf_pem_next(&c, &b));
        T_OK(yf_pem_decode(&b, out, n, &m));
        T_SPAN(((yf_span){ out, m }), ((yf_span){ bytes, n }));
        T_OK(yf_cur_done(&c));
        if (n)
            T_ERR(YF_E_ROOM, yf_pem_decode(&b, out, n - 1, &m));
    }
}

static void
reads_what_is_in_the_field(void **st)
{
    static const char text[] =
        "Bag Attributes: none\r\n"
        "-----BEGIN EC PARAMETERS-----\r\nZg==\r\n-----END EC PARAMETERS-----\r\n"
        "between\n-----BEGIN PRIVATE KEY-----  \n Zm9\t\n\nv\nYmE=  \n"
        "-----END PRIVATE KEY-----";
    yf_cur c = yf_cur_of(str(text));
    uint8_t out[8];
    size_t n = 0;
    yf_pem b;
    (void)st;

    T_OK(yf_pem_next(&c, &b));
    T_SPAN(b.label, YF_STR("EC PARAMETERS"));
    T_SPAN(b.body, YF_STR("Zg==\r\n"));
    T_OK(yf_pem_next(&c, &b));
    T_SPAN(b.label, YF_STR("PRIVATE KEY"));
    T_OK(yf_pem_decode(&b, out, sizeof out, &n));
    T_SPAN(((yf_span){ out, n }), YF_STR("fooba"));
    T_ERR(YF_E_NOTFOUND, yf_pem_next(&c, &b));
    T_SPAN(b.label, YF_STR("PRIVATE KEY")); // untouched
}

#define BLOCK(body) "-----BEGIN A-----\n" body "\n-----END A-----\n"

static const struct {
    const char *what, *text;
    yf_err want;
} broken[] = {
    { "nothing", "", YF_E_NOTFOUND },
    { "an end alone", "-----END A-----\n", YF_E_NOTFOUND },
    { "no end", "-----BEGIN A-----\nZg==\n", YF_E_SHORT },
    { "an end that is cut", "-----BEGIN A-----\nZg==\n-----END A----", YF_E_FORMAT },
    { "another end", "-----BEGIN A-----\nZg==\n-----END B-----\n", YF_E_FORMAT },
    { "a block in a block", "-----BEGIN A-----\n-----BEGIN A-----\n-----END A-----\n",
      YF_E_FORMAT },
    { "no label", "-----BEGIN -----\n-----END -----\n", YF_E_FORMAT },
    { "a label in small letters", "-----BEGIN a-----\n-----END a-----\n", YF_E_FORMAT },
    { "a label with two blanks", "-----BEGIN A  B-----\n-----END A  B-----\n", YF_E_FORMAT },
    { "a label with a blank behind", "-----BEGIN A -----\n-----END A -----\n", YF_E_FORMAT },
    { "text behind the begin", "-----BEGIN A-----x\n-----END A-----\n", YF_E_FORMAT },
    { "a character that is none", BLOCK("Zm9$"), YF_E_FORMAT },
    { "the alphabet of URLs", BLOCK("Zm-_"), YF_E_FORMAT },
    { "cut after one", BLOCK("Z"), YF_E_FORMAT },
    { "cut after two", BLOCK("Zg"), YF_E_FORMAT },
    { "cut after three", BLOCK("Zg="), YF_E_FORMAT },
    { "padding alone", BLOCK("===="), YF_E_FORMAT },
    { "three of padding", BLOCK("Z==="), YF_E_FORMAT },
    { "padding first", BLOCK("=Zg="), YF_E_FORMAT },
    { "padding within", BLOCK("Z=g="), YF_E_FORMAT },
    { "more after padding", BLOCK("Zg==Zg=="), YF_E_FORMAT },
    { "one more =", BLOCK("Zg==="), YF_E_FORMAT },
    { "bits under the padding", BLOCK("Zh=="), YF_E_FORMAT },
    { "a bit under the padding", BLOCK("Zm9="), YF_E_FORMAT },
    { "headers", BLOCK("Proc-Type: 4,ENCRYPTED\n\nZg=="), YF_E_UNSUPPORTED },
    { "a control character", BLOCK("Zg==\1"), YF_E_FORMAT },
};

static void
refuses_the_rest(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        uint8_t out[16];
        size_t n = 77;
        yf_err e = read_one(broken[i].text, out, sizeof out, &n);
        if (e != broken[i].want || n != 77)
            fail_msg("%s: %s", broken[i].what, yf_err_name(e));
    }
}

static void
writes_no_label_it_would_not_read(void **st)
{
    static const char *const bad[] = { "", " A", "A ", "a", "A  B", "A-B", "A\n" };
    (void)st;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint8_t mem[128];
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_pem_put(&o, str(bad[i]), YF_STR("x"));
        T_ERR(YF_E_FORMAT, o.err);
    }
}

T_MAIN(cmocka_unit_test(knows_base64), cmocka_unit_test(breaks_lines_at_64),
       cmocka_unit_test(reads_what_is_in_the_field), cmocka_unit_test(refuses_the_rest),
       cmocka_unit_test(writes_no_label_it_would_not_read))
