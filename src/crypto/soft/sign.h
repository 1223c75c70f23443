/* SPDX-License-Identifier: Apache-2.0 */
/* sign - the signature primitives of yf_group_ops, see there. */
#ifndef YUFU_CRYPTO_SOFT_SIGN_H
#define YUFU_CRYPTO_SOFT_SIGN_H

#include <yufu/crypto/group.h>

YF_MUST yf_err yf_soft_ecdsa_sign(const yf_group *g, const uint8_t *d, yf_span digest,
                                  const yf_nonce *nonce, uint8_t *sig);
YF_MUST yf_err yf_soft_ecdsa_verify(const yf_group *g, yf_span pub, yf_span digest,
                                    const uint8_t *sig);
YF_MUST yf_err yf_soft_sm2_sign(const yf_group *g, const uint8_t *d, yf_span e,
                                const yf_nonce *nonce, uint8_t *sig);
YF_MUST yf_err yf_soft_sm2_verify(const yf_group *g, yf_span pub, yf_span e, const uint8_t *sig);

#endif
