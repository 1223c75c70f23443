/* SPDX-License-Identifier: Apache-2.0 */
#include "providers.h"
#include "rng.h"
#include "t.h"
#include "vec.h"

#include <yufu/crypto/sm2.h>

enum { MSG_MAX = 8192, RAW_MAX = YF_SM2_OVERHEAD + MSG_MAX, DER_MAX = RAW_MAX + 16 };

static void
each_provider(void (*one)(const yf_sm2 *s))
{
    size_t had = 0;

    for (const yf_provider *const *p = test_providers; *p; p++) {
        yf_sm2 s;
        if (yf_sm2_open(&s, *p) == YF_E_UNSUPPORTED)
            continue;
        one(&s);
        yf_sm2_close(&s);
        had++;
    }
    T(had >= 2); // ours, and OpenSSL's
}

static bool
all_bytes(const uint8_t *p, size_t n, uint8_t byte)
{
    while (n > 0 && p[n - 1] == byte)
        n--;
    return n == 0;
}

/* ---- vectors ---- */

static yf_err
give(void *k, const yf_curve *c, uint8_t *out)
{
    memcpy(out, k, c->size);
    return YF_OK;
}

/* OpenSSL draws its own. */
static bool
asks_for_nonces(const yf_sm2 *s)
{
    return s->group.ops != test_provider_openssl.group_sm2;
}

static void
za_one(const struct vec *v, const yf_sm2 *s)
{
    uint8_t za[32];

    T_OK(yf_sm2_za(s, vec_get(v, "id"), vec_get(v, "pub"), za));
    T_SPAN(YF_SPAN(za), vec_get(v, "za"));
}

static void
sign_one(const struct vec *v, const yf_sm2 *s)
{
    uint8_t sig[YF_SM2_SIG], md[32];
    yf_span d = vec_get(v, "d"), r = vec_get(v, "r"), e = vec_get(v, "e");
    yf_span pub = vec_get(v, "pub"), id = vec_get(v, "id"), msg = vec_get(v, "msg");
    yf_nonce nonce = { give, (void *)vec_get(v, "k").p };
    yf_hash h;

    za_one(v, s);
    T_OK(yf_sm2_digest_begin(s, id, pub, &h));
    for (size_t i = 0; i < msg.n; i++)
        yf_hash_add(&h, (yf_span){ msg.p + i, 1 });
    yf_hash_end(&h, md);
    T_SPAN(YF_SPAN(md), e);

    T_OK(s->group.ops->sm2_sign(&s->group, d.p, e, &nonce, sig));
    T_OK(yf_sm2_verify_digest(s, pub, md, YF_SPAN(sig)));
    if (asks_for_nonces(s)) {
        T_SPAN(((yf_span){ sig, 32 }), r);
        T_SPAN(((yf_span){ sig + 32, 32 }), vec_get(v, "s"));
    }
    memcpy(sig, r.p, 32);
    memcpy(sig + 32, vec_get(v, "s").p, 32);
    T_OK(yf_sm2_verify(s, pub, id, msg, YF_SPAN(sig)));
    T_OK(yf_sm2_verify_digest(s, pub, md, YF_SPAN(sig)));
}

static void
verify_one(const struct vec *v, const yf_sm2 *s)
{
    uint8_t sig[YF_SM2_SIG];

    memcpy(sig, vec_get(v, "r").p, 32);
    memcpy(sig + 32, vec_get(v, "s").p, 32);
    T_OK(yf_sm2_verify_digest(s, vec_get(v, "pub"), vec_get(v, "e").p, YF_SPAN(sig)));
}

static void
decrypt_one(const struct vec *v, const yf_sm2 *s)
{
    yf_span c1 = vec_get(v, "c1"), c2 = vec_get(v, "c2"), msg = vec_get(v, "msg");
    uint8_t raw[RAW_MAX], der[DER_MAX], again[RAW_MAX], out[MSG_MAX];
    yf_span all = { raw, YF_SM2_OVERHEAD + c2.n };
    size_t n = 0;

    T(c2.n <= MSG_MAX && c1.n == YF_SM2_POINT);
    memcpy(raw, c1.p, c1.n);
    memcpy(raw + YF_SM2_POINT, vec_get(v, "c3").p, 32);
    memcpy(raw + YF_SM2_OVERHEAD, c2.p, c2.n);
    T_OK(yf_sm2_decrypt(s, vec_get(v, "d").p, all, out));
    T_SPAN(((yf_span){ out, c2.n }), msg);

    T_OK(yf_sm2_cipher_to_der(all, der, sizeof der, &n));
    if (vec_has(v, "der"))
        T_SPAN(((yf_span){ der, n }), vec_get(v, "der"));
    T_OK(yf_sm2_cipher_from_der((yf_span){ der, n }, again, sizeof again, &n));
    T_SPAN(((yf_span){ again, n }), all);
}

static void
encrypt_one(const struct vec *v, const yf_sm2 *s)
{
    yf_span k = vec_get(v, "k"), c1 = vec_get(v, "c1"), c2 = vec_get(v, "c2");
    struct rng_said said = { k };
    yf_rng rng = rng_said(&said);
    uint8_t raw[RAW_MAX];

    T(c2.n <= MSG_MAX);
    T_OK(yf_sm2_encrypt(s, vec_get(v, "pub"), vec_get(v, "msg"), &rng, raw));
    T_SPAN(((yf_span){ raw, c1.n }), c1);
    T_SPAN(((yf_span){ raw + YF_SM2_POINT, 32 }), vec_get(v, "c3"));
    T_SPAN(((yf_span){ raw + YF_SM2_OVERHEAD, c2.n }), c2);
    decrypt_one(v, s);
}

static void
exchange_one(const struct vec *v, const yf_sm2 *s)
{
    struct yf_sm2_side a = { vec_get(v, "ida"), vec_get(v, "pa"), vec_get(v, "RA") };
    struct yf_sm2_side b = { vec_get(v, "idb"), vec_get(v, "pb"), vec_get(v, "RB") };
    uint8_t key[256], sa[32], sb[32];
    size_t n = (size_t)vec_num(v, "klen");

    T(n <= sizeof key);
    T_OK(yf_sm2_exchange(s, true, vec_get(v, "da").p, vec_get(v, "ra").p, &a, &b, key, n, sb, sa));
    T_SPAN(((yf_span){ key, n }), vec_get(v, "key"));
    T_SPAN(YF_SPAN(sb), vec_get(v, "sb"));
    T_SPAN(YF_SPAN(sa), vec_get(v, "sa"));
    memset(key, 0, n);
    T_OK(yf_sm2_exchange(s, false, vec_get(v, "db").p, vec_get(v, "rb").p, &b, &a, key, n, sb, sa));
    T_SPAN(((yf_span){ key, n }), vec_get(v, "key"));
    T_SPAN(YF_SPAN(sb), vec_get(v, "sb"));
    T_SPAN(YF_SPAN(sa), vec_get(v, "sa"));
}

static const struct {
    const char *kind;
    void (*one)(const struct vec *v, const yf_sm2 *s);
} kinds[] = {
    { "za", za_one },           { "sign", sign_one },       { "verify", verify_one },
    { "encrypt", encrypt_one }, { "decrypt", decrypt_one }, { "exchange", exchange_one },
};

static void
vector(const struct vec *v, void *s)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(vec_str(v, "kind"), kinds[i].kind) == 0) {
            kinds[i].one(v, s);
            return;
        }
    fail_msg("%s: no such kind", vec_where(v));
}

static void
all_vectors(const yf_sm2 *s)
{
    vec_each("sm2.txt", vector, (void *)s);
}

static void
vectors(void **st)
{
    (void)st;
    each_provider(all_vectors);
}

/* ---- the edge cases ---- */

/* Did it what the record says? Only these errors are refusals of what came in; DER of lengths
 * nobody uses is YF_E_UNSUPPORTED. */
static void
judge(const struct vec *v, yf_err e)
{
    bool valid = strcmp(vec_str(v, "result"), "valid") == 0;
    bool refused = e == YF_E_AUTH || e == YF_E_FORMAT || e == YF_E_SHORT || e == YF_E_UNSUPPORTED;

    if (valid ? e != YF_OK : !refused)
        fail_msg("%s: %s", vec_where(v), yf_err_name(e));
}

static void
edge_verify(const struct vec *v, void *arg)
{
    const yf_sm2 *s = arg;
    uint8_t sig[YF_SM2_SIG];
    yf_err e = yf_sig_from_der(vec_get(v, "sig"), YF_SM2_SIZE, sig);

    if (!e && vec_has(v, "e"))
        e = yf_sm2_verify_digest(s, vec_get(v, "pub"), vec_get(v, "e").p, YF_SPAN(sig));
    else if (!e)
        e = yf_sm2_verify(s, vec_get(v, "pub"), vec_get(v, "id"), vec_get(v, "msg"), YF_SPAN(sig));
    judge(v, e == YF_E_ROOM ? YF_E_FORMAT : e); // an identity too long
}

static void
edge_decrypt(const struct vec *v, void *arg)
{
    uint8_t raw[RAW_MAX], out[MSG_MAX];
    yf_span pt = vec_get(v, "pt");
    size_t n = 0;

    memset(out, 0xA5, sizeof out);
    yf_err e = yf_sm2_cipher_from_der(vec_get(v, "ct"), raw, sizeof raw, &n);
    if (!e)
        e = yf_sm2_decrypt(arg, vec_get(v, "d").p, (yf_span){ raw, n }, out);
    judge(v, e);
    if (e)
        T(all_bytes(out, sizeof out, 0xA5));
    else
        T_SPAN(((yf_span){ out, n - YF_SM2_OVERHEAD }), pt);
}

static yf_err
edge_private(const yf_sm2 *s, yf_span d, uint8_t pub[YF_SM2_POINT])
{
    uint8_t e[32] = { 1 }, sig[YF_SM2_SIG];
    yf_err err = d.n == 32 ? yf_sm2_sign_digest(s, d.p, e, NULL, sig) : YF_E_FORMAT;

    return err ? err : yf_ec_public(&s->group, d.p, pub);
}

static void
edge_key(const struct vec *v, void *arg)
{
    const yf_sm2 *s = arg;
    yf_span key = vec_get(v, "key");
    uint8_t point[YF_SM2_POINT];
    yf_err e = strcmp(vec_str(v, "kind"), "private") == 0
                   ? edge_private(s, key, point)
                   : s->group.ops->decode(&s->group, key, point);

    judge(v, e);
    if (!e)
        T_SPAN(YF_SPAN(point), vec_get(v, "point"));
}

static void
all_edges(const yf_sm2 *s)
{
    T(vec_each("sm2_verify.txt", edge_verify, (void *)s) >= 294);
    T(vec_each("sm2_digest.txt", edge_verify, (void *)s) >= 146);
    T(vec_each("sm2_decrypt.txt", edge_decrypt, (void *)s) >= 275);
    T(vec_each("sm2_key.txt", edge_key, (void *)s) >= 107);
}

static void
edges(void **st)
{
    (void)st;
    each_provider(all_edges);
}

/* ---- keys for the rest ---- */

struct pair {
    uint8_t d[32], pub[YF_SM2_POINT];
};

static struct pair
pair_of(const yf_sm2 *s, uint64_t seed)
{
    struct rnd state = { seed };
    yf_rng rng = rng_seeded(&state);
    struct pair p;

    T_OK(yf_ec_keygen(&s->group, &rng, p.d, p.pub));
    return p;
}

/* ---- identity: GB/T 32918.2 5.5 ---- */

static void
identity(const yf_sm2 *s)
{
    static const uint8_t id[YF_SM2_ID_MAX + 1];
    struct pair a = pair_of(s, 1);
    uint8_t za[32], empty[32], sig[YF_SM2_SIG];
    yf_hash h;

    T_OK(yf_sm2_za(s, (yf_span){ id, YF_SM2_ID_MAX }, YF_SPAN(a.pub), za));
    memset(za, 0xA5, sizeof za);
    T_ERR(YF_E_ROOM, yf_sm2_za(s, YF_SPAN(id), YF_SPAN(a.pub), za));
    T_ERR(YF_E_ROOM, yf_sm2_digest_begin(s, YF_SPAN(id), YF_SPAN(a.pub), &h));
    T_ERR(YF_E_ROOM, yf_sm2_sign(s, a.d, YF_SPAN(id), YF_STR("m"), NULL, sig));
    T_ERR(YF_E_ROOM, yf_sm2_verify(s, YF_SPAN(a.pub), YF_SPAN(id), YF_STR("m"), YF_SPAN(sig)));
    T_ERR(YF_E_FORMAT, yf_sm2_za(s, YF_STR("x"), (yf_span){ a.pub, 64 }, za));
    T(all_bytes(za, sizeof za, 0xA5));

    T_OK(yf_sm2_za(s, (yf_span){ NULL, 0 }, YF_SPAN(a.pub), empty)); // an ID, not the default
    T_OK(yf_sm2_za(s, YF_SM2_DEFAULT_ID, YF_SPAN(a.pub), za));
    T(memcmp(za, empty, sizeof za) != 0);
}

static void
an_identity_has_its_limit(void **st)
{
    (void)st;
    each_provider(identity);
}

/* ---- signatures ---- */

static void
sign(const yf_sm2 *s)
{
    struct rnd seed = { 2 };
    yf_rng rng = rng_seeded(&seed), dead = rng_stuck(NULL);
    struct pair a = pair_of(s, 1), b = pair_of(s, 2);
    uint8_t one[YF_SM2_SIG], two[YF_SM2_SIG];
    yf_span id = YF_SM2_DEFAULT_ID, m = YF_STR("message");

    T_OK(yf_sm2_sign(s, a.d, id, m, NULL, one));
    T_OK(yf_sm2_sign(s, a.d, id, m, NULL, two));
    T((memcmp(one, two, sizeof one) == 0) == asks_for_nonces(s));
    T_OK(yf_sm2_verify(s, YF_SPAN(a.pub), id, m, YF_SPAN(one)));
    T_OK(yf_sm2_sign(s, a.d, id, m, &rng, two));
    T(memcmp(one, two, 32) != 0);
    T_OK(yf_sm2_verify(s, YF_SPAN(a.pub), id, m, YF_SPAN(two)));
    T_ERR(YF_E_IO, yf_sm2_sign(s, a.d, id, m, &dead, one));
    T_OK(yf_sm2_verify(s, YF_SPAN(a.pub), id, m, YF_SPAN(one)));

    T_ERR(YF_E_AUTH, yf_sm2_verify(s, YF_SPAN(b.pub), id, m, YF_SPAN(one)));
    T_ERR(YF_E_AUTH, yf_sm2_verify(s, YF_SPAN(a.pub), YF_STR("x"), m, YF_SPAN(one)));
    T_ERR(YF_E_AUTH, yf_sm2_verify(s, YF_SPAN(a.pub), id, YF_STR("Message"), YF_SPAN(one)));
    T_ERR(YF_E_FORMAT, yf_sm2_verify(s, YF_SPAN(a.pub), id, m, (yf_span){ one, 63 }));
    T_ERR(YF_E_FORMAT, yf_sm2_verify(s, (yf_span){ a.pub, 0 }, id, m, YF_SPAN(one)));
    for (size_t i = 0; i < sizeof one; i++) {
        one[i] ^= 0x10;
        T_ERR(YF_E_AUTH, yf_sm2_verify(s, YF_SPAN(a.pub), id, m, YF_SPAN(one)));
        one[i] ^= 0x10;
    }
}

static void
signatures_hold_key_id_and_message(void **st)
{
    (void)st;
    each_provider(sign);
}

/* GB/T 32918.1 6.1: d in [1, n-2]; n-1 would make 1 + d no unit. */
static void
private_range(const yf_sm2 *s)
{
    struct pair a = pair_of(s, 1);
    struct yf_sm2_side side = { YF_STR("a"), YF_SPAN(a.pub), YF_SPAN(a.pub) };
    uint8_t d[3][32] = { { 0 } }, e[32] = { 1 }, out[32], key[16];
    uint8_t sig[YF_SM2_SIG], raw[YF_SM2_OVERHEAD + 1];
    struct rnd seed = { 3 };
    yf_rng rng = rng_seeded(&seed);

    memcpy(d[1], yf_curve_sm2.n, 32);
    memcpy(d[2], yf_curve_sm2.n, 32);
    d[2][31]--;
    T_OK(yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_STR("m"), &rng, raw));
    for (size_t i = 0; i < 3; i++) {
        T_ERR(YF_E_FORMAT, yf_sm2_sign_digest(s, d[i], e, NULL, sig));
        T_ERR(YF_E_FORMAT, yf_sm2_decrypt(s, d[i], YF_SPAN(raw), out));
        T_ERR(YF_E_FORMAT, yf_sm2_exchange(s, true, d[i], a.d, &side, &side, key, 16, out, out));
        T_ERR(YF_E_FORMAT, yf_sm2_exchange(s, true, a.d, d[i], &side, &side, key, 16, out, out));
    }
    d[2][31]--;
    T_OK(yf_sm2_sign_digest(s, d[2], e, NULL, sig));
}

static void
private_keys_out_of_range_are_refused(void **st)
{
    (void)st;
    each_provider(private_range);
}

/* ---- encryption: GB/T 32918.4 ---- */

static void
round_trip(const yf_sm2 *s, const struct pair *a, size_t n)
{
    struct rnd seed = { n };
    yf_rng rng = rng_seeded(&seed);
    uint8_t msg[MSG_MAX], raw[RAW_MAX], out[MSG_MAX + 1];

    memset(out, 0xA5, sizeof out);
    T_OK(yf_rng_fill(&rng, msg, n));
    T_OK(yf_sm2_encrypt(s, YF_SPAN(a->pub), (yf_span){ msg, n }, &rng, raw));
    T_OK(yf_sm2_decrypt(s, a->d, (yf_span){ raw, YF_SM2_OVERHEAD + n }, out));
    T_MEM(out, msg, n);
    T(out[n] == 0xA5);
}

static void
sizes(const yf_sm2 *s)
{
    struct pair a = pair_of(s, 4);

    for (size_t n = 1; n <= 97; n++)
        round_trip(s, &a, n);
    round_trip(s, &a, MSG_MAX);
}

static void
every_size_comes_back(void **st)
{
    (void)st;
    each_provider(sizes);
}

/* Each byte changed, each length cut: the right error, and nothing comes out. */
static void
tamper(const yf_sm2 *s)
{
    enum { N = 40, ALL = YF_SM2_OVERHEAD + N };
    struct rnd seed = { 5 };
    yf_rng rng = rng_seeded(&seed);
    struct pair a = pair_of(s, 5), b = pair_of(s, 6);
    uint8_t msg[N] = { 0 }, raw[ALL], out[N];

    memset(out, 0xA5, sizeof out);
    T_OK(yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_SPAN(msg), &rng, raw));
    for (size_t i = 0; i < ALL; i++) {
        raw[i] ^= 0x40;
        T_ERR(i < YF_SM2_POINT ? YF_E_FORMAT : YF_E_AUTH,
              yf_sm2_decrypt(s, a.d, YF_SPAN(raw), out));
        raw[i] ^= 0x40;
        T_ERR(i <= YF_SM2_OVERHEAD ? YF_E_FORMAT : YF_E_AUTH,
              yf_sm2_decrypt(s, a.d, (yf_span){ raw, i }, out));
    }
    T_ERR(YF_E_AUTH, yf_sm2_decrypt(s, b.d, YF_SPAN(raw), out));
    T(all_bytes(out, sizeof out, 0xA5));
}

static void
nothing_tampered_comes_out(void **st)
{
    (void)st;
    each_provider(tamper);
}

static void
encrypt_refuses(const yf_sm2 *s)
{
    struct pair a = pair_of(s, 7);
    yf_rng dead = rng_stuck(NULL);
    uint8_t raw[YF_SM2_OVERHEAD + 1], zero = 0;
    yf_rng stuck = rng_stuck(&zero);

    memset(raw, 0xA5, sizeof raw);
    T_ERR(YF_E_FORMAT, yf_sm2_encrypt(s, YF_SPAN(a.pub), (yf_span){ raw, 0 }, &stuck, raw));
    T_ERR(YF_E_FORMAT, yf_sm2_encrypt(s, (yf_span){ a.pub, 0 }, YF_STR("m"), &stuck, raw));
    T_ERR(YF_E_FORMAT, yf_sm2_encrypt(s, (yf_span){ a.pub, 64 }, YF_STR("m"), &stuck, raw));
    T(all_bytes(raw, sizeof raw, 0xA5));
    T_ERR(YF_E_IO, yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_STR("m"), &dead, raw));
    T(all_bytes(raw, sizeof raw, 0));
    T_ERR(YF_E_STATE, yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_STR("m"), &stuck, raw));
    T(all_bytes(raw, sizeof raw, 0));
}

static void
encryption_fails_with_its_input(void **st)
{
    (void)st;
    each_provider(encrypt_refuses);
}

/* One k in 256 gives a zero key stream for one byte: the encryption then asks for another. */
static void
zero_stream(const yf_sm2 *s)
{
    struct pair a = pair_of(s, 8);
    uint8_t k[64] = { 0 }, raw[YF_SM2_OVERHEAD + 1], c1[YF_SM2_POINT], xy[YF_SM2_POINT];
    uint8_t out = 0xA5;
    unsigned i;

    for (i = 1; i < 4096; i++) {
        yf_put_be32(k + 28, i);
        struct rng_said said = { { k, 32 } };
        yf_rng rng = rng_said(&said);
        if (yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_STR("m"), &rng, raw) == YF_E_IO)
            break;
    }
    T(i < 4096);

    /* Drawn again: C1 is of the second k. */
    k[63] = 9;
    struct rng_said said = { YF_SPAN(k) };
    yf_rng rng = rng_said(&said);
    T_OK(yf_sm2_encrypt(s, YF_SPAN(a.pub), YF_STR("m"), &rng, raw));
    T_OK(yf_ec_public(&s->group, k + 32, c1));
    T_MEM(raw, c1, sizeof c1);

    /* Sent all the same, with a C3 that is right: refused. */
    T_OK(yf_ec_public(&s->group, k, raw));
    T_OK(s->group.ops->mul(&s->group, k, YF_SPAN(a.pub), xy));
    yf_span c3[] = { { xy + 1, 32 }, YF_STR("m"), { xy + 33, 32 } };
    T_OK(yf_hash_all(s->sm3, c3, 3, raw + YF_SM2_POINT));
    raw[YF_SM2_OVERHEAD] = 'm';
    T_ERR(YF_E_AUTH, yf_sm2_decrypt(s, a.d, YF_SPAN(raw), &out));
    T(out == 0xA5);
}

static void
a_zero_key_stream_is_never_used(void **st)
{
    (void)st;
    each_provider(zero_stream);
}

/* ---- ciphertexts as DER: GM/T 0009 7.2 ---- */

static const uint8_t small_raw[YF_SM2_OVERHEAD + 1] = {
    4, [32] = 1, [64] = 0x80, [65] = 7, [97] = 9
};

/* x = 1, y = 0x80, C3 = 07 00.., C2 = 09 */
static size_t
small_der(uint8_t der[64])
{
    static const uint8_t head[] = { 0x30, 0x2C, 2, 1, 1, 2, 2, 0, 0x80, 4, 32, 7 };

    memset(der, 0, 64);
    memcpy(der, head, sizeof head);
    memcpy(der + 43, "\x04\x01\x09", 3);
    return 46;
}

static void
der_is_strict(void **st)
{
    uint8_t der[64], again[64], raw[sizeof small_raw];
    size_t n = small_der(der), m = 0;
    (void)st;

    T_OK(yf_sm2_cipher_from_der((yf_span){ der, n }, raw, sizeof raw, &m));
    T_SPAN(((yf_span){ raw, m }), YF_SPAN(small_raw));
    T_OK(yf_sm2_cipher_to_der(YF_SPAN(small_raw), again, sizeof again, &m));
    T_SPAN(((yf_span){ again, m }), ((yf_span){ der, n }));

    m = 77;
    T_ERR(YF_E_ROOM, yf_sm2_cipher_from_der((yf_span){ der, n }, raw, sizeof raw - 1, &m));
    T_ERR(YF_E_ROOM, yf_sm2_cipher_to_der(YF_SPAN(small_raw), again, n - 1, &m));
    T_ERR(YF_E_FORMAT, yf_sm2_cipher_from_der((yf_span){ der, n + 1 }, raw, sizeof raw, &m));
    for (size_t cut = 0; cut < n; cut++)
        T_ERR(YF_E_SHORT, yf_sm2_cipher_from_der((yf_span){ der, cut }, raw, sizeof raw, &m));
    for (size_t cut = 0; cut < sizeof small_raw; cut++)
        T_ERR(YF_E_FORMAT,
              yf_sm2_cipher_to_der((yf_span){ small_raw, cut }, again, sizeof again, &m));
    T(m == 77);
}

static const struct {
    const char *what;
    uint8_t at, byte;
} broken_der[] = {
    { "not a sequence", 0, 0x31 },
    { "length beyond the end", 1, 0x2D },
    { "length short of the end", 1, 0x2B },
    { "x not an integer", 2, 4 },
    { "x negative", 4, 0x81 },
    { "y with a zero too many", 8, 0x7F },
    { "y negative", 7, 0x80 },
    { "C3 not octets", 9, 3 },
    { "C3 of 31 bytes", 10, 31 },
    { "C2 not octets", 43, 2 },
    { "C2 longer than there is", 44, 2 },
    { "C2 empty", 44, 0 },
};

static void
der_refuses_the_rest(void **st)
{
    uint8_t raw[sizeof small_raw + 8];
    (void)st;

    for (size_t i = 0; i < sizeof broken_der / sizeof *broken_der; i++) {
        uint8_t der[64];
        size_t n = small_der(der), m = 77;
        der[broken_der[i].at] = broken_der[i].byte;
        yf_err e = yf_sm2_cipher_from_der((yf_span){ der, n }, raw, sizeof raw, &m);
        if ((e != YF_E_FORMAT && e != YF_E_SHORT) || m != 77)
            fail_msg("%s: %s", broken_der[i].what, yf_err_name(e));
    }
}

/* ---- key exchange: GB/T 32918.3 ---- */

struct run {
    struct pair own, eph;
    struct yf_sm2_side side;
    uint8_t key[48], sa[32], sb[32];
};

static void
ready(const yf_sm2 *s, struct run *r, uint64_t seed, yf_span id)
{
    *r = (struct run){ .own = pair_of(s, seed), .eph = pair_of(s, seed + 100) };
    r->side = (struct yf_sm2_side){ id, YF_SPAN(r->own.pub), YF_SPAN(r->eph.pub) };
}

static yf_err
run(const yf_sm2 *s, bool first, struct run *self, const struct yf_sm2_side *peer)
{
    return yf_sm2_exchange(s, first, self->own.d, self->eph.d, &self->side, peer, self->key,
                           sizeof self->key, self->sb, self->sa);
}

static void
exchange(const yf_sm2 *s)
{
    struct run a, b;

    ready(s, &a, 11, YF_STR("Alice"));
    ready(s, &b, 12, YF_STR("Bob"));
    T_OK(run(s, true, &a, &b.side));
    T_OK(run(s, false, &b, &a.side));
    T_MEM(a.key, b.key, sizeof a.key);
    T_MEM(a.sa, b.sa, 32);
    T_MEM(a.sb, b.sb, 32);
    T(memcmp(a.sa, a.sb, 32) != 0);

    T_OK(run(s, true, &b, &a.side)); // two initiators do not agree
    T(memcmp(a.key, b.key, sizeof a.key) != 0);
    b.side.id = YF_STR("Bobby");
    T_OK(run(s, false, &b, &a.side));
    T(memcmp(a.sa, b.sa, 32) != 0 && memcmp(a.key, b.key, sizeof a.key) != 0);
}

static void
both_roles_agree(void **st)
{
    (void)st;
    each_provider(exchange);
}

/* P = -half(x of R) * R makes the peer's share the point at infinity. */
static void
cancel(const yf_sm2 *s, const struct run *r, uint8_t pub[YF_SM2_POINT])
{
    uint8_t half[32] = { 0 }, zero[32] = { 0 };

    memcpy(half + 16, r->eph.pub + 17, 16);
    half[16] |= 0x80;
    T_OK(s->group.ops->mul(&s->group, half, YF_SPAN(r->eph.pub), pub));
    T_OK(s->group.ops->mod_sub(&s->group, YF_MOD_P, zero, pub + 33, pub + 33));
}

static void
exchange_refuses(const yf_sm2 *s)
{
    static const uint8_t id[YF_SM2_ID_MAX + 1], infinity[1];
    struct run a, b;
    uint8_t pub[YF_SM2_POINT];

    ready(s, &a, 13, YF_STR("Alice"));
    ready(s, &b, 14, YF_STR("Bob"));
    memset(a.key, 0xA5, sizeof a.key);
    struct yf_sm2_side bad[] = { b.side, b.side, b.side, b.side, b.side };
    yf_err want[] = { YF_E_FORMAT, YF_E_FORMAT, YF_E_FORMAT, YF_E_FORMAT, YF_E_ROOM };
    cancel(s, &b, pub);
    bad[0].pub = YF_SPAN(pub);
    bad[1].pub = YF_SPAN(infinity);
    bad[2].eph_pub = YF_SPAN(infinity);
    bad[3].eph_pub = (yf_span){ b.eph.pub, 64 };
    bad[4].id = YF_SPAN(id);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        T_ERR(want[i], run(s, true, &a, &bad[i]));
    T_ERR(YF_E_FORMAT,
          yf_sm2_exchange(s, true, a.own.d, a.eph.d, &a.side, &b.side, a.key, 0, a.sb, a.sa));
    T(all_bytes(a.key, sizeof a.key, 0xA5) && all_bytes(a.sa, 32, 0) && all_bytes(a.sb, 32, 0));
}

static void
exchange_refuses_bad_peers(void **st)
{
    (void)st;
    each_provider(exchange_refuses);
}

static void
needs_curve_and_hash(void **st)
{
    yf_provider p = yf_provider_soft;
    yf_sm2 s;
    (void)st;

    p.group_sm2 = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_sm2_open(&s, &p));
    p = yf_provider_soft;
    p.hash[YF_SM3] = NULL;
    T_ERR(YF_E_UNSUPPORTED, yf_sm2_open(&s, &p));
}

T_MAIN(cmocka_unit_test(vectors), cmocka_unit_test(edges),
       cmocka_unit_test(an_identity_has_its_limit),
       cmocka_unit_test(signatures_hold_key_id_and_message),
       cmocka_unit_test(private_keys_out_of_range_are_refused),
       cmocka_unit_test(every_size_comes_back), cmocka_unit_test(nothing_tampered_comes_out),
       cmocka_unit_test(encryption_fails_with_its_input),
       cmocka_unit_test(a_zero_key_stream_is_never_used), cmocka_unit_test(der_is_strict),
       cmocka_unit_test(der_refuses_the_rest), cmocka_unit_test(both_roles_agree),
       cmocka_unit_test(exchange_refuses_bad_peers), cmocka_unit_test(needs_curve_and_hash))
