/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyfile - keys as they lie in files: PEM or DER, in the clear or under a password
 * (hosted). Reading and writing the file itself is file.h's.
 *
 * Read are the contents that OpenSSL and GmSSL write: PKCS#8, SEC 1 and
 * SubjectPublicKeyInfo (key.h), and PKCS#8 encrypted by PBES2 (RFC 8018) with
 * PBKDF2 or scrypt and AES or SM4 in CBC mode. In a PEM text the first block that
 * is a key counts; what stands before it (text, EC PARAMETERS) does not.
 *
 * Errors say what a caller can do, and `why` what a person wants to know: one short
 * line, a constant, set only on failure.
 *
 *   YF_E_FORMAT       not a key, or a damaged or truncated one
 *   YF_E_NOTFOUND     a key, but of the other half: public where private is asked for
 *   YF_E_AUTH         the password is wrong, or private and public do not belong together
 *   YF_E_DENIED       a password is needed and there is none
 *   YF_E_UNSUPPORTED  another algorithm, curve or encryption
 */
#ifndef YUFU_CRYPTO_KEYFILE_H
#define YUFU_CRYPTO_KEYFILE_H

#include <yufu/crypto/key.h>

#ifdef __cplusplus
extern "C" {
#endif

/* No key file we read or write is larger, in bytes. */
enum { YF_KEYFILE_MAX = 16384 };

/* Where a password comes from: asked once, and only if one is needed. */
typedef struct yf_pass {
    yf_err (*ask)(void *state, yf_span *pass); // the span stays the asked one's
    void *state;
} yf_pass;

/* pass may be NULL: there is none. */
YF_MUST YF_API yf_err yf_keyfile_read_private(const struct yf_provider *p, yf_span file,
                                              const yf_pass *pass, yf_key *k, const char **why);
YF_MUST YF_API yf_err yf_keyfile_read_public(const struct yf_provider *p, yf_span file, yf_key *k,
                                             const char **why);

/* How a private key is locked when it is written. */
enum yf_lock_kind {
    YF_LOCK_PBKDF2, // PBKDF2 with HMAC-SHA256, AES-256-CBC
    YF_LOCK_SCRYPT, // scrypt, AES-256-CBC
    YF_LOCK_SM,     // PBKDF2 with HMAC-SM3, SM4-CBC, as GmSSL has it
};

struct yf_lock {
    enum yf_lock_kind kind;
    uint32_t cost; // PBKDF2: iterations; scrypt: N; 0: 600000, 16384, and 65536 for SM
    yf_span pass;
    const yf_rng *rng; // for salt and IV
};

/*
 * The key as PEM, appended to o: "PRIVATE KEY", or with a lock "ENCRYPTED PRIVATE
 * KEY"; "PUBLIC KEY". Save a private one with yf_file_save(path, 0600, ...) and
 * wipe the memory after.
 */
YF_MUST YF_API yf_err yf_keyfile_write_private(const struct yf_provider *p, const yf_key *k,
                                               const struct yf_lock *lock, yf_out *o);
YF_API void yf_keyfile_write_public(const yf_key *k, yf_out *o);

#ifdef __cplusplus
}
#endif

#endif
