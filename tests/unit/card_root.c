/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"
#include "terminal.h"
#include "travelcard.h"
#include "vec.h"

#include <yufu/crypto/host.h>

static struct travelcard card;
static struct terminal term;
static struct rnd seed = { 7 };

static void
with(const struct travelcard_profile *p)
{
    travelcard_make(&card, p);
    terminal_open(&term, &card.card, rng_seeded(&seed));
}

static struct yf_pace_suite
suite(const struct travelcard_profile *p, size_t i)
{
    struct yf_pace_suite s;

    T_OK(yf_pace_suite_of(&yf_provider_host, p->pace[i].mapping, p->pace[i].cipher,
                          p->pace[i].curve, &s));
    return s;
}

static yf_sw
pace(size_t i, enum yf_pace_password kind, yf_span secret)
{
    struct yf_pace_suite s = suite(card.profile, i);

    return terminal_pace(&term, &s, kind, secret);
}

static void
reads(uint8_t app, uint16_t fid)
{
    uint8_t mem[4096];
    size_t n;

    assert_int_equal(terminal_read(&term, fid, mem, sizeof mem, &n), YF_SW_OK);
    T_SPAN(((yf_span){ mem, n }), travelcard_given(&card, app, fid));
}

/* ---- files ---- */

/* 9303-10 3.11: what the card says of itself is read in clear, and EF.CardSecurity after PACE. */
static void
says_what_it_is(void **st)
{
    (void)st;
    with(&travelcard_p256);
    assert_int_equal(terminal_say(&term, "00a4000c"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00a4000c023f00"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00a4020c02011e"), YF_SW_FILE_NOT_FOUND);
    reads(0, 0x2F00);
    reads(0, 0x2F01);
    reads(0, 0x011C);
    assert_int_equal(terminal_say(&term, "00b09c0000"), YF_SW_OK); // by SFI
    assert_int_equal(terminal_say(&term, "00b09e0000"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00b0810000"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00b09d0000"), YF_SW_SECURITY_STATUS);
    assert_int_equal(term.data.n, 0);

    assert_int_equal(pace(0, YF_PACE_CAN, card.can), YF_SW_OK);
    reads(0, 0x011D);
    reads(0, 0x011C);
    travelcard_drop(&card);
}

static void
basic_access_does_not_open_card_security(void **st)
{
    (void)st;
    with(&travelcard_p256);
    assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
    assert_int_equal(terminal_bac(&term, card.seed), YF_SW_OK);
    terminal_say(&term, "00a4040c07f0595546550001");
    term.secure = false;
    assert_int_equal(terminal_say(&term, "00a4040c07f0595546550001"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00b09d0000"), YF_SW_SECURITY_STATUS);
    travelcard_drop(&card);
}

/* GPCS 11.3: which card it is, and what has become of it. */
static void
says_which_it_is_to_the_end(void **st)
{
    static const struct {
        yf_stage stage;
        uint8_t code;
    } stages[] = { { YF_STAGE_ACTIVE, 0x1F },
                   { YF_STAGE_LOCKED, 0x7F },
                   { YF_STAGE_TERMINATED, 0xFF } };
    (void)st;

    with(&travelcard_p256);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        if (i)
            T_OK(yf_life_advance(&card.card.store, stages[i].stage));
        yf_card_stop(&card.card);
        T_OK(yf_card_start(&card.card, &card.parts));
        assert_int_equal(terminal_say(&term, "80ca004500"), YF_SW_OK);
        T_SPAN(term.data, YF_STR("\x45\x0ASPECIMEN 1"));
        assert_int_equal(terminal_say(&term, "00ca9f7000"), YF_SW_OK);
        T_SPAN(term.data, BYTES(0x9F, 0x70, 1, stages[i].code));
        assert_int_equal(terminal_say(&term, "00ca004600"), YF_SW_REFERENCE_NOT_FOUND);
        assert_int_equal(terminal_say(&term, "00b09c0000"), i ? YF_SW_WRONG_INS : YF_SW_OK);
    }
    travelcard_drop(&card);
}

static void
nothing_is_written(void **st)
{
    (void)st;
    with(&travelcard_p256);
    assert_int_equal(terminal_say(&term, "00a4020c02011c"), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "00d600000100"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "000e0000"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "00e00000026200"), YF_SW_WRONG_INS);
    assert_int_equal(terminal_say(&term, "00e40000"), YF_SW_WRONG_INS);
    travelcard_drop(&card);
}

/* ---- PACE ---- */

static void
every_suite_it_names_opens_it_with_every_password(void **st)
{
    (void)st;
    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        with(*p);
        for (size_t i = 0; i < TRAVELCARD_PACE && (*p)->pace[i].mapping; i++) {
            assert_int_equal(pace(i, YF_PACE_MRZ, card.mrz_info), YF_SW_OK);
            assert_int_equal(terminal_select_travel(&term), YF_SW_OK);
            reads(card.travel, 0x0101);
            terminal_reset(&term);
            assert_int_equal(pace(i, YF_PACE_CAN, card.can), YF_SW_OK);
            reads(0, 0x011D);
            terminal_reset(&term);
        }
        travelcard_drop(&card);
    }
}

/* 9303-11 4.4.1: a wrong password is noticed at the token, and costs no tries. */
static void
a_wrong_password_fails_at_the_token(void **st)
{
    (void)st;
    with(&travelcard_p256);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(pace(0, YF_PACE_MRZ, YF_STR("L898902C3674081221204150")),
                         YF_SW_WARNING_CHANGED);
        assert_int_equal(pace(1, YF_PACE_CAN, YF_STR("123457")), YF_SW_WARNING_CHANGED);
    }
    assert_int_equal(pace(0, YF_PACE_MRZ, YF_STR("123456")), YF_SW_WARNING_CHANGED);
    T(!term.secure);
    assert_int_equal(terminal_say(&term, "008600000c7c0a8508000000000000000000"), YF_SW_CONDITIONS);
    assert_int_equal(pace(0, YF_PACE_MRZ, card.mrz_info), YF_SW_OK);
    travelcard_drop(&card);
}

/* MSE:Set AT, 4.4.4.1. bp256 names GM with AES-128 over two curves, IM over one. */
static void
only_what_card_access_names_can_be_chosen(void **st)
{
    static const struct {
        const char *cmd;
        yf_sw sw;
    } cases[] = {
        { "0022c1a412800a04007f0007020204020283010184010d", YF_SW_OK },
        { "0022c1a412800a04007f0007020204020283010284010c", YF_SW_OK },
        { "0022c1a40f800a04007f00070202040402830101", YF_SW_OK }, // IM: one curve, unsaid
        { "0022c1a412800a04007f0007020204040283010184010d", YF_SW_OK },
        { "0022c1a40f800a04007f00070202040202830101", YF_SW_WRONG_DATA }, // GM: which?
        { "0022c1a412800a04007f0007020204040283010184010c", YF_SW_REFERENCE_NOT_FOUND },
        { "0022c1a412800a04007f0007020204020283010184010f", YF_SW_REFERENCE_NOT_FOUND },
        { "0022c1a412800a04007f0007020204020383010184010d", YF_SW_WRONG_DATA },          // AES-192
        { "0022c1a412800a04007f0007020204010283010184010d", YF_SW_WRONG_DATA },          // DH
        { "0022c1a412800a04007f0007020204060283010184010d", YF_SW_WRONG_DATA },          // CAM
        { "0022c1a412800a04007f0007020204020283010384010d", YF_SW_REFERENCE_NOT_FOUND }, // PIN
        { "0022c1a412800a04007f0007020204020283010084010d", YF_SW_REFERENCE_NOT_FOUND },
        { "0022c1a40f800a04007f0007020204020284010d", YF_SW_WRONG_DATA }, // no password
        { "0022c1a40683010184010d", YF_SW_WRONG_DATA },                   // no protocol
        { "0022c1a4", YF_SW_WRONG_DATA },
        { "002241a412800a04007f0007020204020283010184010d", YF_SW_WRONG_P1P2 },
        { "0022c1a612800a04007f0007020204020283010184010d", YF_SW_WRONG_P1P2 },
    };
    (void)st;

    with(&travelcard_bp256);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# %s\n", cases[i].cmd);
        assert_int_equal(terminal_say(&term, cases[i].cmd), cases[i].sw);
        // A choice that was refused has undone the one before.
        assert_int_equal(terminal_say(&term, "10860000027c0000"),
                         cases[i].sw == YF_SW_OK ? YF_SW_OK : YF_SW_CONDITIONS);
    }
    travelcard_drop(&card);
}

#define CHOOSE "0022c1a412800a04007f0007020204020283010184010d"
#define NONCE "10860000027c0000"
#define PUBLIC(tag)                                                                                \
    "10860000457c438" tag "41047acf3efc982ec45565a4b155129efbc74650dcbfa6362d896fc70262e0c2cc5e"   \
    "544552dcb6725218799115b55c9baa6d9f6bc3a9618e70c25af71777a9c4922d00"
#define OFF_CURVE                                                                                  \
    "10860000457c43814104"                                                                         \
    "7acf3efc982ec45565a4b155129efbc74650dcbfa6362d896fc70262e0c2cc5e"                             \
    "544552dcb6725218799115b55c9baa6d9f6bc3a9618e70c25af71777a9c4922e00"
#define COMPRESSED                                                                                 \
    "10860000257c238121037acf3efc982ec45565a4b155129efbc74650dcbfa6362d896fc70262e0c2cc5e00"
#define TOKEN "008600000c7c0a8508000000000000000000"

/* Whatever is out of turn ends the protocol: the right step is refused after it. */
static void
steps_come_in_order_and_whole(void **st)
{
    static const struct {
        const char *cmd[4];
        yf_sw sw; // of the last; all before are 9000
    } cases[] = {
        { { NONCE }, YF_SW_CONDITIONS }, // nothing chosen
        { { CHOOSE, TOKEN }, YF_SW_CONDITIONS },
        { { CHOOSE, "00860000027c0000" }, YF_SW_CONDITIONS }, // not linked to the next
        { { CHOOSE, PUBLIC("1") }, YF_SW_WRONG_DATA },
        { { CHOOSE, "1086000000" }, YF_SW_WRONG_DATA },
        { { CHOOSE, "1086000001"
                    "7c"
                    "00" },
          YF_SW_WRONG_DATA },
        { { CHOOSE, "1086000003"
                    "7c0000"
                    "00" },
          YF_SW_WRONG_DATA },
        { { CHOOSE, "10860100027c0000" }, YF_SW_WRONG_P1P2 },
        { { CHOOSE, "10860001027c0000" }, YF_SW_WRONG_P1P2 },
        { { CHOOSE, NONCE, NONCE }, YF_SW_WRONG_DATA },
        { { CHOOSE, NONCE, PUBLIC("3") }, YF_SW_WRONG_DATA },
        { { CHOOSE, NONCE, OFF_CURVE }, YF_SW_WRONG_DATA },
        { { CHOOSE, NONCE, COMPRESSED }, YF_SW_WRONG_DATA },
        { { CHOOSE, NONCE, PUBLIC("1"), PUBLIC("1") }, YF_SW_WRONG_DATA },
        { { CHOOSE, NONCE, PUBLIC("1"), TOKEN }, YF_SW_CONDITIONS },
    };
    (void)st;

    with(&travelcard_bp256);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        terminal_reset(&term);
        for (size_t k = 0; k < 4 && cases[i].cmd[k]; k++) {
            bool last = k == 3 || !cases[i].cmd[k + 1];
            assert_int_equal(terminal_say(&term, cases[i].cmd[k]), last ? cases[i].sw : YF_SW_OK);
        }
        assert_int_equal(terminal_say(&term, NONCE), YF_SW_CONDITIONS);
    }
    travelcard_drop(&card);
}

/* All four steps, up to the last: a chained token is not the last of the chain. */
static void
the_last_step_is_not_chained(void **st)
{
    (void)st;
    with(&travelcard_bp256);
    assert_int_equal(terminal_say(&term, CHOOSE), YF_SW_OK);
    assert_int_equal(terminal_say(&term, NONCE), YF_SW_OK);
    assert_int_equal(terminal_say(&term, PUBLIC("1")), YF_SW_OK);
    assert_int_equal(terminal_say(&term, PUBLIC("3")), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "108600000c7c0a8508000000000000000000"),
                     YF_SW_LAST_OF_CHAIN);
    assert_int_equal(terminal_say(&term, TOKEN), YF_SW_CONDITIONS);
    travelcard_drop(&card);
}

/* ---- the worked examples, and the same commands to a card that draws otherwise ---- */

static yf_span
exchange(const struct vec *v, const char *kind, int i)
{
    char name[24];

    snprintf(name, sizeof name, "%s%d", kind, i);
    return vec_has(v, name) ? vec_get(v, name) : (yf_span){ 0 };
}

static void
card_answers_as_the_standard_shows(const struct vec *v, void *arg)
{
    const struct travelcard_profile *p =
        strcmp(vec_str(v, "profile"), "icao_d") == 0 ? &travelcard_icao_d : &travelcard_icao_g;
    (void)arg;

    with(p);
    travelcard_say(&card, vec_get(v, "card"));
    for (int i = 1; exchange(v, "command", i).n; i++) {
        uint8_t mem[300];
        yf_out o = yf_out_of(mem, sizeof mem);
        yf_card_transmit(&card.card, exchange(v, "command", i), &o);
        T_SPAN(yf_out_span(&o), exchange(v, "response", i));
    }
    assert_int_equal(card.said.left.n, 0);
    travelcard_drop(&card);
}

static void
worked_examples(void **st)
{
    (void)st;
    assert_int_equal(vec_each("travel_apdu.txt", card_answers_as_the_standard_shows, NULL), 3);
}

static void
recorded_commands_do_not_work_again(const struct vec *v, void *arg)
{
    bool bac = strcmp(vec_str(v, "profile"), "icao_d") == 0;
    yf_sw sw = YF_SW_OK;
    int i = 1;
    (void)arg;

    with(bac ? &travelcard_icao_d : &travelcard_icao_g);
    for (; exchange(v, "command", i).n && sw == YF_SW_OK; i++)
        sw = terminal_raw(&term, exchange(v, "command", i));
    assert_int_equal(sw, YF_SW_WARNING_CHANGED);
    assert_int_equal(i, bac ? 4 : 6);
    travelcard_drop(&card);
}

static void
a_recording_opens_nothing(void **st)
{
    (void)st;
    vec_each("travel_apdu.txt", recorded_commands_do_not_work_again, NULL);
}

/* ---- personalisation ---- */

static yf_sw
give(uint16_t dgi, yf_span bytes)
{
    return travelcard_give(&card, YF_APP_ROOT, dgi, bytes, 1024);
}

static void
it_says_only_what_its_provider_has(void **st)
{
    yf_provider poor = yf_provider_soft;
    struct travelcard_profile p = travelcard_sm2;
    yf_span access;
    (void)st;

    poor.cipher[YF_SM4] = NULL;
    p.provider = &poor;
    travelcard_blank(&card, &p);
    access = travelcard_given(&card, YF_APP_ROOT, 0x011C);
    assert_int_equal(give(0x011C, access), YF_SW_ALGORITHM);
    assert_int_equal(give(0x011C, (yf_span){ access.p, access.n - 1 }), YF_SW_WRONG_DATA);
    // What was refused is not there, and not half there.
    assert_int_equal(travelcard_stored(&card, YF_APP_ROOT), YF_SW_OK);
    travelcard_drop(&card);
}

/* Chip authentication mapping, DH, explicit domain parameters, terminal authentication. */
static void
what_is_not_built_is_not_named(void **st)
{
    static const struct {
        yf_span infos;
        yf_sw sw;
    } cases[] = {
        { YF_STR("\x31\x14\x30\x12\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x06\x02\x02\x01\x02\x02"
                 "\x01\x0D"),
          YF_SW_ALGORITHM },
        { YF_STR("\x31\x14\x30\x12\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x01\x02\x02\x01\x02\x02"
                 "\x01\x00"),
          YF_SW_ALGORITHM },
        { YF_STR("\x31\x14\x30\x12\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02\x02\x01\x02\x02"
                 "\x01\x1F"),
          YF_SW_ALGORITHM },
        { YF_STR("\x31\x0F\x30\x0D\x06\x08\x04\x00\x7F\x00\x07\x02\x02\x02\x02\x01\x01"),
          YF_SW_ALGORITHM },
        { YF_STR("\x31\x12\x30\x10\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02\x02\x02\x02"),
          YF_SW_WRONG_DATA },
        { YF_STR("\x31\x11\x30\x0F\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x03\x02\x02\x02\x01\x01"),
          YF_SW_ALGORITHM }, // chip authentication is the other application's
        { YF_STR("\x31\x00"), YF_SW_OK },
    };
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("# case %zu\n", i);
        assert_int_equal(give(0x011C, cases[i].infos), cases[i].sw);
    }
    travelcard_drop(&card);
}

static void
groupings_are_held_to_their_list(void **st)
{
    static const uint8_t zeros[2048];
    yf_out o = yf_out_of(card.card.out, sizeof card.card.out);
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    assert_int_equal(give(0x0101, BYTES(1)), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x8000, BYTES(1)), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x8003, YF_STR("123456")), YF_SW_REFERENCE_NOT_FOUND);
    assert_int_equal(give(0x8002, YF_STR("12345")), YF_SW_WRONG_DATA);
    assert_int_equal(give(0x8002, YF_STR("12345678901234567")), YF_SW_NO_MEMORY);
    assert_int_equal(give(0x2F01, (yf_span){ zeros, 257 }), YF_SW_NO_MEMORY);
    assert_int_equal(give(0x2F01, (yf_span){ zeros, 0 }), YF_SW_WRONG_DATA);

    struct yf_call call = travelcard_call(&card, YF_APP_ROOT, &o);
    const struct yf_applet *root = card.card.parts.applets[0];
    call.shown = YF_NEED_NOTHING | YF_NEED_ADMIN; // a channel that does not decipher
    assert_int_equal(root->store(&call, 0x8002, 6, 0, YF_STR("123456")), YF_SW_SECURITY_STATUS);
    assert_int_equal(root->store(&call, 0x2F01, 4, 0, BYTES(1, 2, 3, 4)), YF_SW_OK);
    // Pieces that do not fit together.
    assert_int_equal(root->store(&call, 0x2F00, 4, 2, BYTES(3, 4)), YF_SW_WRONG_DATA);
    assert_int_equal(root->store(&call, 0x2F00, 4, 0, BYTES(1, 2, 3, 4, 5)), YF_SW_WRONG_DATA);
    assert_int_equal(root->store(&call, 0x2F00, 4, 0, BYTES(1, 2)), YF_SW_OK);
    assert_int_equal(root->store(&call, 0x2F01, 4, 2, BYTES(3, 4)), YF_SW_WRONG_DATA);
    assert_int_equal(root->store(&call, 0x2F00, 5, 2, BYTES(3, 4)), YF_SW_WRONG_DATA);
    assert_int_equal(root->stored(&call), YF_SW_CONDITIONS); // half of EF.DIR
    assert_int_equal(root->store(&call, 0x2F00, 4, 2, BYTES(3, 4)), YF_SW_OK);
    assert_int_equal(root->stored(&call), YF_SW_OK);
    travelcard_drop(&card);
}

/* Half a file or key is not forgotten over others that come whole: docs/travel.md. */
static void
what_came_in_part_is_not_whole_for_another(void **st)
{
    yf_out o = yf_out_of(card.card.out, sizeof card.card.out);
    (void)st;

    travelcard_blank(&card, &travelcard_p256);
    struct yf_call call = travelcard_call(&card, YF_APP_ROOT, &o);
    const struct yf_applet *root = card.card.parts.applets[0];
    assert_int_equal(root->store(&call, 0x2F00, 4, 0, BYTES(1, 2)), YF_SW_OK);
    assert_int_equal(root->store(&call, 0x2F01, 2, 0, BYTES(1, 2)), YF_SW_OK);
    assert_int_equal(root->stored(&call), YF_SW_CONDITIONS);
    assert_int_equal(root->store(&call, 0x2F01, 2, 0, BYTES(1)), YF_SW_OK);
    assert_int_equal(root->store(&call, 0x2F00, 4, 0, BYTES(1, 2, 3, 4)), YF_SW_OK);
    assert_int_equal(root->stored(&call), YF_SW_CONDITIONS); // half of EF.ATR/INFO
    assert_int_equal(root->store(&call, 0x2F01, 2, 1, BYTES(2)), YF_SW_OK);
    assert_int_equal(root->stored(&call), YF_SW_OK);
    travelcard_drop(&card);
}

/* PACE without a password, a password without PACE. */
static void
access_and_password_come_together(void **st)
{
    (void)st;
    travelcard_blank(&card, &travelcard_p256);
    assert_int_equal(give(0x8002, card.can), YF_SW_OK);
    assert_int_equal(travelcard_stored(&card, YF_APP_ROOT), YF_SW_CONDITIONS);
    assert_int_equal(give(0x011C, travelcard_given(&card, YF_APP_ROOT, 0x011C)), YF_SW_OK);
    assert_int_equal(travelcard_stored(&card, YF_APP_ROOT), YF_SW_OK);
    travelcard_drop(&card);

    travelcard_blank(&card, &travelcard_p256);
    assert_int_equal(give(0x011C, travelcard_given(&card, YF_APP_ROOT, 0x011C)), YF_SW_OK);
    assert_int_equal(travelcard_stored(&card, YF_APP_ROOT), YF_SW_CONDITIONS);
    travelcard_drop(&card);
}

static void
nothing_is_given_any_more_once_it_is_in_use(void **st)
{
    (void)st;
    with(&travelcard_p256);
    assert_int_equal(give(0x2F01, BYTES(1, 2, 3)), YF_SW_CONDITIONS);
    assert_int_equal(give(0x8002, YF_STR("654321")), YF_SW_CONDITIONS);
    reads(0, 0x2F01);
    travelcard_drop(&card);
}

/* A password that was not stored is not there to be guessed. */
static void
a_password_that_was_not_given_is_not_found(void **st)
{
    struct travelcard_profile p = travelcard_bp256;
    (void)st;

    p.can = NULL;
    with(&p);
    assert_int_equal(terminal_say(&term, CHOOSE), YF_SW_OK);
    assert_int_equal(terminal_say(&term, "0022c1a412800a04007f0007020204020283010284010d"),
                     YF_SW_REFERENCE_NOT_FOUND);
    travelcard_drop(&card);
}

T_MAIN(cmocka_unit_test(says_what_it_is),
       cmocka_unit_test(basic_access_does_not_open_card_security),
       cmocka_unit_test(says_which_it_is_to_the_end), cmocka_unit_test(nothing_is_written),
       cmocka_unit_test(every_suite_it_names_opens_it_with_every_password),
       cmocka_unit_test(a_wrong_password_fails_at_the_token),
       cmocka_unit_test(only_what_card_access_names_can_be_chosen),
       cmocka_unit_test(steps_come_in_order_and_whole),
       cmocka_unit_test(the_last_step_is_not_chained), cmocka_unit_test(worked_examples),
       cmocka_unit_test(a_recording_opens_nothing),
       cmocka_unit_test(it_says_only_what_its_provider_has),
       cmocka_unit_test(what_is_not_built_is_not_named),
       cmocka_unit_test(groupings_are_held_to_their_list),
       cmocka_unit_test(access_and_password_come_together),
       cmocka_unit_test(nothing_is_given_any_more_once_it_is_in_use),
       cmocka_unit_test(a_password_that_was_not_given_is_not_found),
       cmocka_unit_test(what_came_in_part_is_not_whole_for_another))
