/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "t.h"

#include <yufu/proto/ca.h>
#include <yufu/proto/pace.h>
#include <yufu/proto/secinfo.h>

#define HEX(text) hex((text), (uint8_t[600]){ 0 })

static uint8_t
digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : (c & ~0x20) - 'A' + 10);
}

static yf_span
hex(const char *text, uint8_t *mem)
{
    size_t n = strlen(text) / 2;

    for (size_t i = 0; i < n; i++)
        mem[i] = (uint8_t)(digit(text[2 * i]) << 4 | digit(text[2 * i + 1]));
    return (yf_span){ mem, n };
}

/* ---- files as chips have them ---- */

/* EF.CardAccess of a German test card (openpace, test case "ecdh"). */
static const char card_access[] =
    "3181C6300D060804007F00070202020201023012060A04007F000702020302020201020201013012060A04007F0007"
    "020204020202010202010D301C060904007F000702020302300C060704007F0007010202010D020101302F06080400"
    "7F0007020206162368747470733A2F2F7777772E686A702D636F6E73756C74696E672E636F6D2F686F6D65303E0608"
    "04007F000702020831323012060A04007F00070202030202020102020102301C060904007F000702020302300C0607"
    "04007F0007010202010D020102";

static const struct {
    enum yf_secinfo_kind kind;
    int32_t version, id;
} in_card_access[] = {
    { YF_SECINFO_TA, 2, -1 },    { YF_SECINFO_CA, 2, 1 }, { YF_SECINFO_PACE, 2, 13 },
    { YF_SECINFO_OTHER, 0, -1 }, // domain parameters of chip authentication version 2
    { YF_SECINFO_OTHER, 0, -1 }, // CardInfoLocator
    { YF_SECINFO_OTHER, 0, -1 }, // privileged terminals
};
enum { IN_CARD_ACCESS = sizeof in_card_access / sizeof *in_card_access };

static void
reads_a_file(void **st)
{
    yf_span file = HEX(card_access);
    yf_cur c = yf_secinfos(file);
    const uint8_t *at = file.p + 3;
    struct yf_secinfo info;
    size_t n = 0;

    (void)st;
    while (yf_secinfo_next(&c, &info)) {
        T(n < IN_CARD_ACCESS);
        T(info.kind == in_card_access[n].kind);
        T(info.version == in_card_access[n].version && info.id == in_card_access[n].id);
        T(info.raw.p == at); // in the order they stand, and none left out
        at += info.raw.n;
        n++;
    }
    T_OK(yf_cur_done(&c));
    T(n == IN_CARD_ACCESS && at == file.p + file.n);
}

/* A suite the card offers, from its own file. */
static void
pace_info_names_a_suite(void **st)
{
    /* 9303-11 G.1 */
    yf_cur c = yf_secinfos(HEX("31143012060A04007F0007020204020202010202010D"));
    struct yf_secinfo info;
    struct yf_pace_suite s;

    (void)st;
    T(yf_secinfo_next(&c, &info));
    T(info.kind == YF_SECINFO_PACE && info.version == 2 && info.id == 13);
    T_OK(yf_pace_suite(&yf_provider_soft, info.protocol, info.id, &s));
    T(s.mapping == YF_PACE_GM && s.cipher == YF_AES128 && s.curve == &yf_curve_bp256r1);
    T(!yf_secinfo_next(&c, &info));
    T_OK(yf_cur_done(&c));
}

/* 9303-11 I.1: a key over standardised parameters. */
static const char standardised[] =
    "316430620609"
    "04007F000702020102305230"
    "0C060704007F0007010202010D0342000418727094"
    "94399E7470A6431BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D"
    "973C2DA138A6E7A4A08F68E16F02010D";

static void
standardised_key(void **st)
{
    yf_cur c = yf_secinfos(HEX(standardised));
    const yf_curve *curve;
    struct yf_secinfo info;
    yf_span point;
    yf_group g;
    uint8_t p[YF_POINT_MAX];

    (void)st;
    T(yf_secinfo_next(&c, &info));
    T(info.kind == YF_SECINFO_CA_KEY && info.id == 13);
    T_OK(yf_secinfo_key(&info, &curve, &point));
    T(curve == &yf_curve_bp256r1 && point.n == 65);
    T_OK(yf_group_open(&g, yf_provider_soft.group, curve));
    T_OK(g.ops->decode(&g, point, p));
    yf_group_close(&g);
}

static void
keys_refused(void **st)
{
    const yf_curve *curve = NULL;
    struct yf_secinfo info = { .kind = YF_SECINFO_CA_KEY };
    yf_span point = { NULL, 77 };

    (void)st;
    /* a MODP group, P-192, bits that are no bytes, a DH key's algorithm, and no key at all */
    info.detail = HEX("3013300C060704007F000701020201000303000405");
    T_ERR(YF_E_UNSUPPORTED, yf_secinfo_key(&info, &curve, &point));
    info.detail = HEX("3013300C060704007F000701020201080303000405");
    T_ERR(YF_E_UNSUPPORTED, yf_secinfo_key(&info, &curve, &point));
    info.detail = HEX("3013300C060704007F0007010202010D0303010404");
    T_ERR(YF_E_FORMAT, yf_secinfo_key(&info, &curve, &point));
    info.detail = HEX("3013300C060704007F0007010202010D03030004050000");
    T_ERR(YF_E_FORMAT, yf_secinfo_key(&info, &curve, &point));
    info.detail = HEX("3013300C06072A8648CE3E020102010D0303000405");
    T_ERR(YF_E_UNSUPPORTED, yf_secinfo_key(&info, &curve, &point));
    info.detail = HEX("3000");
    T(yf_secinfo_key(&info, &curve, &point) != YF_OK);
    info.kind = YF_SECINFO_CA;
    T_ERR(YF_E_FORMAT, yf_secinfo_key(&info, &curve, &point));
    T(curve == NULL && point.n == 77);
}

/* ---- tolerance, and its end ---- */

/* A set of one entry: a protocol and what follows it. */
static yf_err
read_one(yf_span protocol, yf_span fields, struct yf_secinfo *info)
{
    static uint8_t mem[600];
    yf_out o = yf_out_of(mem, sizeof mem);
    size_t set = yf_tlv_open(&o, 0x31), seq = yf_tlv_open(&o, 0x30);

    yf_tlv_put(&o, 0x06, protocol);
    yf_out_put(&o, fields);
    yf_tlv_close(&o, seq);
    yf_tlv_close(&o, set);
    yf_cur c = yf_secinfos(yf_out_span(&o));
    bool got = yf_secinfo_next(&c, info);
    T(got == (c.err == YF_OK));
    return yf_cur_done(&c);
}

static const uint8_t pace_gm[] = { 4, 0, 0x7F, 0, 7, 2, 2, 4, 2, 2 };
static const uint8_t pace_domain[] = { 4, 0, 0x7F, 0, 7, 2, 2, 4, 2 };
static const uint8_t ca_key[] = { 4, 0, 0x7F, 0, 7, 2, 2, 1, 2 };
static const uint8_t ta[] = { 4, 0, 0x7F, 0, 7, 2, 2, 2 };
static const uint8_t aa[] = { 0x67, 0x81, 8, 1, 1, 5 };
static const uint8_t ef_dir[] = { 0x67, 0x81, 8, 1, 1, 13 };

/* PACEInfo: version, and id or -1. */
static void
pace_is(yf_span fields, int32_t version, int32_t id)
{
    struct yf_secinfo info;

    T_OK(read_one(YF_SPAN(pace_gm), fields, &info));
    T(info.kind == YF_SECINFO_PACE && info.version == version && info.id == id);
    T_SPAN(info.protocol, YF_SPAN(pace_gm));
}

static void
integers_as_chips_write_them(void **st)
{
    (void)st;
    pace_is(BYTES(2, 1, 2), 2, -1);
    pace_is(BYTES(2, 1, 2, 2, 1, 13), 2, 13);
    pace_is(BYTES(2, 0x81, 1, 2, 2, 2, 0, 13), 2, 13); // a long length, a zero too many
    pace_is(BYTES(2, 1, 2, 2, 5, 0, 0x7F, 0xFF, 0xFF, 0xFF), 2, INT32_MAX);
    pace_is(BYTES(2, 1, 0, 2, 2, 0, 0xFF), 0, 255);
}

static void
fields_refused(void **st)
{
    struct yf_secinfo info = { .version = 77 };

    (void)st;
    T_ERR(YF_E_SHORT, read_one(YF_SPAN(pace_gm), (yf_span){ NULL, 0 }, &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 1, 0x82), &info)); // negative
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 0), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 5, 0, 0x80, 0, 0, 0), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 5, 1, 0, 0, 0, 0), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 6, 0, 0, 0, 0, 0, 1), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(4, 1, 2), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 1, 2, 4, 1, 13), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_gm), BYTES(2, 1, 2, 2, 1, 13, 2, 1, 1), &info));
    T_ERR(YF_E_SHORT, read_one(YF_SPAN(pace_gm), BYTES(2, 1), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(pace_domain), BYTES(2, 1, 2), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(ca_key), BYTES(0x31, 0), &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(ca_key), (yf_span){ NULL, 0 }, &info));
    T_ERR(YF_E_FORMAT, read_one(YF_SPAN(aa), BYTES(2, 1, 1, 6, 0), &info));
    T_ERR(YF_E_SHORT, read_one(YF_SPAN(aa), BYTES(2, 1, 1), &info));
    T_ERR(YF_E_FORMAT, read_one((yf_span){ NULL, 0 }, BYTES(2, 1, 1), &info));
    T(info.version == 77);
}

static void
kinds(void **st)
{
    struct yf_secinfo info;

    (void)st;
    T_OK(read_one(YF_SPAN(ta), BYTES(2, 1, 1, 0x30, 4, 4, 2, 1, 0x1C), &info)); // names EF.CVCA
    T(info.kind == YF_SECINFO_TA && info.version == 1 && info.id == -1);
    T_OK(read_one(YF_SPAN(aa), BYTES(2, 1, 1, 6, 2, 0x2A, 3), &info));
    T(info.kind == YF_SECINFO_AA && info.version == 1);
    T_SPAN(info.detail, BYTES(0x2A, 3));
    T_OK(read_one(YF_SPAN(pace_domain), BYTES(0x30, 1, 0, 2, 1, 40), &info));
    T(info.kind == YF_SECINFO_PACE_DOMAIN && info.version == 0 && info.id == 40);
    T_SPAN(info.detail, BYTES(0x30, 1, 0));
    T_OK(read_one(YF_SPAN(ca_key), BYTES(0x30, 0), &info));
    T(info.kind == YF_SECINFO_CA_KEY && info.id == -1);
    T_OK(read_one(YF_SPAN(ef_dir), BYTES(4, 1, 0x61, 9), &info)); // whatever it holds
    T(info.kind == YF_SECINFO_OTHER && info.detail.n == 0);
    T_OK(read_one(yf_ca_oid(YF_SM4), BYTES(2, 1, 1, 2, 1, 5), &info));
    T(info.kind == YF_SECINFO_CA && info.version == 1 && info.id == 5);
}

static void
files_refused(void **st)
{
    static const struct {
        uint8_t bytes[8];
        size_t n;
        yf_err want;
    } files[] = {
        { { 0 }, 0, YF_E_SHORT },
        { { 0x30, 0 }, 2, YF_E_FORMAT },
        { { 0x31, 1 }, 2, YF_E_SHORT },
        { { 0x31, 0x80, 0, 0 }, 4, YF_E_FORMAT },
        { { 0x31, 0, 1 }, 3, YF_E_FORMAT },
        { { 0x31, 2, 4, 0 }, 4, YF_E_FORMAT },
        { { 0x31, 2, 0x30, 0 }, 4, YF_E_SHORT },
        { { 0x31, 2, 0x30, 1 }, 4, YF_E_SHORT },
        { { 0x31, 0 }, 2, YF_OK },
        { { 0x31, 0x81, 0, 0, 0xFF, 0xFF }, 6, YF_OK }, // padding behind it
    };
    struct yf_secinfo info;

    (void)st;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        yf_cur c = yf_secinfos((yf_span){ files[i].bytes, files[i].n });
        T(!yf_secinfo_next(&c, &info));
        T_ERR(files[i].want, yf_cur_done(&c));
    }
}

/* ---- writing ---- */

static void
write_again(const struct yf_secinfo *info, yf_out *o)
{
    size_t at = o->n;

    yf_secinfo_put(o, info);
    T_OK(o->err);
    T_SPAN(((yf_span){ o->p + at, o->n - at }), info->raw);
}

/* What a chip wrote in DER, entry by entry; the set is then in order, and has them all. */
static void
writes_what_it_read(void **st)
{
    yf_cur c = yf_secinfos(HEX(card_access));
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_secinfo info;
    size_t mark = yf_der_open(&o, YF_DER_SET), n = 0;

    (void)st;
    while (yf_secinfo_next(&c, &info))
        write_again(&info, &o);
    yf_der_close_set(&o, mark);
    yf_span file;
    T_OK(yf_out_done(&o, &file));
    T(file.n == sizeof card_access / 2);
    yf_cur again = yf_cur_of(file);
    yf_cur set = yf_der_enter_set(&again, YF_DER_SET);
    yf_span all = yf_cur_rest(&set);
    T_OK(yf_cur_done(&set));
    T(all.n + 3 == file.n);
    for (c = yf_secinfos(file); yf_secinfo_next(&c, &info);)
        n++;
    T(n == IN_CARD_ACCESS);
}

static void
writes_each_kind(void **st)
{
    static const struct yf_secinfo infos[] = {
        { YF_SECINFO_PACE, { 0 }, { pace_gm, sizeof pace_gm }, 2, 13, { 0 } },
        { YF_SECINFO_PACE_DOMAIN,
          { 0 },
          { pace_domain, sizeof pace_domain },
          0,
          32,
          { (const uint8_t *)"\x30\0", 2 } },
        { YF_SECINFO_CA_KEY,
          { 0 },
          { ca_key, sizeof ca_key },
          0,
          -1,
          { (const uint8_t *)"\x30\0", 2 } },
        { YF_SECINFO_AA, { 0 }, { aa, sizeof aa }, 1, -1, { (const uint8_t *)"\x2A\3", 2 } },
        { YF_SECINFO_TA, { 0 }, { ta, sizeof ta }, 1, -1, { 0 } },
    };

    (void)st;
    for (size_t i = 0; i < sizeof infos / sizeof *infos; i++) {
        uint8_t mem[64];
        yf_out o = yf_out_of(mem, sizeof mem);
        struct yf_secinfo r;
        size_t mark = yf_der_open(&o, YF_DER_SET);
        yf_secinfo_put(&o, &infos[i]);
        yf_der_close_set(&o, mark);
        yf_cur c = yf_secinfos(yf_out_span(&o));
        T(yf_secinfo_next(&c, &r));
        T_OK(yf_cur_done(&c));
        T(r.kind == infos[i].kind && r.version == infos[i].version && r.id == infos[i].id);
        T_SPAN(r.protocol, infos[i].protocol);
        T_SPAN(r.detail, infos[i].detail);
    }
}

/* The curve is written out, as 9303-11 9.5.2 wants it, and known again. */
static void
writes_keys(void **st)
{
    uint8_t point[YF_POINT_MAX], mem[1000];

    (void)st;
    for (const yf_curve *const *p = yf_curves; *p; p++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        size_t mark = yf_der_open(&o, YF_DER_SET);
        yf_span pub = { point, 1 + 2 * (size_t)(*p)->size }, got;
        const yf_curve *curve;
        struct yf_secinfo info;
        point[0] = 4;
        memcpy(point + 1, (*p)->gx, (*p)->size);
        memcpy(point + 1 + (*p)->size, (*p)->gy, (*p)->size);
        yf_secinfo_put_key(&o, *p, pub, 300);
        yf_der_close_set(&o, mark);
        T_OK(o.err);
        yf_cur c = yf_secinfos(yf_out_span(&o));
        T(yf_secinfo_next(&c, &info));
        T(info.kind == YF_SECINFO_CA_KEY && info.id == 300);
        T_OK(yf_secinfo_key(&info, &curve, &got));
        T(curve == *p);
        T_SPAN(got, pub);
    }
}

T_MAIN(cmocka_unit_test(reads_a_file), cmocka_unit_test(pace_info_names_a_suite),
       cmocka_unit_test(standardised_key), cmocka_unit_test(keys_refused),
       cmocka_unit_test(integers_as_chips_write_them), cmocka_unit_test(fields_refused),
       cmocka_unit_test(kinds), cmocka_unit_test(files_refused),
       cmocka_unit_test(writes_what_it_read), cmocka_unit_test(writes_each_kind),
       cmocka_unit_test(writes_keys))
