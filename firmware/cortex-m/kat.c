/* SPDX-License-Identifier: Apache-2.0 */
#include "kat.h"

#include <yufu/crypto/selftest.h>
#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>

#include <string.h>

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static bool
cur_reads(void)
{
    yf_cur c = yf_cur_of(YF_SPAN(bytes));

    return yf_cur_u8(&c) == 0x01 && yf_cur_u16(&c) == 0x0203 && yf_cur_u32(&c) == 0x04050607 &&
           yf_cur_u64(&c) == 0x08090a0b0c0d0e0f && yf_cur_done(&c) == YF_OK;
}

static bool
out_writes(void)
{
    uint8_t mem[sizeof bytes];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_span all;

    yf_out_u8(&o, 0x01);
    yf_out_u32(&o, 0x04050607);
    yf_out_u64(&o, 0x08090a0b0c0d0e0f);
    yf_out_insert(&o, 1, (yf_span){ bytes + 1, 2 });
    return yf_out_done(&o, &all) == YF_OK && yf_span_eq(all, YF_SPAN(bytes));
}

static bool
wipes_and_compares(void)
{
    uint8_t a[32], zero[32] = { 0 };

    memset(a, 0x5A, sizeof a);
    bool before = yf_ct_eq(a, zero, sizeof a);
    yf_wipe(a, sizeof a);
    return !before && yf_ct_eq(a, zero, sizeof a);
}

/* ---- ciphers: an example of the standard for each, more would be tests/vectors ---- */

static bool
digest_is(enum yf_hash_id id, const char *want)
{
    yf_span abc = YF_STR("abc");
    uint8_t md[YF_HASH_MAX];

    return yf_hash_all(yf_provider_soft.hash[id], &abc, 1, md) == YF_OK &&
           memcmp(md, want, yf_provider_soft.hash[id]->size) == 0;
}

/* GB/T 32905 A.1; FIPS 180-4's examples */
static bool
hashes(void)
{
    return digest_is(YF_SM3, "\x66\xc7\xf0\xf4\x62\xee\xed\xd9\xd1\xf2\xd4\x6b\xdc\x10\xe4\xe2"
                             "\x41\x67\xc4\x87\x5c\xf2\xf7\xa2\x29\x7d\xa0\x2b\x8f\x4b\xa8\xe0") &&
           digest_is(YF_SHA1, "\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c"
                              "\x9c\xd0\xd8\x9d") &&
           digest_is(YF_SHA256,
                     "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
                     "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad") &&
           digest_is(YF_SHA512, "\xdd\xaf\x35\xa1\x93\x61\x7a\xba\xcc\x41\x73\x49\xae\x20\x41\x31"
                                "\x12\xe6\xfa\x4e\x89\xa9\x7e\xa2\x0a\x9e\xee\xe6\x4b\x55\xd3\x9a"
                                "\x21\x92\x99\x2a\x27\x4f\xc1\xa8\x36\xba\x3c\x23\xa3\xfe\xeb\xbd"
                                "\x45\x4d\x44\x23\x64\x3c\xe8\x0e\x2a\x9a\xc9\x4f\xa5\x4c\xa4\x9f");
}

/* Twice the same block, so that a batch holds more than one; there and back. */
static bool
block_is(enum yf_cipher_id id, const char *key, const char *plain, const char *want)
{
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[id];
    uint8_t b[2 * YF_BLOCK_MAX];
    size_t n = alg->block;
    yf_cipher c;

    memcpy(b, plain, n);
    memcpy(b + n, plain, n);
    bool good = yf_cipher_init(&c, alg, (yf_span){ (const uint8_t *)key, alg->key }) == YF_OK;
    alg->ecb_enc(&c, b, b, 2 * n);
    good &= memcmp(b, want, n) == 0 && memcmp(b + n, want, n) == 0;
    alg->ecb_dec(&c, b, b, 2 * n);
    good &= memcmp(b, plain, n) == 0 && memcmp(b + n, plain, n) == 0;
    yf_cipher_drop(&c);
    return good;
}

/* GB/T 32907 A.1; FIPS 197 C.1 to C.3; SP 800-67 B.1 */
static bool
ciphers(void)
{
    static const char count[] = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
                                "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
    static const char elevens[] =
        "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff";
    static const char sm4[] = "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";
    static const char des[] = "\x01\x23\x45\x67\x89\xab\xcd\xef\x23\x45\x67\x89\xab\xcd\xef\x01"
                              "\x45\x67\x89\xab\xcd\xef\x01\x23";

    return block_is(YF_SM4, sm4, sm4,
                    "\x68\x1e\xdf\x34\xd2\x06\x96\x5e\x86\xb3\xe9\x4f\x53\x6e\x42\x46") &&
           block_is(YF_AES128, count, elevens,
                    "\x69\xc4\xe0\xd8\x6a\x7b\x04\x30\xd8\xcd\xb7\x80\x70\xb4\xc5\x5a") &&
           block_is(YF_AES192, count, elevens,
                    "\xdd\xa9\x7c\xa4\x86\x4c\xdf\xe0\x6e\xaf\x70\xa0\xec\x0d\x71\x91") &&
           block_is(YF_AES256, count, elevens,
                    "\x8e\xa2\xb7\xca\x51\x67\x45\xbf\xea\xfc\x49\x90\x4b\x49\x60\x89") &&
           block_is(YF_DES3_3KEY, des, "The qufc", "\xa8\x26\xfd\x8c\xe5\x3b\x85\x5f");
}

/* RFC 8998 A.1 */
static bool
sm4_gcm(void)
{
    static const char key[] = "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";
    static const char tag[] = "\x83\xde\x35\x41\xe4\xc2\xb5\x81\x77\xe0\x65\xa9\xbf\x7b\x62\xec";
    yf_span iv = YF_STR("\x00\x00\x12\x34\x56\x78\x00\x00\x00\x00\xab\xcd");
    yf_span aad = YF_STR("\xfe\xed\xfa\xce\xde\xad\xbe\xef\xfe\xed\xfa\xce\xde\xad\xbe\xef"
                         "\xab\xad\xda\xd2");
    uint8_t text[64], got[YF_GCM_TAG];
    yf_cipher c;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "\xaa\xbb\xcc\xdd\xee\xff\xee\xaa"[i / 8];
    bool good = yf_cipher_init(&c, yf_provider_soft.cipher[YF_SM4],
                               (yf_span){ (const uint8_t *)key, 16 }) == YF_OK;
    good &= c.alg->gcm_seal(&c, iv, aad, YF_SPAN(text), text, got) == YF_OK;
    good &= memcmp(got, tag, sizeof got) == 0;
    good &= c.alg->gcm_open(&c, iv, aad, YF_SPAN(text), text, got) == YF_OK;
    good &= text[0] == 0xAA && text[63] == 0xAA;
    yf_cipher_drop(&c);
    return good;
}

static const struct {
    const char *ok, *not_ok;
    bool (*holds)(void);
} cases[] = {
#define CASE(function)                                                                             \
    {                                                                                              \
        "ok - " #function "\n", "not ok - " #function "\n", function                               \
    }
    CASE(cur_reads), CASE(out_writes), CASE(wipes_and_compares),
    CASE(hashes),    CASE(ciphers),    CASE(sm4_gcm),
};

/* ---- the self-test a card runs at its start, a line for each of its tests ---- */

struct told {
    void (*say)(const char *line);
    int wrong;
};

static void
append(char *line, size_t cap, const char *text)
{
    size_t n = 0;

    while (line[n])
        n++;
    for (; *text && n + 1 < cap; text++)
        line[n++] = *text;
    line[n] = 0;
}

static void
tell(void *state, const char *name, yf_err e)
{
    struct told *t = state;
    char line[64] = "";

    append(line, sizeof line, e ? "not ok - selftest " : "ok - selftest ");
    append(line, sizeof line - 1, name);
    append(line, sizeof line, "\n");
    t->say(line);
    t->wrong += e != YF_OK;
}

static int
selftest(void (*say)(const char *line))
{
    struct told t = { say, 0 };
    yf_err e = yf_selftest(&yf_provider_soft, &(yf_selftest_report){ tell, &t });

    return e && !t.wrong ? 1 : t.wrong;
}

int
kat_run(void (*say)(const char *line))
{
    size_t n = sizeof cases / sizeof *cases;
    int wrong = 0;

    for (size_t i = 0; i < n; i++) {
        bool holds = cases[i].holds();
        say(holds ? cases[i].ok : cases[i].not_ok);
        wrong += !holds;
    }
    return wrong + selftest(say);
}
