/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/issuer/specimen.h>

#include <yufu/card/atr.h>
#include <yufu/card/issuer.h>
#include <yufu/card/root.h>
#include <yufu/card/travel.h>
#include <yufu/crypto/spki.h>
#include <yufu/proto/aa.h>
#include <yufu/proto/bac.h>
#include <yufu/proto/ca.h>
#include <yufu/proto/secinfo.h>
#include <yufu/wire/tlv.h>

#include <stdio.h>
#include <string.h>

enum { LEVEL = YF_SCP03_C_MAC | YF_SCP03_C_ENC | YF_SCP03_R_MAC | YF_SCP03_R_ENC };

/* ---- who it is ---- */

static yf_err
identify(struct yf_specimen *s, const yf_rng *rng)
{
    static const struct yf_mrz nobody = { .format = YF_MRZ_TD3,
                                          .code = "P",
                                          .issuer = "UTO",
                                          .nationality = "UTO",
                                          .name = "SPECIMEN<<ANNA<MARIA",
                                          .birth = "740812",
                                          .expiry = "351231",
                                          .sex = 'F' };
    yf_out text = yf_out_of((uint8_t *)s->text, sizeof s->text - 1),
           info = yf_out_of((uint8_t *)s->mrz_info, sizeof s->mrz_info - 1);
    uint8_t chance[8];
    yf_err e = yf_rng_fill(rng, chance, sizeof chance);

    if (e)
        return e;
    s->mrz = nobody;
    snprintf(s->mrz.number, sizeof s->mrz.number, "Y%08X", (unsigned)yf_be32(chance));
    snprintf(s->can, sizeof s->can, "%06u", (unsigned)(yf_be32(chance + 4) % 1000000));
    yf_mrz_put(&text, &s->mrz);
    yf_mrz_put_bac_info(&info, &s->mrz);
    return yf_err_first(text.err, info.err);
}

static bool
sm(const struct yf_specimen *s)
{
    return s->profile == YF_SPECIMEN_SM;
}

static enum yf_cipher_id
cipher(const struct yf_specimen *s)
{
    return sm(s) ? YF_SM4 : YF_AES128;
}

static enum yf_hash_id
hash(const struct yf_specimen *s)
{
    return sm(s) ? YF_SM3 : YF_SHA256;
}

yf_err
yf_specimen_draw(struct yf_specimen *s, enum yf_specimen_profile profile, const yf_provider *p,
                 const yf_rng *rng)
{
    yf_err e;

    *s = (struct yf_specimen){ .profile = profile };
    const yf_curve *curve = sm(s) ? &yf_curve_sm2 : &yf_curve_p256;
    if ((e = identify(s, rng)))
        return e;
    if ((e = yf_pace_suite_of(p, YF_PACE_GM, cipher(s), curve, &s->pace)))
        return e;
    if ((e = yf_key_generate(p, curve, rng, &s->chip)))
        return e;
    return yf_key_generate(p, curve, rng, &s->active);
}

/* ---- files: 9303-10 4, each in the memory of o ---- */

static void
put_pace(yf_out *o, const struct yf_specimen *s)
{
    struct yf_secinfo info = {
        .kind = YF_SECINFO_PACE, .protocol = s->pace.oid, .version = 2, .id = s->pace.parameters
    };

    yf_secinfo_put(o, &info);
}

static void
put_card_access(yf_out *o, const struct yf_specimen *s)
{
    size_t mark = yf_der_open(o, YF_DER_SET);

    put_pace(o, s);
    yf_der_close_set(o, mark);
}

static void
put_dir(yf_out *o, const struct yf_specimen *s)
{
    (void)s;
    size_t mark = yf_tlv_open(o, 0x61);
    yf_tlv_put(o, 0x4F, YF_TRAVEL_AID);
    yf_tlv_close(o, mark);
}

static void
put_atr_info(yf_out *o, const struct yf_specimen *s)
{
    (void)s;
    yf_atr_info(o);
}

static void
put_com(yf_out *o, const struct yf_specimen *s)
{
    size_t mark = yf_tlv_open(o, 0x60);

    (void)s;
    yf_tlv_put(o, 0x5F01, YF_STR("0107"));
    yf_tlv_put(o, 0x5F36, YF_STR("040000"));
    yf_tlv_put(o, 0x5C, YF_STR("\x61\x75\x6E\x6F"));
    yf_tlv_close(o, mark);
}

static void
put_dg1(yf_out *o, const struct yf_specimen *s)
{
    size_t mark = yf_tlv_open(o, 0x61);

    yf_tlv_put(o, 0x5F1F, (yf_span){ (const uint8_t *)s->text, strlen(s->text) });
    yf_tlv_close(o, mark);
}

enum { BLOCKS = 240 / 8 * (320 / 8) };

/* ITU-T T.81 B.2.4.2: a Huffman table of one code, which is one bit long and means 0. */
static void
put_table(yf_out *o, uint8_t which)
{
    yf_out_put(o, YF_STR("\xFF\xC4\0\x14"));
    yf_out_u8(o, which);
    yf_out_u8(o, 1);
    yf_out_fill(o, 0, 15 + 1);
}

/*
 * A JPEG of 240 by 320 grey points. All blocks are alike, and so each is two bits: no
 * difference to the last, nothing more to come. A comment makes it as long as pictures are.
 */
static void
put_picture(yf_out *o)
{
    enum { OTHERS = 20 + 2 + 69 + 13 + 2 * 22 + 10 + BLOCKS / 4 + 2 };
    const uint16_t comment = YF_SPECIMEN_FACE - OTHERS;

    yf_out_put(o, YF_STR("\xFF\xD8\xFF\xE0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"));
    yf_out_u16(o, 0xFFFE);
    yf_out_u16(o, comment);
    yf_out_fill(o, ' ', comment - 2u);
    yf_out_put(o, YF_STR("\xFF\xDB\0\x43\0")); // quantisation: none
    yf_out_fill(o, 1, 64);
    yf_out_put(o, YF_STR("\xFF\xC0\0\x0B\x08\1\x40\0\xF0\1\1\x11\0"));
    put_table(o, 0x00);
    put_table(o, 0x10);
    yf_out_put(o, YF_STR("\xFF\xDA\0\x08\1\1\0\0\x3F\0"));
    yf_out_fill(o, 0, BLOCKS / 4);
    yf_out_u16(o, 0xFFD9);
}

/* ISO/IEC 19794-5:2005 5.4 to 5.7: one face, nothing said of it, a frontal JPEG. */
static void
put_face_record(yf_out *o)
{
    enum { HEADER = 14, FACE = 20 + 12 };

    yf_out_put(o, YF_STR("FAC\0"
                         "010\0"));
    yf_out_u32(o, HEADER + FACE + YF_SPECIMEN_FACE);
    yf_out_u16(o, 1);
    yf_out_u32(o, FACE + YF_SPECIMEN_FACE);
    yf_out_fill(o, 0, 16);
    yf_out_put(o, YF_STR("\1\0\0\xF0\1\x40\3\0\0\0\0\0"));
    put_picture(o);
}

/* 9303-10 4.7.2: a biometric template of one face within its group. */
static void
put_dg2(yf_out *o, const struct yf_specimen *s)
{
    size_t file = yf_tlv_open(o, 0x75), group = yf_tlv_open(o, 0x7F61);

    (void)s;
    yf_tlv_put(o, 0x02, YF_STR("\1"));
    size_t one = yf_tlv_open(o, 0x7F60), header = yf_tlv_open(o, 0xA1);
    yf_tlv_put(o, 0x81, YF_STR("\2"));
    yf_tlv_put(o, 0x87, YF_STR("\1\1"));
    yf_tlv_put(o, 0x88, YF_STR("\0\x08"));
    yf_tlv_close(o, header);
    size_t data = yf_tlv_open(o, 0x5F2E);
    put_face_record(o);
    yf_tlv_close(o, data);
    yf_tlv_close(o, one);
    yf_tlv_close(o, group);
    yf_tlv_close(o, file);
}

static void
put_dg14(yf_out *o, const struct yf_specimen *s)
{
    const struct yf_secinfo ca = {
        .kind = YF_SECINFO_CA, .protocol = yf_ca_oid(cipher(s)), .version = 1, .id = -1
    };
    const struct yf_secinfo aa = { .kind = YF_SECINFO_AA,
                                   .protocol = YF_STR("\x67\x81\x08\x01\x01\x05"),
                                   .version = 1,
                                   .id = -1,
                                   .detail = yf_aa_oid_of(s->active.curve, hash(s)) };
    size_t file = yf_tlv_open(o, 0x6E), set = yf_der_open(o, YF_DER_SET);

    put_pace(o, s);
    yf_secinfo_put(o, &ca);
    yf_secinfo_put_key(o, s->chip.curve, yf_key_point(&s->chip), -1);
    yf_secinfo_put(o, &aa);
    yf_der_close_set(o, set);
    yf_tlv_close(o, file);
}

static void
put_dg15(yf_out *o, const struct yf_specimen *s)
{
    size_t mark = yf_tlv_open(o, 0x6F);

    yf_spki_write_ec(o, s->active.curve, false, yf_key_point(&s->active));
    yf_tlv_close(o, mark);
}

/* ---- keys: docs/formats.md ---- */

static void
put_mrz_info(yf_out *o, const struct yf_specimen *s)
{
    yf_out_put(o, (yf_span){ (const uint8_t *)s->mrz_info, strlen(s->mrz_info) });
}

static void
put_can(yf_out *o, const struct yf_specimen *s)
{
    yf_out_put(o, (yf_span){ (const uint8_t *)s->can, strlen(s->can) });
}

static void
put_seed(yf_out *o, const struct yf_specimen *s)
{
    yf_span info = { (const uint8_t *)s->mrz_info, strlen(s->mrz_info) };
    uint8_t md[YF_HASH_MAX];
    yf_err e = yf_hash_all(yf_provider_hash(&yf_provider_soft, YF_SHA1), &info, 1, md);

    yf_out_fail(o, e);
    yf_out_put(o, (yf_span){ md, YF_BAC_SEED });
}

static void
put_chip_key(yf_out *o, const struct yf_specimen *s)
{
    yf_out_put(o, (yf_span){ s->chip.d, s->chip.curve->size });
}

static void
put_active_key(yf_out *o, const struct yf_specimen *s)
{
    const struct yf_aa_key k = { .hash = hash(s),
                                 .curve = s->active.curve,
                                 .key = { s->active.d, s->active.curve->size } };

    yf_aa_key_write(o, &k);
}

/* ---- groupings, in the order they go ---- */

enum {
    FOR_SM = 1 << YF_SPECIMEN_SM,
    FOR_INTL = 1 << YF_SPECIMEN_INTL,
    FOR_ALL = FOR_SM | FOR_INTL
};

struct grouping {
    uint16_t dgi;
    unsigned profiles;
    void (*put)(yf_out *o, const struct yf_specimen *s);
};

static const struct grouping root[] = {
    { YF_ROOT_DIR, FOR_ALL, put_dir },
    { YF_ROOT_ATR_INFO, FOR_ALL, put_atr_info },
    { YF_ROOT_CARD_ACCESS, FOR_ALL, put_card_access },
    { YF_ROOT_PASSWORD + YF_PACE_MRZ, FOR_ALL, put_mrz_info },
    { YF_ROOT_PASSWORD + YF_PACE_CAN, FOR_ALL, put_can },
    { 0, 0, NULL },
};

static const struct grouping travel[] = {
    { YF_TRAVEL_COM, FOR_ALL, put_com },
    { YF_TRAVEL_DG1, FOR_ALL, put_dg1 },
    { YF_TRAVEL_DG1 + 1, FOR_ALL, put_dg2 },
    { YF_TRAVEL_DG14, FOR_ALL, put_dg14 },
    { YF_TRAVEL_DG15, FOR_ALL, put_dg15 },
    { YF_TRAVEL_BAC_SEED, FOR_INTL, put_seed },
    { YF_TRAVEL_CA_LONE_KEY, FOR_ALL, put_chip_key },
    { YF_TRAVEL_AA_KEY, FOR_ALL, put_active_key },
    { 0, 0, NULL },
};

static yf_err
store(struct yf_perso *p, const struct yf_specimen *s, yf_span aid, const struct grouping *list)
{
    uint8_t mem[YF_SPECIMEN_FACE + 256];
    yf_err e = yf_perso_target(p, aid);

    for (; !e && list->put; list++) {
        yf_out o = yf_out_of(mem, sizeof mem);
        if (!(list->profiles & 1u << s->profile))
            continue;
        list->put(&o, s);
        e = o.err ? o.err : yf_perso_store(p, list->dgi, yf_out_span(&o));
    }
    yf_wipe(mem, sizeof mem);
    return e ? e : yf_perso_finish(p);
}

/* ---- the way through its owners ---- */

static yf_err
card_maker(struct yf_perso *p)
{
    yf_err e = yf_perso_install(p, YF_TRAVEL_AID, YF_TRAVEL_AID, (yf_span){ 0 });

    return e == YF_E_DENIED && p->sw == YF_SW_NAME_EXISTS ? YF_OK : e;
}

static yf_err
personaliser(struct yf_perso *p, const struct yf_specimen *s)
{
    yf_err e = store(p, s, yf_applet_root.aid, root);

    return e ? e : store(p, s, YF_TRAVEL_AID, travel);
}

static yf_err
work(struct yf_perso *p, const struct yf_specimen *s, yf_stage at)
{
    return at == YF_STAGE_CARD ? card_maker(p) : at == YF_STAGE_PERSO ? personaliser(p, s) : YF_OK;
}

/* One owner: his work, the next one's keys in place of his own, and the next stage. */
static yf_err
owner(const struct yf_specimen *s, struct yf_perso *p, yf_stage at,
      const struct yf_scp03_keys *transport, const struct yf_scp03_keys *own)
{
    uint8_t next = (uint8_t)(at + 1);
    struct yf_scp03_answer a;
    yf_err e;

    if ((e = yf_perso_begin(p, 0, 8, &a)))
        return e;
    uint8_t kvn = a.kvn;
    if ((e = yf_perso_open(p, kvn == YF_ISSUER_TRANSPORT ? transport : own, LEVEL)))
        return e;
    if ((e = work(p, s, at)))
        return e;
    if (kvn != next && (e = yf_perso_put_keys(p, kvn, next, own)))
        return e;
    return yf_perso_stage(p, (yf_stage)next);
}

yf_err
yf_specimen_issue(const struct yf_specimen *s, struct yf_perso *p,
                  const struct yf_scp03_keys *transport, const struct yf_scp03_keys *own)
{
    yf_stage now = YF_STAGE_CHIP;
    yf_span code;
    yf_err e = yf_perso_get(p, YF_ISSUER_STAGE, &code);

    if (!e)
        e = code.n == 1 ? yf_stage_of(code.p[0], &now) : YF_E_FORMAT;
    if (!e && now >= YF_STAGE_ACTIVE)
        e = YF_E_DENIED;
    for (; !e && now < YF_STAGE_ACTIVE; now++)
        e = owner(s, p, now, transport, own);
    yf_perso_close(p);
    return e;
}
