/* SPDX-License-Identifier: Apache-2.0 */
#include "store_log.h"

/* The remainder that one bit of a byte leaves, if it is set. */
static inline uint32_t
left_by(uint32_t byte, unsigned bit, uint32_t remainder_of)
{
    return remainder_of & (0 - (byte >> bit & 1));
}

/*
 * CRC-32 of IEEE 802.3, reflected. What is summed may be a PIN or a key, and so nothing is looked
 * up by it.
 */
uint32_t
store_crc(uint32_t at, yf_span bytes)
{
    uint32_t c = ~at;

    for (size_t i = 0; i < bytes.n; i++) {
        uint32_t x = c ^ bytes.p[i];
        c = c >> 8 ^ left_by(x, 0, 0x77073096) ^ left_by(x, 1, 0xEE0E612C) ^
            left_by(x, 2, 0x076DC419) ^ left_by(x, 3, 0x0EDB8832) ^ left_by(x, 4, 0x1DB71064) ^
            left_by(x, 5, 0x3B6E20C8) ^ left_by(x, 6, 0x76DC4190) ^ left_by(x, 7, 0xEDB88320);
    }
    return ~c;
}

/* So that two changes of the same kind do not cancel: a CRC is linear. Any bijection mixes. */
uint32_t
store_hash(uint32_t crc)
{
    crc += 0x9E3779B9;
    crc ^= crc >> 16;
    crc *= 0x85EBCA6B;
    crc ^= crc >> 13;
    crc *= 0xC2B2AE35;
    return crc ^ crc >> 16;
}
