/* SPDX-License-Identifier: Apache-2.0 */
/*
 * comb - writes the table of src/crypto/soft/comb.h for a curve of 256 bits, in
 * both sizes, computed by OpenSSL.
 *
 *     comb sm2 > src/crypto/soft/comb_sm2.h
 *     comb p256 > src/crypto/soft/comb_p256.h
 */
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shape {
    unsigned teeth, span, deep;
};

static EC_GROUP *group;
static BIGNUM *prime;
static BN_CTX *ctx;

static void
must(int good)
{
    if (good)
        return;
    fprintf(stderr, "comb: openssl failed\n");
    exit(1);
}

/* A coordinate times 2^256 modulo p, least significant word first. */
static void
put_number(const BIGNUM *x)
{
    uint8_t bytes[32];
    BIGNUM *r = BN_new();

    must(r && BN_lshift(r, x, 256) && BN_mod(r, r, prime, ctx));
    must(BN_bn2binpad(r, bytes, sizeof bytes) == sizeof bytes);
    for (int word = 3; word >= 0; word--) {
        printf(word == 3 ? "W(0x" : ", W(0x");
        for (int i = 0; i < 8; i++)
            printf("%02X", bytes[8 * word + i]);
        printf(")");
    }
    BN_free(r);
}

static void
put_multiple(const BIGNUM *k)
{
    EC_POINT *p = EC_POINT_new(group);
    BIGNUM *x = BN_new(), *y = BN_new();

    must(p && x && y && EC_POINT_mul(group, p, k, NULL, NULL, ctx));
    must(EC_POINT_get_affine_coordinates(group, p, x, y, ctx));
    printf("    { ");
    put_number(x);
    printf(",\n      ");
    put_number(y);
    printf(" },\n");
    BN_free(x), BN_free(y);
    EC_POINT_free(p);
}

/* k = k + 2^at or k - 2^at */
static void
add_power(BIGNUM *k, unsigned at, int plus)
{
    BIGNUM *power = BN_new();

    must(power && BN_set_bit(power, (int)at));
    must(plus ? BN_add(k, k, power) : BN_sub(k, k, power));
    BN_free(power);
}

static void
put_entry(const struct shape *s, unsigned block, unsigned entry)
{
    BIGNUM *k = BN_new();

    must(k != NULL);
    BN_zero(k);
    add_power(k, 256 - s->span, 1);
    for (unsigned j = 0; j < s->teeth - 1; j++)
        add_power(k, j * s->span, entry >> j & 1);
    must(BN_lshift(k, k, (int)(block * s->deep)));
    must(BN_nnmod(k, k, EC_GROUP_get0_order(group), ctx));
    put_multiple(k);
    BN_free(k);
}

static void
put_table(const struct shape *s)
{
    unsigned blocks = (s->span + s->deep - 1) / s->deep, entries = 1u << (s->teeth - 1);

    printf("enum { TEETH = %u, SPAN = %u, DEEP = %u };\n", s->teeth, s->span, s->deep);
    printf("static const limb comb[%u][%u][2 * N256] = { {\n", blocks, entries);
    for (unsigned block = 0; block < blocks; block++) {
        if (block > 0)
            printf("}, {\n");
        for (unsigned entry = 0; entry < entries; entry++)
            put_entry(s, block, entry);
    }
    printf("} };\n");
}

int
main(int argc, char **argv)
{
    static const struct shape large = { 6, 43, 6 }, small = { 5, 52, 13 };
    int sm2 = argc == 2 && strcmp(argv[1], "sm2") == 0;

    if (!sm2 && !(argc == 2 && strcmp(argv[1], "p256") == 0)) {
        fprintf(stderr, "usage: comb sm2|p256\n");
        return 2;
    }
    group = EC_GROUP_new_by_curve_name(sm2 ? NID_sm2 : NID_X9_62_prime256v1);
    prime = BN_new();
    ctx = BN_CTX_new();
    must(group && prime && ctx && EC_GROUP_get_curve(group, prime, NULL, NULL, ctx));

    printf("/* SPDX-License-Identifier: Apache-2.0 */\n");
    printf("/* Written by tools/comb.c: `comb %s`. What it is, says comb.h. */\n", argv[1]);
    printf("// clang-format off\n#if YF_LIMB_BITS == 64\n#define W(x) x\n");
    put_table(&large);
    printf("#else\n#define W(x) (limb)((x) & 0xFFFFFFFF), (limb)((uint64_t)(x) >> 32)\n");
    put_table(&small);
    printf("#endif\n#undef W\n// clang-format on\n");
    BN_CTX_free(ctx);
    BN_free(prime);
    EC_GROUP_free(group);
    return 0;
}
