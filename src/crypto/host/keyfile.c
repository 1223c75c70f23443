/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/keyfile.h>
#include <yufu/crypto/pem.h>
#include <yufu/crypto/provider.h>
#include <yufu/wire/der.h>

#include "pbes2.h"

#include <string.h>

/* What a block or a DER file is. */
enum kind { NOTHING, PKCS8, ENCRYPTED, SEC1, SPKI, CERTIFICATE, RSA, PARAMETERS };

static const struct {
    yf_span label;
    enum kind kind;
} labels[] = {
    { YF_STR("PRIVATE KEY"), PKCS8 },
    { YF_STR("ENCRYPTED PRIVATE KEY"), ENCRYPTED },
    { YF_STR("EC PRIVATE KEY"), SEC1 },
    { YF_STR("SM2 PRIVATE KEY"), SEC1 }, // OpenSSL's name for it
    { YF_STR("PUBLIC KEY"), SPKI },
    { YF_STR("CERTIFICATE"), CERTIFICATE },
    { YF_STR("RSA PRIVATE KEY"), RSA },
    { YF_STR("EC PARAMETERS"), PARAMETERS },
    { YF_STR("SM2 PARAMETERS"), PARAMETERS },
};

/* A reading in progress: what was found, and why not. */
struct found {
    enum kind kind;
    uint8_t der[YF_KEYFILE_MAX];
    size_t n;
    const char *why;
};

static yf_err
refuse(struct found *f, yf_err e, const char *why)
{
    f->why = why;
    return e;
}

/* Broken is broken: where a file ends too early, nobody can give us more of it. */
static yf_err
broken(yf_err e)
{
    return e == YF_E_SHORT ? YF_E_FORMAT : e;
}

static yf_span
der_of(const struct found *f)
{
    return (yf_span){ f->der, f->n };
}

/* ---- which of the forms it is ---- */

static enum kind
kind_of_label(yf_span label)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (yf_span_eq(label, labels[i].label))
            return labels[i].kind;
    return NOTHING;
}

/* By what the SEQUENCE begins with; the rest is its parser's to check. */
static enum kind
kind_of_der(yf_span der)
{
    yf_cur c = yf_cur_of(der);
    yf_cur seq = yf_der_enter(&c, YF_DER_SEQ);
    yf_der first, second;

    if (!yf_der_next(&seq, &first) || !yf_der_next(&seq, &second))
        return NOTHING;
    if (first.tag == YF_DER_INTEGER && second.tag == YF_DER_SEQ)
        return PKCS8;
    if (first.tag == YF_DER_INTEGER && second.tag == YF_DER_OCTETS)
        return SEC1;
    if (first.tag == YF_DER_INTEGER && second.tag == YF_DER_INTEGER)
        return RSA;
    if (first.tag == YF_DER_SEQ && second.tag == YF_DER_OCTETS)
        return ENCRYPTED;
    if (first.tag == YF_DER_SEQ && second.tag == YF_DER_BITS)
        return SPKI;
    return first.tag == YF_DER_SEQ && second.tag == YF_DER_SEQ ? CERTIFICATE : NOTHING;
}

static yf_err
find_pem(yf_span file, struct found *f)
{
    yf_cur text = yf_cur_of(file);
    yf_pem block;
    yf_err e;

    do {
        e = yf_pem_next(&text, &block);
        f->kind = e ? NOTHING : kind_of_label(block.label);
    } while (!e && f->kind == PARAMETERS);
    if (e == YF_E_NOTFOUND)
        return refuse(f, YF_E_FORMAT, "no key in it");
    if (e == YF_E_SHORT)
        return refuse(f, YF_E_FORMAT, "truncated: the END line is missing");
    if (e)
        return refuse(f, YF_E_FORMAT, "damaged PEM: BEGIN and END do not match");
    if (f->kind == NOTHING)
        return refuse(f, YF_E_UNSUPPORTED, "not a key of a kind we know");
    e = yf_pem_decode(&block, f->der, sizeof f->der, &f->n);
    if (e == YF_E_UNSUPPORTED)
        return refuse(f, e, "encrypted the old way; convert it with openssl pkcs8 -topk8");
    return e ? refuse(f, YF_E_FORMAT, "damaged PEM: what it holds is not base64") : YF_OK;
}

static yf_err
find(yf_span file, struct found *f)
{
    f->kind = NOTHING;
    if (file.n > YF_KEYFILE_MAX)
        return refuse(f, YF_E_FORMAT, "too large for a key");
    if (file.n == 0)
        return refuse(f, YF_E_FORMAT, "empty");
    if (file.p[0] != YF_DER_SEQ)
        return find_pem(file, f);
    memcpy(f->der, file.p, file.n);
    f->n = file.n;
    f->kind = kind_of_der(file);
    return f->kind ? YF_OK : refuse(f, YF_E_FORMAT, "no key in it, or a truncated one");
}

/* ---- reading ---- */

/* The words for what the parser of a key said. */
static yf_err
explain(struct found *f, yf_err e)
{
    switch (e) {
    case YF_OK:
        return YF_OK;
    case YF_E_UNSUPPORTED:
        return refuse(f, e, "an algorithm or curve that is not supported");
    case YF_E_AUTH:
        return refuse(f, e, "private and public key do not belong together");
    case YF_E_SHORT:
    case YF_E_FORMAT:
        return refuse(f, YF_E_FORMAT, "damaged: not a valid key");
    default:
        return refuse(f, e, "the key could not be read");
    }
}

/* In f, the key that was under the password takes the place of what covered it. */
static yf_err
unlock(const yf_provider *p, struct found *f, const yf_pass *pass)
{
    yf_span word = { 0 };
    uint8_t plain[YF_KEYFILE_MAX];
    size_t n = 0;
    yf_err e;

    if (!pass)
        return refuse(f, YF_E_DENIED, "encrypted, and no password was given");
    if ((e = pass->ask(pass->state, &word)))
        return refuse(f, e, "no password was given");
    e = yf_pbes2_open(p, der_of(f), word, plain, sizeof plain, &n);
    if (!e) {
        memcpy(f->der, plain, n);
        f->n = n;
    }
    yf_wipe(plain, sizeof plain);
    if (e == YF_E_AUTH)
        return refuse(f, e, "wrong password");
    if (e == YF_E_UNSUPPORTED || e == YF_E_ROOM)
        return refuse(f, YF_E_UNSUPPORTED, "an encryption that is not supported");
    return e ? refuse(f, broken(e), "damaged: not a valid encrypted key") : YF_OK;
}

/* A wrong password that got past the padding leaves what is no DER at all. */
static yf_err
read_unlocked(const yf_provider *p, struct found *f, yf_key *k)
{
    if (kind_of_der(der_of(f)) == NOTHING)
        return refuse(f, YF_E_AUTH, "wrong password");
    return explain(f, yf_key_read_private(p, der_of(f), k));
}

static yf_err
read_private(const yf_provider *p, yf_span file, const yf_pass *pass, struct found *f, yf_key *k)
{
    yf_err e = find(file, f);

    if (e)
        return e;
    switch (f->kind) {
    case PKCS8:
        return explain(f, yf_key_read_private(p, der_of(f), k));
    case SEC1:
        return explain(f, yf_key_read_sec1(p, der_of(f), k));
    case ENCRYPTED:
        e = unlock(p, f, pass);
        return e ? e : read_unlocked(p, f, k);
    case SPKI:
        return refuse(f, YF_E_NOTFOUND, "a public key where a private one is needed");
    case CERTIFICATE:
        return refuse(f, YF_E_NOTFOUND, "a certificate where a private key is needed");
    default:
        return refuse(f, YF_E_UNSUPPORTED, "not an elliptic-curve key");
    }
}

yf_err
yf_keyfile_read_private(const yf_provider *p, yf_span file, const yf_pass *pass, yf_key *k,
                        const char **why)
{
    struct found f;
    yf_err e = read_private(p, file, pass, &f, k);

    if (e && why)
        *why = f.why;
    yf_wipe(&f, sizeof f);
    return e;
}

static yf_err
read_public(const yf_provider *p, yf_span file, struct found *f, yf_key *k)
{
    yf_err e = find(file, f);

    if (e)
        return e;
    switch (f->kind) {
    case SPKI:
        return explain(f, yf_key_read_public(p, der_of(f), k));
    case CERTIFICATE:
        return refuse(f, YF_E_NOTFOUND, "a certificate where a public key is needed");
    case RSA:
        return refuse(f, YF_E_UNSUPPORTED, "not an elliptic-curve key");
    default:
        return refuse(f, YF_E_NOTFOUND, "a private key where a public one is needed");
    }
}

yf_err
yf_keyfile_read_public(const yf_provider *p, yf_span file, yf_key *k, const char **why)
{
    struct found f;
    yf_err e = read_public(p, file, &f, k);

    if (e && why)
        *why = f.why;
    yf_wipe(&f, sizeof f);
    return e;
}

/* ---- writing ---- */

enum { SEALED_MAX = YF_KEY_DER_MAX + 128 };

yf_err
yf_keyfile_write_private(const yf_provider *p, const yf_key *k, const struct yf_lock *lock,
                         yf_out *o)
{
    uint8_t plain[YF_KEY_DER_MAX], sealed[SEALED_MAX];
    yf_out key = yf_out_of(plain, sizeof plain), under = yf_out_of(sealed, sizeof sealed);
    yf_err e;

    yf_key_write_private(k, &key);
    if ((e = key.err))
        goto out;
    if (!lock)
        yf_pem_put(o, YF_STR("PRIVATE KEY"), yf_out_span(&key));
    else if (!(e = yf_pbes2_seal(p, yf_out_span(&key), lock, &under)))
        yf_pem_put(o, YF_STR("ENCRYPTED PRIVATE KEY"), yf_out_span(&under));
out:
    yf_out_fail(o, e);
    yf_wipe(plain, sizeof plain);
    return o->err;
}

void
yf_keyfile_write_public(const yf_key *k, yf_out *o)
{
    uint8_t der[YF_KEY_DER_MAX];
    yf_out key = yf_out_of(der, sizeof der);

    yf_key_write_public(k, &key);
    yf_out_fail(o, key.err);
    yf_pem_put(o, YF_STR("PUBLIC KEY"), yf_out_span(&key));
}
