/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates, lists and signed messages between us and the openssl program: it reads
 * and verifies ours, we read and verify what its req, x509, ca and cms make.
 */
#include "pki.h"
#include "t.h"

#include <yufu/crypto/chain.h>
#include <yufu/crypto/host.h>
#include <yufu/crypto/hostcert.h>
#include <yufu/crypto/oids.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char dir[] = "/tmp/yufu-x509-XXXXXX";

/* ---- files and commands, in a folder of our own ---- */

static void
save(const char *name, yf_span bytes)
{
    FILE *f = fopen(name, "wb");

    T(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
    T(fclose(f) == 0);
}

static void
save_text(const char *name, const char *text)
{
    save(name, (yf_span){ (const uint8_t *)text, strlen(text) });
}

static yf_span
load(const char *name)
{
    FILE *f = fopen(name, "rb");
    struct stat s;

    if (!f || fstat(fileno(f), &s))
        fail_msg("cannot open '%s'", name);
    uint8_t *p = pki_take((size_t)s.st_size);
    T(fread(p, 1, (size_t)s.st_size, f) == (size_t)s.st_size);
    fclose(f);
    return (yf_span){ p, (size_t)s.st_size };
}

static int
shell(const char *command)
{
    int status = system(command); // NOLINT(cert-env33-c): the openssl program is the peer

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The exit status; what it says goes to the file "said". */
static int
run(const char *format, ...)
{
    char command[2000], whole[2100];
    va_list ap;

    va_start(ap, format);
    T(vsnprintf(command, sizeof command, format, ap) < (int)sizeof command);
    va_end(ap);
    snprintf(whole, sizeof whole, "{ %s; } >said 2>&1 </dev/null", command);
    return shell(whole);
}

static bool
says(const char *text)
{
    yf_span s = load("said");

    return memmem(s.p, s.n, text, strlen(text)) != NULL;
}

#define MUST_RUN(...)                                                                              \
    do {                                                                                           \
        if (run(__VA_ARGS__) != 0) {                                                               \
            yf_span s = load("said");                                                              \
            fail_msg("%.*s", (int)s.n, (const char *)s.p);                                         \
        }                                                                                          \
    } while (0)

static int
fresh_pool(void **st)
{
    (void)st;
    pki_reset();
    return 0;
}

/* ---- ours, read and verified by openssl ---- */

/* Save a certificate as NAME.der and NAME.pem. */
static void
publish(const char *name, const yf_cert *c)
{
    char file[40];

    snprintf(file, sizeof file, "%s.der", name);
    save(file, c->raw);
    MUST_RUN("openssl x509 -inform DER -in %s.der -out %s.pem", name, name);
}

/* root, middle and leaf, and a list of each authority. */
static void
make_ours(struct pki_key k[3])
{
    yf_cert root = pki_issue(pki_ca("root", &k[0]), NULL, &k[0]);
    yf_cert middle = pki_issue(pki_ca("middle", &k[1]), &root, &k[0]);
    yf_cert leaf = pki_issue(pki_leaf("leaf", &k[2]), &middle, &k[1]);
    yf_cert gone = pki_issue(pki_leaf("gone", &k[2]), &middle, &k[1]);
    yf_cert short_leaf = pki_issue(pki_leaf("leaf", &k[2]), &root, &k[0]);

    publish("root", &root);
    publish("middle", &middle);
    publish("leaf", &leaf);
    publish("gone", &gone);
    publish("short", &short_leaf);
    save("root.crl", pki_publish(pki_crl(&root, NULL, 0), &k[0]).raw);
    save("middle.crl", pki_publish(pki_crl(&middle, &gone.serial, 1), &k[1]).raw);
    MUST_RUN("for c in root middle; do openssl crl -inform DER -in $c.crl; done && "
             "for c in root middle; do openssl crl -inform DER -in $c.crl -out $c-crl.pem; done && "
             "cat root-crl.pem middle-crl.pem >crls.pem");
}

static void
texts_are_read(const char *algorithm)
{
    MUST_RUN("openssl x509 -inform DER -in middle.der -noout -text");
    T(says("Version: 3 (0x2)") && says(algorithm));
    T(says("Issuer: C = UT, O = Utopia, CN = root") &&
      says("Subject: C = UT, O = Utopia, CN = middle"));
    T(says("CA:TRUE") && says("Certificate Sign, CRL Sign"));
    T(says("X509v3 Subject Key Identifier") && says("X509v3 Authority Key Identifier"));
    MUST_RUN("openssl crl -inform DER -in middle.crl -noout -text");
    T(says("Version 2 (0x1)") && says(algorithm) && says("X509v3 CRL Number"));
    T(says("Revoked Certificates:") && says("Serial Number: 10"));
    MUST_RUN("openssl asn1parse -inform DER -in leaf.der");
}

static const struct {
    const yf_curve *curve;
    bool explicit_params;
    enum yf_sig_kind kind;
    const char *says;
    bool verifies; // a path of three, by openssl verify
} ours[] = {
    { &yf_curve_p256, false, 0, "ecdsa-with-SHA256", true },
    { &yf_curve_bp384r1, false, 0, "ecdsa-with-SHA384", true },
    { NULL, false, YF_SIG_RSA_PKCS1, "sha256WithRSAEncryption", true },
    { NULL, false, YF_SIG_RSA_PSS, "rsassaPss", true },
    { &yf_curve_bp256r1, true, 0, "ecdsa-with-SHA256", false }, // error 94: explicit parameters
    { &yf_curve_sm2, false, 0, "SM2-with-SM3", false },         // no id beyond the leaf
};

static void
openssl_reads_and_verifies_ours(void **st)
{
    char verify[100];
    (void)st;

    snprintf(verify, sizeof verify, "openssl verify -x509_strict -attime %d -CAfile root.pem",
             PKI_NOW);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        struct pki_key k[3];
        for (size_t n = 0; n < 3; n++)
            if (ours[i].curve)
                pki_ec(&k[n], ours[i].curve, ours[i].explicit_params);
            else
                pki_rsa(&k[n], ours[i].kind);
        make_ours(k);
        texts_are_read(ours[i].says);
        if (ours[i].verifies) {
            MUST_RUN("%s -untrusted middle.pem leaf.pem", verify);
            MUST_RUN("%s -crl_check_all -CRLfile crls.pem -untrusted middle.pem leaf.pem", verify);
            T(run("%s -crl_check_all -CRLfile crls.pem -untrusted middle.pem gone.pem", verify) !=
              0);
            T(says("certificate revoked"));
        } else {
            T(run("%s -untrusted middle.pem leaf.pem", verify) != 0);
        }
        for (size_t n = 0; n < 3; n++)
            pki_drop(&k[n]);
        pki_reset();
    }
    // the last was SM2: of a path of two, openssl can be told the id
    MUST_RUN("%s -vfyopt distid:1234567812345678 short.pem", verify);
    T(run("%s -vfyopt distid:somebody short.pem", verify) != 0);
}

/* ---- theirs, verified by us ---- */

static const char config[] = "[req]\n"
                             "distinguished_name = dn\n"
                             "[dn]\n"
                             "[authority]\n"
                             "basicConstraints = critical, CA:TRUE\n"
                             "keyUsage = critical, keyCertSign, cRLSign\n"
                             "subjectKeyIdentifier = hash\n"
                             "authorityKeyIdentifier = keyid, issuer\n"
                             "[leaf]\n"
                             "basicConstraints = CA:FALSE\n"
                             "keyUsage = critical, digitalSignature\n"
                             "subjectKeyIdentifier = hash\n"
                             "authorityKeyIdentifier = keyid, issuer:always\n"
                             "subjectAltName = email:leaf@utopia.example\n"
                             "[lists]\n"
                             "authorityKeyIdentifier = keyid\n"
                             "[ca]\n"
                             "default_ca = office\n"
                             "[office]\n"
                             "database = index.txt\n"
                             "serial = serial\n"
                             "crlnumber = crlnumber\n"
                             "new_certs_dir = .\n"
                             "default_md = sha256\n"
                             "default_days = 100\n"
                             "default_crl_days = 10\n"
                             "unique_subject = no\n"
                             "copy_extensions = none\n"
                             "crl_extensions = lists\n"
                             "policy = any\n"
                             "[any]\n"
                             "commonName = supplied\n"
                             "countryName = optional\n";

/* How openssl makes a key, and what it must be told to sign with it. */
struct theirs {
    const char *genkey, *sign;
    bool cms; // its cms can sign with it
};

static const struct theirs theirs[] = {
    { "ecparam -name prime256v1 -genkey -noout", "-sha256", true },
    { "ecparam -name brainpoolP256r1 -genkey -noout -param_enc explicit", "-sha256", true },
    { "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", "-sha384", true },
    { "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048",
      "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1", true },
    { "ecparam -name SM2 -genkey -noout", "-sm3 -sigopt distid:1234567812345678", false },
};

/* root by req, middle by ca, leaf by x509, and both authorities' lists by ca. */
static void
make_theirs(const struct theirs *t, const char *vfy)
{
    save_text("cnf", config);
    save_text("index.txt", "");
    save_text("serial", "1000\n");
    save_text("crlnumber", "01\n");
    MUST_RUN("for k in root middle leaf; do openssl %s -out $k.key || exit 1; done", t->genkey);
    MUST_RUN("openssl req -new -x509 -config cnf -extensions authority -key root.key %s "
             "-subj '/C=UT/CN=root' -days 1000 -out root.pem",
             t->sign);
    MUST_RUN("for k in middle leaf; do openssl req -new -config cnf -key $k.key %s "
             "-subj /C=UT/CN=$k -out $k.csr || exit 1; done",
             t->sign);
    const char *md = t->sign, *opts = strchr(md, ' ');
    int n = opts ? (int)(opts - md) : (int)strlen(md);
    MUST_RUN("openssl ca -batch -notext -config cnf -extensions authority -cert root.pem "
             "-keyfile root.key -md %.*s %s %s -in middle.csr -out middle.pem",
             n - 1, md + 1, opts ? opts : "", vfy);
    MUST_RUN("openssl x509 -req -extfile cnf -extensions leaf -CA middle.pem -CAkey middle.key "
             "-CAcreateserial %s %s -days 50 -in leaf.csr -out leaf.pem",
             t->sign, vfy);
    MUST_RUN("openssl ca -gencrl -config cnf -cert root.pem -keyfile root.key -md %.*s %s "
             "-out root-crl.pem && "
             "openssl ca -config cnf -cert middle.pem -keyfile middle.key -revoke leaf.pem && "
             "openssl ca -gencrl -config cnf -cert middle.pem -keyfile middle.key -md %.*s %s "
             "-out middle-crl.pem",
             n - 1, md + 1, opts ? opts : "", n - 1, md + 1, opts ? opts : "");
    MUST_RUN(
        "for c in root middle leaf; do openssl x509 -in $c.pem -outform DER -out $c.der; done && "
        "for c in root middle; do openssl crl -in $c-crl.pem -outform DER -out $c.crl; done");
}

static void
cert(const char *name, yf_cert *c)
{
    yf_err e = yf_cert_read(load(name), c);

    if (e)
        fail_msg("%s: %s", name, yf_err_name(e));
}

static void
we_verify_theirs(const struct theirs *t)
{
    yf_cert root, middle, leaf;
    struct yf_chain_result r;
    yf_crl lists[2];
    yf_attr a;

    cert("root.der", &root);
    cert("middle.der", &middle);
    cert("leaf.der", &leaf);
    T_OK(yf_crl_read(load("root.crl"), &lists[0]));
    T_OK(yf_crl_read(load("middle.crl"), &lists[1]));
    T(root.ca && middle.ca && !leaf.ca && leaf.key_usage == YF_KU_SIGN);
    T_OK(yf_name_find(leaf.subject, yf_oid_bytes(YF_OID_CN), &a));
    T_SPAN(a.value, YF_STR("leaf"));
    T_SPAN(leaf.aki_serial, middle.serial);
    T(leaf.key.explicit_params == (strstr(t->genkey, "explicit") != NULL));

    struct yf_chain c = { .provider = &yf_provider_host,
                          .leaf = &leaf,
                          .others = &middle,
                          .n_others = 1,
                          .anchors = &root,
                          .n_anchors = 1,
                          .now = time(NULL) };
    yf_err e = yf_chain_verify(&c, &r);
    if (e)
        fail_msg("%s: %s", t->genkey, yf_chain_reason_name(r.reason));
    T(r.n == 3);
    c.crls = lists;
    c.n_crls = 1;
    T_OK(yf_chain_verify(&c, &r));
    c.n_crls = 2;
    T_ERR(YF_E_DENIED, yf_chain_verify(&c, &r));
    T(r.reason == YF_CHAIN_REVOKED && r.at == &leaf);
    c.n_crls = 0;
    c.now += 60 * PKI_DAY;
    T_ERR(YF_E_DENIED, yf_chain_verify(&c, &r));
    T(r.reason == YF_CHAIN_EXPIRED && r.at == &leaf);
}

/* A message signed by the leaf: verified by its key, and the leaf by our chain. */
static void
we_verify_their_message(const char *options, bool detached)
{
    yf_span content = YF_STR("eighteen sheep, two wolves\n"), lie = YF_STR("two sheep\n");
    struct yf_cms_signed r;
    yf_cms m;

    save("content", content);
    MUST_RUN("openssl cms -sign -binary -in content -signer leaf.pem -inkey leaf.key -md sha256 "
             "-outform DER -out message.der %s %s",
             options, detached ? "" : "-nodetach");
    T_OK(yf_cms_open(&m, load("message.der")));
    if (detached) {
        T_ERR(YF_E_AUTH, yf_cms_verify(&m, NULL, 0, &lie, &r));
        yf_cms_close(&m);
        T_OK(yf_cms_open(&m, load("message.der")));
    }
    T_OK(yf_cms_verify(&m, NULL, 0, detached ? &content : NULL, &r));
    T_SPAN(r.content, content);
    T_SPAN(r.signer, load("leaf.der"));
    T(r.has_time == (strstr(options, "-noattr") == NULL));
    T(!r.has_time || (r.time <= time(NULL) && r.time > time(NULL) - 3600));
    yf_cms_close(&m);
}

static void
we_read_and_verify_theirs(void **st)
{
    (void)st;
    for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
        make_theirs(&theirs[i], theirs[i].cms ? "" : "-vfyopt distid:1234567812345678");
        we_verify_theirs(&theirs[i]);
        if (theirs[i].cms) {
            we_verify_their_message("", false);
            we_verify_their_message("", true);
            we_verify_their_message("-noattr", false);
            if (strstr(theirs[i].sign, "pss"))
                we_verify_their_message("-keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:-1",
                                        false);
        }
        pki_reset();
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(openssl_reads_and_verifies_ours, fresh_pool),
        cmocka_unit_test_setup(we_read_and_verify_theirs, fresh_pool),
    };
    char clean[100];

    if (shell("openssl version >/dev/null 2>&1") != 0)
        T_SKIP_ALL("no openssl program");
    if (!mkdtemp(dir) || chdir(dir))
        T_SKIP_ALL("no temporary folder");
    cmocka_set_message_output(CM_OUTPUT_TAP);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(clean, sizeof clean, "rm -rf '%s'", dir);
    if (shell(clean) != 0)
        failed++;
    return failed;
}
