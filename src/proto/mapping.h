/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapping - from PACE's nonce to a generator of the group that only those know who know the
 * nonce (Doc 9303-11 4.4.3.3). Nonces, private keys and the generator r (yf_point_size bytes)
 * are secret; peer and t are not.
 */
#ifndef YUFU_PROTO_MAPPING_H
#define YUFU_PROTO_MAPPING_H

#include <yufu/crypto/cipher.h>
#include <yufu/crypto/group.h>

/* r = s G + d peer; YF_E_FORMAT for a point that is none. */
yf_err yf_mapping_generic(const yf_group *g, yf_span s, const uint8_t *d, yf_span peer, uint8_t *r);

/*
 * r = f(R(s, t)): t is a key of the cipher, s one or two blocks of 16 bytes, no shorter than the
 * key. The curve's prime is 3 modulo 4.
 */
yf_err yf_mapping_integrated(const yf_group *g, const struct yf_cipher_alg *cipher, yf_span s,
                             yf_span t, uint8_t *r);

#endif
