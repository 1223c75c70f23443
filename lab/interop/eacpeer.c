/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * eacpeer - somebody else's opinion on PACE and chip authentication: a terminal whose
 * protocols are those of libeac (OpenPACE). A program of its own under libeac's licence: it holds
 * nothing of ours, is linked with nothing of ours and is not installed. It speaks with a card
 * over a pipe, or over PC/SC.
 *
 *     eacpeer terminal can|mrz|pin|puk [ca] [reader NAME]
 *     eacpeer suites
 *     eacpeer figure
 *
 * terminal: writes a command a line, in hex, and reads a response a line; or speaks with the card
 * in that reader. The first line it reads is the password. Reads EF.CardAccess, performs PACE with
 * the first suite there that libeac has, selects the travel application and reads EF.COM; with ca,
 * performs chip authentication version 1 with what EF.DG14 says and reads EF.COM again. 0: done;
 * 1: the card refused, or it is not as it should be; 2: wrong usage.
 *
 * suites: those of PACE with generic mapping over curves that libeac has: the protocol's last arc
 * and a parameter id a line.
 *
 * figure: PACE with generic mapping and AES-128, both ends here: for each line "PARAMETERS
 * MILLISECONDS" it runs so long, and says the runs in a second of CPU.
 *
 * What is libeac's: mapping, agreement, keys, tokens, the ciphers and MACs of secure messaging.
 * What is not: commands and their data objects, and the order of chip authentication version 1, for
 * which libeac, having version 2, gives its primitives.
 */
#include <eac/ca.h>
#include <eac/eac.h>
#include <eac/objects.h>
#include <eac/pace.h>
#include <eac/ta.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

/* ---- bytes ---- */

struct bytes {
    uint8_t p[4096];
    size_t n;
};

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void
fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("eacpeer: ", stderr);
    vfprintf(stderr, format, args); // NOLINT(clang-analyzer-valist.Uninitialized): it is not
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void
need(int ok, const char *what)
{
    if (ok == 1)
        return;
    ERR_print_errors_fp(stderr);
    fail("%s", what);
}

static void
add(struct bytes *b, const void *p, size_t n)
{
    if (n > sizeof b->p - b->n)
        fail("a message of more than %zu bytes", sizeof b->p);
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
}

static void
add_byte(struct bytes *b, unsigned byte)
{
    uint8_t one = (uint8_t)byte;

    add(b, &one, 1);
}

static void
add_object(struct bytes *b, unsigned tag, const void *p, size_t n)
{
    if (tag > 0xFF)
        add_byte(b, tag >> 8);
    add_byte(b, tag & 0xFF);
    if (n > 0xFF)
        add_byte(b, 0x82), add_byte(b, (unsigned)(n >> 8));
    else if (n > 0x7F)
        add_byte(b, 0x81);
    add_byte(b, n & 0xFF);
    add(b, p, n);
}

static BUF_MEM *
buffer(const void *p, size_t n)
{
    BUF_MEM *b = BUF_MEM_new();

    if (!b || BUF_MEM_grow(b, n) != n)
        fail("no memory");
    if (n)
        memcpy(b->data, p, n);
    return b;
}

/* An object at p, before end: its tag, where its value is and where the next begins. */
static const uint8_t *
object(const uint8_t *p, const uint8_t *end, unsigned *tag, const uint8_t **val, size_t *n)
{
    size_t lengths = 0;

    if (end - p < 2)
        fail("a data object ends too early");
    *tag = *p++;
    if ((*tag & 0x1F) == 0x1F)
        *tag = *tag << 8 | *p++;
    if (p == end)
        fail("a data object ends too early");
    *n = *p++;
    if (*n > 0x80) {
        lengths = *n & 0x7F;
        for (*n = 0; lengths > 0 && p < end; lengths--)
            *n = *n << 8 | *p++;
    }
    if (lengths || *n > (size_t)(end - p))
        fail("a data object ends too early");
    *val = p;
    return p + *n;
}

static bool
find(const uint8_t *p, size_t size, unsigned want, const uint8_t **val, size_t *n)
{
    const uint8_t *end = p + size;
    unsigned tag;

    while (p < end) {
        p = object(p, end, &tag, val, n);
        if (tag == want)
            return true;
    }
    return false;
}

/* ---- the card at the other end ---- */

static char *
line(void)
{
    static char text[2 * 4096 + 2];

    if (!fgets(text, sizeof text, stdin))
        fail("the card is gone");
    text[strcspn(text, "\r\n")] = 0;
    return text;
}

static bool
hex_byte(const char *hex, unsigned *byte)
{
    const char two[3] = { hex[0], hex[0] ? hex[1] : (char)0 };
    char *end;

    *byte = (unsigned)strtoul(two, &end, 16);
    return end == two + 2;
}

static struct {
    SCARDCONTEXT context;
    SCARDHANDLE card;
    SCARD_IO_REQUEST protocol;
    bool open;
} pcsc;

static void
connect_reader(const char *name)
{
    DWORD protocol;

    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &pcsc.context) ||
        SCardConnect(pcsc.context, name, SCARD_SHARE_EXCLUSIVE,
                     SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &pcsc.card, &protocol))
        fail("no card in '%s'", name);
    pcsc.protocol = protocol == SCARD_PROTOCOL_T0 ? *SCARD_PCI_T0 : *SCARD_PCI_T1;
    pcsc.open = true;
}

static void
over_reader(const struct bytes *command, struct bytes *response)
{
    DWORD n = sizeof response->p;

    if (SCardTransmit(pcsc.card, &pcsc.protocol, command->p, command->n, NULL, response->p, &n))
        fail("the card is gone");
    response->n = n;
}

static void
over_pipe(const struct bytes *command, struct bytes *response)
{
    const char *hex;
    unsigned byte;

    for (size_t i = 0; i < command->n; i++)
        printf("%02X", command->p[i]);
    putchar('\n');
    fflush(stdout);
    response->n = 0;
    for (hex = line(); hex_byte(hex, &byte); hex += 2)
        add_byte(response, byte);
    if (*hex)
        fail("not a response");
}

static unsigned
transmit(const struct bytes *command, struct bytes *response)
{
    (pcsc.open ? over_reader : over_pipe)(command, response);
    if (response->n < 2)
        fail("not a response");
    response->n -= 2;
    return (unsigned)response->p[response->n] << 8 | response->p[response->n + 1];
}

static void
command(struct bytes *c, unsigned head, const struct bytes *data, int le)
{
    c->n = 0;
    for (int shift = 24; shift >= 0; shift -= 8)
        add_byte(c, head >> shift & 0xFF);
    if (data && data->n > 0xFF)
        add_byte(c, 0), add_byte(c, (unsigned)(data->n >> 8));
    if (data && data->n) {
        add_byte(c, data->n & 0xFF);
        add(c, data->p, data->n);
    }
    if (le >= 0 && data && data->n > 0xFF)
        add_byte(c, 0);
    if (le >= 0)
        add_byte(c, (unsigned)le);
}

static void
plain(const char *what, unsigned head, const struct bytes *data, int le, struct bytes *response)
{
    struct bytes c;

    command(&c, head, data, le);
    unsigned sw = transmit(&c, response);
    if (sw != 0x9000)
        fail("%s: the card says %04X", what, sw);
}

/* ---- secure messaging, 9303-11 9.8, with libeac's ciphers and counter ---- */

static void
add_padded(const EAC_CTX *ctx, struct bytes *b, const void *p, size_t n)
{
    BUF_MEM *in = buffer(p, n), *padded = EAC_add_iso_pad(ctx, in);

    if (!padded)
        fail("no padding");
    add(b, padded->data, padded->length);
    BUF_MEM_free(in);
    BUF_MEM_free(padded);
}

/* The MAC of a header, which may be empty, and of objects. */
static BUF_MEM *
mac_of(const EAC_CTX *ctx, const uint8_t *header, const struct bytes *objects)
{
    struct bytes all = { .n = 0 };

    if (header)
        add_padded(ctx, &all, header, 4);
    if (objects->n)
        add_padded(ctx, &all, objects->p, objects->n);
    BUF_MEM *in = buffer(all.p, all.n), *mac = EAC_authenticate(ctx, in);
    need(mac != NULL, "no MAC");
    BUF_MEM_free(in);
    return mac;
}

static void
add_encrypted(const EAC_CTX *ctx, struct bytes *objects, const struct bytes *data)
{
    struct bytes padded = { .n = 0 }, value = { .n = 0 };

    add_padded(ctx, &padded, data->p, data->n);
    BUF_MEM *in = buffer(padded.p, padded.n), *out = EAC_encrypt(ctx, in);
    need(out != NULL, "nothing encrypted");
    add_byte(&value, 1);
    add(&value, out->data, out->length);
    add_object(objects, 0x87, value.p, value.n);
    BUF_MEM_free(in);
    BUF_MEM_free(out);
}

static void
check_mac(const EAC_CTX *ctx, const struct bytes *r)
{
    const uint8_t *val = NULL, *end = r->p + r->n, *p = r->p, *next;
    struct bytes objects = { .n = 0 };
    unsigned tag = 0;
    size_t n = 0;

    for (; p < end; p = next) {
        next = object(p, end, &tag, &val, &n);
        if (tag == 0x8E)
            break;
        add(&objects, p, (size_t)(next - p));
    }
    if (!val || p == end)
        fail("a response without MAC");
    BUF_MEM *mac = mac_of(ctx, NULL, &objects);
    if (mac->length != n || memcmp(mac->data, val, n) != 0)
        fail("a response with a wrong MAC");
    BUF_MEM_free(mac);
}

static void
decrypt(const EAC_CTX *ctx, const struct bytes *r, struct bytes *data)
{
    const uint8_t *val;
    size_t n;

    data->n = 0;
    if (!find(r->p, r->n, 0x87, &val, &n))
        return;
    if (n < 1 || val[0] != 1)
        fail("a cryptogram of an unknown kind");
    BUF_MEM *in = buffer(val + 1, n - 1), *out = EAC_decrypt(ctx, in);
    need(out != NULL, "nothing decrypted");
    BUF_MEM *bare = EAC_remove_iso_pad(out);
    if (!bare)
        fail("wrong padding");
    add(data, bare->data, bare->length);
    BUF_MEM_free(in);
    BUF_MEM_free(out);
    BUF_MEM_free(bare);
}

/* One command under secure messaging; its status word. */
static unsigned
secure(const EAC_CTX *ctx, unsigned head, const struct bytes *data, int le, struct bytes *response)
{
    struct bytes objects = { .n = 0 }, c, r;
    uint8_t header[4] = { 0x0C, (uint8_t)(head >> 16), (uint8_t)(head >> 8), (uint8_t)head };
    const uint8_t *val;
    uint8_t expected = (uint8_t)le;
    size_t n;

    need(EAC_increment_ssc(ctx), "no counter");
    if (data && data->n)
        add_encrypted(ctx, &objects, data);
    if (le >= 0)
        add_object(&objects, 0x97, &expected, 1);
    BUF_MEM *mac = mac_of(ctx, header, &objects);
    add_object(&objects, 0x8E, mac->data, mac->length);
    BUF_MEM_free(mac);
    command(&c, head | 0x0C000000, &objects, 0);
    unsigned sw = transmit(&c, &r);
    if (r.n == 0)
        fail("a bare answer under secure messaging: %04X", sw);
    need(EAC_increment_ssc(ctx), "no counter");
    check_mac(ctx, &r);
    if (!find(r.p, r.n, 0x99, &val, &n) || n != 2 || (val[0] << 8 | val[1]) != (int)sw)
        fail("a status word that is not the one under the MAC");
    decrypt(ctx, &r, response);
    return sw;
}

static void
secure_done(const EAC_CTX *ctx, const char *what, unsigned head, const struct bytes *data, int le,
            struct bytes *response)
{
    unsigned sw = secure(ctx, head, data, le, response);

    if (sw != 0x9000)
        fail("%s: the card says %04X", what, sw);
}

/* A file by its short identifier, as long as its first object says. */
static void
read_file(const EAC_CTX *ctx, const char *what, unsigned sfi, struct bytes *file)
{
    struct bytes part;
    size_t size = 0;

    file->n = 0;
    do {
        unsigned head = 0x00B00000 | (file->n ? (unsigned)file->n : (0x80 | sfi) << 8);
        int le = ctx ? 0xDF : 0;
        if (ctx && size && size - file->n < 0xDF)
            le = (int)(size - file->n);
        if (ctx)
            secure(ctx, head, NULL, le, &part);
        else {
            struct bytes c;
            command(&c, head, NULL, le);
            transmit(&c, &part);
        }
        if (part.n == 0)
            fail("%s: cannot be read", what);
        add(file, part.p, part.n);
        if (!size) {
            const uint8_t *p = file->p + 1;
            size = *p < 0x80 ? 2U + *p : *p == 0x81 ? 3U + p[1] : 4U + (unsigned)(p[1] << 8 | p[2]);
        }
    } while (file->n < size);
    file->n = size;
}

/* ---- SecurityInfos: 9303-11 9.2 ---- */

struct offer {
    const uint8_t *oid; // contents octets
    size_t oid_n;
    long id; // -1: not said
};

static int
nid_of(const uint8_t *oid, size_t n)
{
    uint8_t der[64] = { 6, (uint8_t)n };
    const uint8_t *p = der;

    if (n > 62)
        return NID_undef;
    memcpy(der + 2, oid, n);
    ASN1_OBJECT *o = d2i_ASN1_OBJECT(NULL, &p, (long)(n + 2));
    int nid = o ? OBJ_obj2nid(o) : NID_undef;
    ASN1_OBJECT_free(o);
    return nid;
}

static long
integer(const uint8_t *p, size_t n)
{
    long v = 0;

    while (n-- > 0)
        v = v << 8 | *p++;
    return v;
}

/* What follows an entry's identifier, and the identifier. */
static const uint8_t *
entry(const uint8_t *p, const uint8_t *end, struct offer *o, const uint8_t **rest, size_t *rest_n)
{
    const uint8_t *val, *next, *inner;
    unsigned tag;
    size_t n;

    next = object(p, end, &tag, &val, &n);
    inner = object(val, val + n, &tag, &o->oid, &o->oid_n);
    *rest = inner;
    *rest_n = (size_t)(val + n - inner);
    return next;
}

/* The last INTEGER of an entry but the first, which is its version. */
static long
second_integer(const uint8_t *p, size_t n)
{
    const uint8_t *end = p + n, *val;
    long id = -1;
    unsigned tag;
    size_t len;

    p = object(p, end, &tag, &val, &len);
    if (p < end) {
        object(p, end, &tag, &val, &len);
        id = integer(val, len);
    }
    return id;
}

static const int *const pace_gm[] = { &NID_id_PACE_ECDH_GM_3DES_CBC_CBC,
                                      &NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128,
                                      &NID_id_PACE_ECDH_GM_AES_CBC_CMAC_192,
                                      &NID_id_PACE_ECDH_GM_AES_CBC_CMAC_256 };
enum { PACE_GM = sizeof pace_gm / sizeof *pace_gm, CURVE_FIRST = 8, CURVE_LAST = 18 };

static bool
is_gm(int nid)
{
    for (int i = 0; i < PACE_GM; i++)
        if (nid != NID_undef && nid == *pace_gm[i])
            return true;
    return false;
}

/* The first PACEInfo libeac can do, ready in ctx. */
static void
choose_pace(EAC_CTX *ctx, const struct bytes *file, struct offer *o)
{
    const uint8_t *set, *rest, *p, *end;
    size_t n, rest_n;

    if (!find(file->p, file->n, 0x31, &set, &n))
        fail("EF.CardAccess is not a SET");
    for (p = set, end = set + n; p < end;) {
        p = entry(p, end, o, &rest, &rest_n);
        int nid = nid_of(o->oid, o->oid_n);
        if (!is_gm(nid))
            continue;
        o->id = second_integer(rest, rest_n);
        if (EAC_CTX_init_pace(ctx, nid, (int)o->id))
            return;
    }
    fail("EF.CardAccess has no PACE with generic mapping that libeac can do");
}

/* ---- PACE: 9303-11 4.4 ---- */

static void
take(BUF_MEM *b, struct bytes *data, unsigned tag)
{
    struct bytes inner = { .n = 0 };

    need(b != NULL, "libeac has nothing to send");
    add_object(&inner, tag, b->data, b->length);
    data->n = 0;
    add_object(data, 0x7C, inner.p, inner.n);
    BUF_MEM_free(b);
}

/* One GENERAL AUTHENTICATE; the value under the tag in what came back. */
static BUF_MEM *
authenticate(const char *what, unsigned cla, const struct bytes *data, unsigned tag)
{
    const uint8_t *all, *val;
    struct bytes r;
    size_t n;

    plain(what, cla << 24 | 0x860000, data, 0, &r);
    if (!find(r.p, r.n, 0x7C, &all, &n) || !find(all, n, tag, &val, &n))
        fail("%s: no object %02X in the response", what, tag);
    return buffer(val, n);
}

static void
set_at(enum s_type kind, const struct offer *o)
{
    struct bytes data = { .n = 0 }, r;
    uint8_t reference = (uint8_t)kind, id = (uint8_t)o->id;

    add_object(&data, 0x80, o->oid, o->oid_n);
    add_object(&data, 0x83, &reference, 1);
    if (o->id >= 0)
        add_object(&data, 0x84, &id, 1);
    plain("MSE:Set AT", 0x0022C1A4, &data, -1, &r);
}

static void
pace(EAC_CTX *ctx, enum s_type kind, const struct offer *o, const char *secret)
{
    PACE_SEC *password = PACE_SEC_new(secret, strlen(secret), kind);
    struct bytes data = { .n = 0 };
    BUF_MEM *z, *map, *key, *token;

    need(password != NULL, "no password");
    set_at(kind, o);
    add_object(&data, 0x7C, NULL, 0);
    z = authenticate("nonce", 0x10, &data, 0x80);
    need(PACE_STEP2_dec_nonce(ctx, password, z), "the nonce cannot be decrypted");
    take(PACE_STEP3A_generate_mapping_data(ctx), &data, 0x81);
    map = authenticate("mapping", 0x10, &data, 0x82);
    need(PACE_STEP3A_map_generator(ctx, map), "the nonce cannot be mapped");
    take(PACE_STEP3B_generate_ephemeral_key(ctx), &data, 0x83);
    key = authenticate("agreement", 0x10, &data, 0x84);
    need(PACE_STEP3B_compute_shared_secret(ctx, key), "no secret agreed");
    need(PACE_STEP3C_derive_keys(ctx), "no keys");
    take(PACE_STEP3D_compute_authentication_token(ctx, key), &data, 0x85);
    token = authenticate("token", 0x00, &data, 0x86);
    need(PACE_STEP3D_verify_authentication_token(ctx, token), "the card's token is wrong");
    need(EAC_CTX_set_encryption_ctx(ctx, EAC_ID_PACE), "no secure messaging");
    BUF_MEM_free(z);
    BUF_MEM_free(map);
    BUF_MEM_free(key);
    BUF_MEM_free(token);
    PACE_SEC_clear_free(password);
}

/* ---- chip authentication version 1: 9303-11 6.2 ---- */

static const struct {
    int id, nid;
} curves[] = {
    { 10, NID_secp224r1 },       { 11, NID_brainpoolP224r1 }, { 12, NID_X9_62_prime256v1 },
    { 13, NID_brainpoolP256r1 }, { 14, NID_brainpoolP320r1 }, { 15, NID_secp384r1 },
    { 16, NID_brainpoolP384r1 }, { 17, NID_brainpoolP512r1 }, { 18, NID_secp521r1 },
};

/* The standardised parameters a key stands on, which it writes out, and its point. */
static int
key_of(const uint8_t *spki, size_t n, BUF_MEM **point)
{
    EVP_PKEY *key = d2i_PUBKEY(NULL, &spki, (long)n);
    const EC_KEY *ec = key ? EVP_PKEY_get0_EC_KEY(key) : NULL;
    uint8_t mem[256];

    need(ec != NULL, "EF.DG14: not a key on a curve");
    const EC_GROUP *group = EC_KEY_get0_group(ec);
    size_t len = EC_POINT_point2oct(group, EC_KEY_get0_public_key(ec),
                                    POINT_CONVERSION_UNCOMPRESSED, mem, sizeof mem, NULL);
    int nid = EC_GROUP_check_named_curve(group, 0, NULL);
    *point = buffer(mem, len);
    EVP_PKEY_free(key);
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (curves[i].nid == nid)
            return curves[i].id;
    fail("EF.DG14: a key on a curve libeac has not");
}

static bool
is_ca(int nid)
{
    return nid != NID_undef &&
           (nid == NID_id_CA_ECDH_3DES_CBC_CBC || nid == NID_id_CA_ECDH_AES_CBC_CMAC_128 ||
            nid == NID_id_CA_ECDH_AES_CBC_CMAC_192 || nid == NID_id_CA_ECDH_AES_CBC_CMAC_256);
}

/* The protocol and key of EF.DG14, ready in ctx; the chip's point. */
static BUF_MEM *
choose_ca(EAC_CTX *ctx, const struct bytes *dg14, struct offer *o)
{
    const uint8_t *outer, *set, *rest, *p, *end;
    int protocol = NID_undef, id = -1;
    struct offer at, chosen = { .id = -1 };
    BUF_MEM *point = NULL;
    size_t n, rest_n;

    if (!find(dg14->p, dg14->n, 0x6E, &outer, &n) || !find(outer, n, 0x31, &set, &n))
        fail("EF.DG14 is not a SET in 6E");
    for (p = set, end = set + n; p < end;) {
        p = entry(p, end, &at, &rest, &rest_n);
        int nid = nid_of(at.oid, at.oid_n);
        if (is_ca(nid) && protocol == NID_undef) {
            protocol = nid;
            chosen = at;
            chosen.id = second_integer(rest, rest_n);
        } else if (nid != NID_undef && nid == NID_id_PK_ECDH && !point)
            id = key_of(rest, rest_n, &point);
    }
    if (protocol == NID_undef || !point)
        fail("EF.DG14 offers no chip authentication over curves");
    need(EAC_CTX_init_ca(ctx, protocol, id), "libeac has not this chip authentication");
    *o = chosen;
    return point;
}

static void
chip_authentication(EAC_CTX *ctx)
{
    struct bytes dg14, data = { .n = 0 }, r;
    const uint8_t *val;
    struct offer o;
    size_t n;

    read_file(ctx, "EF.DG14", 0x0E, &dg14);
    BUF_MEM *chip = choose_ca(ctx, &dg14, &o);
    BUF_MEM_free(TA_STEP3_generate_ephemeral_key(ctx));
    BUF_MEM *mine = CA_STEP2_get_eph_pubkey(ctx);
    need(mine != NULL, "no ephemeral key");

    add_object(&data, 0x80, o.oid, o.oid_n);
    if (o.id >= 0) {
        uint8_t id = (uint8_t)o.id;
        add_object(&data, 0x84, &id, 1);
    }
    secure_done(ctx, "MSE:Set AT", 0x002241A4, &data, -1, &r);
    take(buffer(mine->data, mine->length), &data, 0x80);
    secure_done(ctx, "GENERAL AUTHENTICATE", 0x00860000, &data, 0, &r);
    if (!find(r.p, r.n, 0x7C, &val, &n) || n != 0)
        fail("chip authentication: not an empty answer");
    need(CA_STEP4_compute_shared_secret(ctx, chip), "no secret agreed");
    /* Version 1 has neither nonce nor token: the keys are derived, and the token that is not there
     * does not verify. */
    (void)CA_STEP6_derive_keys(ctx, NULL, NULL);
    ERR_clear_error();
    need(EAC_CTX_set_encryption_ctx(ctx, EAC_ID_CA), "no secure messaging");
    BUF_MEM_free(chip);
    BUF_MEM_free(mine);
}

/* ---- the three things it does ---- */

static int
terminal(enum s_type kind, bool ca, const char *name)
{
    static const uint8_t travel[] = { 0xA0, 0, 0, 2, 0x47, 0x10, 0x01 };
    struct bytes file, aid = { .n = 0 }, com, again, r;
    EAC_CTX *ctx = EAC_CTX_new();
    struct offer o;

    char *secret = strdup(line());
    need(ctx && secret, "no memory");
    if (name)
        connect_reader(name);
    read_file(NULL, "EF.CardAccess", 0x1C, &file);
    choose_pace(ctx, &file, &o);
    pace(ctx, kind, &o, secret);
    add(&aid, travel, sizeof travel);
    secure_done(ctx, "SELECT", 0x00A4040C, &aid, -1, &r);
    read_file(ctx, "EF.COM", 0x1E, &com);
    if (ca) {
        chip_authentication(ctx);
        read_file(ctx, "EF.COM", 0x1E, &again);
        if (com.n != again.n || memcmp(com.p, again.p, com.n) != 0)
            fail("EF.COM is another under the new keys");
    }
    EAC_CTX_clear_free(ctx);
    free(secret);
    return 0;
}

static int
suites(void)
{
    for (int i = 0; i < PACE_GM; i++)
        for (int id = CURVE_FIRST; id <= CURVE_LAST; id++) {
            EAC_CTX *ctx = EAC_CTX_new();
            if (ctx && EAC_CTX_init_pace(ctx, *pace_gm[i], id))
                printf("%d %d\n", i + 1, id);
            EAC_CTX_clear_free(ctx);
        }
    return 0;
}

static void
both_ends(int id)
{
    EAC_CTX *card = EAC_CTX_new(), *reader = EAC_CTX_new();
    PACE_SEC *password = PACE_SEC_new("123456", 6, PACE_CAN);

    need(card && reader && password, "no context");
    need(EAC_CTX_init_pace(card, NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128, id), "no such suite");
    need(EAC_CTX_init_pace(reader, NID_id_PACE_ECDH_GM_AES_CBC_CMAC_128, id), "no such suite");
    BUF_MEM *z = PACE_STEP1_enc_nonce(card, password);
    need(PACE_STEP2_dec_nonce(reader, password, z), "no nonce");
    BUF_MEM *cm = PACE_STEP3A_generate_mapping_data(card);
    BUF_MEM *rm = PACE_STEP3A_generate_mapping_data(reader);
    need(PACE_STEP3A_map_generator(card, rm) & PACE_STEP3A_map_generator(reader, cm), "no map");
    BUF_MEM *ck = PACE_STEP3B_generate_ephemeral_key(card);
    BUF_MEM *rk = PACE_STEP3B_generate_ephemeral_key(reader);
    need(PACE_STEP3B_compute_shared_secret(card, rk) &
             PACE_STEP3B_compute_shared_secret(reader, ck),
         "no secret");
    need(PACE_STEP3C_derive_keys(card) & PACE_STEP3C_derive_keys(reader), "no keys");
    BUF_MEM *ct = PACE_STEP3D_compute_authentication_token(card, rk);
    BUF_MEM *rt = PACE_STEP3D_compute_authentication_token(reader, ck);
    need(PACE_STEP3D_verify_authentication_token(card, rt), "the reader's token is wrong");
    need(PACE_STEP3D_verify_authentication_token(reader, ct), "the card's token is wrong");
    BUF_MEM *all[] = { z, cm, rm, ck, rk, ct, rt };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        BUF_MEM_free(all[i]);
    PACE_SEC_clear_free(password);
    EAC_CTX_clear_free(card);
    EAC_CTX_clear_free(reader);
}

static double
cpu(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
runs_a_second(int id, double ms)
{
    double start = cpu(), spent = 0;
    int runs = 0;

    for (; spent < ms; runs++) {
        both_ends(id);
        spent = cpu() - start;
    }
    return 1e3 * runs / spent;
}

static int
usage(void)
{
    fputs("usage: eacpeer terminal can|mrz|pin|puk [ca] [reader NAME]\n"
          "       eacpeer suites\n"
          "       eacpeer figure\n",
          stderr);
    return 2;
}

static int
figure(void)
{
    char text[64], *rest;

    while (fgets(text, sizeof text, stdin)) {
        int id = (int)strtol(text, &rest, 10);
        long ms = strtol(rest, NULL, 10);
        if (ms < 1)
            return usage();
        both_ends(id); // tables and providers are made once
        printf("%.2f\n", runs_a_second(id, (double)ms));
        fflush(stdout);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    static const char *const kinds[] = { "mrz", "can", "pin", "puk" };

    EAC_init();
    if (argc == 2 && strcmp(argv[1], "suites") == 0)
        return suites();
    if (argc == 2 && strcmp(argv[1], "figure") == 0)
        return figure();
    int used = 3;
    bool ca = argc > used && strcmp(argv[used], "ca") == 0;
    used += ca;
    bool named = argc == used + 2 && strcmp(argv[used], "reader") == 0;
    used += named ? 2 : 0;
    if (argc != used || strcmp(argv[1], "terminal") != 0)
        return usage();
    for (int i = 0; i < 4; i++)
        if (strcmp(argv[2], kinds[i]) == 0)
            return terminal((enum s_type)(PACE_MRZ + i), ca, named ? argv[used - 1] : NULL);
    return usage();
}
