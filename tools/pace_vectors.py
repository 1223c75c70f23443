# SPDX-License-Identifier: Apache-2.0
"""Examples of PACE and chip authentication that no standard gives, by an implementation that
shares nothing with ours: Python's integers for curves, the openssl program for ciphers. First of
all, those of our SM profile (docs/formats.md).

    tools/pace_vectors.py [--check] tests/vectors
"""
import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

from edge.curve import CURVES

ARC = 147690225731511124899858037419221010005

# name of the cipher: key bytes, block bytes, hash of its key derivation, of openssl's CBC and MAC
CIPHERS = {
    "des3-2": (16, 8, "sha1", "des-ede-cbc"),
    "aes128": (16, 16, "sha1", "aes-128-cbc"),
    "aes192": (24, 16, "sha256", "aes-192-cbc"),
    "aes256": (32, 16, "sha256", "aes-256-cbc"),
    "sm4": (16, 16, "sm3", "sm4-cbc"),
}
PARAMETERS = {"p224": 10, "brainpoolp224r1": 11, "p256": 12, "brainpoolp256r1": 13, "brainpoolp320r1": 14,
              "p384": 15, "brainpoolp384r1": 16, "brainpoolp512r1": 17, "p521": 18, "sm2": 83}

MRZ = b"L898902C<369080619406236"


def digest(name, data):
    if name == "sm3":
        return subprocess.run(["openssl", "dgst", "-sm3", "-binary"], input=data, capture_output=True, check=True).stdout
    return hashlib.new(name, data).digest()


def cbc(cipher, key, data, decrypt=False):
    args = ["openssl", "enc", "-" + CIPHERS[cipher][3], "-nopad", "-K", key.hex(), "-iv", "00" * CIPHERS[cipher][1]]
    return subprocess.run(args + ["-d"] * decrypt, input=data, capture_output=True, check=True).stdout


def double(block):
    n = int.from_bytes(block, "big") << 1
    return ((n ^ 0x87) & (1 << 128) - 1 if n >> 128 else n).to_bytes(16, "big")


def mac(cipher, key, data):
    """CMAC (SP 800-38B), or for triple DES the retail MAC (ISO/IEC 9797-1, algorithm 3); 8 bytes."""
    if cipher == "des3-2":
        data += b"\x80" + bytes(-(len(data) + 1) % 8)
        h = cbc(cipher, key[:8] * 2, data[:-8])[-8:]
        return cbc(cipher, key, bytes(a ^ b for a, b in zip(h, data[-8:])))
    last = double(cbc(cipher, key, bytes(16)))
    whole = len(data) and len(data) % 16 == 0
    if not whole:
        data += b"\x80" + bytes(-(len(data) + 1) % 16)
        last = double(last)
    data = data[:-16] + bytes(a ^ b for a, b in zip(data[-16:], last))
    return cbc(cipher, key, data)[-16:][:8]


def kdf(cipher, secret, counter):
    key = digest(CIPHERS[cipher][2], secret + counter.to_bytes(4, "big"))[:CIPHERS[cipher][0]]
    if cipher == "des3-2":
        key = bytes(b & 0xFE | (bin(b >> 1).count("1") + 1) % 2 for b in key)
    return key


def tlv(tag, *values):
    value = b"".join(values)
    n = bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])
    return tag.to_bytes(1 + (tag > 0xFF), "big") + n + value


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = b""
    for arc in (40 * first + second, *rest):
        digits = [arc & 127]
        while arc := arc >> 7:
            digits.append(arc & 127 | 128)
        out += bytes(reversed(digits))
    return out


def drawn(label, i, n):
    return b"".join(hashlib.sha256(f"{label}/{i}/{j}".encode()).digest() for j in range(3))[:n]


def private(c, label, i):
    """A number of the curve's size, in range as it is drawn."""
    return (int.from_bytes(drawn(label, i, c.size), "big") % (c.n - 2) + 1).to_bytes(c.size, "big")


def generic(c, s, d, peer):
    return c.add(c.mul(int.from_bytes(s, "big") % c.n), c.mul(d, peer))


C = {16: ("a668892a7c41e3ca739f40b057d85904", "a4e136ac725f738b01c1f60217c188ad"),
     32: ("d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676",
          "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517")}


def pseudo_random(c, cipher, s, t):
    c0, c1 = map(bytes.fromhex, C[len(s)])
    k, x = cbc(cipher, t, s), b""
    while 8 * len(x) < c.p.bit_length() + 64:
        key = k[:CIPHERS[cipher][0]]
        x += cbc(cipher, key, c1)
        k = cbc(cipher, key, c0)
    return int.from_bytes(x, "big") % c.p


def encode(c, u):
    """9303-11 B.2; whether h2 has a root is asked of another algorithm."""
    p, a, b = c.p, c.a, c.b
    alpha = -u * u % p
    x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
    x3 = alpha * x2 % p
    h2 = (x2 ** 3 + a * x2 + b) % p
    y = pow(h2, p - 1 - (p + 1) // 4, p) * h2 % p
    root = c.root(h2)
    if root is not None:
        assert y in (root, p - root)
        return x2, y
    return x3, y * u ** 3 % p


def pace(i, mapping, cipher, curve, name, kind, secret):
    c = CURVES[curve]
    key, block, _, _ = CIPHERS[cipher]
    f = digest("sm3" if cipher == "sm4" else "sha1", secret) if kind == 1 else secret
    k_pi = kdf(cipher, f, 3)
    s = drawn("s", i, 32 if mapping == "IM" and key > 16 else 16)
    t = drawn("t", i, key)
    cards, readers = private(c, "card", i), private(c, "reader", i)
    r = {"oid": oid(name), "parameters": PARAMETERS[curve], "kind": kind, "secret": secret, "k_pi": k_pi, "s": s}
    if mapping == "GM":
        mine, theirs = private(c, "card map", i), private(c, "reader map", i)
        points = [c.mul(int.from_bytes(v, "big")) for v in (mine, theirs)]
        g = generic(c, s, int.from_bytes(mine, "big"), points[1])
        assert g == generic(c, s, int.from_bytes(theirs, "big"), points[0])
        command, response = c.point(points[1]), c.point(points[0])
        r |= {"card": s + mine + cards, "reader": theirs + readers, "d": mine, "peer": command}
    else:
        u = pseudo_random(c, cipher, s, t)
        g = encode(c, u)
        command, response = t, b""
        r |= {"card": s + cards, "reader": t + readers, "t": t, "u": c.bytes(u)}
    assert c.has(g)
    pc, pr = c.mul(int.from_bytes(cards, "big"), g), c.mul(int.from_bytes(readers, "big"), g)
    z = c.mul(int.from_bytes(cards, "big"), pr)
    assert z == c.mul(int.from_bytes(readers, "big"), pc)
    enc, km = kdf(cipher, c.bytes(z[0]), 1), kdf(cipher, c.bytes(z[0]), 2)
    token = lambda q: mac(cipher, km, tlv(0x7F49, tlv(6, oid(name)), tlv(0x86, c.point(q))))
    r |= {"generator": c.point(g), "k": c.bytes(z[0]), "enc": enc, "mac": km,
          "command1": tlv(0x7C), "response1": tlv(0x7C, tlv(0x80, cbc(cipher, k_pi, s))),
          "command2": tlv(0x7C, tlv(0x81, command)), "response2": tlv(0x7C, tlv(0x82, response)),
          "command3": tlv(0x7C, tlv(0x83, c.point(pr))), "response3": tlv(0x7C, tlv(0x84, c.point(pc))),
          "command4": tlv(0x7C, tlv(0x85, token(pc))), "response4": tlv(0x7C, tlv(0x86, token(pr)))}
    return r


def ca(i, cipher, curve, name):
    c = CURVES[curve]
    d, e = private(c, "chip", i), private(c, "terminal", i)
    chip, point = c.mul(int.from_bytes(d, "big")), c.mul(int.from_bytes(e, "big"))
    z = c.bytes(c.mul(int.from_bytes(d, "big"), point)[0])
    return {"protocol": oid(name), "curve": curve, "chip_d": d, "chip": c.point(chip), "d": e, "point": c.point(point),
            "k": z, "enc": kdf(cipher, z, 1), "mac": kdf(cipher, z, 2)}


BSI = "0.4.0.127.0.7.2.2"
SM = f"2.25.{ARC}.1"

PACE = [("GM", "sm4", "sm2", SM + ".1.1", 1, MRZ), ("IM", "sm4", "sm2", SM + ".1.2", 2, b"123456"),
        ("GM", "des3-2", "p224", BSI + ".4.2.1", 1, MRZ), ("GM", "aes192", "p256", BSI + ".4.2.3", 2, b"500540"),
        ("GM", "aes256", "p521", BSI + ".4.2.4", 3, b"12345678"), ("IM", "des3-2", "brainpoolp224r1", BSI + ".4.4.1", 1, MRZ),
        ("IM", "aes128", "brainpoolp320r1", BSI + ".4.4.2", 2, b"123456"), ("IM", "aes192", "p384", BSI + ".4.4.3", 4, b"00112233"),
        ("IM", "aes256", "brainpoolp512r1", BSI + ".4.4.4", 1, MRZ), ("IM", "aes192", "p256", BSI + ".4.4.3", 1, MRZ),
        ("IM", "aes256", "p521", BSI + ".4.4.4", 2, b"123456"), ("IM", "aes128", "brainpoolp384r1", BSI + ".4.4.2", 1, MRZ)]

CA = [("sm4", "sm2", SM + ".2.1"), ("des3-2", "brainpoolp224r1", BSI + ".3.2.1"), ("aes192", "p384", BSI + ".3.2.3"),
      ("aes256", "p521", BSI + ".3.2.4")]

HEAD = """# SPDX-License-Identifier: Apache-2.0
# {about}
#
# {n} records.

"""
PACE_ABOUT = """PACE, the fields of pace.txt, and k, the secret agreed, and for integrated mapping u, the
# number the nonces give modulo p. Written by tools/pace_vectors.py, which shares no code with
# the library; the first two are the examples of docs/formats.md."""
CA_ABOUT = """Chip authentication: protocol, curve (a name), the chip's key (chip_d, chip), the reader's (d,
# point), the secret k, the keys enc and mac. Written by tools/pace_vectors.py, which shares no code
# with the library; the first is the example of docs/formats.md."""


def text(about, records):
    def show(v):
        return v.hex() if isinstance(v, bytes) else str(v)
    return HEAD.format(about=about, n=len(records)) + "\n".join(
        "".join(f"{k} = {show(v)}".rstrip() + "\n" for k, v in r.items()) for r in records)


def files():
    return {"pace_made.txt": text(PACE_ABOUT, [pace(i, *v) for i, v in enumerate(PACE)]),
            "ca_made.txt": text(CA_ABOUT, [ca(i, *v) for i, v in enumerate(CA)])}


def main():
    args = argparse.ArgumentParser(description="examples of PACE and chip authentication")
    args.add_argument("--check", action="store_true", help="compare instead of writing")
    args.add_argument("folder", type=Path)
    args = args.parse_args()
    wrong = 0
    for name, made in files().items():
        path = args.folder / name
        if not args.check:
            path.write_text(made)
        elif not path.exists() or path.read_text() != made:
            print(f"{path}: not what tools/pace_vectors.py makes")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
