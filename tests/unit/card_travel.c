/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"
#include "t.h"
#include "terminal.h"
#include "travelcard.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/spki.h>
#include <yufu/proto/aa.h>
#include <yufu/wire/tlv.h>

static struct travelcard card;
static struct terminal term;
static struct rnd seed = { 7 };
static uint8_t mem[65536];

static void
with(const struct travelcard_profile *p)
{
    travelcard_make(&card, p);
    terminal_open(&term, &card.card, rng_seeded(&seed));
}

static void
by_bac(void)
{
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
    assert_int_equal(terminal_bac(&term, card.seed), YF_SW_OK);
}

static void
by_pace(void)
{
    struct yf_pace_suite s;
    const struct travelcard_profile *p = card.profile;

    T_OK(yf_pace_suite_of(&yf_provider_host, p->pace[0].mapping, p->pace[0].cipher,
                          p->pace[0].curve, &s));
    assert_int_equal(terminal_pace(&term, &s, YF_PACE_CAN, card.can), YF_SW_OK);
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
}

static void
by_any(void)
{
    if (card.profile->pace[0].mapping)
        by_pace();
    else
        by_bac();
}

static void
reads(uint16_t fid)
{
    size_t n;

    assert_int_equal(terminal_read(&term, fid, mem, sizeof mem, &n), YF_SW_OK);
    T_SPAN(((yf_span){ mem, n }), travelcard_given(&card, card.travel, fid));
}

static yf_sw
selects(uint16_t fid)
{
    char hex[32];

    snprintf(hex, sizeof hex, "00a4020c02%04x", fid);
    return terminal_say(&term, hex);
}

/* ---- reading ---- */

static const uint16_t fids[] = { 0x011E, 0x011D, 0x0101, 0x0102, 0x0103, 0x0104,
                                 0x0105, 0x0106, 0x0107, 0x0108, 0x0109, 0x010A,
                                 0x010B, 0x010C, 0x010D, 0x010E, 0x010F, 0x0110 };

/* 9303-11 4.2: neither read nor selected, whether the file is there or not. */
static void
nothing_is_read_in_clear(void **st)
{
    (void)st;
    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        with(*p);
        assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
        for (size_t i = 0; i < sizeof fids / sizeof *fids; i++) {
            char hex[32];
            assert_int_equal(selects(fids[i]), YF_SW_SECURITY_STATUS);
            assert_int_equal(terminal_say(&term, "00b0000000"), YF_SW_SECURITY_STATUS);
            snprintf(hex, sizeof hex, "00b0%02x0000", 0x80 | (fids[i] & 0x1F));
            assert_int_equal(terminal_say(&term, hex), YF_SW_SECURITY_STATUS);
            snprintf(hex, sizeof hex, "00b100%02x045402000000", fids[i] & 0x1F);
            assert_int_equal(terminal_say(&term, hex), YF_SW_SECURITY_STATUS);
        }
        assert_int_equal(terminal_say(&term, "002241a40c800a04007f00070202030202"),
                         YF_SW_SECURITY_STATUS);
        assert_int_equal(terminal_say(&term, "00860000027c0000"), YF_SW_SECURITY_STATUS);
        assert_int_equal(terminal_say(&term, "0088000008000102030405060700"),
                         YF_SW_SECURITY_STATUS);
        travelcard_drop(&card);
    }
}

/* Every file as it was given, by SELECT and by SFI; what was not given is not found. */
static void
every_file_is_read_whole(void **st)
{
    (void)st;
    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        with(*p);
        by_any();
        for (size_t i = 0; i < sizeof fids / sizeof *fids; i++) {
            yf_span given = travelcard_given(&card, card.travel, fids[i]);
            char hex[32];
            if (fids[i] == 0x0103 && given.n)
                continue;
            if (!given.n) {
                assert_int_equal(selects(fids[i]), YF_SW_FILE_NOT_FOUND);
                continue;
            }
            reads(fids[i]);
            snprintf(hex, sizeof hex, "00b0%02x0010", 0x80 | (fids[i] & 0x1F));
            assert_int_equal(terminal_say(&term, hex), YF_SW_OK);
            T_SPAN(term.data, ((yf_span){ given.p, 16 }));
        }
        travelcard_drop(&card);
    }
}

/* 40 KB: beyond 32767 only odd READ BINARY reaches (9303-10 3.6.3.2). */
static void
a_large_face_is_read_by_odd_instructions(void **st)
{
    yf_span given;
    (void)st;

    with(&travelcard_p521);
    by_pace();
    given = travelcard_given(&card, card.travel, 0x0102);
    assert_int_equal(given.n, 40 * 1024);
    assert_int_equal(terminal_say(&term, "00b10002045402900010"), YF_SW_OK);
    assert_int_equal(term.data.n, 16);
    T(term.data.p[0] == 0x53 && term.data.p[1] == 14);
    T_MEM(term.data.p + 2, given.p + 0x9000, 14);
    reads(0x0102);
    travelcard_drop(&card);
}

/* Fingers and irises want terminal authentication, and nothing shows that. */
static void
fingers_are_read_by_nobody(void **st)
{
    (void)st;
    with(&travelcard_p256);
    T(travelcard_given(&card, card.travel, 0x0103).n > 0);
    for (int way = 0; way < 3; way++) {
        terminal_reset(&term);
        if (way == 0)
            by_bac();
        else
            by_pace();
        if (way == 2)
            assert_int_equal(terminal_chip(&term, YF_AES128, false, &yf_curve_p256,
                                           yf_key_point(&card.chip), -1),
                             YF_SW_OK);
        assert_int_equal(selects(0x0103), YF_SW_OK);
        assert_int_equal(terminal_say(&term, "00b0000000"), YF_SW_SECURITY_STATUS);
        assert_int_equal(terminal_say(&term, "00b0830000"), YF_SW_SECURITY_STATUS);
        assert_int_equal(terminal_say(&term, "00b10003045402000000"), YF_SW_SECURITY_STATUS);
        assert_int_equal(term.data.n, 0);
        assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_OK); // the session stands
    }
    travelcard_drop(&card);
}

static void
nothing_is_written(void **st)
{
    (void)st;
    with(&travelcard_p256);
    by_pace();
    assert_int_equal(selects(0x0101), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00d600000100"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "000e0000"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "00e40000"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "0020000006313233343536"), YF_SW_WRONG_INS);
    reads(0x0101);
    travelcard_drop(&card);
}

/* ---- basic access control ---- */

static void
basic_access_control_opens_it(void **st)
{
    (void)st;
    with(&travelcard_p256);
    by_bac();
    reads(0x011E);
    reads(0x0101);
    // Once is enough, and it ends with the application.
    assert_int_equal(terminal_say(&term, "0084000008"), YF_SW_CONDITIONS);
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
    term.secure = false;
    assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SECURITY_STATUS);
    by_bac();
    reads(0x0101);
    travelcard_drop(&card);
}

static void
wrong_basic_access_is_refused(void **st)
{
    uint8_t wrong[16], cmd[45 + 1] = { 0x00, 0x82, 0, 0, 40 };
    (void)st;

    with(&travelcard_p256);
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
    memcpy(wrong, card.seed, sizeof wrong);
    wrong[15] ^= 0x10;
    assert_int_equal(terminal_bac(&term, wrong), YF_SW_WARNING_CHANGED);
    assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SECURITY_STATUS);

    // No challenge, a used one, a wrong length.
    assert_int_equal(terminal_raw(&term, YF_SPAN(cmd)), YF_SW_CONDITIONS);
    assert_int_equal(terminal_say(&term, "0084000008"), YF_SW_OK);
    assert_int_equal(terminal_raw(&term, YF_SPAN(cmd)), YF_SW_WARNING_CHANGED);
    assert_int_equal(terminal_raw(&term, YF_SPAN(cmd)), YF_SW_CONDITIONS);
    assert_int_equal(terminal_say(&term, "0084000008"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00820000080001020304050607"), YF_SW_WRONG_LENGTH);
    assert_int_equal(terminal_raw(&term, YF_SPAN(cmd)), YF_SW_CONDITIONS);

    assert_int_equal(terminal_say(&term, "00840000"), YF_SW_WRONG_LENGTH);
    assert_int_equal(terminal_say(&term, "0084000004"), YF_SW_WRONG_LENGTH);
    assert_int_equal(terminal_say(&term, "0084010008"), YF_SW_WRONG_P1P2);
    assert_int_equal(terminal_say(&term, "0084000108"), YF_SW_WRONG_P1P2);
    cmd[2] = 1;
    assert_int_equal(terminal_raw(&term, YF_SPAN(cmd)), YF_SW_WRONG_P1P2);
    assert_int_equal(terminal_bac(&term, card.seed), YF_SW_OK);
    reads(0x0101);
    travelcard_drop(&card);
}

/* A card whose keys for it were not stored does not have the commands. */
static void
a_card_may_have_pace_alone(void **st)
{
    (void)st;
    with(&travelcard_bp384);
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "0084000008"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "00820000080001020304050607"), YF_SW_WRONG_INS);
    terminal_reset(&term);
    by_pace();
    reads(0x0101);
    travelcard_drop(&card);
}

/* After PACE the way by BAC is shut: it would lead to weaker keys. */
static void
basic_access_does_not_follow_pace(void **st)
{
    (void)st;
    with(&travelcard_p256);
    by_pace();
    assert_int_equal(terminal_say(&term, "0084000008"), YF_SW_CONDITIONS);
    reads(0x0101);
    travelcard_drop(&card);
}

/* ---- secure messaging ---- */

/* 9303-11 9.8.3: a command in clear ends the session, and what it opened is shut. */
static void
a_command_in_clear_ends_the_session(void **st)
{
    (void)st;
    for (int way = 0; way < 2; way++) {
        with(&travelcard_p256);
        if (way)
            by_pace();
        else
            by_bac();
        reads(0x0101);
        term.secure = false;
        assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SECURITY_STATUS);
        term.secure = true;
        assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_NO_SM);
        assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SECURITY_STATUS);
        travelcard_drop(&card);
    }
}

static yf_span
wrapped(const char *what, uint8_t *to, size_t cap)
{
    yf_apdu_cmd cmd, w;
    uint8_t plain[16], data[64];
    yf_out o = yf_out_of(to, cap);

    T_OK(yf_apdu_cmd_parse(hex_span(what, plain, sizeof plain), &cmd));
    T_OK(yf_sm_wrap_cmd(&term.sm, &cmd, data, sizeof data, &w));
    yf_apdu_cmd_put(&o, &w);
    return yf_out_span(&o);
}

/* Changed at any byte, or sent again, a command is refused, and with it the session ends. */
static void
a_changed_command_ends_the_session(void **st)
{
    uint8_t cmd[64];
    (void)st;

    with(&travelcard_p256);
    for (size_t at = 2; at < 5 + 13; at++) {
        by_bac();
        yf_span w = wrapped("00b0810004", cmd, sizeof cmd);
        if (at == 4) {
            assert_int_equal(terminal_raw(&term, w), YF_SW_OK); // as it is, and then again
        } else {
            cmd[at] ^= 0x04;
        }
        yf_sw sw = terminal_raw(&term, w);
        T(sw == YF_SW_SM_INCORRECT || sw == YF_SW_SM_MISSING);
        assert_int_equal(term.data.n, 0);
        term.secure = false;
        assert_int_equal(terminal_say(&term, "00b0810004"), YF_SW_SECURITY_STATUS);
    }
    travelcard_drop(&card);
}

/* ---- chip authentication ---- */

static yf_sw
chip(bool kat)
{
    const struct travelcard_profile *p = card.profile;

    return terminal_chip(&term, p->chip_cipher, kat, p->chip_curve, yf_key_point(&card.chip),
                         p->chip_id);
}

/* What began with PACE goes along to the root and back; BAC's would end there. */
static void
chip_session_goes_where_its_beginning_did(void)
{
    uint8_t security[1024];
    size_t n;

    if (!card.profile->pace[0].mapping)
        return;
    assert_int_equal(terminal_say(&term, "00a4040c07f0595546550001"), YF_SW_OK);
    assert_int_equal(terminal_read(&term, 0x011D, security, sizeof security, &n), YF_SW_OK);
    T_SPAN(((yf_span){ security, n }), travelcard_given(&card, YF_APP_ROOT, 0x011D));
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
}

static void
chip_authentication_makes_new_keys(void **st)
{
    (void)st;
    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        with(*p);
        for (int kat = 0; (*p)->chip_curve && kat < 2; kat++) {
            if (kat && (*p)->chip_cipher != YF_DES3_2KEY)
                break;
            terminal_reset(&term);
            by_any();
            reads(0x0101);
            struct yf_sm old = term.sm;
            assert_int_equal(chip(kat), YF_SW_OK);
            reads(0x0101);
            reads(0x0102);
            assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
            reads(0x0101);
            chip_session_goes_where_its_beginning_did();
            term.sm = old;
            assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SM_INCORRECT);
        }
        travelcard_drop(&card);
    }
}

/* A reader that meets another chip's key ends with keys the card does not have. */
static void
a_copy_does_not_answer_under_the_new_keys(void **st)
{
    yf_rng rng = rng_seeded(&seed);
    yf_key other;
    (void)st;

    with(&travelcard_p256);
    by_pace();
    T_OK(yf_key_generate(&yf_provider_host, &yf_curve_p256, &rng, &other));
    assert_int_equal(
        terminal_chip(&term, YF_AES128, false, &yf_curve_p256, yf_key_point(&other), -1), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_SM_INCORRECT);
    travelcard_drop(&card);
}

#define CA_AES128 "800a04007f00070202030202"
#define POINT_OFF                                                                                  \
    "0086000045"                                                                                   \
    "7c438041"                                                                                     \
    "04"                                                                                           \
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"                             \
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f4"                             \
    "00"

static void
chip_authentication_is_as_dg14_says(void **st)
{
    static const struct {
        const char *cmd;
        yf_sw sw;
    } cases[] = {
        { "002241a40c" CA_AES128, YF_SW_OK },
        { "002241a40f" CA_AES128 "8401"
          "01",
          YF_SW_OK },
        { "002241a40f" CA_AES128 "8401"
          "02",
          YF_SW_WRONG_DATA }, // no protocol with this key
        { "002241a40c"
          "800a04007f00070202030203",
          YF_SW_WRONG_DATA }, // AES-192
        { "002241a40c"
          "800a04007f00070202030102",
          YF_SW_WRONG_DATA }, // DH
        { "002241a40c"
          "800a04007f00070202030201",
          YF_SW_WRONG_DATA }, // 3DES
        { "002241a403"
          "840101",
          YF_SW_WRONG_DATA },
        { "002241a4", YF_SW_WRONG_DATA },
        { "002241a6"
          "03"
          "840101",
          YF_SW_WRONG_DATA },
        { "002241a6"
          "06"
          "9104"
          "04010203",
          YF_SW_WRONG_DATA }, // no 3DES in DG14
        { "0022c1a40c" CA_AES128, YF_SW_WRONG_P1P2 },
        { "002241b60c" CA_AES128, YF_SW_WRONG_P1P2 },
    };
    (void)st;

    with(&travelcard_bp256);
    by_pace();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# %s\n", cases[i].cmd);
        assert_int_equal(terminal_say(&term, cases[i].cmd), cases[i].sw);
        // Chosen or not: that is what a point off the curve tells, in the messaging of before.
        assert_int_equal(terminal_say(&term, POINT_OFF),
                         cases[i].sw == YF_SW_OK ? YF_SW_WRONG_DATA : YF_SW_CONDITIONS);
        assert_int_equal(terminal_say(&term, POINT_OFF), YF_SW_CONDITIONS);
        reads(0x0101);
    }
    assert_int_equal(terminal_say(&term, "002241a40c" CA_AES128), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00860100027c0000"), YF_SW_WRONG_P1P2);
    assert_int_equal(terminal_say(&term, "00860000027c0000"), YF_SW_WRONG_DATA);
    travelcard_drop(&card);
}

static void
a_document_without_dg14_has_no_chip_authentication(void **st)
{
    (void)st;
    with(&travelcard_icao_d);
    by_bac();
    assert_int_equal(terminal_say(&term, "002241a40c" CA_AES128), YF_SW_WRONG_DATA);
    assert_int_equal(terminal_say(&term, "002241a606910404010203"), YF_SW_WRONG_DATA);
    assert_int_equal(terminal_say(&term, "00860000027c0000"), YF_SW_CONDITIONS);
    travelcard_drop(&card);
}

/* ---- active authentication ---- */

static void
active_authentication_signs_the_challenge(void **st)
{
    const uint8_t challenge[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, other[8] = { 1, 2, 3, 4, 5, 6, 7, 9 };
    (void)st;

    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        with(*p);
        by_any();
        yf_span dg15 = travelcard_given(&card, card.travel, 0x010F);
        yf_sw sw = terminal_say(&term, "0088000008010203040506070800");
        if (!dg15.n) {
            assert_int_equal(sw, YF_SW_REFERENCE_NOT_FOUND);
            travelcard_drop(&card);
            continue;
        }
        assert_int_equal(sw, YF_SW_OK);
        yf_cur file = yf_cur_of(dg15), c = yf_tlv_enter(&file, 0x6F);
        yf_spki key = yf_spki_read(&c);
        T_OK(yf_cur_done(&c));
        T_OK(yf_aa_verify(&yf_provider_host, &key, (*p)->active_hash, YF_SPAN(challenge),
                          term.data));
        T_ERR(YF_E_AUTH,
              yf_aa_verify(&yf_provider_host, &key, (*p)->active_hash, YF_SPAN(other), term.data));
        reads(0x0101);
        assert_int_equal(terminal_say(&term, "00880000070102030405060700"), YF_SW_WRONG_LENGTH);
        assert_int_equal(terminal_say(&term, "008800000901020304050607080900"), YF_SW_WRONG_LENGTH);
        assert_int_equal(terminal_say(&term, "0088010008010203040506070800"), YF_SW_WRONG_P1P2);
        travelcard_drop(&card);
    }
}

/* ---- stages of life ---- */

/* It is read where it is in use, and nowhere else. */
static void
it_is_read_in_use_only(void **st)
{
    static const yf_stage stages[] = { YF_STAGE_PERSO, YF_STAGE_ISSUER, YF_STAGE_ACTIVE,
                                       YF_STAGE_LOCKED, YF_STAGE_TERMINATED };
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    for (size_t i = 0; i < card.n_given; i++)
        assert_int_equal(
            travelcard_give(&card, card.given[i].app, card.given[i].dgi, card.given[i].bytes, 2000),
            YF_SW_OK);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        if (i)
            T_OK(yf_life_advance(&card.card.store, stages[i]));
        yf_card_stop(&card.card);
        T_OK(yf_card_start(&card.card, &card.parts));
        terminal_open(&term, &card.card, rng_seeded(&seed));
        if (YF_IN(stages[i]) & YF_IN_USE) {
            by_bac();
            reads(0x0101);
            continue;
        }
        terminal_select_travel(&term);
        T(terminal_bac(&term, card.seed) != YF_SW_OK);
        T(!term.secure);
        T(terminal_say(&term, "00b0810000") != YF_SW_OK);
        assert_int_equal(term.data.n, 0);
    }
    travelcard_drop(&card);
}

/* ---- personalisation ---- */

static yf_sw
give(uint16_t dgi, yf_span bytes)
{
    return travelcard_give(&card, card.travel, dgi, bytes, 1024);
}

static yf_sw
give_own(uint16_t dgi)
{
    return give(dgi, travelcard_given(&card, card.travel, dgi));
}

/* A provider without one of the things DG14 and DG15 name. */
static void
it_says_only_what_its_provider_has(void **st)
{
    yf_provider poor = yf_provider_soft;
    struct travelcard_profile p = travelcard_p256;
    (void)st;

    p.provider = &poor;
    p.chip_cipher = YF_AES192;
    poor.cipher[YF_AES192] = NULL;
    travelcard_blank(&card, &p);
    assert_int_equal(give_own(0x010E), YF_SW_ALGORITHM);
    assert_int_equal(give_own(0x010F), YF_SW_OK);
    travelcard_drop(&card);

    poor = yf_provider_soft;
    poor.hash[YF_SHA256] = NULL;
    travelcard_blank(&card, &p);
    assert_int_equal(give_own(0x010E), YF_SW_ALGORITHM);
    travelcard_drop(&card);

    poor = yf_provider_soft;
    p = travelcard_des3;
    p.provider = &poor; // without RSA
    travelcard_blank(&card, &p);
    assert_int_equal(give_own(0x010E), YF_SW_OK);
    assert_int_equal(give_own(0x010F), YF_SW_ALGORITHM);
    travelcard_drop(&card);
}

static void
what_cannot_be_read_is_refused(void **st)
{
    uint8_t broken[1024];
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    for (uint16_t fid = 0x010E; fid <= 0x010F; fid++) {
        yf_span given = travelcard_given(&card, card.travel, fid);
        memcpy(broken, given.p, given.n);
        broken[0] ^= 1; // another template
        assert_int_equal(give(fid, (yf_span){ broken, given.n }), YF_SW_WRONG_DATA);
        broken[0] ^= 1;
        broken[given.n] = 0; // something behind it
        assert_int_equal(give(fid, (yf_span){ broken, given.n + 1 }), YF_SW_WRONG_DATA);
        assert_int_equal(give(fid, (yf_span){ broken, given.n - 1 }), YF_SW_WRONG_DATA);
        assert_int_equal(give(fid, (yf_span){ broken, given.n }), YF_SW_OK);
    }
    // A public key off its curve.
    yf_span dg15 = travelcard_given(&card, card.travel, 0x010F);
    memcpy(broken, dg15.p, dg15.n);
    broken[dg15.n - 1] ^= 1;
    assert_int_equal(give(0x010F, (yf_span){ broken, dg15.n }), YF_SW_WRONG_DATA);
    travelcard_drop(&card);
}

static void
given_all_but(uint16_t without)
{
    travelcard_blank(&card, &travelcard_p256);
    for (size_t i = 0; i < card.n_given; i++)
        if (card.given[i].app == card.travel && card.given[i].dgi != without)
            assert_int_equal(give_own(card.given[i].dgi), YF_SW_OK);
}

/* Public and private keys come in pairs that belong together, or not at all. */
static void
keys_come_in_pairs(void **st)
{
    static const uint16_t missing[] = { 0x8200, 0x8020, 0x010E, 0x010F };
    uint8_t d[32];
    (void)st;

    given_all_but(0);
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_OK);
    memcpy(d, card.chip.d, sizeof d);
    assert_int_equal(give(0x8103, YF_SPAN(d)), YF_SW_OK); // of no public key
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_CONDITIONS);
    travelcard_drop(&card);

    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        given_all_but(missing[i]);
        assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_CONDITIONS);
        assert_int_equal(give_own(missing[i]), YF_SW_OK);
        assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_OK);
        travelcard_drop(&card);
    }

    given_all_but(0);
    d[31] ^= 1;
    assert_int_equal(give(0x8200, YF_SPAN(d)), YF_SW_OK); // another's
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_CONDITIONS);
    assert_int_equal(give(0x8200, (yf_span){ d, 31 }), YF_SW_OK); // too short
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_CONDITIONS);
    assert_int_equal(give_own(0x8200), YF_SW_OK);
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_OK);

    uint8_t stored[128];
    yf_span active = travelcard_given(&card, card.travel, 0x8020);
    memcpy(stored, active.p, active.n);
    stored[active.n - 1] ^= 1;
    assert_int_equal(give(0x8020, (yf_span){ stored, active.n }), YF_SW_OK);
    assert_int_equal(travelcard_stored(&card, card.travel), YF_SW_CONDITIONS);
    travelcard_drop(&card);
}

static void
groupings_are_held_to_their_list(void **st)
{
    static const uint8_t zeros[2049];
    yf_out o = yf_out_of(card.card.out, sizeof card.card.out);
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    assert_int_equal(give(0x0100, BYTES(1)), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x0111, BYTES(1)), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x011C, BYTES(1)), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x8001, (yf_span){ zeros, 24 }), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x8010, (yf_span){ zeros, 15 }), YF_SW_WRONG_DATA);
    assert_int_equal(give(0x8010, (yf_span){ zeros, 17 }), YF_SW_NO_MEMORY);
    assert_int_equal(give(0x8201, (yf_span){ zeros, 32 }), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x010E, (yf_span){ zeros, 2049 }), YF_SW_NO_MEMORY);

    struct yf_call call = travelcard_call(&card, card.travel, &o);
    static const uint16_t secret[] = { 0x8010, 0x8020, 0x8100, 0x81FF, 0x8200 };
    const struct yf_applet *travel = NULL;
    struct yf_app app;
    T_OK(yf_apps_get(&card.card.store, card.travel, &app));
    travel = yf_apps_applet(&card.card, &app);
    call.shown = YF_NEED_NOTHING | YF_NEED_ADMIN; // a channel that does not decipher
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        assert_int_equal(travel->store(&call, secret[i], 32, 0, (yf_span){ zeros, 16 }),
                         YF_SW_SECURITY_STATUS);
    travelcard_drop(&card);
}

T_MAIN(cmocka_unit_test(nothing_is_read_in_clear), cmocka_unit_test(every_file_is_read_whole),
       cmocka_unit_test(a_large_face_is_read_by_odd_instructions),
       cmocka_unit_test(fingers_are_read_by_nobody), cmocka_unit_test(nothing_is_written),
       cmocka_unit_test(basic_access_control_opens_it),
       cmocka_unit_test(wrong_basic_access_is_refused),
       cmocka_unit_test(a_card_may_have_pace_alone),
       cmocka_unit_test(basic_access_does_not_follow_pace),
       cmocka_unit_test(a_command_in_clear_ends_the_session),
       cmocka_unit_test(a_changed_command_ends_the_session),
       cmocka_unit_test(chip_authentication_makes_new_keys),
       cmocka_unit_test(a_copy_does_not_answer_under_the_new_keys),
       cmocka_unit_test(chip_authentication_is_as_dg14_says),
       cmocka_unit_test(a_document_without_dg14_has_no_chip_authentication),
       cmocka_unit_test(active_authentication_signs_the_challenge),
       cmocka_unit_test(it_is_read_in_use_only),
       cmocka_unit_test(it_says_only_what_its_provider_has),
       cmocka_unit_test(what_cannot_be_read_is_refused), cmocka_unit_test(keys_come_in_pairs),
       cmocka_unit_test(groupings_are_held_to_their_list))
