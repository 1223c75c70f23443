/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one end wraps the other unwraps to the same; with any byte of it changed it is
 * refused, and the session is over. What nobody wrapped is refused. And behind the MAC: objects
 * of any kind, under a MAC made here, are refused or say what wrapping would have said.
 *
 * Input: six bytes - cipher and what to do, INS, Le, a place and a change there - then the data
 * of a message, or objects.
 */
#include "fuzz.h"

#include <yufu/proto/sm.h>
#include <yufu/wire/tlv.h>

#include <string.h>

enum { ROOM = 4096, MAC = 8 };

static uint8_t mem[ROOM + YF_SM_OVERHEAD], again[ROOM + YF_SM_OVERHEAD];

static const enum yf_cipher_id ciphers[] = { YF_DES3_2KEY, YF_AES128, YF_AES192, YF_AES256,
                                             YF_SM4 };

struct pair {
    struct yf_sm reader, card;
};

static const struct yf_sm_keys *
some_keys(enum yf_cipher_id id)
{
    static struct yf_sm_keys k;

    k.cipher = id;
    for (size_t i = 0; i < sizeof k.enc; i++) {
        k.enc[i] = (uint8_t)(3 * i + 1);
        k.mac[i] = (uint8_t)(5 * i + 2);
    }
    return &k;
}

static struct pair
pair_of(enum yf_cipher_id id)
{
    struct pair p;

    MUST(yf_sm_open(&p.reader, &yf_provider_soft, some_keys(id)) == YF_OK);
    MUST(yf_sm_open(&p.card, &yf_provider_soft, some_keys(id)) == YF_OK);
    return p;
}

static void
drop(struct pair *p)
{
    yf_sm_close(&p->reader);
    yf_sm_close(&p->card);
}

static bool
over(const struct yf_sm *s)
{
    static const uint8_t none[sizeof *s];
    const uint8_t *bytes = (const uint8_t *)s;
    return memcmp(bytes, none, sizeof none) == 0;
}

static bool
same(const yf_apdu_cmd *a, const yf_apdu_cmd *b)
{
    return a->cla == b->cla && a->ins == b->ins && a->p1 == b->p1 && a->p2 == b->p2 &&
           a->ne == b->ne && yf_span_eq(a->data, b->data);
}

/* ---- what was wrapped ---- */

static void
command(enum yf_cipher_id id, const yf_apdu_cmd *cmd, size_t at, uint8_t change)
{
    struct pair p = pair_of(id);
    yf_apdu_cmd w, got;

    MUST(yf_sm_wrap_cmd(&p.reader, cmd, mem, sizeof mem, &w) == YF_OK);
    if (change)
        mem[at % w.data.n] ^= change;
    yf_err e = yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &got);
    MUST((e == YF_OK) == (change == 0));
    MUST(over(&p.card) == (change != 0));
    MUST(e || same(cmd, &got));
    drop(&p);
}

static void
response(enum yf_cipher_id id, const yf_apdu_cmd *cmd, size_t at, uint8_t change)
{
    struct pair p = pair_of(id);
    yf_apdu_rsp rsp = { YF_SW_OK, cmd->data }, got;
    yf_apdu_cmd w, c;
    yf_out o = yf_out_of(again, sizeof again);

    MUST(yf_sm_wrap_cmd(&p.reader, cmd, mem, sizeof mem, &w) == YF_OK);
    MUST(yf_sm_unwrap_cmd(&p.card, &w, mem, sizeof mem, &c) == YF_OK);
    MUST(yf_sm_wrap_rsp(&p.card, &rsp, &o) == YF_OK);
    if (change)
        again[at % o.n] ^= change;
    rsp.data = yf_out_span(&o);
    yf_err e = yf_sm_unwrap_rsp(&p.reader, &rsp, again, sizeof again, &got);
    MUST((e == YF_OK) == (change == 0));
    MUST(over(&p.reader) == (change != 0));
    MUST(e || (got.sw == YF_SW_OK && yf_span_eq(got.data, cmd->data)));
    drop(&p);
}

/* ---- what nobody wrapped ---- */

static void
forged(enum yf_cipher_id id, yf_apdu_cmd cmd)
{
    struct pair p = pair_of(id);
    yf_apdu_rsp rsp = { YF_SW_OK, cmd.data }, got;
    yf_apdu_cmd w;

    MUST(yf_sm_wrap_cmd(&p.reader, &(yf_apdu_cmd){ .ins = cmd.ins }, mem, sizeof mem, &w) == YF_OK);
    MUST(yf_sm_unwrap_rsp(&p.reader, &rsp, mem, sizeof mem, &got) != YF_OK && over(&p.reader));
    cmd.cla = 0x0C;
    MUST(yf_sm_unwrap_cmd(&p.card, &cmd, mem, sizeof mem, &cmd) != YF_OK && over(&p.card));
    drop(&p);
}

/* ---- behind the MAC: 9303-11 9.8.6 written down once more, for a session's first message ---- */

static void
sign(enum yf_cipher_id id, const uint8_t head[4], yf_span objects, uint8_t mac[16])
{
    const struct yf_sm_keys *k = some_keys(id);
    const struct yf_cipher_alg *alg = yf_provider_soft.cipher[id];
    uint8_t counted[16] = { 0 };
    static uint8_t text[ROOM + 64];
    size_t n = 4;

    counted[alg->block - 1] = 1;
    memcpy(text, head, 4);
    if (objects.n) {
        n = yf_pad_iso(text, n, alg->block);
        memcpy(text + n, objects.p, objects.n);
        n += objects.n;
    }
    if (alg->block == 8) {
        yf_rmac m;
        MUST(yf_rmac_init(&m, alg, (yf_span){ k->mac, 16 }) == YF_OK);
        yf_rmac_add(&m, (yf_span){ counted, 8 });
        yf_rmac_add(&m, (yf_span){ text, n });
        yf_rmac_end(&m, mac);
        return;
    }
    yf_cipher c;
    yf_cmac m;
    MUST(yf_cipher_init(&c, alg, (yf_span){ k->mac, alg->key }) == YF_OK);
    yf_cmac_init(&m, &c);
    yf_cmac_add(&m, (yf_span){ counted, 16 });
    yf_cmac_add(&m, (yf_span){ text, yf_pad_iso(text, n, 16) });
    yf_cmac_end(&m, mac);
    yf_cipher_drop(&c);
}

/* The shortest form of the same command, which must be no longer, and mean the same. */
static void
authentic(enum yf_cipher_id id, yf_apdu_cmd cmd)
{
    const uint8_t head[] = { 0x0C, cmd.ins, 0, 0 };
    struct pair p = pair_of(id), q = pair_of(id);
    static uint8_t sent[ROOM + YF_SM_OVERHEAD];
    yf_out o = yf_out_of(sent, sizeof sent);
    yf_apdu_cmd got, w, second;
    uint8_t mac[16];

    sign(id, head, cmd.data, mac);
    yf_out_put(&o, cmd.data);
    yf_tlv_put(&o, 0x8E, (yf_span){ mac, MAC });
    cmd.cla = 0x0C;
    cmd.data = yf_out_span(&o);
    yf_err e = yf_sm_unwrap_cmd(&p.card, &cmd, mem, sizeof mem, &got);
    MUST(over(&p.card) == (e != YF_OK));
    MUST(e == YF_OK || e == YF_E_FORMAT || e == YF_E_NOTFOUND);
    if (!e) {
        MUST(yf_sm_wrap_cmd(&q.reader, &got, again, sizeof again, &w) == YF_OK);
        MUST(w.data.n <= cmd.data.n);
        MUST(yf_sm_unwrap_cmd(&q.card, &w, again, sizeof again, &second) == YF_OK);
        MUST(same(&got, &second));
    }
    drop(&p);
    drop(&q);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 6 || size > ROOM)
        return 0;
    enum yf_cipher_id id = ciphers[(data[0] & 0x3F) % 5];
    size_t at = data[4] & 0x80 ? size - (data[4] & 0x7F) % size : data[4];
    yf_apdu_cmd cmd = { .ins = data[1], .ne = yf_be16(data + 2), .data = { data + 6, size - 6 } };

    cmd.form = data[0] & 0x20 ? YF_APDU_EXTENDED : YF_APDU_SHORTEST;
    switch (data[0] >> 6) {
    case 0:
        command(id, &cmd, at, data[5]);
        break;
    case 1:
        response(id, &cmd, at, data[5]);
        break;
    case 2:
        forged(id, cmd);
        break;
    default:
        authentic(id, cmd);
    }
    return 0;
}
