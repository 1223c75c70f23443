/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/issuer/line.h>

#include <yufu/card/issuer.h>
#include <yufu/proto/diversify.h>

static uint8_t
version(unsigned station)
{
    return station ? (uint8_t)station : YF_ISSUER_TRANSPORT;
}

yf_err
yf_line_keys(const struct yf_line *l, const yf_provider *provider, unsigned station,
             const uint8_t *diversification, struct yf_scp03_keys *keys)
{
    const struct yf_cipher_alg *alg = yf_provider_cipher(provider, l->cipher);

    if (!alg || station >= YF_LINE_STATIONS)
        return YF_E_UNSUPPORTED;
    return yf_diversify(provider, l->cipher, (yf_span){ l->station[station].master, alg->key },
                        diversification, keys);
}

yf_err
yf_line_open(const struct yf_line *l, struct yf_perso *p, unsigned station)
{
    struct yf_scp03_answer a;
    struct yf_scp03_keys keys = { 0 };
    yf_err e;

    if ((e = yf_perso_begin(p, version(station), 8, &a)))
        return e;
    if (!(e = yf_line_keys(l, p->provider, station, a.diversification.p, &keys)))
        e = yf_perso_open(p, &keys, YF_LINE_LEVEL);
    yf_wipe(&keys, sizeof keys);
    return e;
}

/* The next owner's keys in place of those in use; then it is his. */
static yf_err
pass_on(const struct yf_line *l, struct yf_perso *p, unsigned station)
{
    struct yf_scp03_keys next = { 0 };
    yf_err e = yf_line_keys(l, p->provider, station + 1, p->answer.diversification.p, &next);

    if (!e)
        e = yf_perso_put_keys(p, version(station), version(station + 1), &next);
    if (!e)
        e = yf_perso_stage(p, (yf_stage)(station + 1));
    yf_wipe(&next, sizeof next);
    return e;
}

static yf_err
stop(const struct yf_line *l, struct yf_perso *p, unsigned station, yf_stage to)
{
    const struct yf_line_station *here = &l->station[station];
    yf_err e = yf_line_open(l, p, station);

    if (!e && here->work)
        e = here->work(p, here->arg);
    if (!e && station < to)
        e = pass_on(l, p, station);
    return yf_err_first(e, yf_perso_leave(p));
}

yf_err
yf_line_run(const struct yf_line *l, struct yf_perso *p, yf_stage to)
{
    yf_stage now;
    yf_span code;
    yf_err e;

    if (to > YF_STAGE_ACTIVE)
        return YF_E_DENIED;
    if ((e = yf_perso_get(p, YF_ISSUER_STAGE, &code)))
        return e;
    if (code.n != 1 || yf_stage_of(code.p[0], &now))
        return YF_E_FORMAT;
    if (now > to)
        return YF_E_DENIED;
    for (unsigned station = now; !e && station <= (unsigned)to; station++)
        e = stop(l, p, station, to);
    return e;
}
