/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/card/life.h>

static const struct {
    uint8_t code;
    const char *name;
} stages[YF_STAGES] = {
    [YF_STAGE_CHIP] = { 0x01, "chip maker" },       [YF_STAGE_CARD] = { 0x03, "card maker" },
    [YF_STAGE_PERSO] = { 0x07, "personaliser" },    [YF_STAGE_ISSUER] = { 0x0F, "issuer" },
    [YF_STAGE_ACTIVE] = { 0x1F, "active" },         [YF_STAGE_LOCKED] = { 0x7F, "locked" },
    [YF_STAGE_TERMINATED] = { 0xFF, "terminated" },
};

/* Who may follow whom; what is not here does not. */
static const uint8_t follows[YF_STAGES] = {
    [YF_STAGE_CHIP] = YF_IN(YF_STAGE_CARD),
    [YF_STAGE_CARD] = YF_IN(YF_STAGE_PERSO) | YF_IN(YF_STAGE_TERMINATED),
    [YF_STAGE_PERSO] = YF_IN(YF_STAGE_ISSUER) | YF_IN(YF_STAGE_TERMINATED),
    [YF_STAGE_ISSUER] = YF_IN(YF_STAGE_ACTIVE) | YF_IN(YF_STAGE_TERMINATED),
    [YF_STAGE_ACTIVE] = YF_IN(YF_STAGE_LOCKED) | YF_IN(YF_STAGE_TERMINATED),
    [YF_STAGE_LOCKED] = YF_IN(YF_STAGE_TERMINATED),
};

static const yf_obj object = YF_OBJ(0, YF_OBJ_CARD, YF_CARD_STAGE);

uint8_t
yf_stage_code(yf_stage s)
{
    return s < YF_STAGES ? stages[s].code : 0;
}

yf_err
yf_stage_of(uint8_t code, yf_stage *s)
{
    for (unsigned i = 0; i < YF_STAGES; i++)
        if (stages[i].code == code) {
            *s = (yf_stage)i;
            return YF_OK;
        }
    return YF_E_FORMAT;
}

const char *
yf_stage_name(yf_stage s)
{
    return s < YF_STAGES ? stages[s].name : "unknown";
}

bool
yf_stage_follows(yf_stage from, yf_stage to)
{
    return from < YF_STAGES && to < YF_STAGES && (follows[from] & YF_IN(to)) != 0;
}

yf_err
yf_life_read(const struct yf_store *s, yf_stage *stage)
{
    uint8_t code;
    yf_err e = yf_store_read(s, object, 0, &code, 1);

    return e ? e : yf_stage_of(code, stage);
}

yf_err
yf_life_advance(struct yf_store *s, yf_stage to)
{
    yf_stage from;
    yf_err e = yf_life_read(s, &from);

    if (e)
        return e;
    if (!yf_stage_follows(from, to))
        return YF_E_DENIED;
    return yf_store_write(s, object, 0, (yf_span){ &stages[to].code, 1 });
}
