/* SPDX-License-Identifier: Apache-2.0 */
#include "issuing.h"

#include <yufu/card/atr.h>
#include <yufu/card/pin.h>
#include <yufu/proto/diversify.h>

static struct desk d;

/* ---- what it says of itself ---- */

/* The answer to a command in clear, in hex without the status word, which is 9000. */
static void
answers(const char *cmd, const char *want)
{
    T_SW(0x9000, desk_clear(&d, cmd));
    desk_is((yf_span){ d.rsp, d.rsp_n - 2 }, want);
}

/* GPCS table 11-82, H.2: with the channels of both ciphers in both widths. */
#define OIDS                                                                                       \
    "06072A864886FC6B01 600C060A2A864886FC6B02020301 630906072A864886FC6B03"                       \
    "642C 06092A864886FC6B040370 06092A864886FC6B040371"                                           \
    "     06092A864886FC6B040378 06092A864886FC6B040379"

#define FCI "6F63 8408A000000151000000 A557 7350" OIDS "9F65020800"

static void
it_says_what_it_is(void **st)
{
    (void)st;
    desk_open(&d, YF_AES192);
    answers("00A4040008A00000015100000000", FCI);
    answers("00A4040000", FCI);
    answers("80CA006600", "6652 7350" OIDS);
    answers("00CA006600", "6652 7350" OIDS);
    answers("80CA006700", "6715 A00C 800103 810470717879 82010F 8203000000 8300");
    answers("80CA00E000", "E012 C00401FF8818 C00402FF8818 C00403FF8818");
    answers("80CA00C100", "C103000000");
    answers("80CA00CF00", "CF0A 0203040506070809 0A0B");
    answers("80CA004500", "450C AA01020304050607 08090A0B");
    answers("80CA9F7000", "9F700101");
    answers("80CA9F7F00", "9F7F2A 000000000000000000000000 08090A0B"
                          "0000000000000000000000000000000000000000000000000000");
    desk_close(&d);
}

static void
it_does_not_say_what_it_has_not(void **st)
{
    (void)st;
    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_SW(0x6A88, desk_clear(&d, "80CA004200"));
    T_SW(0x6A88, desk_clear(&d, "80CA5F5200")); // only stored
    T_SW(0x6A88, desk_clear(&d, "80CA000000"));
    T_SW(0x6A88, desk_clear(&d, "80CA2F0000"));
    T_SW(0x6700, desk_clear(&d, "80CA0066025C0000"));
    desk_close(&d);
}

/* Without the channel nothing is managed; GET DATA and the beginning of one are all there is. */
static void
nothing_is_managed_in_clear(void **st)
{
    static const char *const commands[] = {
        "80D8008100", "80E28800",   "80E4000002D20101",
        "80E6200000", "80F0800300", "80F28002024F0000",
    };
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        T_SW(commands[i][3] == '6' ? 0x6D00 : 0x6982, desk_clear(&d, commands[i]));
    T_SW(0x6D00, desk_clear(&d, "80B0000000"));
    T_SW(0x6E00, desk_clear(&d, "9050000008 0102030405060708"));
    desk_close(&d);
}

/* ---- the channel ---- */

static void
open_at(uint8_t level, uint8_t kvn, unsigned station)
{
    struct yf_scp03_answer a;
    struct yf_scp03_keys k;

    T_OK(yf_perso_begin(&d.p, kvn, 8, &a));
    T_OK(yf_line_keys(&d.line, &yf_provider_soft, station, a.diversification.p, &k));
    T_OK(yf_perso_open(&d.p, &k, level));
}

static void
initialize_update_is_well_formed_or_refused(void **st)
{
    (void)st;
    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_SW(0x6A86, desk_clear(&d, "80500001 08 0102030405060708"));
    T_SW(0x6700, desk_clear(&d, "80500000 07 01020304050607"));
    T_SW(0x6700, desk_clear(&d, "80500000 09 010203040506070809"));
    T_SW(0x6700, desk_clear(&d, "8050000000"));
    T_SW(0x6A88, desk_clear(&d, "80500100 08 0102030405060708"));
    answers("80CA00C100", "C103000000"); // nobody counted
    T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
    T_SW(0x9000, desk_clear(&d, "8050FF00 10 01020304050607080102030405060708"));
    answers("80CA00C100", "C103000002");
    desk_power(&d);
    desk_start(&d);
    answers("80CA00C100", "C103000002");
    desk_close(&d);
}

/* 6.2.2.1: at its end there is no other, and the key set is used up. */
static void
the_sequence_counter_ends(void **st)
{
    (void)st;
    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_OK(yf_store_write(&d.card.store, YF_OBJ(1, YF_OBJ_DATA, 0xC1FF), 0, YF_STR("\xFF\xFF\xFD")));
    T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
    T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
    T_SW(0x6985, desk_clear(&d, "80500000 08 0102030405060708"));
    answers("80CA00C100", "C103FFFFFF");
    desk_close(&d);
}

static uint8_t
tries(uint8_t kvn)
{
    uint8_t left = 0xEE;

    T_OK(yf_tries_left(&d.card.store, YF_OBJ(1, YF_OBJ_PIN, kvn), &left));
    return left;
}

#define NOBODY "00112233445566778899AABBCCDDEEFF"

static void
a_malformed_authentication_costs_no_try(void **st)
{
    static const struct {
        yf_sw sw;
        const char *cmd;
    } t[] = {
        { 0x6A86, "84820001 10" NOBODY }, // P2
        { 0x6A86, "84820000 10" NOBODY }, // no level
        { 0x6A86, "84820200 10" NOBODY }, // C-DECRYPTION without C-MAC
        { 0x6A86, "84823100 10" NOBODY }, // R-ENCRYPTION without C-DECRYPTION
        { 0x6700, "84820100 0F"
                  "00112233445566778899AABBCCDDEE" },
        { 0x6700, "84820100 20" NOBODY NOBODY }, // S16 after S8
        { 0x6700, "84820100" },
    };
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_SW(0x6985, desk_clear(&d, "84820100 10" NOBODY)); // nothing has begun
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
        T_SW(t[i].sw, desk_clear(&d, t[i].cmd));
        T_SW(0x6985, desk_clear(&d, "84820100 10" NOBODY)); // and it is over
    }
    T(tries(0xFF) == YF_ISSUER_TRIES);
    T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
    T_SW(0x9000, desk_clear(&d, "80CA9F7000")); // not the very next command
    T_SW(0x6985, desk_clear(&d, "84820100 10" NOBODY));
    T(tries(0xFF) == YF_ISSUER_TRIES);
    desk_close(&d);
}

/* One wrong EXTERNAL AUTHENTICATE for the first key set there is. */
static yf_sw
guess(void)
{
    T_SW(0x9000, desk_clear(&d, "80500000 08 0102030405060708"));
    return desk_clear(&d, "84823300 10" NOBODY);
}

static void
wrong_authentications_block_a_key_set(void **st)
{
    struct yf_scp03_answer a;
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    for (uint8_t left = YF_ISSUER_TRIES; left-- > 1;) {
        T_SW(0x6300, guess());
        T(tries(0xFF) == left);
        desk_power(&d);
        desk_start(&d);
        T(tries(0xFF) == left);
    }
    T_OK(yf_line_open(&d.line, &d.p, 0)); // success gives them all back
    T(tries(0xFF) == YF_ISSUER_TRIES);
    desk_start(&d);
    for (int i = 0; i < YF_ISSUER_TRIES; i++)
        T_SW(0x6300, guess());
    T(tries(0xFF) == 0);
    T_SW(0x6983, desk_clear(&d, "80500000 08 0102030405060708"));
    desk_power(&d);
    desk_start(&d);
    T_ERR(YF_E_DENIED, yf_perso_begin(&d.p, 0xFF, 8, &a)); // for ever
    T(d.p.sw == 0x6983);
    desk_close(&d);
}

/* The last try begins a session: by the time it opens, there is none left. */
static void
a_blocked_key_set_opens_nothing(void **st)
{
    struct yf_scp03_keys k;
    struct yf_scp03_answer a;
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_OK(yf_perso_begin(&d.p, 0, 8, &a));
    for (int i = 0; i < YF_ISSUER_TRIES; i++)
        T_OK(yf_tries_take(&d.card.store, YF_OBJ(1, YF_OBJ_PIN, 0xFF)));
    T_OK(yf_line_keys(&d.line, &yf_provider_soft, 0, a.diversification.p, &k));
    T_ERR(YF_E_DENIED, yf_perso_open(&d.p, &k, 0x33));
    T(d.p.sw == 0x6983);
    desk_close(&d);
}

/* Another key set is not touched by it. */
static void
tries_are_a_key_sets_own(void **st)
{
    struct yf_scp03_keys k = { .cipher = YF_AES128, .enc = { 1 }, .mac = { 2 }, .dek = { 3 } };
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_put_keys(&d.p, 0, 7, &k));
    T_OK(yf_perso_leave(&d.p));
    for (int i = 0; i < YF_ISSUER_TRIES; i++) {
        T_SW(0x9000, desk_clear(&d, "80500700 08 0102030405060708"));
        T_SW(0x6300, desk_clear(&d, "84823300 10" NOBODY));
    }
    T_SW(0x6983, desk_clear(&d, "80500700 08 0102030405060708"));
    T(tries(1) == YF_ISSUER_TRIES && tries(7) == 0);
    T_OK(yf_line_open(&d.line, &d.p, 1));
    T_OK(yf_perso_delete_keys(&d.p, 7));
    T_OK(yf_perso_put_keys(&d.p, 0, 7, &k));
    T(tries(7) == YF_ISSUER_TRIES);
    desk_close(&d);
}

/* ---- the counter and a card that is pulled out ---- */

static size_t budget;
static yf_err (*real_program)(void *state, uint32_t at, yf_span bytes);

/* Power fails before the budget's last write, and nothing is written any more. */
static yf_err
limited(void *state, uint32_t at, yf_span bytes)
{
    if (budget == 0)
        return YF_E_IO;
    budget--;
    return real_program(state, at, bytes);
}

/*
 * At every write of an EXTERNAL AUTHENTICATE power fails, once with the right keys and once
 * with wrong ones. An answer that depends on the comparison comes only after the try is
 * gone for good; a cut gives none back, and opens nothing.
 */
static void
a_try_is_gone_before_anything_is_compared(void **st)
{
    size_t size = (size_t)YF_FLASH_PAGE * YF_FLASH_PAGES, cuts = 0;
    uint8_t *before = malloc(size);
    bool whole[2] = { false, false };
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_SW(0x6300, guess());
    memcpy(before, d.flash.mem, size);
    real_program = d.flash.flash.program;
    for (size_t n = 0; !whole[0] || !whole[1]; n++, cuts++)
        for (int right = 0; right < 2; right++) {
            struct yf_scp03_answer a;
            struct yf_scp03_keys k = { .cipher = YF_AES128 };
            uint8_t mem[32];
            yf_apdu_cmd cmd;

            yf_flashram_load(&d.flash, before);
            desk_power(&d);
            desk_start(&d);
            T_OK(yf_perso_begin(&d.p, 0, 8, &a));
            T_OK(yf_line_keys(&d.line, &yf_provider_soft, 0, a.diversification.p, &k));
            T_OK(yf_scp03_host_begin(&d.p.channel, &yf_provider_soft, &k,
                                     (yf_span){ d.p.challenge, 8 }, &a));
            T_OK(yf_scp03_host_open(&d.p.channel, 0x33, mem, &cmd));
            mem[15] ^= (uint8_t)!right;
            yf_out o = yf_out_of(d.rsp, sizeof d.rsp), bytes = yf_out_of(d.rsp + 2000, 200);
            yf_apdu_cmd_put(&bytes, &cmd);
            budget = n;
            d.flash.flash.program = limited;
            yf_card_transmit(&d.card, yf_out_span(&bytes), &o);
            d.flash.flash.program = real_program;
            yf_sw sw = yf_be16(d.rsp);
            T(o.n == 2 && (sw == 0x6581 || sw == (right ? 0x9000 : 0x6300)));
            bool open = d.card.channel.kind == YF_CHANNEL_SCP03;
            T(open == (sw == 0x9000));
            yf_scp03_close(&d.p.channel);
            desk_power(&d);
            uint8_t left = tries(0xFF);
            whole[right] |= sw != 0x6581;
            if (sw == 0x9000)
                T(left == YF_ISSUER_TRIES);
            else if (sw == 0x6300)
                T(left == YF_ISSUER_TRIES - 2);
            else if (!right)
                T(left == YF_ISSUER_TRIES - 1 || left == YF_ISSUER_TRIES - 2);
            if (n == 0)
                T(left == YF_ISSUER_TRIES - 1);
        }
    printf("# %zu cuts\n", cuts);
    T(cuts >= 2);
    free(before);
    desk_close(&d);
}

/* ---- keys ---- */

static yf_apdu_rsp put_answer; // of the last PUT KEY; in d.p

/* PUT KEY with three times the same field, all of its data but the last `less` bytes. */
static yf_sw
put_less(uint8_t p1, uint8_t p2, uint8_t kvn, const uint8_t *field, size_t n, size_t less)
{
    uint8_t mem[300];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xD8, .p1 = p1, .p2 = p2, .ne = 256 };

    yf_out_u8(&o, kvn);
    for (int i = 0; i < 3; i++)
        yf_out_put(&o, (yf_span){ field, n });
    c.data = (yf_span){ mem, o.n - less };
    T_OK(yf_perso_send(&d.p, &c, &put_answer));
    return put_answer.sw;
}

static yf_sw
put(uint8_t p1, uint8_t p2, uint8_t kvn, const uint8_t *field, size_t n)
{
    return put_less(p1, p2, kvn, field, n, 0);
}

/* A key field for an AES key of 16 bytes under the session's DEK. */
static size_t
field_of(uint8_t field[40], bool with_length)
{
    uint8_t key[16] = { 5, 6, 7 }, iv[16] = { 0 };
    yf_cipher dek;
    yf_out o = yf_out_of(field, 40);

    T_OK(yf_cipher_init(&dek, yf_provider_soft.cipher[YF_AES128], (yf_span){ d.p.keys.dek, 16 }));
    yf_out_u8(&o, YF_KEY_TYPE_AES);
    yf_out_u8(&o, with_length ? 17 : 16);
    if (with_length)
        yf_out_u8(&o, 16);
    dek.alg->cbc_enc(&dek, iv, yf_out_claim(&o, 16), key, 16);
    yf_out_u8(&o, 3);
    T_OK(yf_key_check(&yf_provider_soft, YF_AES128, key, yf_out_claim(&o, 3)));
    T_OK(o.err);
    yf_cipher_drop(&dek);
    return o.n;
}

/* GPCS 11.8.2.3.2: with the length of the key before it, and without. */
static void
keys_come_in_both_forms(void **st)
{
    struct yf_scp03_keys k = {
        .cipher = YF_AES128, .enc = { 5, 6, 7 }, .mac = { 5, 6, 7 }, .dek = { 5, 6, 7 }
    };
    struct yf_scp03_answer a;
    uint8_t field[40], kcv[YF_KCV], want[10];
    (void)st;

    for (int with_length = 0; with_length < 2; with_length++) {
        desk_at(&d, YF_STAGE_CARD);
        size_t n = field_of(field, with_length);
        T_SW(0x9000, put(0, 0x81, 9, field, n));
        T_OK(yf_key_check(&yf_provider_soft, YF_AES128, k.enc, kcv));
        want[0] = 9;
        for (int i = 0; i < 3; i++)
            memcpy(want + 1 + 3 * i, kcv, 3);
        T_SPAN(put_answer.data, YF_SPAN(want)); // version and check values
        T_OK(yf_perso_leave(&d.p));
        T_OK(yf_perso_begin(&d.p, 9, 16, &a));
        T_OK(yf_perso_open(&d.p, &k, 0x33));
        desk_close(&d);
    }
}

static void
put_key_is_well_formed_or_refused(void **st)
{
    uint8_t f[40], g[40];
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    size_t n = field_of(f, true);
    T_SW(0x6A86, put(0, 0x01, 9, f, n));    // one key
    T_SW(0x6A86, put(0, 0x82, 9, f, n));    // from another identifier
    T_SW(0x6A86, put(0x80, 0x81, 9, f, n)); // more to come
    T_SW(0x6A88, put(5, 0x81, 9, f, n));    // replaces what is not there
    T_SW(0x6A80, put(0, 0x81, 1, f, n));    // is there already
    T_SW(0x6A80, put(0, 0x81, 0x00, f, n));
    T_SW(0x6A80, put(0, 0x81, 0x80, f, n));
    T_SW(0x6A80, put(0, 0x81, 0xFF, f, n));
    for (size_t less = 1; less <= 3 * n; less++)
        T_SW(0x6A80, put_less(0, 0x81, 9, f, n, less));
    memcpy(g, f, n);
    g[0] = 0x80; // DES
    T_SW(0x6A80, put(0, 0x81, 9, g, n));
    g[0] = 0x89; // SM4, of which this is not the check value
    T_SW(0x6982, put(0, 0x81, 9, g, n));
    g[0] = 0x88;
    g[2] = 15;
    T_SW(0x6A80, put(0, 0x81, 9, g, n));
    g[2] = 32; // longer than what came
    T_SW(0x6A80, put(0, 0x81, 9, g, n));
    memcpy(g, f, n);
    g[n - 4] = 2; // a short check value
    T_SW(0x6A80, put(0, 0x81, 9, g, n - 1));
    g[n - 4] = 3;
    g[n - 1] ^= 1;
    T_SW(0x6982, put(0, 0x81, 9, g, n));
    g[n - 1] ^= 1;
    g[10] ^= 1; // another key than the check value says
    T_SW(0x6982, put(0, 0x81, 9, g, n));
    T_SW(0x6A88, desk_say(&d, "80E40000 .. D20109 | 00", NULL)); // none of them came
    T_SW(0x9000, put(0, 0x81, 9, f, n));
    desk_close(&d);
}

/* Three keys of one kind, or none. */
static void
a_key_set_is_of_one_cipher(void **st)
{
    uint8_t field[40], mem[120];
    yf_out o = yf_out_of(mem, sizeof mem);
    yf_apdu_rsp r;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    size_t n = field_of(field, true);
    yf_out_u8(&o, 9);
    yf_out_put(&o, (yf_span){ field, n });
    yf_out_put(&o, (yf_span){ field, n });
    size_t third = o.n;
    yf_out_put(&o, (yf_span){ field, n });
    mem[third] = YF_KEY_TYPE_SM4;
    uint8_t key[16] = { 5, 6, 7 };
    T_OK(yf_key_check(&yf_provider_soft, YF_SM4, key, mem + o.n - 3));
    yf_apdu_cmd c = { .cla = 0x80, .ins = 0xD8, .p2 = 0x81, .ne = 256, .data = yf_out_span(&o) };
    T_OK(yf_perso_send(&d.p, &c, &r));
    T(r.sw == 0x6A80);
    desk_close(&d);
}

static struct yf_scp03_keys
some_keys(enum yf_cipher_id cipher, uint8_t seed)
{
    struct yf_scp03_keys k = { .cipher = cipher };
    struct rnd r = { seed };

    rnd_fill(&r, k.enc, sizeof k.enc);
    rnd_fill(&r, k.mac, sizeof k.mac);
    rnd_fill(&r, k.dek, sizeof k.dek);
    return k;
}

/* Under the name of the old one or another; of the same kind (GPCS 11.8.2.3.3). */
static void
keys_are_replaced(void **st)
{
    struct yf_scp03_keys a = some_keys(YF_AES128, 1), b = some_keys(YF_AES256, 2);
    struct yf_scp03_answer answer;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_put_keys(&d.p, 0, 9, &b));
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 9, 9, &a));
    T(d.p.sw == 0x6A80);
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 9, 1, &b)); // another's name
    T(d.p.sw == 0x6A80);
    b.enc[0] ^= 1;
    T_OK(yf_perso_put_keys(&d.p, 9, 10, &b));
    T_OK(yf_perso_put_keys(&d.p, 10, 10, &b));
    T_OK(yf_perso_leave(&d.p));
    answers("80CA00E000", "E024 C00401018810 C00402018810 C00403018810"
                          "C004010A8820 C004020A8820 C004030A8820");
    T_OK(yf_perso_begin(&d.p, 10, 8, &answer));
    T(answer.sequence == 1); // a new set counts from the start
    T_OK(yf_perso_open(&d.p, &b, 0x33));
    T_OK(yf_perso_put_keys(&d.p, 1, 1, &a));
    T_OK(yf_perso_put_keys(&d.p, 10, 10, &b));
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 1, 1, &a)); // its DEK is gone: begin anew
    T(d.p.sw == 0x6985);
    T_ERR(YF_E_DENIED, yf_perso_delete_keys(&d.p, 1));
    T(d.p.sw == 0x6985);
    desk_close(&d);
}

/* The keys a card is made with go with the first that come, and never come back. */
static void
transport_keys_disappear(void **st)
{
    struct yf_scp03_keys k = some_keys(YF_SM4, 3);
    struct yf_scp03_answer a;
    (void)st;

    desk_open(&d, YF_AES128);
    desk_start(&d);
    T_OK(yf_line_open(&d.line, &d.p, 0));
    T_OK(yf_perso_put_keys(&d.p, YF_ISSUER_TRANSPORT, 1, &k)); // of another cipher, too
    T_OK(yf_perso_leave(&d.p));
    answers("80CA00E000", "E012 C00401018910 C00402018910 C00403018910");
    T_ERR(YF_E_DENIED, yf_perso_begin(&d.p, 0xFF, 8, &a));
    T(d.p.sw == 0x6A88);
    T_OK(yf_perso_begin(&d.p, 0, 16, &a));
    T(a.i == 0x79);
    T_OK(yf_perso_open(&d.p, &k, 0x33));
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 0, 0xFF, &k));
    T(d.p.sw == 0x6A80);
    desk_close(&d);
}

static void
there_is_room_for_so_many_key_sets(void **st)
{
    struct yf_scp03_keys k = some_keys(YF_AES192, 4);
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    for (uint8_t kvn = 2; kvn <= YF_ISSUER_SETS; kvn++)
        T_OK(yf_perso_put_keys(&d.p, 0, kvn, &k));
    T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 0, 0x7F, &k));
    T(d.p.sw == 0x6A84);
    T_ERR(YF_E_DENIED, yf_perso_delete_keys(&d.p, 1)); // of this session
    T(d.p.sw == 0x6985);
    T_OK(yf_perso_delete_keys(&d.p, 3));
    T_OK(yf_perso_put_keys(&d.p, 0, 0x7F, &k));
    desk_close(&d);
}

/* Keys come in under C-DECRYPTION alone; the rest is content with a MAC. */
static void
keys_need_a_secret_channel(void **st)
{
    struct yf_scp03_keys k = some_keys(YF_AES128, 5);
    static const uint8_t levels[] = { 0x01, 0x11 };
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    for (size_t i = 0; i < sizeof levels; i++) {
        T_OK(yf_perso_leave(&d.p));
        open_at(levels[i], 1, 1);
        T_ERR(YF_E_DENIED, yf_perso_put_keys(&d.p, 0, 9, &k));
        T(d.p.sw == 0x6982);
        T_SW(0x9000, desk_say(&d, "80F28002024F0000", NULL));
    }
    desk_close(&d);
}

/* ---- stages ---- */

/* Every step from every stage, by an owner who has changed his keys. */
static void
stages_go_one_way(void **st)
{
    static const uint8_t code[] = { 0x01, 0x03, 0x07, 0x0F, 0x1F, 0x7F, 0xFF };
    static const bool may[7][7] = {
        { 0, 1, 0, 0, 0, 0, 0 }, // chip maker's
        { 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 0, 1, 0, 0, 1 },
        { 0, 0, 0, 0, 1, 0, 1 }, { 0, 0, 0, 0, 0, 1, 1 }, // the holder's
        { 0, 0, 0, 0, 0, 0, 1 },                          // locked
    };
    (void)st;

    for (unsigned from = 0; from < 6; from++)
        for (unsigned to = 0; to < 7; to++) {
            char cmd[32];
            unsigned at = from < 5 ? from : 4;
            struct yf_scp03_keys k = some_keys(YF_AES128, 9);
            desk_at(&d, (yf_stage)at);
            T_OK(yf_perso_put_keys(&d.p, at ? (uint8_t)at : 0, 0x20, &k));
            if (from == 5)
                T_OK(yf_perso_stage(&d.p, YF_STAGE_LOCKED));
            snprintf(cmd, sizeof cmd, "80F080%02X", code[to]);
            T_SW(may[from][to] ? 0x9000 : 0x6985, desk_say(&d, cmd, NULL));
            T(d.card.stage == (may[from][to] ? to : from));
            desk_close(&d);
        }
}

/* A stage is not left with keys of one before, the transport keys least of all. */
static void
a_stage_ends_with_keys_of_its_own(void **st)
{
    struct yf_scp03_keys k = some_keys(YF_AES128, 6);
    (void)st;

    for (unsigned stage = 0; stage < 4; stage++) {
        desk_at(&d, (yf_stage)stage);
        T_ERR(YF_E_DENIED, yf_perso_stage(&d.p, (yf_stage)(stage + 1)));
        T(d.p.sw == 0x6985);
        if (stage) { // one more set is not enough
            T_OK(yf_perso_put_keys(&d.p, 0, 0x30, &k));
            T_ERR(YF_E_DENIED, yf_perso_stage(&d.p, (yf_stage)(stage + 1)));
            T(d.p.sw == 0x6985);
        }
        T_OK(yf_perso_put_keys(&d.p, (uint8_t)stage, 0x31, &k));
        T_OK(yf_perso_stage(&d.p, (yf_stage)(stage + 1)));
        desk_close(&d);
    }
}

static void
set_status_is_well_formed_or_refused(void **st)
{
    (void)st;
    desk_at(&d, YF_STAGE_CARD);
    T_SW(0x6A86, desk_say(&d, "80F08002", NULL)); // no stage
    T_SW(0x6A86, desk_say(&d, "80F00003", NULL));
    T_SW(0x6A86, desk_say(&d, "80F06080", NULL));
    T_SW(0x6A88, desk_say(&d, "80F04080 .. F012345678", NULL));
    T_SW(0x6985, desk_say(&d, "80F04080 .. A000000151000000", NULL));
    desk_close(&d);
}

/* A terminated card answers who it was, and nothing else. */
static void
a_terminated_card_says_who_it_was(void **st)
{
    (void)st;
    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_stage(&d.p, YF_STAGE_TERMINATED));
    desk_power(&d);
    T_SW(0x6E00, desk_clear(&d, "80CA9F7000")); // of the root's making, not tested here
    T(d.card.stage == YF_STAGE_TERMINATED);
    desk_close(&d);

    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_stage(&d.p, YF_STAGE_TERMINATED));
    yf_perso_close(&d.p);
    d.card.channel.kind = YF_CHANNEL_PLAIN;
    answers("80CA9F7000", "9F7001FF");
    answers("80CA004500", "450C AA01020304050607 08090A0B");
    T_SW(0x9000, desk_clear(&d, "80CA9F7F00"));
    T_SW(0x6A88, desk_clear(&d, "80CA00E000"));
    T_SW(0x6A88, desk_clear(&d, "80CA00CF00"));
    T_SW(0x6D00, desk_clear(&d, "80500000 08 0102030405060708"));
    desk_close(&d);
}

/* A locked card has the domain alone, which can end it. */
static void
a_locked_card_can_be_ended(void **st)
{
    (void)st;
    desk_at(&d, YF_STAGE_ACTIVE);
    T_OK(yf_perso_stage(&d.p, YF_STAGE_LOCKED));
    T_OK(yf_perso_leave(&d.p));
    T_SW(0x6283, desk_clear(&d, "00A4040008A00000015100000000"));
    T_OK(yf_line_open(&d.line, &d.p, 4));
    T_SW(0x9000, desk_say(&d, "80F28002024F0000", NULL));
    T_SW(0x6D00, desk_say(&d, "80E60C0000", NULL));
    T_SW(0x6D00, desk_say(&d, "80D8008100", NULL));
    T_SW(0x6D00, desk_say(&d, "80E28800", NULL));
    T_OK(yf_perso_stage(&d.p, YF_STAGE_TERMINATED));
    desk_close(&d);
}

/* ---- applications ---- */

#define VAULT_NAME "F0597566752E7661756C74"
#define VAULT "0B" VAULT_NAME

static void
applications_come_and_go(void **st)
{
    yf_obj given = YF_OBJ(YF_APP_FIRST, YF_OBJ_DATA, VAULT_PARAMETERS);
    uint32_t n;
    yf_span data;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_SW(0x9000, desk_say(&d, "80E60C00 .. 00" VAULT VAULT "0100 04C9020102 00 | 00", &data));
    desk_is(data, "00");
    T_OK(yf_store_size(&d.card.store, given, &n));
    T(n == 2);
    T_SW(0x6A8A, desk_say(&d, "80E60C00 .. 00" VAULT VAULT "0100 00 00", NULL));
    T_SW(0x9000,
         desk_say(&d, "80E60C00 .. 05F001020304" VAULT "06 F00102030405 03000000 02EF00 00", NULL));
    T_OK(yf_perso_delete(&d.p, VAULT_AID));
    T_ERR(YF_E_NOTFOUND, yf_store_size(&d.card.store, given, &n));
    T_SW(0x9000, desk_say(&d, "80E60C00 .. 00 00" VAULT "0100 00 00", NULL)); // its own name
    desk_close(&d);
}

static void
install_is_well_formed_or_refused(void **st)
{
    static const struct {
        yf_sw sw;
        const char *cmd;
    } t[] = {
        { 0x6A86, "80E60400 .. 00" VAULT VAULT "0100 00 00" }, // for install alone
        { 0x6A86, "80E60200 .. 00" VAULT VAULT "0100 00 00" }, // for load
        { 0x6A86, "80E68C00 .. 00" VAULT VAULT "0100 00 00" }, // more to come
        { 0x6A86, "80E60C01 .. 00" VAULT VAULT "0100 00 00" },
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0180 00 00" },       // privileges
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0100 00 01AA" },     // a token
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0100 01C9 00" },     // parameters are no TLV
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0100 83000000 00" }, // a length of four bytes
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0100 00" },          // ends early
        { 0x6A80, "80E60C00 .. 00" VAULT VAULT "0100 00 00 00" },    // ends late
        { 0x6A80, "80E60C00 .. 00" VAULT "00 0100 00 00" },          // no name
        { 0x6A80, "80E60C00 .. 00" VAULT "04 F0010203 0100 00 00" },
        { 0x6A80, "80E60C00 .. 00" },
        { 0x6A88, "80E60C00 .. 00 05F012345678" VAULT "0100 00 00" },            // no such module
        { 0x6A88, "80E60C00 .. 00 08A000000151000000 05F012345678 0100 00 00" }, // one domain
        { 0x6A88, "80E62000 .. 0000" VAULT "000000" },                           // not installed
        { 0x6A80, "80E62000 .. 0000" VAULT "000001AA" },
        { 0x6A80, "80E62000 .. 0000" VAULT "00000000" },
        { 0x6A80, "80E62000 .. 000000 000000" },
        { 0x6985, "80E62000 .. 0000 08A000000151000000 000000" }, // takes none
    };
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        T_SW(t[i].sw, desk_say(&d, t[i].cmd, NULL));
    desk_close(&d);
}

static void
delete_is_well_formed_or_refused(void **st)
{
    static const struct {
        yf_sw sw;
        const char *cmd;
    } t[] = {
        { 0x6A86, "80E48000 .. 4F" VAULT },
        { 0x6A86, "80E40001 .. 4F" VAULT },
        { 0x6A80, "80E40000 .. D200" },
        { 0x6A80, "80E40000 .. D00101" },
        { 0x6A80, "80E40000 .. 4F" VAULT "D20101" },
        { 0x6A80, "80E40000" },
        { 0x6985, "80E40000 .. 4F08A000000151000000" },
        { 0x6985, "80E40000 .. 4F0A F05975 66752E726F6F74" },
        { 0x6A88, "80E40000 .. 4F05 F059756675" }, // begins a name
        { 0x9000, "80E40080 .. 4F" VAULT },
        { 0x6A88, "80E40000 .. 4F" VAULT },
    };
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_install(&d.p, vault.aid, VAULT_AID, YF_STR("")));
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        T_SW(t[i].sw, desk_say(&d, t[i].cmd, NULL));
    desk_close(&d);
}

static void
the_list_says_what_is_there(void **st)
{
    yf_span data;
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_OK(yf_perso_leave(&d.p));
    open_at(0x03, 1, 1);
    T_OK(yf_perso_install(&d.p, vault.aid, VAULT_AID, YF_STR("")));
    T_SW(0x9000, desk_say(&d, "80F28002024F0000", &data));
    desk_is(data, "E313 4F08A000000151000000 9F700103 C503985C00");
    T_SW(0x9000, desk_say(&d, "80F24002024F0000", &data));
    desk_is(data, "E315 4F0A F0597566752E726F6F74 9F700107 C503000000"
                  "E316 4F" VAULT "9F700107 C503000000");
    T_SW(0x9000, desk_say(&d, "80F24002 .. 4F" VAULT "| 00", &data));
    desk_is(data, "E316 4F" VAULT "9F700107 C503000000");
    T_SW(0x6A88, desk_say(&d, "80F24002 .. 4F05F012345678 | 00", NULL));
    T_SW(0x6A88, desk_say(&d, "80F22002024F0000", NULL));
    T_SW(0x6A88, desk_say(&d, "80F21002024F0000", NULL));
    T_SW(0x6A86, desk_say(&d, "80F20002024F0000", NULL));
    T_SW(0x6A86, desk_say(&d, "80F24003024F0000", NULL));
    T_SW(0x6A86, desk_say(&d, "80F24000024F0000", NULL));
    T_SW(0x6A80, desk_say(&d, "80F2400200", NULL));
    T_SW(0x9000, desk_say(&d, "80F24002 .. 4F00 5C029F70 | 00", NULL));

    T_SW(0x9000, desk_say(&d, "80F04080 .. " VAULT_NAME, NULL));
    T_SW(0x6985, desk_say(&d, "80F04080 .. " VAULT_NAME, NULL)); // it is
    T_SW(0x9000, desk_say(&d, "80F24002 .. 4F" VAULT "| 00", &data));
    desk_is(data, "E316 4F" VAULT "9F700183 C503000000");
    T_SW(0x9000, desk_say(&d, "80F04000 .. " VAULT_NAME, NULL));
    T_SW(0x6985, desk_say(&d, "80F04000 .. " VAULT_NAME, NULL));
    desk_close(&d);
}

/* ---- STORE DATA ---- */

static void
target(void)
{
    T_OK(yf_perso_target(&d.p, VAULT_AID));
}

static void
vault_at_perso(void)
{
    desk_at(&d, YF_STAGE_PERSO);
    T_OK(yf_perso_install(&d.p, vault.aid, VAULT_AID, YF_STR("")));
}

/* What the vault holds, or that it does not. */
static bool
holds(uint16_t dgi, const char *hex)
{
    yf_obj o = YF_OBJ(YF_APP_FIRST, YF_OBJ_DATA, dgi);
    uint8_t want[64], got[64];
    size_t n = desk_hex(hex, want);
    uint32_t size;

    return !yf_store_size(&d.card.store, o, &size) && size == n &&
           !yf_store_read(&d.card.store, o, 0, got, n) && memcmp(got, want, n) == 0;
}

/* Groupings cut anywhere but in their heads; several in a block; both forms of length. */
static void
groupings_are_cut_anywhere(void **st)
{
    (void)st;
    vault_at_perso();
    target();
    T_SW(0x9000, desk_say(&d, "80E20800 .. 0001 02 AABB 0002 04 C1", NULL));
    T_SW(0x9000, desk_say(&d, "80E20801 .. C2", NULL));
    T_SW(0x9000, desk_say(&d, "80E20802", NULL)); // nothing is no harm
    T_SW(0x9000, desk_say(&d, "80E20803 .. C3C4 0003 FF0003 D1D2D3 0004 00", NULL));
    T_SW(0x9000, desk_say(&d, "80E28804", NULL));
    T(holds(1, "AABB") && holds(2, "C1C2C3C4") && holds(3, "D1D2D3") && holds(4, ""));
    T(holds(VAULT_CLOSED, "636C6F736564"));
    desk_close(&d);
}

static void
store_data_is_well_formed_or_ends(void **st)
{
    static const struct {
        yf_sw sw;
        const char *cmd;
    } t[] = {
        { 0x6A86, "80E20801 .. 0001 01 AA" }, // not the first block
        { 0x6A86, "80E20000 .. 0001 01 AA" }, // no format
        { 0x6A86, "80E21000 .. 0001 01 AA" }, // TLV
        { 0x6A86, "80E21800 .. 0001 01 AA" },
        { 0x6A86, "80E26800 .. 0001 01 AA" }, // encrypted under the DEK
        { 0x6A86, "80E20A00 .. 0001 01 AA" },
        { 0x6A80, "80E20800 .. 0001" }, // a head that is cut
        { 0x6A80, "80E20800 .. 0001 FF00" },
        { 0x6A80, "80E28800 .. 0001 02 AA" }, // the last block, and more to come
        { 0x6A80, "80E20800 .. D00D 00" },    // the application says no
    };
    (void)st;

    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        vault_at_perso();
        target();
        T_SW(t[i].sw, desk_say(&d, t[i].cmd, NULL));
        T_SW(0x6A86, desk_say(&d, "80E28800 .. 0001 01 AA", NULL)); // it has ended
        T(!holds(VAULT_CLOSED, "636C6F736564"));
        target();
        T_SW(0x9000, desk_say(&d, "80E28800 .. 0005 01 AA", NULL));
        T_SW(0x6A86, desk_say(&d, "80E28801 .. 0006 01 AA", NULL)); // so has this one
        desk_close(&d);
    }
}

/* The application sees how well its data was hidden on the way. */
static void
secret_groupings_need_a_secret_channel(void **st)
{
    (void)st;
    vault_at_perso();
    T_OK(yf_perso_leave(&d.p));
    open_at(0x01, 2, 2);
    target();
    T_SW(0x6982, desk_say(&d, "80E20800 .. 0001 01 AA", NULL));
    target();
    T_SW(0x9000, desk_say(&d, "80E28800 .. 8001 01 AA", NULL));
    T(holds(0x8001, "AA") && !holds(0x0001, "AA"));
    desk_close(&d);
}

/* A personalisation is over when its session is. */
static void
a_new_session_begins_without_a_target(void **st)
{
    (void)st;
    vault_at_perso();
    target();
    T_SW(0x9000, desk_say(&d, "80E20800 .. 0001 02 AA", NULL));
    T_OK(yf_line_open(&d.line, &d.p, 2));
    T_SW(0x6A86, desk_say(&d, "80E28801 .. BB", NULL));
    target();
    T_SW(0x9000, desk_say(&d, "80E20800 .. 0003 02 AA", NULL));
    T_OK(yf_perso_delete(&d.p, VAULT_AID));
    T_SW(0x6A86, desk_say(&d, "80E28801 .. BB", NULL));
    desk_close(&d);
}

/* The domain's own: as BER-TLV, all or nothing, while the card is made. */
static void
the_domain_keeps_what_the_makers_say(void **st)
{
    uint8_t atr[YF_CARD_ATR];
    yf_out o = yf_out_of(atr, sizeof atr);
    (void)st;

    desk_at(&d, YF_STAGE_CARD);
    T_SW(0x9000, desk_say(&d, "80E29000 .. 4203112233 5F5203 80AABB", NULL));
    yf_card_atr(&d.card, &o);
    T(o.n > 3 && atr[1] % 16 == 3);
    T_MEM(atr + o.n - 4, ((uint8_t[]){ 0x80, 0xAA, 0xBB }), 3);
    desk_close(&d);

    desk_at(&d, YF_STAGE_PERSO);
    T_SW(0x9000, desk_say(&d, "80E29000 .. 4203112233 4502AABB", NULL));
    T_SW(0x6A88, desk_say(&d, "80E29000 .. 420199 5A0100", NULL)); // none of it
    T_SW(0x6A80, desk_say(&d, "80E29000 .. 4501CC 4202", NULL));
    T_SW(0x6A80, desk_say(&d, "80E29000 .. 4200", NULL));
    T_SW(0x6A80, desk_say(&d, "80E29000 .. 9F7F0100", NULL));
    T_SW(0x6985, desk_say(&d, "80E29000 .. 5F520100", NULL)); // the card maker's
    T_SW(0x6A86, desk_say(&d, "80E28800 .. 00010100", NULL));
    T_OK(yf_perso_leave(&d.p));
    answers("80CA004200", "4203112233");
    answers("80CA004500", "4502AABB");
    desk_close(&d);

    desk_at(&d, YF_STAGE_ISSUER);
    T_SW(0x6985, desk_say(&d, "80E29000 .. 4203112233", NULL));
    desk_close(&d);
}

T_MAIN(cmocka_unit_test(it_says_what_it_is), cmocka_unit_test(it_does_not_say_what_it_has_not),
       cmocka_unit_test(nothing_is_managed_in_clear),
       cmocka_unit_test(initialize_update_is_well_formed_or_refused),
       cmocka_unit_test(the_sequence_counter_ends),
       cmocka_unit_test(a_malformed_authentication_costs_no_try),
       cmocka_unit_test(wrong_authentications_block_a_key_set),
       cmocka_unit_test(a_blocked_key_set_opens_nothing),
       cmocka_unit_test(tries_are_a_key_sets_own),
       cmocka_unit_test(a_try_is_gone_before_anything_is_compared),
       cmocka_unit_test(keys_come_in_both_forms),
       cmocka_unit_test(put_key_is_well_formed_or_refused),
       cmocka_unit_test(a_key_set_is_of_one_cipher), cmocka_unit_test(keys_are_replaced),
       cmocka_unit_test(transport_keys_disappear),
       cmocka_unit_test(there_is_room_for_so_many_key_sets),
       cmocka_unit_test(keys_need_a_secret_channel), cmocka_unit_test(stages_go_one_way),
       cmocka_unit_test(a_stage_ends_with_keys_of_its_own),
       cmocka_unit_test(set_status_is_well_formed_or_refused),
       cmocka_unit_test(a_terminated_card_says_who_it_was),
       cmocka_unit_test(a_locked_card_can_be_ended), cmocka_unit_test(applications_come_and_go),
       cmocka_unit_test(install_is_well_formed_or_refused),
       cmocka_unit_test(delete_is_well_formed_or_refused),
       cmocka_unit_test(the_list_says_what_is_there), cmocka_unit_test(groupings_are_cut_anywhere),
       cmocka_unit_test(store_data_is_well_formed_or_ends),
       cmocka_unit_test(secret_groupings_need_a_secret_channel),
       cmocka_unit_test(a_new_session_begins_without_a_target),
       cmocka_unit_test(the_domain_keeps_what_the_makers_say))
