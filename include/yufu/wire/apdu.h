/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apdu - commands and responses between a reader and a card.
 *
 * ISO/IEC 7816-3 12.1 (lengths), 7816-4 5.1 to 5.4 (chaining, class byte).
 *
 * yf_apdu_cmd and yf_apdu_rsp are small values; their spans borrow. Parsing
 * accepts exactly what the standard defines, and what it accepts it would have
 * built: put(parse(x)) == x.
 *
 * Two engines stand on top, without I/O and in memory the caller places:
 * yf_apdu_chain joins a chained command (on a card), yf_apdu_fetch follows 61xx
 * and 6Cxx until the response is whole (in a reader). yf_apdu_split is the
 * reader's half of chaining.
 */
#ifndef YUFU_WIRE_APDU_H
#define YUFU_WIRE_APDU_H

#include <yufu/wire/cur.h>
#include <yufu/wire/out.h>
#include <yufu/wire/sw.h>

#ifdef __cplusplus
extern "C" {
#endif

#define YF_APDU_MAX_NC 65535u
#define YF_APDU_MAX_NE 65536u

/* The longest command and response, and the longest short ones. */
#define YF_APDU_MAX_CMD (4u + 3 + YF_APDU_MAX_NC + 2)
#define YF_APDU_MAX_RSP (YF_APDU_MAX_NE + 2)
#define YF_APDU_MAX_SHORT_CMD (4u + 1 + 255 + 1)
#define YF_APDU_MAX_SHORT_RSP (256u + 2)

/* How the lengths are written; SHORTEST is the canonical form. */
typedef enum yf_apdu_form {
    YF_APDU_SHORTEST, // when building: short if it fits, else extended
    YF_APDU_SHORT,    // cases 1, 2S, 3S, 4S
    YF_APDU_EXTENDED, // cases 1, 2E, 3E, 4E
} yf_apdu_form;

typedef struct yf_apdu_cmd {
    uint8_t cla, ins, p1, p2;
    yf_apdu_form form;
    uint32_t ne;  // bytes of response expected at most: 0 (no Le field) to 65536
    yf_span data; // Nc bytes, 0 (no Lc field) to 65535
} yf_apdu_cmd;

typedef struct yf_apdu_rsp {
    yf_sw sw;
    yf_span data; // 0 to 65536 bytes
} yf_apdu_rsp;

/*
 * The whole of in as one command, form SHORT or EXTENDED as it was written
 * (case 1: SHORT). YF_E_SHORT if it ends too early, YF_E_FORMAT if bytes are
 * left over or an extended Lc is zero: a card answers both with 6700.
 */
YF_MUST YF_API yf_err yf_apdu_cmd_parse(yf_span in, yf_apdu_cmd *out);

/* Append the command. YF_E_ROOM if its lengths do not fit its form. */
YF_API void yf_apdu_cmd_put(yf_out *o, const yf_apdu_cmd *cmd);

/*
 * The whole of in as one response: data, then SW1 SW2. YF_E_SHORT below two
 * bytes, YF_E_FORMAT for too much data or a status word no card may send.
 */
YF_MUST YF_API yf_err yf_apdu_rsp_parse(yf_span in, yf_apdu_rsp *out);

/* Append the response. YF_E_ROOM for too much data, YF_E_FORMAT for an invalid SW. */
YF_API void yf_apdu_rsp_put(yf_out *o, const yf_apdu_rsp *rsp);

/* ---- the class byte: 7816-4 5.4.1, GlobalPlatform 11.1.4 ---- */

typedef enum yf_apdu_sm {
    YF_APDU_SM_NONE,
    YF_APDU_SM_OWN,    // a format that is not ISO's (GlobalPlatform SCP)
    YF_APDU_SM_ISO,    // 7816-4 clause 10, header not authenticated
    YF_APDU_SM_HEADER, // 7816-4 clause 10, header authenticated
} yf_apdu_sm;

typedef struct yf_apdu_cla {
    bool proprietary; // bit 8: the meaning of INS is the application's
    bool chained;     // bit 5: more commands of this chain follow
    yf_apdu_sm sm;    // on channels 4 to 19 NONE or ISO only
    uint8_t channel;  // logical channel 0 to 19
} yf_apdu_cla;

/*
 * YF_E_FORMAT for 'FF', YF_E_UNSUPPORTED for '20' to '3F', which ISO keeps.
 * Proprietary classes are read as GlobalPlatform codes them (8x, Cx, Ex); in
 * all others the low bits mean nothing known here and are not looked at.
 */
YF_MUST YF_API yf_err yf_apdu_cla_parse(uint8_t cla, yf_apdu_cla *out);

/* The byte; YF_E_FORMAT for a combination that has none. */
YF_MUST YF_API yf_err yf_apdu_cla_build(const yf_apdu_cla *c, uint8_t *cla);

/* ---- command chaining, 7816-4 5.3.3 ---- */

/* Joins the parts of a chain in memory the caller owns. */
struct yf_apdu_chain {
    yf_out joined; // data of the chain so far
    bool open;     // a chain has begun and its last part has not come
    uint8_t cla, ins, p1, p2;
};

YF_API void yf_apdu_chain_init(struct yf_apdu_chain *ch, uint8_t *mem, size_t cap);

/*
 * Take one command. A complete one, chained or not, goes to *whole and *done is
 * true; after a part that is not the last *done is false, and the card answers
 * 9000; the Le of such a part is not looked at. The data of a chain lies in the
 * caller's memory until the next add or drop; that of a command that was never
 * chained stays where it was.
 *
 * YF_E_ROOM  the chain outgrew the memory (6A84, or 6700)
 * YF_E_STATE a different command came before the last of the chain (6883)
 * Both drop the chain, and the command that showed it; the next add starts afresh.
 */
YF_MUST YF_API yf_err yf_apdu_chain_add(struct yf_apdu_chain *ch, const yf_apdu_cmd *part,
                                        yf_apdu_cmd *whole, bool *done);

/* Forget the chain and wipe its data, which may be a PIN or a key. */
YF_API void yf_apdu_chain_drop(struct yf_apdu_chain *ch);

/* Cuts a command into a chain of short ones. */
struct yf_apdu_split {
    yf_apdu_cmd left; // what has not been handed out
    size_t step;      // most data in a part
    bool done;
};

/*
 * Parts carry at most step bytes of data, 1 to 255. A command whose data fits
 * is its own only part. The last part expects the whole response, 256 at a time.
 * YF_E_STATE if cmd is itself part of a chain, YF_E_UNSUPPORTED if its class
 * cannot chain, YF_E_ROOM for another step. cmd's data must outlive the split.
 */
YF_MUST YF_API yf_err yf_apdu_split_init(struct yf_apdu_split *s, const yf_apdu_cmd *cmd,
                                         size_t step);

/* The next part to send; false after the last. */
YF_API bool yf_apdu_split_next(struct yf_apdu_split *s, yf_apdu_cmd *part);

/* ---- 61xx and 6Cxx, 7816-4 5.3.4 and 7816-3 12.2 ---- */

/*
 * Send f->cmd, give the response to yf_apdu_fetch_step, and again until it says
 * done; then f->rsp is the response as if it had come in one piece.
 *
 * 61xx   what came is kept and GET RESPONSE asks for xx more, on the same logical
 *        channel, without secure messaging
 * 6Cxx   the command is sent once more with Le = xx, if it asked for data at all
 *
 * It ends: a GET RESPONSE that brings nothing new is YF_E_FORMAT, all data must
 * fit the caller's memory (YF_E_ROOM), and a 6Cxx to a second try, or with data, is
 * final.
 */
struct yf_apdu_fetch {
    yf_apdu_cmd cmd;
    yf_apdu_rsp rsp;
    yf_out body;   // data so far, in the caller's memory
    bool retried;  // cmd already is the second try
    bool fetching; // cmd is a GET RESPONSE
};

/* Data collects in mem; cmd's own data must outlive the exchange. */
YF_API void yf_apdu_fetch_init(struct yf_apdu_fetch *f, const yf_apdu_cmd *cmd, uint8_t *mem,
                               size_t cap);

/* got may already lie where the body is to grow. */
YF_MUST YF_API yf_err yf_apdu_fetch_step(struct yf_apdu_fetch *f, const yf_apdu_rsp *got,
                                         bool *done);

#ifdef __cplusplus
}
#endif

#endif
