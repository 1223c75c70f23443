/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offer - a card says only of itself what its provider has: files that name protocols and
 * keys are read when they are stored, and refused if they promise more.
 *
 * Each answers 9000, 6A80 for what cannot be read, 9484 for what cannot be done.
 */
#ifndef YUFU_CARD_APPLET_OFFER_H
#define YUFU_CARD_APPLET_OFFER_H

#include <yufu/card/applet.h>
#include <yufu/proto/secinfo.h>

/* All of a set of SecurityInfos; `kinds` is a set of 1u << YF_SECINFO_..., what may be among them.
 */
yf_sw offer_secinfos(const yf_provider *p, yf_span set, unsigned kinds);

/* The SubjectPublicKeyInfo of an Active Authentication key. */
yf_sw offer_aa_key(const yf_provider *p, yf_span spki);

#endif
