/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A search in depth with its stack in the open: path[] is the stack, next[] says which
 * candidate each level tries next, and whatever is pushed has passed every check
 * against the one below it.
 */
#include <yufu/crypto/chain.h>
#include <yufu/crypto/sm2.h>

struct search {
    const struct yf_chain *c;
    const yf_cert *path[YF_CHAIN_MAX];
    size_t next[YF_CHAIN_MAX]; // anchors first, then the others
    size_t n;
    unsigned work;
    yf_err broken; // the provider failed in a way that judges nothing
};

/* What is found wrong, and with which certificate. */
struct fault {
    enum yf_chain_reason reason;
    const yf_cert *at;
};

static const struct {
    const char *name;
    yf_err err;
} reasons[YF_CHAIN_REASONS] = {
    [YF_CHAIN_OK] = { "ok", YF_OK },
    [YF_CHAIN_NO_ISSUER] = { "no-issuer", YF_E_NOTFOUND },
    [YF_CHAIN_UNTRUSTED] = { "untrusted", YF_E_NOTFOUND },
    [YF_CHAIN_KEY_ID] = { "key-id", YF_E_NOTFOUND },
    [YF_CHAIN_TOO_LONG] = { "too-long", YF_E_ROOM },
    [YF_CHAIN_NOT_YET] = { "not-yet", YF_E_DENIED },
    [YF_CHAIN_EXPIRED] = { "expired", YF_E_DENIED },
    [YF_CHAIN_CRITICAL] = { "critical", YF_E_UNSUPPORTED },
    [YF_CHAIN_NOT_CA] = { "not-ca", YF_E_DENIED },
    [YF_CHAIN_PATH_LENGTH] = { "path-length", YF_E_DENIED },
    [YF_CHAIN_KEY_USAGE] = { "key-usage", YF_E_DENIED },
    [YF_CHAIN_PURPOSE] = { "purpose", YF_E_DENIED },
    [YF_CHAIN_ALGORITHM] = { "algorithm", YF_E_UNSUPPORTED },
    [YF_CHAIN_SIGNATURE] = { "signature", YF_E_AUTH },
    [YF_CHAIN_NO_CRL] = { "no-crl", YF_E_DENIED },
    [YF_CHAIN_REVOKED] = { "revoked", YF_E_DENIED },
    [YF_CHAIN_TOO_MUCH] = { "too-much", YF_E_ROOM },
};

const char *
yf_chain_reason_name(enum yf_chain_reason r)
{
    return r < YF_CHAIN_REASONS ? reasons[r].name : "unknown";
}

/* ---- one certificate ---- */

static enum yf_chain_reason
check_itself(const struct yf_chain *c, const yf_cert *x)
{
    if (c->now < x->not_before)
        return YF_CHAIN_NOT_YET;
    if (c->now > x->not_after)
        return YF_CHAIN_EXPIRED;
    return x->unknown_critical.n ? YF_CHAIN_CRITICAL : YF_CHAIN_OK;
}

static bool
may(const yf_cert *x, unsigned usage)
{
    return !(x->has & YF_EXT_KEY_USAGE) || (x->key_usage & usage) == usage;
}

static enum yf_chain_reason
check_leaf(const struct yf_chain *c)
{
    enum yf_chain_reason r = check_itself(c, c->leaf);

    if (r)
        return r;
    if (!may(c->leaf, c->key_usage))
        return YF_CHAIN_KEY_USAGE;
    return c->purpose.n && !yf_cert_for(c->leaf, c->purpose) ? YF_CHAIN_PURPOSE : YF_CHAIN_OK;
}

/* 6.1.4 (l): certificates between the leaf and the next one that are not self-issued. */
static size_t
depth(const struct search *s)
{
    size_t n = 0;

    for (size_t i = 1; i < s->n; i++)
        n += !yf_name_eq(s->path[i]->issuer, s->path[i]->subject);
    return n;
}

/* 6.1.4 (k) to (n) */
static enum yf_chain_reason
check_authority(const struct search *s, const yf_cert *x)
{
    enum yf_chain_reason r = check_itself(s->c, x);

    if (r)
        return r;
    if (!x->ca)
        return YF_CHAIN_NOT_CA;
    if (x->path_len >= 0 && depth(s) > (size_t)x->path_len)
        return YF_CHAIN_PATH_LENGTH;
    return may(x, YF_KU_CERT_SIGN) ? YF_CHAIN_OK : YF_CHAIN_KEY_USAGE;
}

/* ---- a certificate and its issuer ---- */

/* 4.2.1.1: where both sides name a key or a serial, they are the same. */
static bool
ids_fit(yf_span aki, yf_span aki_serial, const yf_cert *issuer)
{
    if (aki.n && issuer->ski.n && !yf_span_eq(aki, issuer->ski))
        return false;
    return !aki_serial.n || yf_span_eq(aki_serial, issuer->serial);
}

static enum yf_chain_reason
check_signature(struct search *s, yf_sig_alg alg, const yf_cert *issuer, yf_span tbs, yf_span sig)
{
    yf_span id = s->c->sm2_id ? *s->c->sm2_id : YF_SM2_DEFAULT_ID;

    if (alg.hash == YF_SHA1)
        return YF_CHAIN_ALGORITHM;
    if (s->work == YF_CHAIN_WORK)
        return YF_CHAIN_TOO_MUCH;
    s->work++;
    yf_err e = yf_sig_verify(s->c->provider, alg, &issuer->key, id, tbs, sig);
    switch (e) {
    case YF_OK:
        return YF_CHAIN_OK;
    case YF_E_AUTH:
    case YF_E_FORMAT: // the issuer's key is none, or one for another algorithm
        return YF_CHAIN_SIGNATURE;
    case YF_E_UNSUPPORTED:
        return YF_CHAIN_ALGORITHM;
    default:
        s->broken = e;
        return YF_CHAIN_SIGNATURE;
    }
}

/* 6.3.3, for complete lists of the issuer's own. */
static enum yf_chain_reason
check_lists(struct search *s, const yf_cert *x, const yf_cert *issuer)
{
    const struct yf_chain *c = s->c;
    bool covered = false;
    yf_crl_entry entry;

    for (size_t i = 0; i < c->n_crls; i++) {
        const yf_crl *l = &c->crls[i];
        if (l->unknown_critical.n || !yf_name_eq(l->issuer, x->issuer))
            continue;
        if (!ids_fit(l->aki, l->aki_serial, issuer) || !may(issuer, YF_KU_CRL_SIGN))
            continue;
        enum yf_chain_reason r = check_signature(s, l->alg, issuer, l->tbs, l->sig);
        if (r == YF_CHAIN_TOO_MUCH || s->broken)
            return r;
        if (r)
            continue;
        if (yf_crl_find(l, x->serial, &entry) == YF_OK)
            return YF_CHAIN_REVOKED;
        covered |= l->this_update <= c->now && c->now <= l->next_update;
    }
    return c->need_crl && !covered ? YF_CHAIN_NO_CRL : YF_CHAIN_OK;
}

/* May x, which has the issuer's name, follow on the path? */
static struct fault
check_next(struct search *s, const yf_cert *x)
{
    const yf_cert *child = s->path[s->n - 1];
    enum yf_chain_reason r;

    if (!ids_fit(child->aki, child->aki_serial, x))
        return (struct fault){ YF_CHAIN_KEY_ID, child };
    if (s->n == YF_CHAIN_MAX)
        return (struct fault){ YF_CHAIN_TOO_LONG, child };
    if ((r = check_authority(s, x)))
        return (struct fault){ r, x };
    if ((r = check_signature(s, child->alg, x, child->tbs, child->sig)))
        return (struct fault){ r, child };
    return (struct fault){ check_lists(s, child, x), child };
}

/* ---- the search ---- */

static bool
is_anchor(const struct yf_chain *c, const yf_cert *x)
{
    for (size_t i = 0; i < c->n_anchors; i++)
        if (yf_span_eq(c->anchors[i].raw, x->raw))
            return true;
    return false;
}

static bool
on_path(const struct search *s, const yf_cert *x)
{
    for (size_t i = 0; i < s->n; i++)
        if (yf_span_eq(s->path[i]->raw, x->raw))
            return true;
    return false;
}

/* The next candidate for the top of the path that has its issuer's name; NULL at the end. */
static const yf_cert *
candidate(struct search *s)
{
    const struct yf_chain *c = s->c;
    const yf_cert *top = s->path[s->n - 1];

    while (s->next[s->n - 1] < c->n_anchors + c->n_others) {
        size_t i = s->next[s->n - 1]++;
        const yf_cert *x = i < c->n_anchors ? &c->anchors[i] : &c->others[i - c->n_anchors];
        if (yf_name_eq(x->subject, top->issuer) && !on_path(s, x))
            return x;
    }
    return NULL;
}

/* Keep the fault of the longest path, and there the one found out last. */
static void
note(const struct search *s, struct fault f, struct yf_chain_result *r)
{
    if (s->n < r->n || (s->n == r->n && f.reason <= r->reason))
        return;
    r->reason = f.reason;
    r->at = f.at;
    r->n = s->n;
    for (size_t i = 0; i < s->n; i++)
        r->path[i] = s->path[i];
}

static void
push(struct search *s, const yf_cert *x)
{
    s->path[s->n] = x;
    s->next[s->n++] = 0;
}

/* Why the top of the path ends it, when nothing with its issuer's name is there. */
static struct fault
dead_end(const struct search *s)
{
    const yf_cert *top = s->path[s->n - 1];
    bool own = yf_name_eq(top->issuer, top->subject);

    return (struct fault){ own ? YF_CHAIN_UNTRUSTED : YF_CHAIN_NO_ISSUER, top };
}

static void
search(struct search *s, struct yf_chain_result *r)
{
    while (s->n && !is_anchor(s->c, s->path[s->n - 1])) {
        const yf_cert *x = candidate(s);
        if (!x) {
            note(s, dead_end(s), r);
            s->n--;
            continue;
        }
        struct fault f = check_next(s, x);
        if (f.reason == YF_CHAIN_TOO_MUCH)
            r->n = 0; // a path not tried may have held: say so, and nothing else
        if (f.reason)
            note(s, f, r);
        else
            push(s, x);
        if (f.reason == YF_CHAIN_TOO_MUCH || s->broken)
            return;
    }
    if (s->n) {
        r->n = 0; // a whole path, however short, is the furthest
        note(s, (struct fault){ YF_CHAIN_REASONS, NULL }, r);
        r->reason = YF_CHAIN_OK;
    }
}

yf_err
yf_chain_verify(const struct yf_chain *c, struct yf_chain_result *r)
{
    struct search s = { .c = c };
    enum yf_chain_reason first = check_leaf(c);

    *r = (struct yf_chain_result){ 0 };
    push(&s, c->leaf);
    if (first)
        note(&s, (struct fault){ first, c->leaf }, r);
    else
        search(&s, r);
    return s.broken ? s.broken : reasons[r->reason].err;
}
