/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oids - the arcs under which the protocols of travel documents are named: bsi-de's smart
 * card protocols (9303-11 9.2) and our own (docs/formats.md).
 */
#ifndef YUFU_PROTO_OIDS_H
#define YUFU_PROTO_OIDS_H

#include <yufu/base.h>

/* bsi-de: 0.4.0.127.0.7; its protocols(2) smartcard(2), and algorithms(1) 2 */
#define BSI_SMARTCARD "\x04\x00\x7F\x00\x07\x02\x02"
#define BSI_STANDARDISED "\x04\x00\x7F\x00\x07\x01\x02"
#define BSI_PK BSI_SMARTCARD "\x01"
#define BSI_TA BSI_SMARTCARD "\x02"
#define BSI_CA BSI_SMARTCARD "\x03"
#define BSI_PACE BSI_SMARTCARD "\x04"

/* 2.25.147690225731511124899858037419221010005, and under it the SM profile */
#define YUFU_ARC "\x69\x81\xDE\x9C\x8D\x94\xD3\xB0\xF2\xB5\xAF\x8A\x9E\x8B\xEF\xE5\xCA\xD5\x8C\x55"
#define YUFU_PACE YUFU_ARC "\x01\x01"
#define YUFU_CA YUFU_ARC "\x01\x02"

#define OID(literal)                                                                               \
    {                                                                                              \
        (const uint8_t *)(literal), sizeof(literal) - 1                                            \
    }

#endif
