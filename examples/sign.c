/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Make an SM2 key, sign a message, verify it, and see a changed one refused.
 *
 *     cc sign.c $(pkg-config --cflags --libs yufu) -o sign && ./sign
 */
#include <yufu/crypto/host.h>
#include <yufu/crypto/sm2.h>

#include <stdio.h>

static void
show(const char *what, yf_err e)
{
    printf("%s: %s (%s)\n", what, e ? "refused" : "accepted", yf_err_name(e));
}

static yf_err
sign_and_verify(const yf_sm2 *sm2)
{
    uint8_t d[YF_SM2_SIZE], pub[YF_SM2_POINT], sig[YF_SM2_SIG];
    yf_span msg = YF_STR("pay to the bearer"), other = YF_STR("pay to the barber");
    yf_err e;

    if ((e = yf_ec_keygen(&sm2->group, &yf_rng_system, d, pub)))
        goto out;
    if ((e = yf_sm2_sign(sm2, d, YF_SM2_DEFAULT_ID, msg, &yf_rng_system, sig)))
        goto out;
    e = yf_sm2_verify(sm2, YF_SPAN(pub), YF_SM2_DEFAULT_ID, msg, YF_SPAN(sig));
    show("the message", e);
    if (!e)
        show("another one",
             yf_sm2_verify(sm2, YF_SPAN(pub), YF_SM2_DEFAULT_ID, other, YF_SPAN(sig)));
out:
    yf_wipe(d, sizeof d);
    return e;
}

int
main(void)
{
    yf_sm2 sm2;
    yf_err e = yf_sm2_open(&sm2, &yf_provider_host);

    if (!e)
        e = sign_and_verify(&sm2);
    yf_sm2_close(&sm2);
    if (e)
        fprintf(stderr, "sign: %s\n", yf_err_name(e));
    return e != YF_OK;
}
