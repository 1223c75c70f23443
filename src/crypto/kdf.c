/* SPDX-License-Identifier: Apache-2.0 */
#include <yufu/crypto/kdf.h>
#include <yufu/crypto/provider.h>

#include <string.h>

yf_err
yf_kdf_x963(const struct yf_hash_alg *hash, yf_span z, yf_span info, uint8_t *out, size_t n)
{
    uint8_t md[YF_HASH_MAX], counter[4];
    yf_err e = hash ? YF_OK : YF_E_UNSUPPORTED;

    for (uint32_t i = 1; !e && n; i++) {
        size_t take = n < hash->size ? n : hash->size;
        yf_put_be32(counter, i);
        if (i == 0) { // more than 2^32 - 1 digests
            e = YF_E_ROOM;
            break;
        }
        if ((e = yf_hash_all(hash, (yf_span[]){ z, YF_SPAN(counter), info }, 3, md)))
            break;
        memcpy(out, md, take);
        out += take;
        n -= take;
    }
    yf_wipe(md, sizeof md);
    return e;
}

/* DES keys have odd parity in each byte (9303-11 9.7.1.1). */
static void
odd_parity(uint8_t *key, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t b = key[i] & 0xFE, ones = b;
        ones ^= (uint8_t)(ones >> 4);
        ones ^= (uint8_t)(ones >> 2);
        ones ^= (uint8_t)(ones >> 1);
        key[i] = (uint8_t)(b | (~ones & 1));
    }
}

static const struct {
    bool used;
    enum yf_hash_id hash;
    uint8_t size;
} icao[YF_CIPHERS] = {
    [YF_DES3_2KEY] = { true, YF_SHA1, 16 }, [YF_AES128] = { true, YF_SHA1, 16 },
    [YF_AES192] = { true, YF_SHA256, 24 },  [YF_AES256] = { true, YF_SHA256, 32 },
    [YF_SM4] = { true, YF_SM3, 16 }, // ours: docs/formats.md
};

yf_err
yf_kdf_icao(const struct yf_provider *p, enum yf_cipher_id cipher, yf_span secret,
            enum yf_icao_use use, uint8_t *key)
{
    uint8_t md[YF_HASH_MAX], counter[4];

    if ((unsigned)cipher >= YF_CIPHERS || !icao[cipher].used)
        return YF_E_UNSUPPORTED;
    yf_put_be32(counter, use);
    yf_err e =
        yf_hash_all(p->hash[icao[cipher].hash], (yf_span[]){ secret, YF_SPAN(counter) }, 2, md);
    if (!e) {
        memcpy(key, md, icao[cipher].size);
        if (cipher == YF_DES3_2KEY)
            odd_parity(key, 16);
    }
    yf_wipe(md, sizeof md);
    return e;
}
