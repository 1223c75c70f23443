/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session - a terminal's side of a travel document: choose, read, and the protocols of
 * Doc 9303-11 over a transport that somebody else opened.
 *
 *     yf_session_begin(&s, &card, provider, rng);
 *     yf_session_pace(&s, &suite, YF_PACE_CAN, can)       or select_aid and bac
 *     yf_session_select_aid(&s, YF_SESSION_LDS1)
 *     yf_session_read_file(&s, 0x0101, &dg1)
 *     yf_session_end(&s)
 *
 * A struct yf_session is placed by its owner and is large: not for a stack. It does no I/O
 * but through the transport. From the moment a protocol agreed on keys, everything goes
 * under secure messaging, and never again in clear.
 *
 * Three kinds of failure, told apart:
 *
 *   YF_E_DENIED   the card said no, in s->sw; under secure messaging that is authentic. The
 *                 session goes on.
 *   YF_E_AUTH     what came is not from whom it should be: a MAC, a token or a password is
 *                 wrong. The session is over.
 *   others        the way to the card failed (YF_E_IO), or its answer breaks its format
 *                 (YF_E_FORMAT, YF_E_SHORT). The session is over, unless said otherwise.
 *
 * A session that is over answers YF_E_STATE until it is begun again. It never falls back to
 * less: another password, another protocol or none is for its owner to decide, and to begin
 * anew.
 */
#ifndef YUFU_READER_SESSION_H
#define YUFU_READER_SESSION_H

#include <yufu/crypto/spki.h>
#include <yufu/proto/pace.h>
#include <yufu/wire/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    YF_SESSION_SHORT = 220,       // the most one READ BINARY brings in a short response, whatever
                                  // the messaging; what a session begins with
    YF_SESSION_CHUNK_MAX = 32768, // the most with extended length
    YF_SESSION_CMD = 1024,        // bytes of a command's data
};

struct yf_session {
    const yf_provider *provider;
    const yf_rng *rng;
    struct yf_transport card;
    struct yf_sm sm; // closed: in clear
    bool open;
    yf_sw sw;       // of the last response; in clear if it was no part of secure messaging
    uint16_t chunk; // bytes asked for at once; above YF_SESSION_SHORT with extended length
    uint8_t wrapped[YF_SESSION_CMD + YF_SM_OVERHEAD];
    uint8_t mem[YF_SESSION_CHUNK_MAX + YF_SESSION_CMD + 4 * YF_SM_OVERHEAD];
};

/* The application of travel documents, 9303-10 3.1. */
#define YF_SESSION_LDS1 YF_STR("\xA0\x00\x00\x02\x47\x10\x01")

/* In clear, with a card that was just reset. Everything is borrowed until the end. */
YF_API void yf_session_begin(struct yf_session *s, const struct yf_transport *card,
                             const yf_provider *p, const yf_rng *rng);
/* Wipes keys and all that was read. */
YF_API void yf_session_end(struct yf_session *s);

/* Bytes of a READ BINARY from now on: 1 to YF_SESSION_CHUNK_MAX, else YF_E_ROOM. */
YF_MUST YF_API yf_err yf_session_chunk(struct yf_session *s, size_t n);

/*
 * One command, wrapped where messaging is in force, and its response, whatever the status
 * word; rsp->data lies in s until the next call. YF_E_ROOM and the session goes on, if the
 * command does not fit.
 */
YF_MUST YF_API yf_err yf_session_send(struct yf_session *s, const yf_apdu_cmd *cmd,
                                      yf_apdu_rsp *rsp);
/* The same, and YF_E_DENIED for any status word but 9000. */
YF_MUST YF_API yf_err yf_session_ask(struct yf_session *s, const yf_apdu_cmd *cmd, yf_span *data);

/* ---- files: 9303-10 3.6, 7816-4 11.2, 11.3 ---- */

YF_MUST YF_API yf_err yf_session_select_mf(struct yf_session *s);
YF_MUST YF_API yf_err yf_session_select_aid(struct yf_session *s, yf_span aid);
YF_MUST YF_API yf_err yf_session_select_file(struct yf_session *s, uint16_t fid);

/*
 * Append a whole elementary file: one BER-TLV object, which says how long it is, without what
 * may stand behind it. Beyond 32 KB with the odd INS. YF_E_ROOM if it does not fit o, and
 * YF_E_FORMAT for a file that is no such object or ends too early: the session goes on, and o
 * is as it was.
 */
YF_MUST YF_API yf_err yf_session_read_file(struct yf_session *s, uint16_t fid, yf_out *o);
YF_MUST YF_API yf_err yf_session_read_sfi(struct yf_session *s, uint8_t sfi, yf_out *o);

/* ---- protocols ---- */

/*
 * With the application selected. mrz_info: yf_mrz_put_bac_info. Once begun, a refusal of
 * the card is YF_E_AUTH; YF_E_STATE where messaging is in force already.
 */
YF_MUST YF_API yf_err yf_session_bac(struct yf_session *s, yf_span mrz_info);

/* The same, with the master file selected. secret as in yf_pace_key. */
YF_MUST YF_API yf_err yf_session_pace(struct yf_session *s, const struct yf_pace_suite *suite,
                                      enum yf_pace_password kind, yf_span secret);

/*
 * Chip authentication: the card's point is from DG14. key_id -1: not said. That it succeeds
 * proves nothing yet; the next response that is authentic does. YF_E_STATE without
 * messaging; YF_E_FORMAT for a point that is none, and the session goes on.
 */
YF_MUST YF_API yf_err yf_session_ca(struct yf_session *s, enum yf_cipher_id cipher,
                                    const yf_curve *curve, yf_span chip, int32_t key_id);

/*
 * Active authentication with the key of DG15; hash as in yf_aa_verify. YF_E_AUTH is a chip
 * that does not have this key; as messaging is not concerned, the session goes on.
 */
YF_MUST YF_API yf_err yf_session_aa(struct yf_session *s, const yf_spki *key, enum yf_hash_id hash);

#ifdef __cplusplus
}
#endif

#endif
