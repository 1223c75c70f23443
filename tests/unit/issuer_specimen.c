/* SPDX-License-Identifier: Apache-2.0 */
/* A specimen is issued over commands alone, whatever interrupts that, and reads as a document. */
#include "rng.h"
#include "t.h"

#include <yufu/card/apps.h>
#include <yufu/card/card.h>
#include <yufu/card/travel.h>
#include <yufu/crypto/host.h>
#include <yufu/issuer/specimen.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/secinfo.h>
#include <yufu/reader/session.h>
#include <yufu/sim/flashram.h>
#include <yufu/sim/loop.h>
#include <yufu/wire/tlv.h>

static const struct yf_scp03_keys transport_keys = { .cipher = YF_AES128, .mac = { 1 } },
                                  own_keys = { .cipher = YF_AES128, .mac = { 2 } };

static struct yf_flashram flash;
static struct yf_card card;
static struct yf_card_parts parts;
static struct yf_specimen who;
static struct yf_perso perso;
static struct yf_session session;
static struct rnd seed;
static yf_rng rng;

/* A way to the card that breaks after so many commands. */
static struct {
    struct yf_transport loop;
    size_t left, done;
} fragile;

static yf_err
break_off(void *state, yf_span cmd, yf_out *rsp)
{
    (void)state;
    if (fragile.left == 0)
        return YF_E_IO;
    fragile.left--;
    fragile.done++;
    return fragile.loop.transmit(fragile.loop.state, cmd, rsp);
}

static const struct yf_transport way = { break_off, NULL };

static int
blank(void **st)
{
    (void)st;
    seed = (struct rnd){ 11 };
    rng = rng_seeded(&seed);
    T_OK(yf_flashram_open(&flash, YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT));
    parts = (struct yf_card_parts){ .provider = &yf_provider_soft,
                                    .rng = rng,
                                    .flash = &flash.flash,
                                    .applets = yf_card_applets,
                                    .tested = true };
    T_OK(yf_card_make(&parts, YF_STR("SPECIMEN"), &transport_keys, &card));
    T_OK(yf_card_start(&card, &parts));
    fragile.loop = yf_sim_loop(&card);
    fragile.done = 0;
    return 0;
}

static int
scrap(void **st)
{
    (void)st;
    yf_card_stop(&card);
    yf_flashram_close(&flash);
    return 0;
}

static yf_err
issue_within(size_t commands)
{
    fragile.left = commands;
    yf_err e = yf_perso_start(&perso, &way, &yf_provider_host, &rng);
    return e ? e : yf_specimen_issue(&who, &perso, &transport_keys, &own_keys);
}

/* ---- issued ---- */

static void
with_its_holder(void)
{
    struct yf_app app;
    struct yf_scp03_answer a;

    T(card.stage == YF_STAGE_ACTIVE);
    T_OK(yf_apps_find(&card.store, YF_TRAVEL_AID, YF_APP_FIRST, &app));
    T_OK(yf_perso_start(&perso, &way, &yf_provider_host, &rng));
    T_OK(yf_perso_begin(&perso, 0, 8, &a));
    T(a.kvn == YF_STAGE_ACTIVE); // the transport keys are gone
    T_ERR(YF_E_AUTH, yf_perso_open(&perso, &transport_keys, 0x33));
    T_OK(yf_perso_begin(&perso, 0, 8, &a));
    T_OK(yf_perso_open(&perso, &own_keys, 0x33));
    yf_perso_close(&perso);
}

static void
goes_through_all_hands(void **st)
{
    (void)st;

    T_OK(yf_specimen_draw(&who, YF_SPECIMEN_INTL, &yf_provider_host, &rng));
    T_OK(issue_within(SIZE_MAX));
    with_its_holder();
    T_ERR(YF_E_DENIED, issue_within(SIZE_MAX)); // once
}

/* Broken off before any command there is, with and without loss of power: it can be gone on with.
 */
static void
can_be_gone_on_with(void **st)
{
    size_t n = 0, done = 0;

    T_OK(yf_specimen_draw(&who, YF_SPECIMEN_SM, &yf_provider_host, &rng));
    for (bool whole = false; !whole; n++) {
        scrap(st);
        blank(st);
        yf_err e = issue_within(n);
        whole = !e;
        if (!whole)
            T_ERR(YF_E_IO, e);
        if (n % 2)
            T_OK(yf_card_start(&card, &parts));
        if (!whole)
            T_OK(issue_within(SIZE_MAX));
        done += fragile.done;
        fragile.left = SIZE_MAX;
        with_its_holder();
    }
    printf("# broken off %zu times, %zu commands\n", n - 1, done);
    T(n > 30);
}

static void
wrong_keys_are_no_way_in(void **st)
{
    const struct yf_scp03_keys wrong = { .cipher = YF_AES128, .mac = { 3 } };
    (void)st;

    T_OK(yf_specimen_draw(&who, YF_SPECIMEN_INTL, &yf_provider_host, &rng));
    fragile.left = SIZE_MAX;
    T_OK(yf_perso_start(&perso, &way, &yf_provider_host, &rng));
    T_ERR(YF_E_AUTH, yf_specimen_issue(&who, &perso, &wrong, &own_keys));
    T(card.stage == YF_STAGE_CHIP);
}

/* ---- read ---- */

static yf_span
read_file(uint16_t fid)
{
    static uint8_t mem[20000];
    yf_out o = yf_out_of(mem, sizeof mem);

    T_OK(yf_session_read_file(&session, fid, &o));
    return yf_out_span(&o);
}

static yf_span
inside(yf_span file, uint32_t tag)
{
    yf_span in;

    T_OK(yf_tlv_find(file, tag, &in));
    return in;
}

static void
says_who_it_is(void)
{
    struct yf_mrz mrz;
    yf_span text = inside(inside(read_file(YF_TRAVEL_DG1), 0x61), 0x5F1F);

    T(text.n == 88 && memcmp(text.p, who.text, 88) == 0);
    T_OK(yf_mrz_parse(text, &mrz));
    assert_string_equal(mrz.number, who.mrz.number);
    assert_string_equal(mrz.issuer, "UTO");
    T(who.mrz.number[0] == 'Y' && strlen(who.can) == 6);
}

/* 9303-10 4.7.2 down to the JPEG, whose ends and frame are where they belong. */
static void
has_a_face(void)
{
    yf_span group = inside(inside(read_file(YF_TRAVEL_DG1 + 1), 0x75), 0x7F61),
            record = inside(inside(group, 0x7F60), 0x5F2E);
    yf_span jpeg = { record.p + 46, record.n - 46 };

    T(record.n == 46 + YF_SPECIMEN_FACE && yf_be32(record.p + 8) == record.n);
    T_MEM(record.p,
          "FAC\0"
          "010\0",
          8);
    T(yf_be16(jpeg.p) == 0xFFD8 && yf_be16(jpeg.p + jpeg.n - 2) == 0xFFD9);
    size_t at = 2;
    while (yf_be16(jpeg.p + at) != 0xFFDA) {
        T(jpeg.p[at] == 0xFF);
        if (yf_be16(jpeg.p + at) == 0xFFC0)
            T(yf_be16(jpeg.p + at + 5) == 320 && yf_be16(jpeg.p + at + 7) == 240);
        at += 2u + yf_be16(jpeg.p + at + 2);
        T(at < jpeg.n);
    }
    T(jpeg.n - at == 10 + 300 + 2);
}

static void
is_no_copy(void)
{
    static uint8_t mem[2000];
    yf_span set = inside(read_file(YF_TRAVEL_DG14), 0x6E);
    enum yf_cipher_id cipher = YF_CIPHERS;
    const yf_curve *curve = NULL;
    enum yf_hash_id hash = YF_HASHES;
    yf_span point = { 0 };
    struct yf_secinfo info;
    yf_spki key;

    memcpy(mem, set.p, set.n);
    yf_cur c = yf_secinfos((yf_span){ mem, set.n });
    while (yf_secinfo_next(&c, &info)) {
        if (info.kind == YF_SECINFO_CA)
            T_OK(yf_ca_cipher(&yf_provider_host, info.protocol, &cipher));
        if (info.kind == YF_SECINFO_CA_KEY)
            T_OK(yf_secinfo_key(&info, &curve, &point));
        if (info.kind == YF_SECINFO_AA)
            T_OK(yf_aa_hash_of(info.detail, &hash));
    }
    T_OK(yf_cur_done(&c));
    T_OK(yf_session_ca(&session, cipher, curve, point, -1));
    c = yf_cur_of(inside(read_file(YF_TRAVEL_DG15), 0x6F));
    key = yf_spki_read(&c);
    T_OK(yf_cur_done(&c));
    T_OK(yf_session_aa(&session, &key, hash));
}

static void
reads_as_a_document(enum yf_specimen_profile profile)
{
    struct yf_transport loop = yf_sim_loop(&card);
    uint8_t mem[100];
    yf_out o = yf_out_of(mem, sizeof mem);
    struct yf_secinfo info;
    struct yf_pace_suite suite;

    T_OK(yf_specimen_draw(&who, profile, &yf_provider_host, &rng));
    T_OK(issue_within(SIZE_MAX));
    yf_card_reset(&card);
    yf_session_begin(&session, &loop, &yf_provider_host, &rng);
    T_OK(yf_session_read_file(&session, 0x011C, &o));
    yf_cur c = yf_secinfos(yf_out_span(&o));
    T(yf_secinfo_next(&c, &info));
    T_OK(yf_pace_suite(&yf_provider_host, info.protocol, info.id, &suite));
    T(suite.cipher == (profile == YF_SPECIMEN_SM ? YF_SM4 : YF_AES128));
    T_OK(yf_session_pace(&session, &suite, YF_PACE_CAN,
                         (yf_span){ (const uint8_t *)who.can, strlen(who.can) }));
    T_OK(yf_session_select_aid(&session, YF_SESSION_LDS1));
    says_who_it_is();
    has_a_face();
    is_no_copy();
    o = yf_out_of(mem, sizeof mem);
    T_ERR(YF_E_DENIED, yf_session_read_file(&session, YF_TRAVEL_SOD, &o)); // nobody signed it
    T(session.sw == YF_SW_FILE_NOT_FOUND);
    yf_session_end(&session);
}

static void
reads_as_a_document_intl(void **st)
{
    (void)st;
    reads_as_a_document(YF_SPECIMEN_INTL);
}

static void
reads_as_a_document_sm(void **st)
{
    (void)st;
    reads_as_a_document(YF_SPECIMEN_SM);
}

static void
opens_with_its_mrz_by_bac_too(void **st)
{
    struct yf_transport loop = yf_sim_loop(&card);
    (void)st;

    T_OK(yf_specimen_draw(&who, YF_SPECIMEN_INTL, &yf_provider_host, &rng));
    T_OK(issue_within(SIZE_MAX));
    yf_card_reset(&card);
    yf_session_begin(&session, &loop, &yf_provider_host, &rng);
    T_OK(yf_session_select_aid(&session, YF_SESSION_LDS1));
    T_OK(
        yf_session_bac(&session, (yf_span){ (const uint8_t *)who.mrz_info, strlen(who.mrz_info) }));
    says_who_it_is();
    yf_session_end(&session);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, blank, scrap)

T_MAIN(CASE(goes_through_all_hands), CASE(can_be_gone_on_with), CASE(wrong_keys_are_no_way_in),
       CASE(reads_as_a_document_intl), CASE(reads_as_a_document_sm),
       CASE(opens_with_its_mrz_by_bac_too))
