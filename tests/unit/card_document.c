/* SPDX-License-Identifier: Apache-2.0 */
/* The card and the reader's session, each built without the other: a whole visit of each suite. */
#include "t.h"
#include "travelcard.h"

#include <yufu/crypto/host.h>
#include <yufu/crypto/spki.h>
#include <yufu/reader/session.h>
#include <yufu/wire/tlv.h>

static struct travelcard card;
static struct yf_session session;
static struct rnd seed = { 11 };

static yf_err
transmit(void *state, yf_span cmd, yf_out *rsp)
{
    yf_card_transmit(state, cmd, rsp);
    return YF_OK;
}

static const struct yf_transport way = { transmit, &card.card };

static void
begin(const yf_rng *rng)
{
    yf_card_reset(&card.card);
    yf_session_begin(&session, &way, &yf_provider_host, rng);
}

static void
reads(uint8_t app, uint16_t fid)
{
    static uint8_t mem[65536];
    yf_out o = yf_out_of(mem, sizeof mem);

    T_OK(yf_session_read_file(&session, fid, &o));
    T_SPAN(yf_out_span(&o), travelcard_given(&card, app, fid));
}

static void
chip_and_active(const struct travelcard_profile *p)
{
    yf_span dg15 = travelcard_given(&card, card.travel, YF_TRAVEL_DG15);
    yf_cur file = yf_cur_of(dg15), c = yf_tlv_enter(&file, 0x6F);
    yf_spki key = yf_spki_read(&c);

    if (p->chip_curve)
        T_OK(yf_session_ca(&session, p->chip_cipher, p->chip_curve, yf_key_point(&card.chip),
                           p->chip_id));
    reads(card.travel, YF_TRAVEL_DG1);
    if (dg15.n)
        T_OK(yf_session_aa(&session, &key, p->active_hash));
    reads(card.travel, YF_TRAVEL_DG1 + 1);
}

static void
visit(const struct travelcard_profile *p, size_t pace, const yf_rng *rng)
{
    struct yf_pace_suite s;

    T_OK(yf_pace_suite_of(&yf_provider_host, p->pace[pace].mapping, p->pace[pace].cipher,
                          p->pace[pace].curve, &s));
    begin(rng);
    reads(YF_APP_ROOT, YF_ROOT_CARD_ACCESS);
    T_OK(yf_session_pace(&session, &s, YF_PACE_MRZ, card.mrz_info));
    reads(YF_APP_ROOT, YF_ROOT_CARD_SECURITY);
    T_OK(yf_session_select_aid(&session, YF_SESSION_LDS1));
    reads(card.travel, YF_TRAVEL_COM);
    reads(card.travel, YF_TRAVEL_SOD);
    chip_and_active(p);
    yf_session_end(&session);
}

static void
every_document_is_read(void **st)
{
    yf_rng rng = rng_seeded(&seed);
    (void)st;

    for (const struct travelcard_profile *const *p = travelcard_profiles; *p; p++) {
        travelcard_make(&card, *p);
        for (size_t i = 0; i < TRAVELCARD_PACE && (*p)->pace[i].mapping; i++)
            visit(*p, i, &rng);
        if ((*p)->bac) {
            begin(&rng);
            T_OK(yf_session_select_aid(&session, YF_SESSION_LDS1));
            T_OK(yf_session_bac(&session, card.mrz_info));
            chip_and_active(*p);
            yf_session_end(&session);
        }
        travelcard_drop(&card);
    }
}

/* What fits a response of this card is asked for at once, in extended length. */
static void
large_files_come_in_large_pieces(void **st)
{
    yf_rng rng = rng_seeded(&seed);
    (void)st;

    travelcard_make(&card, &travelcard_p521);
    begin(&rng);
    T_OK(yf_session_select_aid(&session, YF_SESSION_LDS1));
    T_OK(yf_session_bac(&session, card.mrz_info));
    T_OK(yf_session_chunk(&session, 2000));
    reads(card.travel, YF_TRAVEL_DG1 + 1);
    yf_session_end(&session);
    travelcard_drop(&card);
}

static void
a_wrong_password_ends_the_session(void **st)
{
    yf_rng rng = rng_seeded(&seed);
    struct yf_pace_suite s;
    (void)st;

    travelcard_make(&card, &travelcard_sm2);
    T_OK(yf_pace_suite_of(&yf_provider_host, YF_PACE_GM, YF_SM4, &yf_curve_sm2, &s));
    begin(&rng);
    T_ERR(YF_E_AUTH, yf_session_pace(&session, &s, YF_PACE_CAN, YF_STR("123457")));
    assert_int_equal(session.sw, YF_SW_WARNING_CHANGED);
    yf_session_end(&session);
    travelcard_drop(&card);
}

static bool
in_flash(yf_span bytes)
{
    const struct yf_flash *f = &card.flash.flash;

    return memmem(card.flash.mem, (size_t)f->page * f->pages, bytes.p, bytes.n) != NULL;
}

/* No key, password or face is left in the flash of a terminated card, and no application. */
static void
nothing_is_left_of_a_terminated_card(void **st)
{
    yf_out none = yf_out_of(NULL, 0);
    yf_obj o = YF_OBJ(0, 0, 0) - 1;
    (void)st;

    travelcard_make(&card, &travelcard_p256);
    yf_span dg1 = travelcard_given(&card, card.travel, YF_TRAVEL_DG1);
    yf_span d = { card.chip.d, card.chip.curve->size };
    T(in_flash(dg1) && in_flash(card.can) && in_flash(d) && in_flash(YF_SPAN(card.seed)));
    struct yf_call call = travelcard_call(&card, YF_APP_ISSUER, &none);
    T_OK(yf_call_advance(&call, YF_STAGE_TERMINATED));
    T(!in_flash(dg1) && !in_flash(card.can) && !in_flash(d) && !in_flash(YF_SPAN(card.seed)));
    while (yf_store_next(&card.card.store, o, &o))
        T(yf_obj_app(o) <= YF_APP_ISSUER && (o >> 16 & 0xFF) != YF_OBJ_KEY);
    T_OK(yf_card_start(&card.card, &card.parts));
    T(card.card.stage == YF_STAGE_TERMINATED);
    travelcard_drop(&card);
}

T_MAIN(cmocka_unit_test(every_document_is_read), cmocka_unit_test(large_files_come_in_large_pieces),
       cmocka_unit_test(a_wrong_password_ends_the_session),
       cmocka_unit_test(nothing_is_left_of_a_terminated_card))
