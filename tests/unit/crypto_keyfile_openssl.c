/* SPDX-License-Identifier: Apache-2.0 */
/* Key files made by the openssl program on the spot, and ours read by it. */
#include "t.h"

#include <yufu/base/file.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/keyfile.h>

#include <unistd.h>

static const yf_provider *const host = &yf_provider_host;

static const struct {
    const char *openssl;
    const yf_curve *curve;
} curves[] = {
    { "SM2", &yf_curve_sm2 },
    { "P-521", &yf_curve_p521 },
    { "brainpoolP320r1", &yf_curve_bp320r1 },
};
enum { CURVES = sizeof curves / sizeof *curves };

static int
shell(const char *command)
{
    return system(command) == 0; // NOLINT(cert-env33-c): the test is about that program
}

static struct {
    uint8_t *p;
    size_t n;
} file;

static yf_span
load(const char *name)
{
    yf_file_free(file.p, file.n);
    T_OK(yf_file_read(name, YF_KEYFILE_MAX, &file.p, &file.n));
    return (yf_span){ file.p, file.n };
}

static void
save(const char *name, const yf_out *o)
{
    T_OK(o->err);
    T_OK(yf_file_save(name, 0600, yf_out_span(o)));
}

static yf_err
ask(void *state, yf_span *pass)
{
    (void)state;
    *pass = YF_STR("secret");
    return YF_OK;
}

static const yf_pass pass = { ask, NULL };

static yf_key
read_private(const char *name)
{
    const char *why = "";
    yf_key k;
    yf_err e = yf_keyfile_read_private(host, load(name), &pass, &k, &why);

    if (e)
        fail_msg("%s: %s, %s", name, yf_err_name(e), why);
    return k;
}

static yf_key
read_public(const char *name)
{
    const char *why = "";
    yf_key k;
    yf_err e = yf_keyfile_read_public(host, load(name), &k, &why);

    if (e)
        fail_msg("%s: %s, %s", name, yf_err_name(e), why);
    return k;
}

static void
make(size_t curve)
{
    char command[256];

    snprintf(command, sizeof command,
             "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:%s -out key.pem &&"
             " openssl pkey -in key.pem -pubout -out pub.pem",
             curves[curve].openssl);
    T(shell(command));
}

/* ---- theirs, read ---- */

static const struct {
    const char *command;
    unsigned form;
} forms[] = {
    { "openssl pkey -in key.pem -outform DER -out form", 0 }, // SEC 1, in spite of its name
    { "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out form", 0 },
    { "openssl ec -in key.pem -out form", 0 },
    { "openssl ec -in key.pem -no_public -out form", YF_KEY_LONE },
    { "openssl ec -in key.pem -conv_form compressed -out form", YF_KEY_COMPRESSED },
    { "openssl ec -in key.pem -param_enc explicit -out form", YF_KEY_EXPLICIT },
    { "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -out form", 0 },
    { "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -v2prf hmacWithSHA1 -outform DER"
      " -out form",
      0 },
    { "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -v2 aes-192-cbc -v2prf hmacWithSHA384"
      " -out form",
      0 },
    { "openssl pkcs8 -topk8 -in key.pem -passout pass:secret -scrypt -out form", 0 },
};

static void
reads_theirs(void **st)
{
    (void)st;
    for (size_t c = 0; c < CURVES; c++) {
        make(c);
        yf_key key = read_private("key.pem"), public = read_public("pub.pem");
        T(key.curve == curves[c].curve && key.form == 0 && public.form == 0);
        T_SPAN(yf_key_point(&key), yf_key_point(&public));
        for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
            char quiet[256];
            snprintf(quiet, sizeof quiet, "%s 2>/dev/null", forms[f].command);
            T(shell(quiet));
            yf_key k = read_private("form");
            if (k.form != forms[f].form || k.curve != key.curve)
                fail_msg("%s: %s, form %d", curves[c].openssl, forms[f].command, k.form);
            T_MEM(k.d, key.d, key.curve->size);
            T_SPAN(yf_key_point(&k), yf_key_point(&key));
        }
    }
}

/* ---- ours, read ---- */

static const struct {
    const char *what;
    struct yf_lock lock;
} locks[] = {
    { "PBKDF2", { YF_LOCK_PBKDF2, 1000, { (const uint8_t *)"secret", 6 }, &yf_rng_system } },
    { "scrypt", { YF_LOCK_SCRYPT, 0, { (const uint8_t *)"secret", 6 }, &yf_rng_system } },
};

/* Written again it is their file, and theirs again after a lock of ours. */
static void
ours_is_theirs(void **st)
{
    (void)st;
    for (size_t c = 0; c < CURVES; c++) {
        uint8_t mem[1024];
        yf_out o = yf_out_of(mem, sizeof mem);
        make(c);
        yf_key k = read_private("key.pem");
        T_OK(yf_keyfile_write_private(host, &k, NULL, &o));
        T_SPAN(yf_out_span(&o), load("key.pem"));
        o = yf_out_of(mem, sizeof mem);
        yf_keyfile_write_public(&k, &o);
        T_SPAN(yf_out_span(&o), load("pub.pem"));
        for (size_t i = 0; i < sizeof locks / sizeof *locks; i++) {
            o = yf_out_of(mem, sizeof mem);
            T_OK(yf_keyfile_write_private(host, &k, &locks[i].lock, &o));
            save("ours.pem", &o);
            if (!shell("openssl pkey -in ours.pem -passin pass:secret -out again.pem &&"
                       " cmp -s again.pem key.pem"))
                fail_msg("openssl does not read our %s", locks[i].what);
        }
    }
}

/* A folder of its own, gone at the end. */
static int
enter(void **st)
{
    static char dir[] = "/tmp/yufu-keyfile-XXXXXX";

    *st = dir;
    return !mkdtemp(dir) || chdir(dir) != 0;
}

static int
leave(void **st)
{
    yf_file_free(file.p, file.n);
    return !shell("rm -f key.pem pub.pem form ours.pem again.pem") || chdir("/") != 0 ||
           rmdir(*st) != 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_theirs),
                                        cmocka_unit_test(ours_is_theirs) };

    if (!shell("openssl version >/dev/null 2>&1"))
        T_SKIP_ALL("the program openssl is not installed");
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, enter, leave);
}
