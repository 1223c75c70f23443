/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secinfo - SecurityInfos, Doc 9303-11 9.2: what a chip says of the protocols it has, in
 * EF.CardAccess, in EF.DG14 (within '6E') and, signed, in EF.CardSecurity.
 *
 *     SecurityInfos ::= SET OF SecurityInfo
 *     SecurityInfo  ::= SEQUENCE { protocol OBJECT IDENTIFIER, required ANY, optional ANY OPTIONAL
 * }
 *
 * Read in place, in the order they stand, borrowing the input:
 *
 *     yf_cur c = yf_secinfos(file);
 *     while (yf_secinfo_next(&c, &info)) ...
 *     e = yf_cur_done(&c);
 *
 * Reading is as tolerant as tlv.h: lengths and integers may be longer than they need, the
 * set may be in any order. A protocol that is not known here is handed out as OTHER, for the
 * caller to pass over; a known one that is malformed fails the set, so that a chip cannot hide
 * a protocol by breaking its entry. Writing is DER. Hash what was read, not what would be written.
 *
 * Nothing here is secret.
 */
#ifndef YUFU_PROTO_SECINFO_H
#define YUFU_PROTO_SECINFO_H

#include <yufu/crypto/curve.h>
#include <yufu/wire/der.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_secinfo_kind {
    YF_SECINFO_OTHER,       // among them EFDIRInfo and all of DH's domain parameters
    YF_SECINFO_PACE,        // PACEInfo: version 2, id names the domain parameters
    YF_SECINFO_PACE_DOMAIN, // PACEDomainParameterInfo: detail is an AlgorithmIdentifier
    YF_SECINFO_CA,          // ChipAuthenticationInfo: version 1, id names the key
    YF_SECINFO_CA_KEY,      // ChipAuthenticationPublicKeyInfo: detail is a SubjectPublicKeyInfo
    YF_SECINFO_AA,          // ActiveAuthenticationInfo: version 1, detail is the signature's OID
    YF_SECINFO_TA,          // TerminalAuthenticationInfo: version 1 or 2
};

struct yf_secinfo {
    enum yf_secinfo_kind kind;
    yf_span raw;      // the whole SEQUENCE as it was read; all there is of OTHER
    yf_span protocol; // contents octets
    int32_t version;  // not judged; 0 where the kind has none
    int32_t id;       // parameterId or keyId; -1: not said
    yf_span detail;   // PACE_DOMAIN, CA_KEY: the whole object; AA: contents octets
};

/* A cursor over the set; one that failed if `in` is not exactly one SET (padding may follow). */
YF_API yf_cur yf_secinfos(yf_span in);

/* The next one; false at the end and after a failure. */
YF_API bool yf_secinfo_next(yf_cur *c, struct yf_secinfo *info);

/*
 * The key of a CA_KEY: a curve we know, named, written out or standardised (9.5), and the point,
 * not yet checked. YF_E_UNSUPPORTED for DH and other curves, YF_E_FORMAT for another kind.
 */
YF_MUST YF_API yf_err yf_secinfo_key(const struct yf_secinfo *info, const yf_curve **curve,
                                     yf_span *point);

/*
 * Append one, by its kind, protocol, version, id and detail; of OTHER, raw. They stand in a
 * SET OF: mark = yf_der_open(o, YF_DER_SET), ..., yf_der_close_set(o, mark).
 */
YF_API void yf_secinfo_put(yf_out *o, const struct yf_secinfo *info);

/* Append a CA_KEY for a point, its curve written out as 9.5.2 wants; id -1: none. */
YF_API void yf_secinfo_put_key(yf_out *o, const yf_curve *curve, yf_span point, int32_t id);

#ifdef __cplusplus
}
#endif

#endif
