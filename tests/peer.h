/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer - OpenSSL's SM2 as its users meet it: points, identities, DER. What it will
 * not have is a NULL key or false; its error queue is left empty.
 */
#ifndef YUFU_TESTS_PEER_H
#define YUFU_TESTS_PEER_H

#include <yufu/crypto/sm2.h>

#include <openssl/evp.h>

/* The caller frees them. pub is the uncompressed point of d, as a key file would have it. */
EVP_PKEY *peer_public(yf_span point);
EVP_PKEY *peer_private(const uint8_t d[32], const uint8_t pub[YF_SM2_POINT]);

/* der holds cap bytes; *n is what was written. */
bool peer_sign(EVP_PKEY *key, yf_span id, yf_span msg, uint8_t *der, size_t cap, size_t *n);
bool peer_verify(EVP_PKEY *key, yf_span id, yf_span msg, yf_span der);
bool peer_verify_digest(EVP_PKEY *key, yf_span e, yf_span der);
bool peer_encrypt(EVP_PKEY *key, yf_span msg, uint8_t *der, size_t cap, size_t *n);
bool peer_decrypt(EVP_PKEY *key, yf_span der, uint8_t *msg, size_t cap, size_t *n);

#endif
