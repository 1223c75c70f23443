#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ec_edge [--check] FOLDER - edge cases of ECDSA and ECDH on every curve we have, as text.

Each case says what its answer must be, and the implementation in edge/ must agree
before it is written. The same input gives the same files for ever; --check compares,
and under `python3 -O` it only compares, without judging every case once more.
"""
import argparse
import hashlib
import sys
from functools import lru_cache
from pathlib import Path

from edge.curve import CURVES, ecdsa_e, ecdsa_sign, ecdsa_verify, number
from edge.der import INTEGER, SEQUENCE, broken, content, integer, parse, tlv
from edge.out import Set, emit

ABOUT = "Written for this project by tools/ec_edge.py; Apache-2.0; version 1."
FLAGS = ("Valid Arithmetic Range Modulus Malleable ModifiedInput Digest Key Encoding Coordinate BadKey Infinity "
         "Length Scalar LongLength LyingLength Indefinite WrongTag Missing Extra Trailing Truncated "
         "PaddedInteger NegativeInteger NotDer")
NOTES = {flag: () for flag in FLAGS.split()}
HASH = {"p224": "sha224", "brainpoolp224r1": "sha224", "p384": "sha384", "brainpoolp320r1": "sha384",
        "brainpoolp384r1": "sha384", "p521": "sha512", "brainpoolp512r1": "sha512"}
MSG = b"two halves, one seal"


def secret(c, label):
    h = hashlib.sha512(f"yufu ec edge: {c.p:x} {label}".encode()).digest()
    return number(h + hashlib.sha512(h).digest()) % (c.n - 1) + 1


def md(alg, msg):
    return hashlib.new(alg, msg).digest()


@lru_cache(maxsize=None)
def short(c, i):
    """The first d, counting from a fixed one, whose point has a leading 00 in x (i = 0) or y (1)."""
    d = secret(c, "walk")
    q = c.mul(d)
    while q[i] >> 8 * c.size - 8:
        d, q = d + 1, c.add(q, c.g)
    return d, q


def first(c, start, step=1):
    """The first point with x = start, start + step, ..."""
    x = start
    while not c.lift(x):
        x += step
    return c.lift(x)


# ---- ECDSA ----


class Ecdsa:
    """The cases of one curve and hash, in DER; `both` also writes them as r || s."""

    def __init__(self, out, name, alg):
        self.out, self.c, self.alg, self.name = out, CURVES[name], alg, name
        self.d = secret(self.c, "signer")
        self.pub = self.c.mul(self.d)
        self.e = ecdsa_e(self.c, md(alg, MSG))
        out.group(curve=name, hash=alg, fmt="der")

    def case(self, flag, comment, good, r, s, pub=None, msg=MSG):
        self.der(flag, comment, good, tlv(SEQUENCE, integer(r) + integer(s)), pub, msg)

    def der(self, flag, comment, good, der, pub=None, msg=MSG):
        pub = pub or self.pub
        assert self.judge(pub, msg, der) == good, (self.name, comment)
        self.out.case(flag, comment, good, pub=self.c.point(pub), msg=msg, sig=der)

    def judge(self, pub, msg, der):
        rs = parse(der, [INTEGER, INTEGER])
        return bool(rs) and self.c.has(pub) and ecdsa_verify(self.c, pub, ecdsa_e(self.c, md(self.alg, msg)), *rs)

    def key(self, q, r, s):
        """The key under which r and s lead to the point q, or to q G: (s q - e G) / r."""
        c, w = self.c, pow(r, -1, self.c.n)
        if isinstance(q, int):
            return c.mul((s * q - self.e) * w % c.n)
        return c.add(c.mul(s * w % c.n, q), c.neg(c.mul(self.e * w % c.n)))

    def solved(self, comment, q, r, s):
        self.case("Arithmetic", comment, True, r, s, self.key(q, r, s))


def ecdsa_basic(t):
    c, d, e = t.c, t.d, t.e
    r, s = ecdsa_sign(c, d, e, secret(c, "nonce"))
    t.case("Valid", "an ordinary signature", True, r, s)
    t.case("Malleable", "n - s: ECDSA takes both", True, r, c.n - s)
    t.case("ModifiedInput", "another message", False, r, s, msg=MSG + b".")
    t.case("ModifiedInput", "s before r", False, s, r)
    t.case("ModifiedInput", "n - r", False, c.n - r, s)
    t.case("ModifiedInput", "one bit of r", False, r ^ 1 << 100, s)
    t.case("ModifiedInput", "one bit of s", False, r, s ^ 1 << 100)
    t.case("ModifiedInput", "the negative of the key", False, r, s, c.neg(t.pub))
    return r, s


def ecdsa_ranges(t, r, s):
    c = t.c
    top = 1 << 8 * c.size
    special = {"0": 0, "1": 1, "n-1": c.n - 1, "n": c.n, "n+1": c.n + 1, "p": c.p, "all ones": top - 1,
               "one byte too long": top, "2n": 2 * c.n}
    for name, v in special.items():
        t.case("Range", f"r = {name}", False, v, s)
        t.case("Range", f"s = {name}", False, r, v)
    for a in ("0", "1", "n-1", "n", "all ones"):
        for b in ("0", "1", "n-1", "n", "all ones"):
            t.case("Range", f"r = {a}, s = {b}", False, special[a], special[b])
    for what, a, b in (("r + n", r + c.n, s), ("s + n", r, s + c.n), ("r + 256^size", r + top, s),
                       ("s + 256^size", r, s + top), ("r - n", r - c.n, s), ("s - n", r, s - c.n),
                       ("-r", -r, s), ("-s", r, -s), ("r + n 2^512", r + (c.n << 512), s)):
        t.case("Modulus", f"{what} in its place", False, a, b)


def ecdsa_arithmetic(t):
    c, d, e, n = t.c, t.d, t.e, t.c.n
    k = secret(c, "sum")
    r, s = c.mul(k)[0] % n, secret(c, "s")
    for what, v in (("1", 1), ("2", 2), ("3", 3), ("n-1", n - 1), ("n-2", n - 2), ("(n-1)/2", (n - 1) // 2),
                    ("(n+1)/2", (n + 1) // 2), ("2^64", 1 << 64), ("2^128-1", (1 << 128) - 1),
                    ("half the bits", (1 << n.bit_length() // 2) - 1), ("the top bit", 1 << n.bit_length() - 1)):
        if v >= n:
            continue
        t.solved(f"s = {what}", k, r, v)
        t.solved(f"e / s = {what}", k, r, e * pow(v, -1, n) % n)
        t.solved(f"r / s = {what}", k, r, r * pow(v, -1, n) % n)
    small = first(c, 1)
    t.solved(f"r = {small[0]}", small, small[0], s)
    t.solved(f"r = {small[0]}, s = 1", small, small[0], 1)
    if c.lift(0):
        t.case("Range", "x = 0, so that r = 0", False, 0, s)
    if c.p > n:
        over = first(c, n + 1)
        if over[0] < c.p:
            t.solved("x above the order, r = x - n", over, over[0] - n, s)
            t.solved("x above the order, s = 1", over, over[0] - n, 1)
            t.case("Range", "x above the order, r = x", False, over[0], s, t.key(over, over[0] - n, s))
    else:
        under = first(c, c.p - 1, -1)
        t.solved("x = p - a little, r = x", under, under[0], s)
    k = secret(c, "special")
    r = c.mul(k)[0] % n
    same = e * pow(r, -1, n) % n
    t.case("Arithmetic", "the two multiples are the same point", True, r, 2 * e * pow(k, -1, n) % n, c.mul(same))
    for what, v in (("1", 1), ("any", s)):
        t.case("Arithmetic", f"the sum is the point at infinity, s {what}", False, r, v, c.mul(n - same))
    for what, k in (("G", 1), ("-G", n - 1), ("2 G", 2), ("3 G", 3)):
        t.case("Arithmetic", f"the sum is {what}", True, *ecdsa_sign(c, d, e, k))
    for what, dd in (("G", 1), ("2 G", 2), ("-G", n - 1), ("-2 G", n - 2), ("G/2", (n + 1) // 2)):
        rs = ecdsa_sign(c, dd, e, secret(c, "key"))
        t.case("Key", f"the key is {what}", True, *rs, c.mul(dd))
        t.case("Key", f"the key is {what}, another message", False, *rs, c.mul(dd), MSG + b"!")
    for i, what in enumerate("xy"):
        dd, pub = short(c, i)
        t.case("Key", f"the key's {what} has a leading 00", True, *ecdsa_sign(c, dd, e, secret(c, "key")), pub)
    for what, pub in (("x = 0", c.lift(0)), ("small x", first(c, 1)), ("large x", first(c, c.p - 1, -1))):
        if pub:
            q = c.add(c.mul(secret(c, "u1")), c.mul(secret(c, "u2"), pub))
            v = q[0] % n * pow(secret(c, "u2"), -1, n) % n
            t.case("Key", f"the key has {what}; no signature was made", False, q[0] % n, v, pub)


def ecdsa_short(t):
    """r and s with leading zero bytes."""
    c, k = t.c, secret(t.c, "short")
    q, need = c.mul(k), {"r": 1, "s": 1}
    lim = 8 * ((c.n.bit_length() + 7) // 8) - 8
    while need:
        r = q[0] % c.n
        s = pow(k, -1, c.n) * (t.e + r * t.d) % c.n
        for name, v in (("r", r), ("s", s)):
            if name in need and not v >> lim:
                t.case("Valid", f"{name} has a leading 00", True, r, s)
                del need[name]
        k, q = k + 1, c.add(q, c.g)


def ecdsa_digest(t):
    """The digest is cut from the left, not reduced, not cut from the right."""
    c, k, h = t.c, secret(t.c, "digest"), md(t.alg, MSG)
    bits = c.n.bit_length()
    ways = {"all its bits, modulo n": number(h) % c.n, "cut from the right": number(h) & (1 << bits) - 1,
            "in little-endian order": int.from_bytes(h, "little") >> max(0, 8 * len(h) - bits),
            "the message itself": number(MSG), "hashed twice": ecdsa_e(c, md(t.alg, h)),
            "SHA-1 in its place": ecdsa_e(c, md("sha1", MSG))}
    for what, e in ways.items():
        if e % c.n != t.e % c.n:
            t.case("Digest", "signed over the digest " + what, False, *ecdsa_sign(c, t.d, e, k))
    for i in range(70000):
        m = f"message {i}".encode()
        if md(t.alg, m)[:1 + (t.name == "p256")] == bytes(1 + (t.name == "p256")):
            t.case("Digest", "the digest has leading zeros", True,
                   *ecdsa_sign(c, t.d, ecdsa_e(c, md(t.alg, m)), k), msg=m)
            break


def ecdsa_set():
    out = Set("ECDSA", "", "Edge cases of ECDSA verification (FIPS 186-5 6.4): " + ABOUT, NOTES)
    for name, c in CURVES.items():
        if name == "sm2":
            continue
        t = Ecdsa(out, name, HASH.get(name, "sha256"))
        r, s = ecdsa_basic(t)
        ecdsa_ranges(t, r, s)
        ecdsa_arithmetic(t)
        ecdsa_short(t)
        ecdsa_digest(t)
        if name in ("p256", "p521", "brainpoolp256r1"):
            for flag, comment, der in broken("rs", [(INTEGER, content(r)), (INTEGER, content(s))]):
                t.der(flag, comment, False, der)
            t.der("NotDer", "r and s without DER", False, c.bytes(r) + c.bytes(s))
        ecdsa_plain(out, t, name, r, s)
        for other in ("sha1", "sha512") if name != "p521" else ("sha1", "sha256"):
            if other != t.alg:
                t = Ecdsa(out, name, other)
                ecdsa_basic(t)
                ecdsa_digest(t)
    return out


def ecdsa_plain(out, t, name, r, s):
    c = t.c
    good = c.bytes(r) + c.bytes(s)
    out.group(curve=name, hash=t.alg, fmt="p1363")

    def case(flag, comment, ok, sig):
        out.case(flag, comment, ok, pub=c.point(t.pub), msg=MSG, sig=sig)

    case("Valid", "r and s of the order's size", True, good)
    for what, sig in (("empty", b""), ("one byte short", good[:-1]), ("one byte more", good + b"\0"),
                      ("one byte in front", b"\0" + good), ("r alone", good[:c.size]), ("twice", good * 2),
                      ("two bytes wider", b"\0" + good[:c.size] + b"\0" + good[c.size:]),
                      ("two bytes narrower", good[1:c.size] + good[c.size + 1:])):
        case("Length", what, False, sig)
    for what, a, b in (("r = 0", 0, s), ("s = 0", r, 0), ("both 0", 0, 0), ("r = n", c.n, s), ("s = n", r, c.n),
                       ("both all ones", (1 << 8 * c.size) - 1, (1 << 8 * c.size) - 1), ("swapped", s, r)):
        case("Range", what, False, c.bytes(a) + c.bytes(b))
    case("NotDer", "DER where r || s should be", False, tlv(SEQUENCE, integer(r) + integer(s)))


# ---- ECDH ----


def ecdh_set():
    out = Set("ECDH", "", "Edge cases of ECDH (SP 800-56A 5.6.2.3, 5.7.1.2): " + ABOUT, NOTES)
    for name, c in CURVES.items():
        ecdh_curve(out, name, c)
    return out


def ecdh_curve(out, name, c):
    n, w = c.n, c.size
    d = secret(c, "ecdh")
    pub = c.mul(secret(c, "peer"))
    out.group(curve=name)

    def good(flag, comment, q, form=4, key=d):
        z = c.mul(key, q)
        assert c.has(q) and z
        out.case(flag, comment, True, d=c.bytes(key), pub=c.point(q, form), z=c.bytes(z[0]))

    def bad(flag, comment, b, key=d):
        out.case(flag, comment, False, d=key.to_bytes(w, "big"), pub=b, z=b"")

    for form in (4, 2, 6):
        good("Encoding", f"form {form:02x}", pub, form)
        good("Encoding", f"form {form:02x}, the other y", c.neg(pub), form)
    edge = [("the generator", c.g), ("-G", c.neg(c.g)), ("2 G", c.mul(2)), ("small x", first(c, 1)),
            ("large x", first(c, c.p - 1, -1)), ("x with a leading 00", short(c, 0)[1]),
            ("y with a leading 00", short(c, 1)[1])]
    if c.lift(0):
        edge.append(("x = 0", c.lift(0)))
    for what, q in edge:
        good("Arithmetic", what, q)
        good("Arithmetic", what + ", compressed", q, 2)
    for what, key in (("1", 1), ("2", 2), ("3", 3), ("n-1", n - 1), ("n-2", n - 2), ("(n-1)/2", (n - 1) // 2),
                      ("the top bit alone", 1 << n.bit_length() - 1), ("half the bits", (1 << n.bit_length() // 2) - 1)):
        if key < n:
            good("Scalar", f"d = {what}", pub, key=key)
    inv = pow(d, -1, n)
    for what, q in (("small x", first(c, 1)), ("large x", first(c, c.p - 1, -1)), ("the generator", c.g),
                    ("x with a leading 00", short(c, 0)[1])):
        good("Arithmetic", "the result has " + what if what[0] != "t" else "the result is " + what, c.mul(inv, q))
    for what, key in (("0", 0), ("n", n), ("n+1", n + 1), ("all ones", (1 << 8 * w) - 1)):
        bad("Scalar", f"d = {what}", c.point(pub), key)
    _bad_points(c, pub, bad)


def _bad_points(c, pub, bad):
    w, odd = c.size, pub[1] & 1
    x, y = c.bytes(pub[0]), c.bytes(pub[1])
    for what, b in (("no bytes", b""), ("04 alone", b"\4"), ("without 04", x + y), ("one byte short", b"\4" + x + y[:-1]),
                    ("one byte more", b"\4" + x + y + b"\0"), ("a 00 in front", b"\0\4" + x + y),
                    ("compressed, one byte short", bytes([2 + odd]) + x[:-1]),
                    ("compressed, one byte more", bytes([2 + odd]) + x + b"\0"),
                    ("coordinates one byte wider", b"\4\0" + x + b"\0" + y)):
        bad("Length", what, b)
    for lead in (0, 1, 2, 3, 5, 7 - odd, 8, 0x84, 0xFF):
        bad("Encoding", f"leading octet {lead:02x}", bytes([lead]) + x + y)
    for lead in (0, 4, 6, 7):
        bad("Encoding", f"leading octet {lead:02x}, x alone", bytes([lead]) + x)
    for what, b in (("00", b"\0"), ("all 00", bytes(1 + 2 * w)), ("04 and (0, 0)", b"\4" + bytes(2 * w))):
        bad("Infinity", "the point at infinity as " + what, b)
    for what, q in (("y + 1", (pub[0], (pub[1] + 1) % c.p)), ("x + 1", ((pub[0] + 1) % c.p, pub[1])),
                    ("x and y swapped", pub[::-1]), ("y = 0: order 2 on another curve", (pub[0], 0)), ("(1, 1)", (1, 1))):
        assert not c.has(q)
        bad("BadKey", what, b"\4" + c.bytes(q[0]) + c.bytes(q[1]))
    third = next(v for v in range(2, 999) if c.root(3 * v))
    half = c.root(3 * third)
    q = third, (3 * third ** 2 + c.a) * pow(2 * half, -1, c.p) % c.p
    assert not c.has(q) and c.mul(3, q) is None
    bad("BadKey", "order 3 on another curve", b"\4" + c.bytes(q[0]) + c.bytes(q[1]))
    for other in CURVES.values():
        if other is not c and other.size == w:
            bad("BadKey", "the generator of another curve", b"\4" + other.bytes(other.g[0]) + other.bytes(other.g[1]))
    off = next(v for v in range(1, 999) if not c.lift(v))
    for lead in (2, 3):
        bad("BadKey", f"compressed {lead:02x}, no such point", bytes([lead]) + c.bytes(off))
    top = (1 << 8 * w) - 1
    for what, px, py in (("x = p", c.p, pub[1]), ("y = p", pub[0], c.p), ("x all ones", top, pub[1]),
                         ("y all ones", pub[0], top), ("both all ones", top, top)):
        bad("Coordinate", what, b"\4" + px.to_bytes(w, "big") + py.to_bytes(w, "big"))
    small = first(c, 1)
    if small[0] + c.p <= top:
        up = (small[0] + c.p).to_bytes(w, "big")
        bad("Coordinate", "small x plus p", b"\4" + up + c.bytes(small[1]))
        bad("Coordinate", "small x plus p, compressed", bytes([2 + small[1] % 2]) + up)
    bad("Coordinate", "x = p, compressed", b"\2" + c.p.to_bytes(w, "big"))


def files():
    tail = ("Hex but for curve, hash, fmt, tcid (decimal), result (valid, invalid), flag and comment.")
    return {
        "ecdsa_edge.txt": ecdsa_set().text(("The fields of ecdsa.txt: [curve] [hash] [fmt] der or p1363; pub, msg, sig. " + tail,)),
        "ecdh_edge.txt": ecdh_set().text(("The fields of ecdh.txt: [curve]; d, pub (an octet string), z (empty where it must "
                                          "be refused). d must be in [1, n-1]. " + tail,)),
    }


def main():
    args = argparse.ArgumentParser(description="edge cases of ECDSA and ECDH")
    args.add_argument("--check", action="store_true", help="compare instead of writing")
    args.add_argument("folder", type=Path)
    args = args.parse_args()
    wrong = emit(args.folder, files(), args.check)
    for name in wrong:
        print(f"{args.folder / name}: not what tools/ec_edge.py makes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
