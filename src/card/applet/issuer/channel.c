/* SPDX-License-Identifier: Apache-2.0 */
/* The secure channel: GPC_SPE_014 7.1, GPCS D.4.1 and D.4.2. */
#include "domain.h"

#include <yufu/card/pin.h>

enum { SEQUENCE_MAX = 0xFFFFFF };

/* 6.2.2.1: one more, in the store before it is used; at its end there is no other. */
static yf_err
next_sequence(struct yf_store *s, uint8_t kvn, uint32_t *sequence)
{
    uint8_t bytes[4] = { 0 };
    yf_err e = yf_store_read(s, yf_keys_sequence(kvn), 0, bytes + 1, 3);

    if (e)
        return e;
    uint32_t n = yf_be32(bytes) + 1;
    if (n > SEQUENCE_MAX)
        return YF_E_STATE;
    yf_put_be32(bytes, n);
    if ((e = yf_store_write(s, yf_keys_sequence(kvn), 0, (yf_span){ bytes + 1, 3 })))
        return e;
    *sequence = n;
    return YF_OK;
}

static yf_err
begin(struct yf_call *call, const struct key_set *set, struct yf_scp03 *channel, uint32_t sequence)
{
    struct yf_scp03_offer offer = {
        .keys = &set->keys,
        .kvn = set->kvn,
        .i = YF_ISSUER_I | (call->cmd.data.n == 16 ? YF_SCP03_I_S16 : 0),
        .sequence = sequence,
    };
    uint8_t data[YF_SCP03_DIVERSIFICATION];
    struct yf_app self;
    yf_err e;

    if ((e = yf_apps_get(yf_call_store(call), call->app, &self)))
        return e;
    if ((e = yf_domain_diversification(yf_call_store(call), data)))
        return e;
    offer.aid = (yf_span){ self.aid, self.aid_n };
    offer.diversification = data;
    return yf_scp03_card_begin(channel, yf_call_provider(call), yf_call_rng(call), &offer,
                               call->cmd.data, call->out);
}

/* The set P1 names, or the first; a blocked one is not even begun with. */
static yf_sw
choose(const struct yf_store *s, uint8_t p1, struct key_set *set)
{
    uint8_t kvn = p1, left;
    yf_err e;

    if (p1 == 0 && !yf_keys_next(s, 0, &kvn))
        return YF_SW_REFERENCE_NOT_FOUND;
    if ((e = yf_keys_get(s, kvn, set)))
        return yf_call_sw(e);
    if ((e = yf_tries_left(s, yf_keys_tries(kvn), &left)))
        return yf_call_sw(e);
    return left ? YF_SW_OK : YF_SW_AUTH_BLOCKED;
}

yf_sw
yf_domain_initialize_update(struct yf_call *call)
{
    struct domain *d = domain_of(call);
    struct yf_scp03 *channel;
    struct key_set set = { 0 };
    uint32_t sequence = 0;
    yf_sw sw;

    *d = (struct domain){ 0 };
    if (call->cmd.p2 != 0)
        return YF_SW_WRONG_P1P2;
    if (call->cmd.data.n != 8 && call->cmd.data.n != 16)
        return YF_SW_WRONG_LENGTH;
    if ((sw = choose(yf_call_store(call), call->cmd.p1, &set)) != YF_SW_OK)
        goto out;
    if ((sw = yf_call_sw(next_sequence(yf_call_store(call), set.kvn, &sequence))) != YF_SW_OK)
        goto out;
    if (!(channel = yf_call_channel_begin(call))) {
        sw = YF_SW_CONDITIONS;
        goto out;
    }
    if ((sw = yf_call_sw(begin(call, &set, channel, sequence))) == YF_SW_OK)
        d->kvn = set.kvn;
out:
    yf_wipe(&set, sizeof set);
    return sw;
}

/*
 * A try is taken in the store before anything is compared, and all are given back only
 * after both MAC and cryptogram were right. A malformed command compares nothing and
 * costs nothing.
 */
yf_sw
yf_domain_external_authenticate(struct yf_call *call)
{
    struct yf_scp03 *channel = yf_call_channel_begun(call);
    struct yf_store *s = yf_call_store(call);
    yf_obj tries = yf_keys_tries(domain_of(call)->kvn);
    uint8_t level = call->cmd.p1;
    yf_err e;

    if (!channel)
        return YF_SW_CONDITIONS;
    if (call->cmd.p2 != 0 || !yf_scp03_level(level, channel->i))
        return YF_SW_WRONG_P1P2;
    if (call->cmd.data.n != 2u * channel->width)
        return YF_SW_WRONG_LENGTH;
    if ((e = yf_tries_take(s, tries)))
        return e == YF_E_DENIED ? YF_SW_AUTH_BLOCKED : yf_call_sw(e);
    if ((e = yf_scp03_card_open(channel, &call->cmd)))
        return yf_call_sw(e);
    if ((e = yf_tries_restore(s, tries)))
        return yf_call_sw(e);
    yf_call_channel_stands(call,
                           level & YF_SCP03_C_ENC ? YF_NEED_ADMIN | YF_NEED_SECRET : YF_NEED_ADMIN);
    return YF_SW_OK;
}
