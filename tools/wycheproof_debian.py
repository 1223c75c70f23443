#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wycheproof_debian NSS BOTAN TO - the part of Wycheproof that Debian 12 carries, as our text.

NSS and BOTAN are the unpacked source packages nss and botan (`apt-get source`). TO, a
folder like tests/vectors, gets wycheproof_*.txt. NSS has some of Wycheproof's files
as they were and some as the C tables its tests are built from; Botan has one, of
ECDSA, as text. The tables say what NSS answers; where it takes what Wycheproof calls
legacy, we refuse.
"""
import re
import sys
import textwrap
from pathlib import Path

from edge.der import INTEGER, parse
from wycheproof import CURVES, SIZES, Records, aead, cbc, ecdh, mac, rsa, spki_point

COMMON = "nss/gtests/common"
VERSION = "Wycheproof 0.8r12"
NSS = "nss 2:3.87.1-1+deb12u4"
BOTAN = "botan 2.19.3+dfsg-1+deb12u1"


# ---- NSS: C tables ----


def constants(folder):
    """The keys of the RSA tables, which name each other's."""
    return {name: "".join(re.findall(r"0x(..)", v)) for path in folder.glob("rsa_signature*-vectors.h")
            for name, v in re.findall(r"(\w+)\{\s*(0x[^}]*)\};", path.read_text())}


def table(path, named={}):
    """(comment, list of values) of each entry of a table; bytes and strings are hex."""
    text = path.read_text()
    about, entry, value, depth = [], [], "", 0
    start = text.index("{", text.index("Vectors[] = {")) + 1
    for note, string, byte, word, mark in re.findall(r'//\s*([^\n]*)|("[^"]*")|0x(\w\w)|(\w+)|([{},])', text[start:]):
        about += [note] * bool(note)
        value += string[1:-1] + byte + named.get(word, word)
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            return
        if mark == "," and depth == 1 or mark == "}" and depth == 0:
            entry.append(value)
            value = ""
        if mark == "}" and depth == 0:
            yield " ".join(about), entry
            about, entry = [], []


def described(about):
    """`Comment: text tcID: 7` as our comment."""
    text, tcid = re.fullmatch(r"Comment:\s*(.*?)\s*tcID: (\d+)", about).groups()
    return f"{tcid}: {text}"


def legacy(comment):
    """An INTEGER without its leading 00, or a NULL left out: NSS takes some of them."""
    return "Legacy:" in comment or "missing NULL" in comment


def nss_ecdsa(out, path, name, curve, md):
    for about, (_, _, sig, spki, msg, valid) in table(path):
        comment = described(about)
        group = {"file": name, "curve": curve, "hash": md, "fmt": "der", "pub": spki_point(spki, curve)}
        out.add(group, {"msg": msg, "sig": sig}, valid == "true" and not legacy(comment), comment)


def nss_hmac(out, path, name):
    for _, (tcid, comment, key, msg, tag, invalid) in table(path):
        out.add({"file": name, "alg": name[5:]}, {"key": key, "msg": msg, "mac": tag}, invalid == "false", f"{tcid}: {comment}")


def nss_rsa(out, path, name):
    for about, (oid, _, sig, spki, msg, valid) in table(path, constants(path.parent)):
        n, e = rsa_key(spki)
        if n.bit_length() > 4096:
            continue
        comment = described(about)
        group = {"file": name, "alg": "pkcs1", "hash": oid[8:].lower(), "n": even(n), "e": even(e)}
        out.add(group, {"msg": msg, "sig": sig}, valid == "true" and not legacy(comment), comment)


def rsa_key(spki):
    head = "06092a864886f70d0101010500" + "03"
    bits = bytes.fromhex(spki[spki.index(head) + len(head):])
    return parse(bits[2 + (bits[0] & 127 if bits[0] > 127 else 0):], [INTEGER, INTEGER])


def even(n):
    return n.to_bytes((n.bit_length() + 7) // 8, "big").hex()


# ---- Botan: text ----


def botan_ecdsa(out, path, skip):
    """Every curve and hash but those in skip; a field holds until it is set again."""
    held, comment = {}, ""
    for line in path.read_text().splitlines():
        if line.startswith("# Test "):
            comment = re.sub(r"# Test (\d+) \((.*)\)", r"\1: \2", line)
        elif " = " in line:
            k, v = line.split(" = ")
            held[k] = v.removeprefix("0x")
            if k == "Signature":
                botan_one(out, held, comment, skip)


def botan_one(out, held, comment, skip):
    name = held["Group"].replace("brainpool", "brainpoolP")
    curve, md = CURVES.get(name), held["Hash"].replace("-", "").lower()
    if not curve or (curve, md) in skip:
        return
    pub = "04" + "".join(held[k].zfill(2 * SIZES[curve]) for k in ("Px", "Py"))
    out.add({"file": f"ecdsa_{name}_{md}", "curve": curve, "hash": md, "fmt": "der", "pub": pub},
            {"msg": held["Msg"], "sig": held["Signature"]}, held["Valid"] == "1", comment)


# ---- the files ----


def write(to, name, what, fields, judged, sources, out):
    head = ["# SPDX-License-Identifier: Apache-2.0"]
    parts = [f"{what}, from Wycheproof.", fields + " [file] is Wycheproof's name of the set, and a comment starts with "
             "the number it has there (tcId).",
             f"Source: Wycheproof, by Google and now C2SP; Apache-2.0; written by tools/wycheproof_debian.py. {sources}"]
    for part in parts + ([judged] if judged else []) + [f"{out.n} records."]:
        head += ["# " + line for line in textwrap.wrap(part, 96, break_on_hyphens=False)] + ["#"]
    head[-1] = ""
    (to / f"wycheproof_{name}.txt").write_text("\n".join(head + out.lines[:-1]) + "\n")
    print(f"{name}: {out.n} records")


def nss_json(out, folder, names, one):
    for name in names:
        out.add_json(folder / f"{name}_test.json", one)


def main():
    nss, botan, to = (Path(a) for a in sys.argv[1:])
    json, tables = nss / COMMON / "wycheproof/source_vectors", nss / COMMON / "testvectors"
    whole, built = f"{VERSION}, the files as they were", "the tables of its tests"

    out = Records()
    nss_json(out, json, ["aes_gcm"], aead)
    write(to, "gcm", "GCM (SP 800-38D)", "The fields of gcm.txt.",
          "Initial vectors under 12 bytes are unwise and \"acceptable\" there, and valid here.",
          f"Carried by the Debian 12 source package {NSS}: {whole}.", out)

    out = Records()
    nss_json(out, json, ["aes_cmac"], mac)
    write(to, "cmac", "CMAC (SP 800-38B)", "The fields of cmac.txt.", "Left out: keys of sizes that AES does not have.",
          f"Carried by the Debian 12 source package {NSS}: {whole}.", out)

    out = Records()
    nss_json(out, json, ["aes_cbc_pkcs5"], cbc)
    write(to, "cbc", "AES-CBC with the padding of PKCS#7 (RFC 5652 6.3)", "alg aes128, aes192, aes256; key, iv, pt, ct in hex; "
          "result valid or invalid: of an invalid record only the refusal is to be checked.", "",
          f"Carried by the Debian 12 source package {NSS}: {whole}.", out)

    out = Records()
    for md in ("sha256", "sha384", "sha512"):
        nss_hmac(out, tables / f"hmac-{md}-vectors.h", f"hmac_{md}")
    write(to, "hmac", "HMAC (RFC 2104, FIPS 198-1)", "The fields of hmac.txt.", "",
          f"Carried by the Debian 12 source package {NSS}: {built}, which name no version.", out)

    out = Records()
    nss_json(out, json, [f"ecdh_secp{n}r1" for n in (256, 384, 521)], ecdh)
    write(to, "ecdh", "ECDH (SP 800-56A 5.7.1.2)", "The fields of ecdh.txt.",
          "Left out: public keys in a SubjectPublicKeyInfo that is not DER or names no curve; ours takes points. A "
          "compressed point is \"acceptable\" there, and valid here.",
          f"Carried by the Debian 12 source package {NSS}: {whole}.", out)

    out = Records()
    for n, md in ((256, "sha256"), (384, "sha384"), (521, "sha512")):
        nss_ecdsa(out, tables / f"p{n}ecdsa-{md}-vectors.h", f"ecdsa_secp{n}r1_{md}", f"p{n}", md)
    botan_ecdsa(out, botan / "src/tests/data/pubkey/ecdsa_wycheproof.vec", [("p256", "sha256"), ("p384", "sha384"), ("p521", "sha512")])
    write(to, "ecdsa", "ECDSA verification (FIPS 186-5 6.4)", "The fields of ecdsa.txt, [fmt] der.",
          "An INTEGER without its leading 00 (\"Legacy\") is negative, \"acceptable\" there, and invalid here.",
          f"Carried by the Debian 12 source packages {NSS} ({built}: P-256, P-384 with SHA-384, P-521) and {BOTAN} "
          "(its text ecdsa_wycheproof.vec: the rest); neither names a version.", out)

    out = Records()
    nss_rsa(out, tables / "rsa_signature-vectors.h", "rsa_signature")
    nss_rsa(out, tables / "rsa_signature_2048_sha256-vectors.h", "rsa_signature_2048_sha256")
    nss_json(out, json, ["rsa_pss_2048_sha1_mgf1_20", "rsa_pss_2048_sha256_mgf1_32", "rsa_pss_3072_sha256_mgf1_32", "rsa_pss_misc"], rsa)
    write(to, "rsa", "RSA signatures (RFC 8017 8.1, 8.2)", "The fields of rsa.txt, [alg] pkcs1 and pss.",
          "SHA-1 is \"acceptable\" there, and valid here; a DigestInfo without its NULL (\"missing NULL\") is invalid. "
          "Left out, for size: the other sets of PKCS#1; PSS with another salt or MGF.",
          f"Carried by the Debian 12 source package {NSS}: pss {whole}; pkcs1 {built}, which name no version.", out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
