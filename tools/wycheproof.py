#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wycheproof CHECKOUT TO - our vectors and all of Wycheproof's that we can be asked.

CHECKOUT is one of C2SP/wycheproof (Apache-2.0). TO/vectors becomes a copy of
tests/vectors in which the records of testvectors_v1 follow ours, in the files of the
same fields, so that every test that reads them runs on both:

    YF_TESTS=TO build/tests/unit/unit_<test>

What our interfaces cannot be asked (keys in SPKI with other parameters, key sizes no
cipher has, MGF1 with another hash) is left out, and counted.
"""
import json
import shutil
import sys
from pathlib import Path

CURVES = {"secp224r1": "p224", "secp256r1": "p256", "secp384r1": "p384", "secp521r1": "p521",
          **{f"brainpoolP{n}r1": f"brainpoolp{n}r1" for n in (224, 256, 320, 384, 512)}}
OIDS = {"p224": "06052b81040021", "p256": "06082a8648ce3d030107", "p384": "06052b81040022", "p521": "06052b81040023",
        "brainpoolp224r1": "06092b2403030208010105", "brainpoolp256r1": "06092b2403030208010107",
        "brainpoolp320r1": "06092b2403030208010109", "brainpoolp384r1": "06092b240303020801010b",
        "brainpoolp512r1": "06092b240303020801010d"}
SIZES = {"p224": 28, "p256": 32, "p384": 48, "p521": 66, "brainpoolp224r1": 28, "brainpoolp256r1": 32,
         "brainpoolp320r1": 40, "brainpoolp384r1": 48, "brainpoolp512r1": 64}
HASHES = {"sm3": 32, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}

# "acceptable" is what is legal but unwise, or wrong but harmless. These flags are legal, and
# taken; anything else that is not plainly valid (DER that is not, a NULL left out) is refused.
TAKEN = {"SmallIv", "WeakHash", "SmallModulus", "SmallPublicKey", "CompressedPoint", "CompressedPublic"}


def good(t):
    return t["result"] == "valid" or t["result"] == "acceptable" and set(t["flags"]) <= TAKEN


def hashed(name):
    h = name.replace("-", "").lower()
    return h if h in HASHES else None


# ---- one generator a kind of test: (fields of the group, the test, its own fields) ----


def aead(f, g):
    cipher = "sm4" if f["algorithm"].startswith("SM4") else f"aes{g['keySize']}"
    for t in g["tests"]:
        yield {"alg": cipher}, t, {k: t[k if k != "pt" else "msg"] for k in ("key", "iv", "aad", "pt", "ct", "tag")}


def cbc(f, g):
    for t in g["tests"]:
        yield {"alg": f"aes{g['keySize']}"}, t, {"key": t["key"], "iv": t["iv"], "pt": t["msg"], "ct": t["ct"]}


def mac(f, g):
    alg = hashed(f["algorithm"][4:]) if f["algorithm"].startswith("HMAC") else f"aes{g['keySize']}"
    if alg not in HASHES and alg not in ("aes128", "aes192", "aes256"):
        return
    for t in g["tests"]:
        yield {"alg": alg}, t, {"key": t["key"], "msg": t["msg"], "mac": t["tag"]}


def ecdsa(f, g):
    key = g["publicKey"]
    if key["curve"] not in CURVES or not hashed(g["sha"]):
        return
    group = {"curve": CURVES[key["curve"]], "hash": hashed(g["sha"]), "fmt": "p1363" if "P1363" in g["type"] else "der",
             "pub": key["uncompressed"]}
    for t in g["tests"]:
        yield group, t, {"msg": t["msg"], "sig": t["sig"]}


def spki_point(spki, curve):
    """The point in a SubjectPublicKeyInfo of the named curve; None if it is another thing."""
    head = "06072a8648ce3d0201" + OIDS[curve] + "03"
    at = 8 + 2 * (spki[2:4] > "80")
    if spki[at:at + len(head)] != head:
        return None
    bits = bytes.fromhex(spki[at + len(head):])
    skip = 1 if bits[:1] < b"\x80" else 2
    if len(bits) <= skip or len(bits) != skip + bits[skip - 1] or bits[skip] != 0:
        return None
    return bits[skip + 1:].hex()


def ecdh(f, g):
    curve = CURVES.get(g["curve"])
    if not curve:
        return
    size = SIZES[curve]
    for t in g["tests"]:
        d = int(t["private"], 16)
        pub = t["public"] if g["encoding"] == "ecpoint" else spki_point(t["public"], curve)
        lax = t["result"] == "acceptable" and not good(t)    # in the DER around the point, which is not asked
        if pub is None or lax or d.bit_length() > 8 * size:
            continue
        yield {"curve": curve}, t, {"d": f"{d:0{2 * size}x}", "pub": pub, "z": t["shared"] if good(t) else ""}


def rsa(f, g):
    h = hashed(g["sha"])
    key = g.get("publicKey") or {"modulus": g.get("n"), "publicExponent": g.get("e")}
    if not h or not key["modulus"]:
        return
    pss = "Pss" in g["type"]
    if pss and (g["mgfSha"] != g["sha"] or g["sLen"] != HASHES[h]):
        return
    key = {"n": key["modulus"].removeprefix("00"), "e": key["publicExponent"]}
    if len(key["n"]) > 1024:
        return
    for t in g["tests"]:
        yield ({"alg": "pss" if pss else "pkcs1", "hash": h, **key}, t,
               {**({"slen": g["sLen"]} if pss else {}), "msg": t["msg"], "sig": t["sig"]})


def ed25519(f, g):
    for t in g["tests"]:
        yield {}, t, {"pub": g["publicKey"]["pk"], "msg": t["msg"], "sig": t["sig"]}


SETS = {
    "gcm": (aead, ("aes_gcm", "sm4_gcm")),
    "ccm": (aead, ("aes_ccm", "sm4_ccm")),
    "hmac": (mac, ("hmac_sm3", "hmac_sha1", "hmac_sha224", "hmac_sha256", "hmac_sha384", "hmac_sha512")),
    "cmac": (mac, ("aes_cmac",)),
    "cbc": (cbc, ("aes_cbc_pkcs5",)),
    "ecdsa": (ecdsa, ("ecdsa_*",)),
    "ecdh": (ecdh, ("ecdh_*_ecpoint", "ecdh_brainpool*")),
    "rsa": (rsa, ("rsa_signature_*", "rsa_pss_*")),
    "ed25519": (ed25519, ("ed25519",)),
}


class Records:
    """Records as text; a field of the group is written where it changes."""

    def __init__(self):
        self.lines, self.held, self.n = [], {}, 0

    def add(self, group, fields, valid, comment):
        changed = [f"[{k} = {v}]" for k, v in group.items() if self.held.get(k) != v]
        self.held.update(group)
        self.lines += changed + [""] * bool(changed)
        self.lines += [f"{k} = {v}".rstrip() for k, v in fields.items()]
        self.lines += [f"result = {'valid' if valid else 'invalid'}", f"comment = {comment}".rstrip(), ""]
        self.n += 1

    def add_json(self, path, one):
        """The tests of a file that we can be asked; how many there are in it."""
        f = json.loads(path.read_text())
        for g in f["testGroups"]:
            for group, t, fields in one(f, g):
                self.add({**group, "file": path.stem.removesuffix("_test")}, fields, good(t), f"{t['tcId']}: {t['comment']}")
        return f["numberOfTests"]


def main():
    source, to = Path(sys.argv[1]) / "testvectors_v1", Path(sys.argv[2]) / "vectors"
    if not source.is_dir():
        sys.exit(f"wycheproof: no checkout of it: '{source}' is not there")
    shutil.copytree(Path(__file__).parent.parent / "tests" / "vectors", to, dirs_exist_ok=True)
    for name, (one, files) in SETS.items():
        out, total = Records(), 0
        for path in sorted(p for f in files for p in source.glob(f + "_test.json")):
            if not any(other in path.name for other in ("shake", "sha3", "params", "bitcoin")):
                total += out.add_json(path, one)
        file = next(f for f in (f"wycheproof_{name}.txt", f"{name}.txt") if (to / f).exists())
        with open(to / file, "a") as f:
            f.write("\n" + "\n".join(out.lines))
        if not out.n:
            sys.exit(f"wycheproof: '{source}' has no records for {file}")
        print(f"{file}: {out.n} records more, {total - out.n} left out")
    return 0


if __name__ == "__main__":
    sys.exit(main())
