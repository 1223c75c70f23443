/* SPDX-License-Identifier: Apache-2.0 */
/*
 * specimen - a travel document of nobody, to try things with: a person of Utopia, keys
 * of its own, a grey rectangle for a face. Nobody signed it: it has neither EF.SOD nor
 * EF.CardSecurity, and no inspection can find it genuine.
 *
 *     yf_specimen_draw(&s, YF_SPECIMEN_INTL, provider, rng);
 *     yf_perso_start(&p, &transport, provider, rng);
 *     yf_specimen_issue(&s, &p, &transport_keys, &own_keys);
 */
#ifndef YUFU_ISSUER_SPECIMEN_H
#define YUFU_ISSUER_SPECIMEN_H

#include <yufu/crypto/key.h>
#include <yufu/issuer/perso.h>
#include <yufu/proto/pace.h>
#include <yufu/wire/mrz.h>

#ifdef __cplusplus
extern "C" {
#endif

enum yf_specimen_profile {
    YF_SPECIMEN_INTL, // PACE-GM, chip and active authentication on P-256, AES-128; BAC
    YF_SPECIMEN_SM,   // the same on SM2 with SM3 and SM4, and no BAC
};

enum { YF_SPECIMEN_FACE = 16384 }; // bytes of the picture

/* Placed by its owner; holds the chip's keys until yf_wipe. */
struct yf_specimen {
    enum yf_specimen_profile profile;
    struct yf_mrz mrz;
    char text[YF_MRZ_MAX + 1];         // the machine readable zone, line after line
    char mrz_info[YF_MRZ_BAC_MAX + 1]; // password of PACE and BAC
    char can[7];                       // six digits, the other one
    struct yf_pace_suite pace;
    yf_key chip, active;
};

/* A document number, a CAN and keys by chance; name and dates are always the same. */
YF_MUST YF_API yf_err yf_specimen_draw(struct yf_specimen *s, enum yf_specimen_profile profile,
                                       const yf_provider *p, const yf_rng *rng);

/*
 * From the stage the card is in to its holder's hands (YF_STAGE_ACTIVE), through every
 * owner: the chip maker with `transport`, all others with `own`, each under a key version
 * of his own. A card that was left on the way is gone on with. Errors as in perso.h;
 * YF_E_DENIED also for one past that stage. The channel is closed at the end.
 */
YF_MUST YF_API yf_err yf_specimen_issue(const struct yf_specimen *s, struct yf_perso *p,
                                        const struct yf_scp03_keys *transport,
                                        const struct yf_scp03_keys *own);

#ifdef __cplusplus
}
#endif

#endif
