#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""wycheproof FROM TO - Wycheproof's JSON as our text, so that our tests run on it.

FROM is the folder testvectors_v1 of a checkout of C2SP/wycheproof (Apache-2.0). TO gets
vectors/{gcm,ccm,hmac,cmac,ecdsa,ecdh,rsa,ed25519}.txt with the fields of the files of
the same names in tests/vectors, and then, for each test of the build,

    YF_TESTS=TO build/tests/unit/unit_<test>

What our interfaces cannot be asked (keys in SPKI with other parameters, key sizes no
cipher has, MGF1 with another hash) is left out, and said.
"""
import json
import sys
from pathlib import Path

CURVES = {"secp224r1": "p224", "secp256r1": "p256", "secp384r1": "p384", "secp521r1": "p521",
          **{f"brainpoolP{n}r1": f"brainpoolp{n}r1" for n in (224, 256, 320, 384, 512)}}
OIDS = {"brainpoolp224r1": "06092b2403030208010105", "brainpoolp256r1": "06092b2403030208010107",
        "brainpoolp320r1": "06092b2403030208010109", "brainpoolp384r1": "06092b240303020801010b",
        "brainpoolp512r1": "06092b240303020801010d"}
SIZES = {"p224": 28, "p256": 32, "p384": 48, "p521": 66, "brainpoolp224r1": 28, "brainpoolp256r1": 32,
         "brainpoolp320r1": 40, "brainpoolp384r1": 48, "brainpoolp512r1": 64}
HASHES = ("sm3", "sha1", "sha224", "sha256", "sha384", "sha512")


def plain(name):
    return name.replace("-", "").lower()


def hashed(name):
    h = plain(name)
    return h if h in HASHES else None


def aead(f, g):
    cipher = "sm4" if f["algorithm"].startswith("SM4") else f"aes{g['keySize']}"
    for t in g["tests"]:
        yield {"alg": cipher}, t, {k: t[k if k != "pt" else "msg"] for k in ("key", "iv", "aad", "pt", "ct", "tag")}


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
    group = {"curve": CURVES[key["curve"]], "hash": hashed(g["sha"]), "fmt": "p1363" if "P1363" in g["type"] else "der"}
    for t in g["tests"]:
        yield group, t, {"pub": key["uncompressed"], "msg": t["msg"], "sig": t["sig"]}


def ecdh(f, g):
    curve = CURVES.get(g["curve"])
    if not curve:
        return
    size = SIZES[curve]
    for t in g["tests"]:
        pub, d = t["public"], int(t["private"], 16)
        if g["encoding"] != "ecpoint":
            if t["result"] == "acceptable" and not any("Compressed" in f for f in t["flags"]):
                continue    # lax DER around the point
            head = "06072a8648ce3d0201" + OIDS.get(curve, "-")
            at = pub.find(head)
            if at != 8 + 2 * (pub[2:4] > "80") or pub[at + len(head):at + len(head) + 2] != "03":
                continue
            body = bytes.fromhex(pub[at + len(head) + 2:])
            skip = 1 if body[:1] < b"\x80" else 2
            if len(body) <= skip or len(body) != skip + body[skip - 1] or body[skip] != 0:
                continue
            pub = body[skip + 1:].hex()
        if d.bit_length() > 8 * size:
            continue
        good = t["result"] != "invalid"
        yield {"curve": curve}, t, {"d": f"{d:0{2 * size}x}", "pub": pub, "z": t["shared"] if good else ""}


def rsa(f, g):
    h = hashed(g["sha"])
    if not h or "publicKey" not in g:
        return
    pss = "Pss" in g["type"]
    if pss and (g["mgfSha"] != g["sha"] or g["sLen"] != {"sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}[h]):
        return
    key = {"n": g["publicKey"]["modulus"].removeprefix("00"), "e": g["publicKey"]["publicExponent"]}
    if len(key["n"]) > 1024:
        return
    for t in g["tests"]:
        yield {"alg": "pss" if pss else "pkcs1", "hash": h, **key}, t, {**({"slen": g["sLen"]} if pss else {}), "msg": t["msg"], "sig": t["sig"]}


def ed25519(f, g):
    for t in g["tests"]:
        yield {}, t, {"pub": g["publicKey"]["pk"], "msg": t["msg"], "sig": t["sig"]}


SETS = {
    "gcm": (aead, ("aes_gcm", "sm4_gcm")),
    "ccm": (aead, ("aes_ccm", "sm4_ccm")),
    "hmac": (mac, ("hmac_sm3", "hmac_sha1", "hmac_sha224", "hmac_sha256", "hmac_sha384", "hmac_sha512")),
    "cmac": (mac, ("aes_cmac",)),
    "ecdsa": (ecdsa, ("ecdsa_*",)),
    "ecdh": (ecdh, ("ecdh_*_ecpoint", "ecdh_brainpool*")),
    "rsa": (rsa, ("rsa_signature_*", "rsa_pss_*")),
    "ed25519": (ed25519, ("ed25519",)),
}


def convert(source, one, names):
    """The lines, how many records, and how many tests were left out."""
    out, held, n, total = [], {}, 0, 0
    for path in sorted(p for name in names for p in source.glob(name + "_test.json")):
        f = json.loads(path.read_text())
        if "shake" in path.name or "params" in path.name or "bitcoin" in path.name:
            continue
        total += f["numberOfTests"]
        for g in f["testGroups"]:
            for group, t, fields in one(f, g):
                for k, v in group.items():
                    if held.get(k) != v:
                        out += [f"[{k} = {v}]", ""]
                        held[k] = v
                out += [f"{k} = {v}".rstrip() for k, v in fields.items()]
                # Wycheproof calls what is legal but unwise acceptable: compressed points, lax DER.
                loose = t["result"] == "acceptable" and "shared" not in t
                out += [f"result = {'invalid' if loose or t['result'] == 'invalid' else 'valid'}",
                        f"comment = {path.stem} {t['tcId']}: {t['comment']}".rstrip(), ""]
                n += 1
    return out, n, total - n


def main():
    source, to = Path(sys.argv[1]), Path(sys.argv[2]) / "vectors"
    to.mkdir(parents=True, exist_ok=True)
    for name, (one, names) in SETS.items():
        lines, n, left = convert(source, one, names)
        head = [f"# Wycheproof (C2SP/wycheproof, Apache-2.0), testvectors_v1; {n} records.", ""]
        (to / f"{name}.txt").write_text("\n".join(head + lines[:-1]) + "\n")
        print(f"{name}: {n} records, {left} left out")


if __name__ == "__main__":
    main()
