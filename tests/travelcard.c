/* SPDX-License-Identifier: Apache-2.0 */
#include "travelcard.h"
#include "hex.h"

#include <yufu/card/atr.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/spki.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/secinfo.h>
#include <yufu/wire/tlv.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MRZ_1 "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
#define MRZ_2 "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define MRZ_INFO "L898902C3674081221204159"
#define CAN "123456"

#define EVERY_ACCESS .mrz_info = NULL, .can = CAN, .pace_mrz = true

const struct travelcard_profile travelcard_p256 = {
    .name = "p256",
    EVERY_ACCESS,
    .bac = true,
    .pace = { { YF_PACE_GM, YF_AES128, &yf_curve_p256 },
              { YF_PACE_IM, YF_AES128, &yf_curve_p256 } },
    .chip_curve = &yf_curve_p256,
    .chip_cipher = YF_AES128,
    .chip_id = -1,
    .active_curve = &yf_curve_p256,
    .active_hash = YF_SHA256,
    .dg2 = 16 * 1024,
    .fingers = true,
};

const struct travelcard_profile travelcard_bp256 = {
    .name = "bp256",
    EVERY_ACCESS,
    .bac = true,
    .pace = { { YF_PACE_GM, YF_AES128, &yf_curve_bp256r1 },
              { YF_PACE_IM, YF_AES128, &yf_curve_bp256r1 },
              { YF_PACE_GM, YF_AES128, &yf_curve_p256 } },
    .chip_curve = &yf_curve_bp256r1,
    .chip_cipher = YF_AES128,
    .chip_id = 1,
    .active_curve = &yf_curve_bp256r1,
    .active_hash = YF_SHA1,
    .dg2 = 300,
};

const struct travelcard_profile travelcard_bp384 = {
    .name = "bp384",
    EVERY_ACCESS,
    .pace = { { YF_PACE_GM, YF_AES192, &yf_curve_bp384r1 },
              { YF_PACE_IM, YF_AES192, &yf_curve_p384 } },
    .chip_curve = &yf_curve_bp384r1,
    .chip_cipher = YF_AES192,
    .chip_id = 255,
    .active_curve = &yf_curve_p384,
    .active_hash = YF_SHA384,
    .dg2 = 1000,
};

const struct travelcard_profile travelcard_p521 = {
    .name = "p521",
    EVERY_ACCESS,
    .bac = true,
    .pace = { { YF_PACE_GM, YF_AES256, &yf_curve_p521 },
              { YF_PACE_IM, YF_AES256, &yf_curve_p521 } },
    .chip_curve = &yf_curve_p521,
    .chip_cipher = YF_AES256,
    .chip_id = 0,
    .active_curve = &yf_curve_p521,
    .active_hash = YF_SHA512,
    .dg2 = 40 * 1024,
};

const struct travelcard_profile travelcard_des3 = {
    .name = "des3",
    .provider = &yf_provider_host,
    EVERY_ACCESS,
    .bac = true,
    .pace = { { YF_PACE_GM, YF_DES3_2KEY, &yf_curve_p256 },
              { YF_PACE_IM, YF_DES3_2KEY, &yf_curve_p256 } },
    .chip_curve = &yf_curve_p256,
    .chip_cipher = YF_DES3_2KEY,
    .chip_id = -1,
    .active_rsa = true,
    .active_hash = YF_SHA256,
    .dg2 = 500,
};

const struct travelcard_profile travelcard_sm2 = {
    .name = "sm2",
    EVERY_ACCESS,
    .pace = { { YF_PACE_GM, YF_SM4, &yf_curve_sm2 }, { YF_PACE_IM, YF_SM4, &yf_curve_sm2 } },
    .chip_curve = &yf_curve_sm2,
    .chip_cipher = YF_SM4,
    .chip_id = 7,
    .active_curve = &yf_curve_sm2,
    .active_hash = YF_SM3,
    .dg2 = 2000,
};

const struct travelcard_profile travelcard_icao_d = {
    .name = "icao_d",
    .mrz_info = "L898902C<369080619406236",
    .bac = true,
    .dg2 = 200,
    .com = "60145f0104303130365f36063034303030305c026175",
};

const struct travelcard_profile travelcard_icao_g = {
    .name = "icao_g",
    .mrz_info = "T22000129364081251010318",
    .can = CAN,
    .pace_mrz = true,
    .pace = { { YF_PACE_GM, YF_AES128, &yf_curve_bp256r1 },
              { YF_PACE_IM, YF_AES128, &yf_curve_bp256r1 } },
    .dg2 = 200,
};

const struct travelcard_profile *const travelcard_profiles[] = {
    &travelcard_p256,   &travelcard_bp256,  &travelcard_bp384,
    &travelcard_p521,   &travelcard_des3,   &travelcard_sm2,
    &travelcard_icao_d, &travelcard_icao_g, NULL,
};

#define MUST(expr) ((expr) ? (void)0 : broken(#expr, __LINE__))

YF_NORETURN static void
broken(const char *what, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, line, what);
    abort();
}

/* ---- files ---- */

/* What is written from here on lies in the pool until it is kept or the next is begun. */
static yf_out
pool(struct travelcard *t)
{
    return yf_out_of(t->pool + t->pooled, sizeof t->pool - t->pooled);
}

static void
keep(struct travelcard *t, uint8_t app, uint16_t dgi, const yf_out *o)
{
    yf_span bytes;

    MUST(yf_out_done(o, &bytes) == YF_OK && t->n_given < TRAVELCARD_GIVEN);
    t->given[t->n_given++] = (struct travelcard_grouping){ app, dgi, bytes };
    t->pooled += bytes.n;
}

/* n bytes of a template with this tag, filled so that no two blocks are alike. */
static void
filler(struct travelcard *t, uint8_t app, uint16_t fid, uint32_t tag, size_t n)
{
    struct rnd r = { fid };
    yf_out o = pool(t);
    size_t head = yf_tlv_head(tag, n - 4), inner = n - head;

    MUST(yf_tlv_head(tag, inner) == head);
    size_t mark = yf_tlv_open(&o, tag);
    uint8_t *p = yf_out_claim(&o, inner);
    MUST(p);
    rnd_fill(&r, p, inner);
    yf_tlv_close(&o, mark);
    keep(t, app, fid, &o);
}

static void
put_hex(yf_out *o, const char *hex)
{
    uint8_t mem[32];

    yf_out_put(o, hex_span(hex, mem, sizeof mem));
}

static void
put_pace(const struct travelcard *t, yf_out *o)
{
    const struct travelcard_profile *p = t->profile;

    for (size_t i = 0; i < TRAVELCARD_PACE && p->pace[i].mapping; i++) {
        struct yf_pace_suite s;
        MUST(!yf_pace_suite_of(&yf_provider_host, p->pace[i].mapping, p->pace[i].cipher,
                               p->pace[i].curve, &s));
        struct yf_secinfo info = {
            .kind = YF_SECINFO_PACE, .protocol = s.oid, .version = 2, .id = s.parameters
        };
        yf_secinfo_put(o, &info);
    }
}

static void
card_access(struct travelcard *t)
{
    yf_out o = pool(t);
    size_t mark = yf_der_open(&o, YF_DER_SET);

    put_pace(t, &o);
    yf_der_close_set(&o, mark);
    keep(t, 0, YF_ROOT_CARD_ACCESS, &o);
}

/* What EF.CardAccess says, and the keys of the chip (9303-11 9.2). */
static void
dg14(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    yf_out o = pool(t);
    size_t file = yf_tlv_open(&o, 0x6E), set = yf_der_open(&o, YF_DER_SET);

    put_pace(t, &o);
    if (p->chip_curve) {
        struct yf_secinfo ca = { .kind = YF_SECINFO_CA,
                                 .protocol = yf_ca_oid(p->chip_cipher),
                                 .version = 1,
                                 .id = p->chip_id };
        yf_secinfo_put(&o, &ca);
        yf_secinfo_put_key(&o, p->chip_curve, yf_key_point(&t->chip), p->chip_id);
    }
    if (p->active_curve) {
        struct yf_secinfo aa = { .kind = YF_SECINFO_AA,
                                 .protocol = YF_STR("\x67\x81\x08\x01\x01\x05"),
                                 .version = 1,
                                 .id = -1,
                                 .detail = yf_aa_oid_of(p->active_curve, p->active_hash) };
        yf_secinfo_put(&o, &aa);
    }
    yf_der_close_set(&o, set);
    yf_tlv_close(&o, file);
    keep(t, t->travel, YF_TRAVEL_DG14, &o);
}

/* The public half of an RSAPrivateKey: its second and third numbers. */
static void
put_rsa_public(yf_out *o, yf_span private)
{
    yf_cur file = yf_cur_of(private), c = yf_der_enter(&file, YF_DER_SEQ);
    yf_der n, e;
    uint8_t mem[600];
    yf_out key = yf_out_of(mem, sizeof mem);

    MUST(yf_der_next(&c, &n) && yf_der_next(&c, &n) && yf_der_next(&c, &e));
    size_t mark = yf_der_open(&key, YF_DER_SEQ);
    yf_out_put(&key, n.raw);
    yf_out_put(&key, e.raw);
    yf_der_close(&key, mark);
    yf_spki_write_rsa(o, yf_out_span(&key));
}

static void
dg15(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    yf_out o = pool(t);
    size_t mark = yf_tlv_open(&o, 0x6F);

    if (p->active_rsa)
        put_rsa_public(&o, (yf_span){ t->active_der, t->active_der_n });
    else
        yf_spki_write_ec(&o, p->active_curve, false, yf_key_point(&t->active));
    yf_tlv_close(&o, mark);
    keep(t, t->travel, YF_TRAVEL_DG15, &o);
}

static void
dg1(struct travelcard *t)
{
    yf_out o = pool(t);
    size_t mark = yf_tlv_open(&o, 0x61);

    yf_tlv_put(&o, 0x5F1F, YF_STR(MRZ_1 MRZ_2));
    yf_tlv_close(&o, mark);
    keep(t, t->travel, 0x0101, &o);
}

/* 9303-10 4.6.1: which data groups there are, by their tags. */
static void
com(struct travelcard *t)
{
    static const uint8_t tags[] = { 0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68,
                                    0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70 };
    yf_out o = pool(t);

    if (t->profile->com) {
        put_hex(&o, t->profile->com);
        keep(t, t->travel, YF_TRAVEL_COM, &o);
        return;
    }
    size_t file = yf_tlv_open(&o, 0x60);
    yf_tlv_put(&o, 0x5F01, YF_STR("0107"));
    yf_tlv_put(&o, 0x5F36, YF_STR("040000"));
    size_t list = yf_tlv_open(&o, 0x5C);
    for (size_t i = 0; i < t->n_given; i++) {
        const struct travelcard_grouping *g = &t->given[i];
        if (g->app == t->travel && g->dgi >= 0x0101 && g->dgi <= 0x0110)
            yf_out_u8(&o, tags[g->dgi - 0x0101]);
    }
    yf_tlv_close(&o, list);
    yf_tlv_close(&o, file);
    keep(t, t->travel, YF_TRAVEL_COM, &o);
}

static void
root_files(struct travelcard *t)
{
    yf_out o = pool(t);

    yf_atr_info(&o);
    keep(t, 0, YF_ROOT_ATR_INFO, &o);
    o = pool(t);
    put_hex(&o, "61094f07a0000002471001");
    keep(t, 0, YF_ROOT_DIR, &o);
    if (t->profile->pace[0].mapping) {
        card_access(t);
        filler(t, 0, YF_ROOT_CARD_SECURITY, 0x30, 700);
    }
}

static void
files(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;

    root_files(t);
    dg1(t);
    filler(t, t->travel, 0x0102, 0x75, p->dg2);
    if (p->fingers)
        filler(t, t->travel, 0x0103, 0x63, 1200);
    if (p->pace[0].mapping || p->chip_curve || p->active_curve)
        dg14(t);
    if (p->active_curve || p->active_rsa)
        dg15(t);
    filler(t, t->travel, YF_TRAVEL_SOD, 0x77, 1900);
    com(t);
}

/* ---- keys ---- */

static void
make_keys(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    yf_rng rng = rng_seeded(&t->seeded);
    yf_rsa rsa;

    if (p->chip_curve)
        MUST(!yf_key_generate(&yf_provider_host, p->chip_curve, &rng, &t->chip));
    if (p->active_curve)
        MUST(!yf_key_generate(&yf_provider_host, p->active_curve, &rng, &t->active));
    if (p->active_rsa) {
        MUST(!yf_provider_host.rsa->generate(&rsa, 2048, t->active_der, sizeof t->active_der,
                                             &t->active_der_n));
        rsa.ops->close(&rsa);
    }
}

static void
key(struct travelcard *t, uint8_t app, uint16_t dgi, yf_span bytes)
{
    yf_out o = pool(t);

    yf_out_put(&o, bytes);
    keep(t, app, dgi, &o);
}

static void
active_key(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    yf_out o = pool(t);
    struct yf_aa_key k = { .hash = p->active_hash, .curve = p->active_curve };

    k.key = p->active_rsa ? (yf_span){ t->active_der, t->active_der_n }
                          : (yf_span){ t->active.d, p->active_curve->size };
    yf_aa_key_write(&o, &k);
    keep(t, t->travel, YF_TRAVEL_AA_KEY, &o);
}

static void
keys(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    uint16_t chip =
        (uint16_t)(p->chip_id < 0 ? YF_TRAVEL_CA_LONE_KEY : YF_TRAVEL_CA_KEY + p->chip_id);

    if (p->pace_mrz)
        key(t, 0, YF_ROOT_PASSWORD + YF_PACE_MRZ, t->mrz_info);
    if (p->can)
        key(t, 0, YF_ROOT_PASSWORD + YF_PACE_CAN, t->can);
    if (p->bac)
        key(t, t->travel, YF_TRAVEL_BAC_SEED, YF_SPAN(t->seed));
    if (p->chip_curve)
        key(t, t->travel, chip, (yf_span){ t->chip.d, p->chip_curve->size });
    if (p->active_curve || p->active_rsa)
        active_key(t);
}

static void
say_who(struct travelcard *t)
{
    const struct travelcard_profile *p = t->profile;
    const char *mrz = p->mrz_info ? p->mrz_info : MRZ_INFO, *can = p->can ? p->can : "";
    uint8_t digest[YF_HASH_MAX];

    t->mrz_info = (yf_span){ (const uint8_t *)mrz, strlen(mrz) };
    t->can = (yf_span){ (const uint8_t *)can, strlen(can) };
    MUST(!yf_hash_all(yf_provider_soft.hash[YF_SHA1], &t->mrz_info, 1, digest));
    memcpy(t->seed, digest, sizeof t->seed);
}

/* ---- the card ---- */

static yf_err
fill(void *state, uint8_t *out, size_t n)
{
    struct travelcard *t = state;

    if (t->said.left.n > 0)
        return rng_say(&t->said, out, n);
    rnd_fill(&t->seeded, out, n);
    return YF_OK;
}

void
travelcard_say(struct travelcard *t, yf_span bytes)
{
    t->said.left = bytes;
}

static void
start(struct travelcard *t)
{
    MUST(yf_card_start(&t->card, &t->parts) == YF_OK);
}

/* The card maker's work: which applications there are. */
static yf_err
install(struct yf_perso *p, void *arg)
{
    (void)arg;
    return yf_perso_install(p, YF_TRAVEL_AID, YF_TRAVEL_AID, (yf_span){ 0 });
}

static yf_err
give_all(struct yf_perso *p, const struct travelcard *t, uint8_t app, yf_span aid)
{
    yf_err e = yf_perso_target(p, aid);

    for (size_t i = 0; i < t->n_given && !e; i++)
        if (t->given[i].app == app)
            e = yf_perso_store(p, t->given[i].dgi, t->given[i].bytes);
    return e ? e : yf_perso_finish(p);
}

/* The personaliser's: whose it is. */
static yf_err
personalise(struct yf_perso *p, void *arg)
{
    const struct travelcard *t = arg;
    yf_err e = give_all(p, t, YF_APP_ROOT, yf_applet_root.aid);

    return e ? e : give_all(p, t, t->travel, YF_TRAVEL_AID);
}

static yf_err
transmit(void *state, yf_span cmd, yf_out *rsp)
{
    yf_card_transmit(state, cmd, rsp);
    return YF_OK;
}

static void
down_the_line(struct travelcard *t, yf_stage to)
{
    struct yf_transport card = { transmit, &t->card };
    struct rnd seed = { 3 };
    yf_rng rng = rng_seeded(&seed);
    static struct yf_perso p;

    yf_err e = yf_perso_start(&p, &card, &yf_provider_soft, &rng);
    if (!e)
        e = yf_line_run(&t->line, &p, to);
    if (e)
        fprintf(stderr, "%s: %s, %04X\n", t->profile->name, yf_err_name(e), p.sw);
    MUST(!e);
    yf_card_reset(&t->card);
}

static void
make_line(struct travelcard *t)
{
    struct rnd masters = { 2 };

    t->line.cipher = YF_AES128;
    for (size_t i = 0; i < YF_LINE_STATIONS; i++)
        rnd_fill(&masters, t->line.station[i].master, YF_CIPHER_KEY_MAX);
    t->line.station[YF_STAGE_CARD].work = install;
    t->line.station[YF_STAGE_CARD].arg = t;
}

static void
blank(struct travelcard *t, const struct travelcard_profile *p)
{
    static const uint8_t serial[YF_SCP03_DIVERSIFICATION] = "SPECIMEN 1";
    struct yf_scp03_keys transport;

    *t = (struct travelcard){ .profile = p, .seeded = { 1 }, .travel = YF_APP_FIRST };
    make_line(t);
    MUST(!yf_flashram_open(&t->flash, YF_FLASH_PAGE, YF_FLASH_PAGES, YF_FLASH_UNIT));
    t->parts = (struct yf_card_parts){
        .provider = p->provider ? p->provider : &yf_provider_soft,
        .rng = { fill, t },
        .flash = &t->flash.flash,
        .applets = p->applets ? p->applets : yf_card_applets,
        .tested = true,
    };
    MUST(!yf_line_keys(&t->line, &yf_provider_soft, 0, serial, &transport));
    MUST(!yf_card_make(&t->parts, YF_SPAN(serial), &transport, &t->card));
    start(t);
    say_who(t);
    make_keys(t);
    files(t);
    keys(t);
}

void
travelcard_blank(struct travelcard *t, const struct travelcard_profile *p)
{
    blank(t, p);
    down_the_line(t, YF_STAGE_PERSO);
}

void
travelcard_make(struct travelcard *t, const struct travelcard_profile *p)
{
    blank(t, p);
    t->line.station[YF_STAGE_PERSO].work = personalise;
    t->line.station[YF_STAGE_PERSO].arg = t;
    down_the_line(t, YF_STAGE_ACTIVE);
}

void
travelcard_drop(struct travelcard *t)
{
    yf_card_stop(&t->card);
    yf_flashram_close(&t->flash);
}

yf_span
travelcard_given(const struct travelcard *t, uint8_t app, uint16_t dgi)
{
    for (size_t i = 0; i < t->n_given; i++)
        if (t->given[i].app == app && t->given[i].dgi == dgi)
            return t->given[i].bytes;
    return (yf_span){ 0 };
}

/* ---- without a channel ---- */

struct yf_call
travelcard_call(struct travelcard *t, uint8_t app, yf_out *o)
{
    return (struct yf_call){
        .card = &t->card,
        .app = app,
        .shown = YF_NEED_NOTHING | YF_NEED_ADMIN | YF_NEED_SECRET,
        .out = o,
    };
}

static const struct yf_applet *
applet(struct travelcard *t, uint8_t app)
{
    struct yf_app a;

    MUST(!yf_apps_get(&t->card.store, app, &a));
    return yf_apps_applet(&t->card, &a);
}

yf_sw
travelcard_give(struct travelcard *t, uint8_t app, uint16_t dgi, yf_span bytes, size_t piece)
{
    yf_out o = yf_out_of(t->card.out, sizeof t->card.out);
    struct yf_call call = travelcard_call(t, app, &o);
    size_t at = 0;
    yf_sw sw;

    do {
        size_t n = bytes.n - at < piece ? bytes.n - at : piece;
        sw = applet(t, app)->store(&call, dgi, (uint32_t)bytes.n, (uint32_t)at,
                                   (yf_span){ bytes.p + at, n });
        at += n;
    } while (sw == YF_SW_OK && at < bytes.n);
    return sw;
}

yf_sw
travelcard_stored(struct travelcard *t, uint8_t app)
{
    yf_out o = yf_out_of(t->card.out, sizeof t->card.out);
    struct yf_call call = travelcard_call(t, app, &o);

    return applet(t, app)->stored(&call);
}
