/* SPDX-License-Identifier: Apache-2.0 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/chain.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/hostcert.h>
#include <yufu/crypto/oids.h>
#include <yufu/crypto/sm2.h>

/* Keys: of a root, of what stands between, of a leaf, of a stranger. */
enum { ROOT, MIDDLE, LEAF, STRANGER, KEYS };

static struct pki_key keys[KEYS];

static int
make_keys(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++)
        pki_ec(&keys[i], &yf_curve_p256, false);
    return 0;
}

static int
drop_keys(void **st)
{
    (void)st;
    for (size_t i = 0; i < KEYS; i++)
        pki_drop(&keys[i]);
    return 0;
}

static int
fresh_pool(void **st)
{
    (void)st;
    pki_reset();
    return 0;
}

/* root > middle > leaf, described but not yet issued, and how it is to be verified. */
struct three {
    yf_cert root_t, middle_t, leaf_t;
    yf_cert root, middle, leaf;
    struct yf_chain chain;
    struct yf_chain_result r;
};

static void
describe(struct three *x)
{
    *x = (struct three){ .root_t = pki_ca("root", &keys[ROOT]),
                         .middle_t = pki_ca("middle", &keys[MIDDLE]),
                         .leaf_t = pki_leaf("leaf", &keys[LEAF]) };
    x->chain = (struct yf_chain){ .provider = &yf_provider_host,
                                  .leaf = &x->leaf,
                                  .others = &x->middle,
                                  .n_others = 1,
                                  .anchors = &x->root,
                                  .n_anchors = 1,
                                  .now = PKI_NOW };
}

static void
issue(struct three *x)
{
    x->root = pki_issue(x->root_t, NULL, &keys[ROOT]);
    x->middle = pki_issue(x->middle_t, &x->root, &keys[ROOT]);
    x->leaf = pki_issue(x->leaf_t, &x->middle, &keys[MIDDLE]);
}

static void
holds(struct three *x)
{
    yf_err e = yf_chain_verify(&x->chain, &x->r);

    if (e || x->r.reason)
        fail_msg("%s: %s", yf_err_name(e), yf_chain_reason_name(x->r.reason));
}

static void
fails(struct three *x, yf_err want, enum yf_chain_reason reason, const yf_cert *at)
{
    yf_err e = yf_chain_verify(&x->chain, &x->r);

    if (e != want || x->r.reason != reason)
        fail_msg("%s: %s", yf_err_name(e), yf_chain_reason_name(x->r.reason));
    T(x->r.at == at);
}

/* ---- paths that hold ---- */

static void
a_path_is_found(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    holds(&x);
    T(x.r.n == 3);
    T(x.r.path[0] == &x.leaf && x.r.path[1] == &x.middle && x.r.path[2] == &x.root);
    T_OK(yf_host_path(x.leaf.raw, &x.middle.raw, 1, &x.root.raw, 1, PKI_NOW));
}

static void
every_kind_of_key_carries_a_path(void **st)
{
    static const struct {
        const yf_curve *curve; // NULL: RSA, by kind
        bool explicit_params;
        enum yf_sig_kind kind;
        bool openssl; // which takes no written-out curves, and no SM2 ids
    } kinds[] = {
        { &yf_curve_sm2, false, 0, false },    { &yf_curve_bp256r1, true, 0, false },
        { &yf_curve_bp512r1, false, 0, true }, { &yf_curve_p384, false, 0, true },
        { &yf_curve_sm2, true, 0, false },     { NULL, false, YF_SIG_RSA_PKCS1, true },
        { NULL, false, YF_SIG_RSA_PSS, true },
    };
    const struct pki_key old[3] = { keys[ROOT], keys[MIDDLE], keys[LEAF] };
    (void)st;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct three x;
        for (size_t k = 0; k < 3; k++)
            if (kinds[i].curve)
                pki_ec(&keys[k], kinds[i].curve, kinds[i].explicit_params);
            else
                pki_rsa(&keys[k], kinds[i].kind);
        describe(&x);
        issue(&x);
        holds(&x);
        T_ERR(kinds[i].openssl ? YF_OK : YF_E_AUTH,
              yf_host_path(x.leaf.raw, &x.middle.raw, 1, &x.root.raw, 1, PKI_NOW));
        for (size_t k = 0; k < 3; k++)
            pki_drop(&keys[k]);
    }
    memcpy(keys, old, sizeof old);
}

/* Each certificate of a chain may be of another kind than the next. */
static void
kinds_mix(void **st)
{
    struct pki_key sm2, rsa;
    yf_cert root, middle, leaf;
    struct yf_chain_result r;
    (void)st;

    pki_ec(&sm2, &yf_curve_sm2, true);
    pki_rsa(&rsa, YF_SIG_RSA_PSS);
    root = pki_issue(pki_ca("root", &sm2), NULL, &sm2);
    middle = pki_issue(pki_ca("middle", &rsa), &root, &sm2);
    leaf = pki_issue(pki_leaf("leaf", &keys[LEAF]), &middle, &rsa);
    struct yf_chain c = { .provider = &yf_provider_host,
                          .leaf = &leaf,
                          .others = &middle,
                          .n_others = 1,
                          .anchors = &root,
                          .n_anchors = 1,
                          .now = PKI_NOW };
    T_OK(yf_chain_verify(&c, &r));
    T(r.n == 3);
    pki_drop(&sm2);
    pki_drop(&rsa);
}

/* The soft provider has no RSA, and says so; everything else it can do alone. */
static void
a_card_can_do_it_too(void **st)
{
    struct three x;
    struct pki_key rsa;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.provider = &yf_provider_soft;
    holds(&x);

    pki_rsa(&rsa, YF_SIG_RSA_PKCS1);
    x.root = pki_issue(pki_ca("root", &rsa), NULL, &rsa);
    x.middle = pki_issue(x.middle_t, &x.root, &rsa);
    x.leaf = pki_issue(x.leaf_t, &x.middle, &keys[MIDDLE]);
    fails(&x, YF_E_UNSUPPORTED, YF_CHAIN_ALGORITHM, &x.middle);
    pki_drop(&rsa);
}

static void
an_anchor_ends_the_path_where_it_is_met(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.anchors = &x.middle;
    x.chain.n_others = 0;
    holds(&x);
    T(x.r.n == 2);
    x.chain.anchors = &x.leaf; // trusted itself
    holds(&x);
    T(x.r.n == 1 && x.r.path[0] == &x.leaf);
    x.chain.now = x.leaf.not_after + 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_EXPIRED, &x.leaf);
}

/* Two certificates of one name: the one with the right key is found, in any order. */
static void
the_right_one_of_several_is_found(void **st)
{
    struct three x;
    yf_cert others[4];
    (void)st;

    describe(&x);
    issue(&x);
    yf_cert impostor = pki_ca("middle", &keys[STRANGER]);
    yf_cert no_ids = impostor;
    no_ids.has &= (uint8_t)~YF_EXT_SKI;
    yf_cert stale = x.middle_t;
    stale.not_after = PKI_NOW - 1;
    for (size_t at = 0; at < 4; at++) {
        others[0] = pki_issue(impostor, &x.root, &keys[ROOT]);
        others[1] = pki_issue(no_ids, &x.root, &keys[ROOT]); // told apart by its signature only
        others[2] = pki_issue(stale, &x.root, &keys[ROOT]);
        others[3] = others[at];
        others[at] = x.middle;
        x.chain.others = others;
        x.chain.n_others = 4;
        holds(&x);
        T(x.r.n == 3 && x.r.path[1] == &others[at]);
    }
}

/* A dead end is left again: middle is cross-signed by a stranger nobody trusts. */
static void
a_dead_end_is_left(void **st)
{
    struct three x;
    yf_cert others[3];
    (void)st;

    describe(&x);
    issue(&x);
    others[0] = pki_issue(pki_ca("stranger", &keys[STRANGER]), NULL, &keys[STRANGER]);
    others[1] = pki_issue(x.middle_t, &others[0], &keys[STRANGER]);
    others[2] = x.middle;
    x.chain.others = others;
    x.chain.n_others = 3;
    holds(&x);
    T(x.r.n == 3 && x.r.path[1] == &others[2]);
    x.chain.n_others = 2;
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_UNTRUSTED, &others[0]);
    T(x.r.n == 3);
}

static void
names_chain_as_people_write_them(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.leaf_t.issuer = pki_name("  MIDDLE ");
    issue(&x);
    holds(&x);
}

/* ---- each check, and the certificate it is about ---- */

static void
times(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.leaf_t.not_after = PKI_NOW;
    x.leaf_t.not_before = PKI_NOW;
    issue(&x);
    holds(&x);
    x.chain.now = PKI_NOW + 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_EXPIRED, &x.leaf);
    x.chain.now = PKI_NOW - 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_NOT_YET, &x.leaf);

    describe(&x);
    x.middle_t.not_after = PKI_NOW - 1;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_EXPIRED, &x.middle);
    describe(&x);
    x.root_t.not_before = PKI_NOW + 1;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_NOT_YET, &x.root);
}

static void
signatures(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    x.leaf = pki_issue(x.leaf_t, &x.middle, &keys[STRANGER]);
    fails(&x, YF_E_AUTH, YF_CHAIN_SIGNATURE, &x.leaf);
    describe(&x);
    issue(&x);
    x.middle = pki_issue(x.middle_t, &x.root, &keys[STRANGER]);
    fails(&x, YF_E_AUTH, YF_CHAIN_SIGNATURE, &x.middle);
    T(x.r.n == 2); // it came that far
}

static void
the_id_of_sm2_counts_everywhere(void **st)
{
    struct pki_key sm2[3];
    yf_cert root, middle, leaf;
    yf_span id = YF_STR("office@utopia");
    struct yf_chain_result r;
    (void)st;

    for (size_t i = 0; i < 3; i++)
        pki_ec(&sm2[i], &yf_curve_sm2, false);
    for (int other = 0; other < 2; other++) { // 0: all with id; 1: the middle by the default id
        sm2[0].how.sm2_id = other ? YF_SM2_DEFAULT_ID : id;
        sm2[1].how.sm2_id = id;
        root = pki_issue(pki_ca("root", &sm2[0]), NULL, &sm2[0]);
        middle = pki_issue(pki_ca("middle", &sm2[1]), &root, &sm2[0]);
        leaf = pki_issue(pki_leaf("leaf", &sm2[2]), &middle, &sm2[1]);
        struct yf_chain c = { .provider = &yf_provider_soft,
                              .leaf = &leaf,
                              .others = &middle,
                              .n_others = 1,
                              .anchors = &root,
                              .n_anchors = 1,
                              .now = PKI_NOW,
                              .sm2_id = &id };
        T_ERR(other ? YF_E_AUTH : YF_OK, yf_chain_verify(&c, &r));
        T(r.reason == (other ? YF_CHAIN_SIGNATURE : YF_CHAIN_OK));
        T(r.at == (other ? &middle : NULL));
        c.sm2_id = NULL;
        T_ERR(YF_E_AUTH, yf_chain_verify(&c, &r));
        T(r.at == &leaf);
    }
    for (size_t i = 0; i < 3; i++)
        pki_drop(&sm2[i]);
}

static void
issuers(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.n_others = 0;
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_NO_ISSUER, &x.leaf);
    x.chain.n_others = 1;
    x.chain.n_anchors = 0;
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_NO_ISSUER, &x.middle);
    x.chain.others = (yf_cert[]){ x.middle, x.root }; // there, and not trusted
    x.chain.n_others = 2;
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_UNTRUSTED, &x.chain.others[1]);
    yf_cert self = pki_issue(pki_ca("self", &keys[STRANGER]), NULL, &keys[STRANGER]);
    x.chain.leaf = &self;
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_UNTRUSTED, &self);
}

static void
key_ids(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.leaf_t.has |= YF_EXT_AKI;
    x.leaf_t.aki = YF_STR("another key");
    issue(&x);
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_KEY_ID, &x.leaf);
    describe(&x);
    x.leaf_t.has |= YF_EXT_AKI;
    x.leaf_t.aki_issuer = YF_STR("\x82\x01x");
    x.leaf_t.aki_serial = YF_STR("\x77"); // not middle's
    issue(&x);
    fails(&x, YF_E_NOTFOUND, YF_CHAIN_KEY_ID, &x.leaf);
    x.leaf_t.aki_serial = x.middle.serial;
    issue(&x);
    holds(&x);
    describe(&x);
    x.middle_t.has &= (uint8_t)~YF_EXT_SKI; // nothing to compare with
    x.leaf_t.has |= YF_EXT_AKI;
    x.leaf_t.aki = YF_STR("whoever");
    issue(&x);
    holds(&x);
}

static void
critical_extensions(void **st)
{
    const yf_span more = YF_STR("\x30\x0B\x06\x02\x2A\x03\x01\x01\xFF\x04\x02\x05\x00");
    struct three x;
    (void)st;

    for (size_t i = 0; i < 3; i++) {
        describe(&x);
        (i == 0 ? &x.leaf_t : i == 1 ? &x.middle_t : &x.root_t)->more = more;
        issue(&x);
        fails(&x, YF_E_UNSUPPORTED, YF_CHAIN_CRITICAL,
              i == 0   ? &x.leaf
              : i == 1 ? &x.middle
                       : &x.root);
    }
}

static void
authorities(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.middle_t.ca = false;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_NOT_CA, &x.middle);
    describe(&x);
    x.middle_t.has &= (uint8_t)~YF_EXT_BASIC;
    x.middle_t.ca = false;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_NOT_CA, &x.middle);
    describe(&x);
    x.root_t.ca = false;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_NOT_CA, &x.root);

    describe(&x);
    x.middle_t.key_usage = YF_KU_CRL_SIGN | YF_KU_SIGN;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_KEY_USAGE, &x.middle);
    describe(&x);
    x.middle_t.has &= (uint8_t)~YF_EXT_KEY_USAGE; // says nothing: RFC 5280 6.1.4 (n)
    issue(&x);
    holds(&x);
}

static void
path_lengths(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.root_t.path_len = 0;
    issue(&x);
    fails(&x, YF_E_DENIED, YF_CHAIN_PATH_LENGTH, &x.root);
    describe(&x);
    x.root_t.path_len = 1;
    x.middle_t.path_len = 0;
    issue(&x);
    holds(&x);

    // a self-issued certificate does not count: 6.1.4 (l)
    yf_cert renewed_t = pki_ca("middle", &keys[STRANGER]);
    yf_cert renewed = pki_issue(renewed_t, &x.middle, &keys[MIDDLE]);
    x.leaf = pki_issue(x.leaf_t, &renewed, &keys[STRANGER]);
    x.chain.others = (yf_cert[]){ x.middle, renewed };
    x.chain.n_others = 2;
    holds(&x);
    T(x.r.n == 4);
}

static void
what_the_leaf_is_for(void **st)
{
    struct three x;
    (void)st;

    describe(&x);
    x.leaf_t.has |= YF_EXT_EKU;
    x.leaf_t.eku = YF_STR("\x06\x06\x67\x81\x08\x01\x01\x03");
    issue(&x);
    x.chain.purpose = yf_oid_bytes(YF_OID_ICAO_MASTER_LIST_SIGNER);
    x.chain.key_usage = YF_KU_SIGN;
    holds(&x);
    x.chain.purpose = yf_oid_bytes(YF_OID_EKU_SERVER);
    fails(&x, YF_E_DENIED, YF_CHAIN_PURPOSE, &x.leaf);
    x.chain.purpose = YF_STR("");
    x.chain.key_usage = YF_KU_SIGN | YF_KU_KEY_AGREE;
    fails(&x, YF_E_DENIED, YF_CHAIN_KEY_USAGE, &x.leaf);
    x.leaf_t.has &= (uint8_t) ~(YF_EXT_KEY_USAGE | YF_EXT_EKU);
    issue(&x);
    holds(&x); // a key usage that is not said forbids nothing; a purpose must be said
    x.chain.purpose = yf_oid_bytes(YF_OID_EKU_SERVER);
    fails(&x, YF_E_DENIED, YF_CHAIN_PURPOSE, &x.leaf);
}

/* Our builder writes no SHA-1, so the identifiers of a good leaf are overwritten. */
static void
sha1_is_no_signature_any_more(void **st)
{
    const yf_span sha1 = YF_STR("\x30\x09\x06\x07\x2A\x86\x48\xCE\x3D\x04\x01");
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    yf_span inner = { x.leaf.serial.p + x.leaf.serial.n, 12 };
    yf_span outer = { x.leaf.tbs.p + x.leaf.tbs.n, 12 };
    T_ERR(YF_E_FORMAT, yf_cert_read(pki_edit(x.leaf.raw, outer, sha1), &x.leaf)); // not inside
    yf_span both = pki_edit(x.leaf.raw, inner, sha1);
    outer.p = both.p + (outer.p - x.leaf.raw.p) - 1; // it has become one byte shorter
    T_OK(yf_cert_read(pki_edit(both, outer, sha1), &x.leaf));
    T(x.leaf.alg.hash == YF_SHA1);
    fails(&x, YF_E_UNSUPPORTED, YF_CHAIN_ALGORITHM, &x.leaf);
}

/* ---- revocation ---- */

static void
lists_revoke(void **st)
{
    struct three x;
    yf_crl lists[2];
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.crls = lists;
    x.chain.n_crls = 2;
    x.chain.need_crl = true;
    lists[0] = pki_publish(pki_crl(&x.middle, NULL, 0), &keys[MIDDLE]);
    lists[1] = pki_publish(pki_crl(&x.root, (yf_span[]){ YF_STR("\x55") }, 1), &keys[ROOT]);
    holds(&x);
    lists[0] = pki_publish(pki_crl(&x.middle, (yf_span[]){ YF_STR("\x55"), x.leaf.serial }, 2),
                           &keys[MIDDLE]);
    fails(&x, YF_E_DENIED, YF_CHAIN_REVOKED, &x.leaf);
    x.chain.need_crl = false;
    fails(&x, YF_E_DENIED, YF_CHAIN_REVOKED, &x.leaf);
    lists[0] = pki_publish(pki_crl(&x.middle, NULL, 0), &keys[MIDDLE]);
    lists[1] = pki_publish(pki_crl(&x.root, &x.middle.serial, 1), &keys[ROOT]);
    fails(&x, YF_E_DENIED, YF_CHAIN_REVOKED, &x.middle);
}

static void
lists_are_asked_for_or_not(void **st)
{
    struct three x;
    yf_crl list;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.crls = &list;
    x.chain.n_crls = 1;
    list = pki_publish(pki_crl(&x.middle, NULL, 0), &keys[MIDDLE]);
    holds(&x);
    x.chain.need_crl = true;
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.middle);
    x.chain.n_crls = 0;
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
}

/* A list that is stale, or not its issuer's, or not all, clears nobody. */
static void
lists_that_clear_nobody(void **st)
{
    struct three x;
    yf_crl good, list;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.anchors = &x.middle; // one link is enough
    x.chain.crls = &list;
    x.chain.n_crls = 1;
    x.chain.need_crl = true;
    good = pki_crl(&x.middle, NULL, 0);
    list = pki_publish(good, &keys[MIDDLE]);
    holds(&x);
    x.chain.now = good.next_update + 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    x.chain.now = good.this_update - 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    x.chain.now = PKI_NOW;
    list = pki_publish(good, &keys[STRANGER]);
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    list = pki_publish(pki_crl(&x.root, NULL, 0), &keys[ROOT]);
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    good.issuer = pki_name("middle by another name"); // though the key is the same
    list = pki_publish(good, &keys[MIDDLE]);
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    good.issuer = x.middle.subject;
    good.aki = YF_STR("another key");
    list = pki_publish(good, &keys[MIDDLE]);
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
    list.aki = x.middle.ski;
    list.unknown_critical = yf_oid_bytes(YF_OID_X_DELTA_CRL);
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
}

static void
a_key_that_may_not_sign_lists(void **st)
{
    struct three x;
    yf_crl list;
    (void)st;

    describe(&x);
    x.middle_t.key_usage = YF_KU_CERT_SIGN;
    issue(&x);
    x.chain.anchors = &x.middle;
    x.chain.crls = &list;
    x.chain.n_crls = 1;
    list = pki_publish(pki_crl(&x.middle, &x.leaf.serial, 1), &keys[MIDDLE]);
    holds(&x);
    x.chain.need_crl = true;
    fails(&x, YF_E_DENIED, YF_CHAIN_NO_CRL, &x.leaf);
}

/* What its issuer once revoked stays so when the list grows old; a forged list revokes nobody. */
static void
revocation_does_not_grow_stale(void **st)
{
    struct three x;
    yf_crl list;
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.crls = &list;
    x.chain.n_crls = 1;
    list = pki_publish(pki_crl(&x.middle, &x.leaf.serial, 1), &keys[MIDDLE]);
    x.chain.now = list.next_update + 1;
    fails(&x, YF_E_DENIED, YF_CHAIN_REVOKED, &x.leaf);
    list = pki_publish(pki_crl(&x.middle, &x.leaf.serial, 1), &keys[STRANGER]);
    holds(&x);
}

/* ---- bounds ---- */

/* n authorities in a row under a root, and the leaf they end in. */
static void
row(struct three *x, yf_cert *others, size_t n)
{
    char name[20];

    describe(x);
    x->root = pki_issue(x->root_t, NULL, &keys[ROOT]);
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof name, "authority %zu", i);
        others[i] = pki_issue(pki_ca(name, &keys[MIDDLE]), i ? &others[i - 1] : &x->root,
                              i ? &keys[MIDDLE] : &keys[ROOT]);
    }
    x->leaf = pki_issue(x->leaf_t, &others[n - 1], &keys[MIDDLE]);
    x->chain.others = others;
    x->chain.n_others = n;
}

static void
paths_have_an_end(void **st)
{
    yf_cert others[YF_CHAIN_MAX];
    struct three x;
    (void)st;

    row(&x, others, YF_CHAIN_MAX - 2);
    holds(&x);
    T(x.r.n == YF_CHAIN_MAX);
    row(&x, others, YF_CHAIN_MAX - 1);
    fails(&x, YF_E_ROOM, YF_CHAIN_TOO_LONG, &others[0]);
    T(x.r.n == YF_CHAIN_MAX);
}

/* Two authorities that certify each other lead nowhere, and the search comes to an end. */
static void
circles_are_left(void **st)
{
    yf_cert others[2], t;
    struct three x;
    (void)st;

    describe(&x);
    issue(&x);
    t = pki_ca("other", &keys[STRANGER]);
    yf_cert other = pki_issue(t, &x.middle, &keys[MIDDLE]);
    others[0] = pki_issue(x.middle_t, &other, &keys[STRANGER]);
    others[1] = other;
    x.leaf = pki_issue(x.leaf_t, &others[0], &keys[MIDDLE]);
    x.chain.others = others;
    x.chain.n_others = 2;
    T_ERR(YF_E_NOTFOUND, yf_chain_verify(&x.chain, &x.r));
}

/* A provider that counts what it is asked to verify. */
static unsigned asked;

static yf_err
count(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)
{
    asked++;
    return yf_provider_host.group->ecdsa_verify(g, pub, digest, sig);
}

static struct yf_group_ops counting_group;

static yf_err
counting_open(yf_group *g, const yf_curve *curve)
{
    yf_err e = yf_provider_host.group->open(g, curve);

    g->ops = &counting_group;
    return e;
}

/* Many of one name and no key identifier: every one is tried, but not without end. */
static void
work_has_an_end(void **st)
{
    enum { N = YF_CHAIN_WORK + 1 };
    static yf_cert others[N];
    yf_provider counting = yf_provider_host;
    struct three x;
    (void)st;

    counting_group = *yf_provider_host.group;
    counting_group.open = counting_open;
    counting_group.ecdsa_verify = count;
    counting.group = &counting_group;
    describe(&x);
    issue(&x);
    yf_cert t = pki_ca("middle", &keys[STRANGER]);
    t.has &= (uint8_t)~YF_EXT_SKI;
    for (size_t i = 0; i < N; i++)
        others[i] = pki_issue(t, &x.root, &keys[ROOT]);
    x.chain.provider = &counting;
    x.chain.others = others;
    x.chain.n_others = N;
    asked = 0;
    fails(&x, YF_E_ROOM, YF_CHAIN_TOO_MUCH, &x.leaf);
    T(asked == YF_CHAIN_WORK);
    x.chain.n_others = N - 1;
    asked = 0;
    fails(&x, YF_E_AUTH, YF_CHAIN_SIGNATURE, &x.leaf);
    T(asked == YF_CHAIN_WORK);
    // also where one of them led further, to a dead end
    yf_cert nowhere = x.middle_t;
    nowhere.issuer = pki_name("nowhere");
    others[0] = pki_issue(nowhere, NULL, &keys[ROOT]);
    others[1] = pki_issue(t, &x.root, &keys[ROOT]);
    x.chain.n_others = N;
    asked = 0;
    fails(&x, YF_E_ROOM, YF_CHAIN_TOO_MUCH, &x.leaf);
    T(x.r.n == 1);
}

/* A provider that fails for reasons of its own is not a verdict on the certificate. */
static yf_err
out_of_memory(const yf_group *g, yf_span pub, yf_span digest, const uint8_t *sig)
{
    (void)g, (void)pub, (void)digest, (void)sig;
    return YF_E_ROOM;
}

static void
a_broken_provider_is_not_a_verdict(void **st)
{
    yf_provider broken = yf_provider_host;
    struct three x;
    (void)st;

    counting_group = *yf_provider_host.group;
    counting_group.open = counting_open;
    counting_group.ecdsa_verify = out_of_memory;
    broken.group = &counting_group;
    describe(&x);
    issue(&x);
    x.chain.provider = &broken;
    T_ERR(YF_E_ROOM, yf_chain_verify(&x.chain, &x.r));
    T(x.r.reason != YF_CHAIN_OK);
}

/* ---- damage ---- */

/* No byte of a certificate can be another one: every change is noticed. */
static void
no_byte_can_be_changed(void **st)
{
    static const uint8_t masks[] = { 0x01, 0x80, 0xFF };
    struct three x;
    uint8_t bad[1000];
    (void)st;

    describe(&x);
    issue(&x);
    x.chain.anchors = &x.middle;
    yf_span good = x.leaf.raw;
    T(good.n <= sizeof bad);
    for (size_t i = 0; i < good.n * 3; i++) {
        memcpy(bad, good.p, good.n);
        bad[i / 3] ^= masks[i % 3];
        if (yf_cert_read((yf_span){ bad, good.n }, &x.leaf))
            continue;
        if (yf_chain_verify(&x.chain, &x.r) == YF_OK)
            fail_msg("byte %zu of %zu", i / 3, good.n);
        T(x.r.reason != YF_CHAIN_OK);
    }
}

static void
reasons_have_names(void **st)
{
    (void)st;
    for (unsigned i = 0; i < YF_CHAIN_REASONS; i++)
        for (unsigned k = 0; k < i; k++)
            T(strcmp(yf_chain_reason_name((enum yf_chain_reason)i),
                     yf_chain_reason_name((enum yf_chain_reason)k)) != 0);
    assert_string_equal(yf_chain_reason_name(YF_CHAIN_REVOKED), "revoked");
    assert_string_equal(yf_chain_reason_name(YF_CHAIN_REASONS), "unknown");
}

#define TEST(f) cmocka_unit_test_setup(f, fresh_pool)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_path_is_found),
        TEST(every_kind_of_key_carries_a_path),
        TEST(kinds_mix),
        TEST(a_card_can_do_it_too),
        TEST(an_anchor_ends_the_path_where_it_is_met),
        TEST(the_right_one_of_several_is_found),
        TEST(a_dead_end_is_left),
        TEST(names_chain_as_people_write_them),
        TEST(times),
        TEST(signatures),
        TEST(the_id_of_sm2_counts_everywhere),
        TEST(issuers),
        TEST(key_ids),
        TEST(critical_extensions),
        TEST(authorities),
        TEST(path_lengths),
        TEST(what_the_leaf_is_for),
        TEST(sha1_is_no_signature_any_more),
        TEST(lists_revoke),
        TEST(lists_are_asked_for_or_not),
        TEST(lists_that_clear_nobody),
        TEST(a_key_that_may_not_sign_lists),
        TEST(revocation_does_not_grow_stale),
        TEST(paths_have_an_end),
        TEST(circles_are_left),
        TEST(work_has_an_end),
        TEST(a_broken_provider_is_not_a_verdict),
        TEST(no_byte_can_be_changed),
        TEST(reasons_have_names),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
