#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sm2_edge [--check] FOLDER - the SM2 edge cases, in Wycheproof's shape and as text.

Nobody else has published such a set. Every answer is worked out twice: the case says
what it must be, and the small implementation in edge/ must agree before it is
written. The same input gives the same files for ever; --check compares, and under
`python3 -O` it only compares, without working out every answer once more.
"""
import argparse
import sys
from hashlib import sha256
from pathlib import Path

from edge import curve
from edge.curve import CURVES, ID, SM2, digest, kdf, number, sm2_open, sm2_seal, sm2_sign
from edge.curve import sm2_verify, sm3, za
from edge.der import INTEGER, OCTETS, SEQUENCE, broken, content, integer, parse, tlv
from edge.out import Set, emit

P, N, G = SM2.p, SM2.n, SM2.g

NOTES = {
    "Valid": ("BASIC", "An ordinary case that must be accepted."),
    "MessageLength": ("BASIC", "Messages about the block size of SM3, the empty one, a large one."),
    "Identity": ("BASIC", "The identity is hashed with its length in bits in two octets (ENTL): 8191 bytes is the most."),
    "WrongZa": ("WRONG_PRIMITIVE", "The signature was made over something else than SM3(ZA || M)."),
    "ModifiedInput": ("AUTH_BYPASS", "Message, identity, key or signature was changed after signing."),
    "ShortNumber": ("EDGE_CASE", "A number with leading zero bytes, found by search: DER must not pad it, raw forms must."),
    "HighBit": ("EDGE_CASE", "A number whose top bit is set or clear: DER has one leading 00 or none."),
    "Range": ("CAN_OF_WORMS", "r and s must be in [1, n-1] and r + s not 0 modulo n (GB/T 32918.2 7.1)."),
    "Modulus": ("SIGNATURE_MALLEABILITY", "A number that is right modulo n or 2^256, and out of range."),
    "KeyRange": ("MISSING_STEP", "Private keys are in [1, n-2]: for n-1 the signature's 1/(1+d) does not exist."),
    "BadKey": ("MISSING_STEP", "The public key is not a point of the curve."),
    "EdgeKey": ("EDGE_CASE", "A key at the edge of the range, or one with leading zero bytes."),
    "Arithmetic": ("EDGE_CASE", "Chosen digests that lead the verification through special points and numbers."),
    "Confusion": ("WRONG_PRIMITIVE", "A sound signature or ciphertext of another scheme, curve or layout."),
    "LongLength": ("BER_ENCODING", "A length in more octets than DER allows."),
    "LyingLength": ("MODIFIED_PARAMETER", "A length that does not match what is there."),
    "Indefinite": ("BER_ENCODING", "An indefinite length, which only BER knows."),
    "WrongTag": ("MODIFIED_PARAMETER", "Another tag than the one that belongs there."),
    "Missing": ("MODIFIED_PARAMETER", "An element is empty or not there."),
    "Extra": ("MODIFIED_PARAMETER", "An element too many inside the sequence."),
    "Trailing": ("MALLEABILITY", "Bytes before or after the sequence."),
    "Truncated": ("MODIFIED_PARAMETER", "The end is missing."),
    "PaddedInteger": ("BER_ENCODING", "An INTEGER with leading zeros too many."),
    "NegativeInteger": ("MODIFIED_PARAMETER", "A negative INTEGER."),
    "NotDer": ("MODIFIED_PARAMETER", "Not DER at all."),
    "KdfZero": ("MISSING_STEP", "The key stream is all zero, the ciphertext shows the message: it must be refused (GB/T 32918.4 7.1 B4)."),
    "WrongC3": ("AUTH_BYPASS", "The hash C3 does not match."),
    "WrongC2": ("AUTH_BYPASS", "The ciphertext C2 was changed."),
    "WrongC1": ("AUTH_BYPASS", "The point C1 was changed."),
    "InvalidCurve": ("CONFIDENTIALITY", "C1 lies on another curve; C3 matches what careless code computes, so only the check of C1 refuses it."),
    "Encoding": ("EDGE_CASE", "Forms of points (GB/T 32918.1 4.2.9, 4.2.10): 04 uncompressed, 02 03 compressed, 06 07 hybrid."),
    "Coordinate": ("MISSING_STEP", "A coordinate not below p, though right modulo p."),
    "Infinity": ("MISSING_STEP", "The point at infinity is no key."),
    "Length": ("MODIFIED_PARAMETER", "A point or number of a wrong length."),
}

ABOUT = "Written for this project by tools/sm2_edge.py; Apache-2.0; version 1."


def secret(label):
    """A number in [1, n-2] that everybody can repeat."""
    return int.from_bytes(sha256(f"yufu sm2 edge: {label}".encode()).digest(), "big") % (N - 2) + 1


def b32(v):
    return v.to_bytes(32, "big")


def sig(r, s):
    return tlv(SEQUENCE, integer(r) + integer(s))


D = secret("signer")
PUB = SM2.mul(D)


def judge(pub, ident, msg, der):
    """What the answer must be: strict DER, a point, an identity that fits, the equation."""
    rs = parse(der, [INTEGER, INTEGER])
    if not rs or len(ident) > 8191 or not pub or not SM2.has(pub) or max(pub) >= P:
        return False
    return sm2_verify(pub, digest(pub, msg, ident), *rs)


def search(e, d, want, first=1):
    """The first k, counting from a fixed one, whose signature is wanted."""
    k = secret("search") + first
    q = SM2.mul(k)
    inv = pow(1 + d, -1, N)
    while True:
        r = (e + q[0]) % N
        s = (k - r * d) * inv % N
        if want(r, s):
            assert (r, s) == sm2_sign(d, e, k)
            return r, s
        k, q = k + 1, SM2.add(q, G)


# ---- verify ----


def verify_set():
    out = Set("SM2", "sm2_verify_schema.json",
              "SM2 signatures over messages (GB/T 32918.2; DER of GM/T 0009 7.3): " + ABOUT, NOTES)
    here = [PUB, ID]

    def group(pub, ident, octets=None):
        here[:] = pub, ident
        out.group(pub=octets or SM2.point(pub), id=ident)

    def case(flag, comment, good, msg, der):
        assert judge(*here, msg, der) == good, comment
        out.case(flag, comment, good, msg=msg, sig=der)

    group(PUB, ID)
    msg = b"message digest"
    e = digest(PUB, msg)
    r, s = search(e, D, lambda r, s: r >> 255 and not s >> 255 and s >> 248)
    case("Valid", "an ordinary signature", True, msg, sig(r, s))
    _messages(case)
    _shapes(case, msg, e)
    _ranges(case, msg, r, s)
    _changed(case, msg, r, s)
    for flag, comment, der in broken("rs", [(INTEGER, content(r)), (INTEGER, content(s))]):
        case(flag, comment, False, msg, der)
    case("NotDer", "r and s of 32 bytes each, without DER", False, msg, b32(r) + b32(s))
    case("Confusion", "s before r", False, msg, sig(s, r))
    _wrong_za(case, msg)
    _identities(group, case, msg)
    _keys(group, case, msg)
    return out


def _messages(case):
    for n in (0, 1, 22, 23, 24, 31, 32, 33, 63, 64, 65, 87, 88, 95, 96, 20000):
        m = bytes(i * 11 + n & 255 for i in range(n))
        rs = sm2_sign(D, digest(PUB, m), secret(f"length {n}"))
        case("MessageLength", f"a message of {n} bytes", True, m, sig(*rs))


# Found by walking k upwards from secret("search") + 1; two zero bytes take some ten thousand steps.
TWO_ZEROS = {"r": 98917, "s": 35791}


def _shapes(case, msg, e):
    for what, want in (("r of 31 bytes", lambda r, s: not r >> 248),
                       ("s of 31 bytes", lambda r, s: not s >> 248),
                       ("r of 31 bytes with its top bit set", lambda r, s: not r >> 248 and r >> 247),
                       ("s of 31 bytes with its top bit set", lambda r, s: not s >> 248 and s >> 247)):
        case("ShortNumber", what, True, msg, sig(*search(e, D, want)))
    case("ShortNumber", "r of 30 bytes", True, msg,
         sig(*search(e, D, lambda r, s: not r >> 240, TWO_ZEROS["r"])))
    case("ShortNumber", "s of 30 bytes", True, msg,
         sig(*search(e, D, lambda r, s: not s >> 240, TWO_ZEROS["s"])))
    for top in (0, 1, 2, 3):
        def want(r, s):
            return r >> 255 == top >> 1 and s >> 255 == top & 1
        case("HighBit", f"top bits of r and s: {top >> 1} and {top & 1}", True, msg,
             sig(*search(e, D, want)))
    for what, want in (("below n", lambda r, s: r + s < N),
                       ("between n and 2^256", lambda r, s: N < r + s < 2 ** 256),
                       ("above 2^256", lambda r, s: r + s > 2 ** 256)):
        if what.startswith("between"):
            continue    # one in 2^32
        case("HighBit", f"r + s {what}", True, msg, sig(*search(e, D, want)))


def _ranges(case, msg, r, s):
    special = {"0": 0, "1": 1, "n-1": N - 1, "n": N, "n+1": N + 1, "p": P, "2^255": 1 << 255,
               "2^256-1": 2 ** 256 - 1, "2^256": 2 ** 256, "2^320": 2 ** 320, "2n": 2 * N}
    for name, v in special.items():
        case("Range", f"r = {name}", False, msg, sig(v, s))
        case("Range", f"s = {name}", False, msg, sig(r, v))
    few = ("0", "1", "n-1", "n", "n+1", "2^256-1")
    for a in few:
        for b in few:
            case("Range", f"r = {a}, s = {b}", False, msg, sig(special[a], special[b]))
    case("Range", "r + s = n, r as it should be", False, msg, sig(r, N - r))
    case("Range", "r + s = n, s as it should be", False, msg, sig(N - s, s))
    case("Range", "r + s = n, r = s + 1", False, msg, sig((N + 1) // 2, (N - 1) // 2))
    case("Range", "r + s = 2n", False, msg, sig(r, 2 * N - r))
    for what, a, b in (("r + n", r + N, s), ("s + n", r, s + N), ("both plus n", r + N, s + N),
                       ("r + 2^256", r + 2 ** 256, s), ("s + 2^256", r, s + 2 ** 256),
                       ("r + 2^256 n", r + (N << 256), s), ("s + 2^512", r, s + 2 ** 512),
                       ("n - r", N - r, s), ("n - s", r, N - s), ("r - n", r - N, s),
                       ("s - n", r, s - N), ("-r", -r, s), ("-s", r, -s)):
        case("Modulus", f"{what} in its place", False, msg, sig(a, b))


def _changed(case, msg, r, s):
    good = sig(r, s)
    for what, m in (("one bit of the message", b"lessage digest"), ("a byte appended", msg + b"\0"),
                    ("the last byte missing", msg[:-1]), ("the empty message", b"")):
        case("ModifiedInput", what, False, m, good)
    for what, a, b in (("r + 1", r + 1, s), ("s + 1", r, s + 1), ("one bit of r", r ^ 1 << 128, s),
                       ("one bit of s", r, s ^ 1 << 128), ("r twice", r, r), ("s twice", s, s)):
        case("ModifiedInput", what, False, msg, sig(a, b))
    rev = int.from_bytes(b32(r), "little"), int.from_bytes(b32(s), "little")
    case("Confusion", "r and s in little-endian order", False, msg, sig(*rev))
    k = secret("ecdsa")
    x, e = SM2.mul(k)[0] % N, digest(PUB, msg)
    case("Confusion", "an ECDSA signature by the same key over the same digest", False, msg,
         sig(x, pow(k, -1, N) * (e + x * D) % N))


def _wrong_za(case, msg):
    k = secret("wrong za")
    body = SM2.bytes(SM2.a) + SM2.bytes(SM2.b) + SM2.point(G)[1:] + SM2.point(PUB)[1:]
    swapped = SM2.bytes(PUB[1]) + SM2.bytes(PUB[0])
    ways = {
        "SM3(M), without ZA": sm3(msg),
        "SM3 of SM3(M)": sm3(sm3(msg)),
        "SHA-256(ZA || M)": sha256(za(PUB) + msg).digest(),
        "ZA by SHA-256": sm3(sha256(b"\0\x80" + ID + body).digest() + msg),
        "SM3(M || ZA)": sm3(msg + za(PUB)),
        "ENTL in bytes": sm3(za(PUB, ID, len(ID)) + msg),
        "ENTL in little-endian order": sm3(sm3(b"\x80\0" + ID + body) + msg),
        "no ENTL": sm3(sm3(ID + body) + msg),
        "ENTL of four bytes": sm3(sm3(b"\0\0\0\x80" + ID + body) + msg),
        "no identity": digest(PUB, msg, b"").to_bytes(32, "big"),
        "the identity with its final 0": digest(PUB, msg, ID + b"\0").to_bytes(32, "big"),
        "the identity's bytes in hex": digest(PUB, msg, ID.hex().encode()).to_bytes(32, "big"),
        "ZA without the generator": sm3(sm3(b"\0\x80" + ID + body[:64] + body[128:]) + msg),
        "ZA without a and b": sm3(sm3(b"\0\x80" + ID + body[64:]) + msg),
        "ZA with the key's coordinates swapped": sm3(sm3(b"\0\x80" + ID + body[:128] + swapped) + msg),
        "ZA with the key's leading 04": sm3(sm3(b"\0\x80" + ID + body[:128] + SM2.point(PUB)) + msg),
        "ZA of another key": sm3(za(SM2.mul(secret("other"))) + msg),
        "the message itself as digest": msg.rjust(32, b"\0"),
    }
    for what, e in ways.items():
        case("WrongZa", f"signed over {what}", False, msg, sig(*sm2_sign(D, number(e), k)))


def _identities(group, case, msg):
    k = secret("identities")
    for n in (0, 1, 15, 17, 31, 32, 255, 256, 8191):
        ident = bytes(i * 7 + 1 & 255 for i in range(n))
        group(PUB, ident)
        case("Identity", f"identity of {n} bytes", True, msg, sig(*sm2_sign(D, digest(PUB, msg, ident), k)))
        case("Identity", f"identity of {n} bytes, signed with the default one", False, msg,
             sig(*sm2_sign(D, digest(PUB, msg), k)))
    short = ident[:-1]
    case("Identity", "identity of 8191 bytes, signed with its first 8190", False, msg,
         sig(*sm2_sign(D, digest(PUB, msg, short), k)))
    for n in (8192, 8193, 16384):
        ident = bytes(i * 7 + 1 & 255 for i in range(n))
        group(PUB, ident)
        entl = 8 * n & 0xFFFF
        for what, zz in ((f"ENTL wrapped to {entl}", za(PUB, ident, entl)),
                         ("ENTL stopped at 65535", za(PUB, ident, 65535)),
                         ("ENTL in bytes", za(PUB, ident, n)),
                         ("cut to 8191 bytes", za(PUB, ident[:8191])),
                         ("cut to what the wrapped ENTL says", za(PUB, ident[:entl // 8]))):
            case("Identity", f"identity of {n} bytes, signed with it {what}", False, msg,
                 sig(*sm2_sign(D, number(sm3(zz + msg)), k)))


def _keys(group, case, msg):
    k = secret("keys")

    def signed(what, d):
        group(SM2.mul(d), ID)
        e = digest(SM2.mul(d), msg)
        case("EdgeKey", what, True, msg, sig(*sm2_sign(d, e, k)))
        case("EdgeKey", what + ", r and s swapped", False, msg, sig(*sm2_sign(d, e, k)[::-1]))

    signed("d = 1: the key is the generator", 1)
    signed("d = 2", 2)
    signed("d = n-2", N - 2)
    signed("d = (n-1)/2", (N - 1) // 2)
    d, q = secret("short key"), None
    for what, i in (("x", 0), ("y", 1)):
        d, q = _walk(lambda q: not q[i] >> 248)
        signed(f"the key's {what} has a leading 00", d)
        d, q = _walk(lambda q: not q[i] & 255)
        signed(f"the key's {what} ends in 00", d)
    last = SM2.neg(G)
    group(last, ID)
    e = digest(last, msg)
    x = SM2.mul(k)[0]
    case("KeyRange", "d = n-1, s as the formula with 1/0 taken for 0", False, msg, sig((e + x) % N, 0))
    case("KeyRange", "d = n-1, s = k", False, msg, sig((e + x) % N, k))
    case("KeyRange", "d = n-1, s = k - r d", False, msg,
         sig((e + x) % N, (k - (e + x) * (N - 1)) % N))
    for what, bad, octets in _bad_points():
        group(bad, ID, octets)
        rs = sm2_sign(D, digest(bad, msg) if bad and max(bad) < 2 ** 256 else 1, k)
        case("BadKey", what, False, msg, sig(*rs))


def _walk(want):
    """The first d, counting from a fixed one, whose public key is wanted."""
    d = secret("walk")
    q = SM2.mul(d)
    while not want(q):
        d, q = d + 1, SM2.add(q, G)
    return d, q


def _bad_points():
    yield "the key is not on the curve", (PUB[0], PUB[1] ^ 1), None
    yield "the key is (0, 0)", (0, 0), None
    yield "the key is a point of P-256", CURVES["p256"].g, None
    yield "the key's y is 0", (PUB[0], 0), None
    yield "the key is the point at infinity", None, b"\0"
    yield "the key is the point at infinity, 65 bytes of it", None, bytes(65)
    yield "the key is empty", None, b"\4"


# ---- verify over a digest ----


def digest_set():
    out = Set("SM2", "sm2_digest_schema.json",
              "SM2 signatures over a given digest e (GB/T 32918.2 7.1 from B5 on), where the digest "
              "can be chosen to meet special numbers: " + ABOUT, NOTES)

    def case(comment, good, pub, e, r, s):
        assert SM2.has(pub) and sm2_verify(pub, e, r, s) == good, comment
        out.case("Arithmetic", comment, good, e=b32(e), sig=sig(r, s))

    def solve(comment, pub, s, t):
        """e such that r = t - s; also plus n where that fits."""
        out.group(pub=SM2.point(pub))
        q = SM2.add(SM2.mul(s), SM2.mul(t, pub))
        r = (t - s) % N
        e = (r - q[0]) % N
        case(comment, True, pub, e, r, s)
        case(comment + ", one bit of e changed", False, pub, e ^ 1, r, s)
        if e + N < 2 ** 256:
            case(comment + ", e plus n", True, pub, e + N, r, s)

    s, t = secret("digest s"), secret("digest t")
    for what, v in (("1", 1), ("2", 2), ("3", 3), ("n-1", N - 1), ("n-2", N - 2), ("2^255", 1 << 255),
                    ("2^128", 1 << 128), ("2^128-1", (1 << 128) - 1), ("2^64", 1 << 64),
                    ("(n-1)/2", (N - 1) // 2), ("(n+1)/2", (N + 1) // 2)):
        solve(f"s = {what}", PUB, v, t)
        solve(f"r + s = {what}", PUB, s, v)
        solve(f"r = {what}", PUB, s, (v + s) % N)
    solve("r = s", PUB, s, 2 * s % N)
    solve("r = 1, s = 1", PUB, 1, 2)
    solve("r = n-1, s = n-1", PUB, N - 1, N - 2)
    solve("r = n-1, s = 2: r + s = 1", PUB, 2, 1)
    solve("s G and (r + s) P are the same point", PUB, s, s * pow(D, -1, N) % N)
    solve("the sum is G", PUB, s, (1 - s) * pow(D, -1, N) % N)
    solve("the sum is -G", PUB, s, (N - 1 - s) * pow(D, -1, N) % N)
    solve("the sum is 2 G", PUB, s, (2 - s) * pow(D, -1, N) % N)
    solve("the sum is s G doubled and once more", PUB, s, 2 * s * pow(D, -1, N) % N)
    solve("the sum is P", PUB, s, (D - s) * pow(D, -1, N) % N)
    for what, d in (("P = G", 1), ("P = 2 G", 2), ("P = -2 G", N - 2)):
        solve(what, SM2.mul(d), s, t)
        solve(what + ", s = 1", SM2.mul(d), 1, t)
        solve(what + ", r + s = 1", SM2.mul(d), s, 1)
    solve("P = G, s = r + s - 1", G, s, s + 1)

    # Points of unknown logarithm: choose the sum, and solve for the key.
    for what, q in (("x = n + 3, above the order", _above_n()), ("x = 0", SM2.lift(0)), ("y = 1", Y1)):
        for tt in (1, t, N - 1):
            pub = SM2.mul(pow(tt, -1, N), SM2.add(q, SM2.neg(SM2.mul(s))))
            solve(f"the sum has {what}; r + s = {'1' if tt == 1 else 'n-1' if tt == N - 1 else 'any'}", pub, s, tt)
    solve("the key has y = 1", Y1, s, t)
    solve("the key has y = p - 1", SM2.neg(Y1), s, t)
    solve("the key has x = 0", SM2.lift(0), s, t)

    out.group(pub=SM2.point(PUB))
    t = -s * pow(D, -1, N) % N
    for e in ((t - s) % N, 0, 1, N - 1):
        case(f"the sum is the point at infinity{' and e = r' if e == (t - s) % N else ''}", False, PUB, e, (t - s) % N, s)
    q = SM2.mul(s)
    case("r + s = n and e such that only s G is compared", False, PUB, (N - s - q[0]) % N, N - s, s)
    q = SM2.add(SM2.mul(s), SM2.mul(s, PUB))
    case("r = 0 and e such that all else holds", False, PUB, -q[0] % N, 0, s)
    case("r = n and e such that all else holds", False, PUB, -q[0] % N, N, s)
    q = SM2.mul(t, PUB)
    case("s = 0 and e such that all else holds", False, PUB, (t - q[0]) % N, t, 0)
    case("s = n and e such that all else holds", False, PUB, (t - q[0]) % N, t, N)
    for e in (0, 1, N - 1, N, N + 1, P, 2 ** 256 - 1):
        rs = sm2_sign(D, e, secret(f"digest {e}"))
        case(f"e = {e:064x}", True, PUB, e, *rs)
    return out


# The point with y = 1: x from the cubic x^3 + a x + b = 1.
Y1 = (0x9C17043EFFE1A805A74A9A5E70B9D659705D3242094A566DC016F49311178D1F, 1)


def _above_n():
    assert SM2.has(Y1) and P > N
    return next(q for q in (SM2.lift(N + i) for i in range(3, 99)) if q)


# ---- decrypt ----

TAGS = [INTEGER, INTEGER, OCTETS, OCTETS]


def ct_der(c1, c3, c2):
    return tlv(SEQUENCE, integer(c1[0]) + integer(c1[1]) + tlv(OCTETS, c3) + tlv(OCTETS, c2))


def judge_ct(d, der):
    f = parse(der, TAGS)
    if not f or f[0] >= P or f[1] >= P:
        return None
    return sm2_open(d, tuple(f[:2]), f[2], f[3])


def seal(k, msg, pub=PUB):
    return SM2.mul(k), *sm2_seal(SM2.mul(k, pub), msg)


def decrypt_set():
    out = Set("SM2", "sm2_decrypt_schema.json",
              "SM2 ciphertexts (GB/T 32918.4; DER of GM/T 0009 7.2: x, y of C1, C3, C2): " + ABOUT, NOTES)
    here = [D]

    def group(d):
        here[0] = d
        out.group(d=b32(d))

    def case(flag, comment, good, der, msg=b""):
        assert judge_ct(here[0], der) == (msg if good else None), comment
        out.case(flag, comment, good, ct=der, pt=msg if good else b"")

    group(D)
    for n in (1, 2, 16, 19, 31, 32, 33, 63, 64, 65, 255, 256, 5000):
        m = bytes(i * 13 + n & 255 for i in range(n))
        case("MessageLength", f"a message of {n} bytes", True, ct_der(*seal(secret(f"ct {n}"), m)), m)
    _short_c1(case)
    _kdf_zero(case)
    msg = b"encryption st"          # short enough that every length is one octet
    c1, c3, c2 = seal(_high_c1(), msg)
    whole = ct_der(c1, c3, c2)
    case("Valid", "an ordinary ciphertext", True, whole, msg)
    parts = [(INTEGER, content(c1[0])), (INTEGER, content(c1[1])), (OCTETS, c3), (OCTETS, c2)]
    for flag, comment, der in broken(("x", "y", "C3", "C2"), parts):
        case(flag, comment, False, der)
    _wrong_c3(case, c1, c3, c2, msg)
    _wrong_c2(case, c1, c3, c2)
    _wrong_c1(case, c1, c3, c2)
    _invalid_curve(case, msg)
    raw = SM2.point(c1)
    for what, der in (("04 C1 C3 C2, not DER", raw + c3 + c2), ("04 C1 C2 C3, not DER", raw + c2 + c3),
                      ("C1 C3 C2, not DER", raw[1:] + c3 + c2)):
        case("NotDer", what, False, der)
    case("Confusion", "C2 before C3", False,
         tlv(SEQUENCE, integer(c1[0]) + integer(c1[1]) + tlv(OCTETS, c2) + tlv(OCTETS, c3)))
    case("Confusion", "y before x", False, ct_der(c1[::-1], c3, c2))
    case("Confusion", "C1 as one OCTET STRING", False,
         tlv(SEQUENCE, tlv(OCTETS, raw) + tlv(OCTETS, c3) + tlv(OCTETS, c2)))
    _decrypt_keys(group, case, msg)
    return out


def _high_c1():
    """k with x and y of C1 both at 32 bytes and their top bits 1 and 0."""
    k = secret("c1")
    q = SM2.mul(k)
    while not (q[0] >> 255 and q[1] >> 248 and not q[1] >> 255):
        k, q = k + 1, SM2.add(q, G)
    return k


def _short_c1(case):
    for what, want in (("x has a leading 00", lambda q: not q[0] >> 248),
                       ("y has a leading 00", lambda q: not q[1] >> 248),
                       ("x and y both have their top bits set", lambda q: q[0] >> 255 and q[1] >> 255),
                       ("x and y both have their top bits clear", lambda q: not q[0] >> 255 and not q[1] >> 255)):
        k, _ = _walk(want)
        m = b"numbers have no fixed length in DER"
        case("ShortNumber", "C1: " + what, True, ct_der(*seal(k, m)), m)
    k = secret("shared")
    for what, i in (("x", 0), ("y", 1)):
        j, q, c = k, SM2.mul(k, PUB), SM2.mul(k)
        while q[i] >> 248:
            j, q = j + 1, SM2.add(q, PUB)
        m = b"the shared point keeps its leading zeros"
        case("ShortNumber", f"the shared point's {what} has a leading 00", True, ct_der(*seal(j, m)), m)


def _streams(n, want, count):
    """The first few k whose key stream for n bytes is wanted."""
    k = secret("stream")
    q, found = SM2.mul(k, PUB), []
    while len(found) < count:
        if want(kdf(SM2.bytes(q[0]) + SM2.bytes(q[1]), n)):
            found.append(k)
        k, q = k + 1, SM2.add(q, PUB)
    return found


def _kdf_zero(case):
    for k in _streams(1, lambda t: t == b"\0", 3):
        for m in (b"Y", b"\0", b"\xff"):
            c1, c3, c2 = seal(k, m)
            assert c2 == m
            case("KdfZero", f"message {m.hex()}, key stream 00", False, ct_der(c1, c3, c2))
        q = SM2.mul(k, PUB)
        for m in (b"No", b"Yes"):
            t = kdf(SM2.bytes(q[0]) + SM2.bytes(q[1]), len(m))
            case("KdfZero", f"message {m.hex()}, key stream {t.hex()}", any(t), ct_der(*seal(k, m)), m)
    k = _streams(2, lambda t: t[0] and not t[1], 1)[0]
    case("KdfZero", "only the last byte of the key stream is 00", True, ct_der(*seal(k, b"ok")), b"ok")
    k = _streams(1, lambda t: t == b"A", 1)[0]
    case("KdfZero", "C2 is 00, the key stream is not", True, ct_der(*seal(k, b"A")), b"A")


def _wrong_c3(case, c1, c3, c2, msg):
    q = SM2.mul(D, c1)
    x, y = SM2.bytes(q[0]), SM2.bytes(q[1])
    flip = bytearray(c3)
    ways = [("all zero", bytes(32)), ("all one", b"\xff" * 32), ("all bits flipped", bytes(v ^ 255 for v in c3)),
            ("one byte short", c3[:-1]), ("without its first byte", c3[1:]), ("one byte more", c3 + b"\0"),
            ("empty", b""), ("its first half", c3[:16]), ("twice", c3 * 2),
            ("SM3(M)", sm3(msg)), ("SM3(y2 M x2)", sm3(y + msg + x)), ("SM3(x2 y2 M)", sm3(x + y + msg)),
            ("SM3(M x2 y2)", sm3(msg + x + y)), ("SM3(x2 C2 y2)", sm3(x + c2 + y)), ("SM3(C2)", sm3(c2)),
            ("SM3(04 x2 M y2)", sm3(b"\4" + x + msg + y)), ("SHA-256(x2 M y2)", sha256(x + msg + y).digest()),
            ("SM3 over the point C1", sm3(SM2.bytes(c1[0]) + msg + SM2.bytes(c1[1])))]
    for bit in (0, 7, 8, 63, 127, 128, 191, 254, 255):
        flip = bytearray(c3)
        flip[bit // 8] ^= 0x80 >> bit % 8
        ways.append((f"bit {bit} flipped", bytes(flip)))
    for what, bad in ways:
        case("WrongC3", "C3: " + what, False, ct_der(c1, bad, c2))


def _wrong_c2(case, c1, c3, c2):
    for what, bad in (("first bit flipped", bytes([c2[0] ^ 128]) + c2[1:]),
                      ("last bit flipped", c2[:-1] + bytes([c2[-1] ^ 1])), ("last byte missing", c2[:-1]),
                      ("first byte missing", c2[1:]), ("00 appended", c2 + b"\0"), ("00 put in front", b"\0" + c2),
                      ("one byte of it", c2[:1]), ("all zero", bytes(len(c2))), ("twice", c2 * 2)):
        case("WrongC2", "C2: " + what, False, ct_der(c1, c3, bad))
    q = SM2.mul(D, c1)
    case("WrongC2", "C2 empty, C3 = SM3(x2 y2)", False,
         ct_der(c1, sm3(SM2.bytes(q[0]) + SM2.bytes(q[1])), b""))


def _wrong_c1(case, c1, c3, c2):
    x, y = c1
    for what, bad in (("-C1", SM2.neg(c1)), ("G", G), ("2 C1", SM2.add(c1, c1)), ("the receiver's key", PUB),
                      ("x + 1", (x + 1, y)), ("y + 1", (x, y + 1)), ("(0, 0)", (0, 0)), ("y = 0", (x, 0)),
                      ("x = 0", (0, y)), ("x = p", (P, y)), ("y = p", (x, P)), ("(1, 1)", (1, 1)),
                      ("x and y 2^256-1", (2 ** 256 - 1,) * 2), ("x and y p-1", (P - 1, P - 1)),
                      ("x of 512 bits", (x << 256 | x, y)), ("y of 512 bits", (x, y << 256 | y))):
        case("WrongC1", "C1: " + what, False, ct_der(bad, c3, c2))
    for what, bad in (("x + p", (x + P, y)), ("y + p", (x, y + P)), ("x + 2^256", (x + 2 ** 256, y)),
                      ("x - p", (x - P, y)), ("y - p", (x, y - P))):
        case("Coordinate", "C1: " + what, False, ct_der(bad, c3, c2))
    m = b"right modulo p"
    for what, q, up in (("x small, plus p, in 32 bytes", _small_x(), (P, 0)), ("y = 1, plus p", Y1, (0, P))):
        c3, c2 = sm2_seal(SM2.mul(D, q), m)
        case("Coordinate", "C1: " + what.split(",")[0], True, ct_der(q, c3, c2), m)
        case("Coordinate", "C1: " + what, False, ct_der((q[0] + up[0], q[1] + up[1]), c3, c2))


def _small_x():
    return next(q for q in (SM2.lift(x) for x in range(1, 99)) if q)


def _invalid_curve(case, msg):
    """Points of other curves y^2 = x^3 + ax + b': the formulas never look at b."""
    points = [("a random point off the curve", (secret("off x") % P, secret("off y") % P)),
              ("y + 1 of a point", (PUB[0], PUB[1] + 1)),
              ("a point of order 2", (secret("order 2") % P, 0)),
              ("the generator of P-256", CURVES["p256"].g)]
    x = next(x for x in range(2, 99) if SM2.root(3 * x))
    half = SM2.root(3 * x)
    points.append(("a point of order 3", (x, (3 * x * x + SM2.a) * pow(2 * half, -1, P) % P)))
    assert SM2.mul(3, points[-1][1]) is None
    for what, q in points:
        assert not SM2.has(q)
        for add in (0, 1):
            shared = SM2.mul(D, q)
            if shared is None:
                continue
            m = msg + bytes([add])
            c3, c2 = sm2_seal(shared, m)
            case("InvalidCurve", f"C1 is {what}{', another message' * add}", False, ct_der(q, c3, c2))
    seal_inf = sm3(msg), bytes(a ^ b for a, b in zip(msg, kdf(b"", len(msg))))
    case("InvalidCurve", "C1 is (0, 0), C3 as for an empty shared point", False, ct_der((0, 0), *seal_inf))
    case("InvalidCurve", "C1 is (0, 0), C3 as for the shared point (0, 0)", False,
         ct_der((0, 0), *sm2_seal((0, 0), msg)))


def _decrypt_keys(group, case, msg):
    k = secret("decrypt keys")
    for what, d in (("d = 1", 1), ("d = 2", 2), ("d = n-2", N - 2), ("d = (n-1)/2", (N - 1) // 2)):
        group(d)
        case("EdgeKey", what, True, ct_der(*seal(k, msg, SM2.mul(d))), msg)
        case("EdgeKey", what + ", for another key", False, ct_der(*seal(k, msg)))
    group(N - 1)
    case("KeyRange", "d = n-1, all else right", False, ct_der(*seal(k, msg, SM2.neg(G))))
    for what, d in (("0", 0), ("n", N), ("n+1", N + 1), ("2^256-1", 2 ** 256 - 1)):
        group(d)
        q = SM2.mul(d % N) if d % N else None
        case("KeyRange", f"d = {what}, a ciphertext for d modulo n" if q else f"d = {what}", False,
             ct_der(*seal(k, msg, q or PUB)))
    group(0)
    case("KeyRange", "d = 0, the shared point taken as (0, 0)", False,
         ct_der(SM2.mul(k), *sm2_seal((0, 0), msg)))


# ---- keys ----


def judge_point(b):
    """The point of an octet string, or None."""
    if not b or len(b) != (33 if b[0] in (2, 3) else 65) or b[0] not in (2, 3, 4, 6, 7):
        return None
    x = number(b[1:33])
    q = SM2.lift(x, b[0] & 1) if x < P and b[0] in (2, 3) else (x, number(b[33:]))
    if not q or x >= P or q[1] >= P or not SM2.has(q) or b[0] in (6, 7) and q[1] & 1 != b[0] & 1:
        return None
    return q


def key_set():
    out = Set("SM2", "sm2_key_schema.json",
              "SM2 keys: public ones as octet strings (GB/T 32918.1 4.2.9), private ones as 32 bytes: " + ABOUT, NOTES)

    def public(flag, comment, good, b):
        q = judge_point(b)
        assert bool(q) == good, comment
        out.case(flag, comment, good, key=b, point=SM2.point(q) if q else b"")

    out.group(kind="public")
    x, y = SM2.bytes(PUB[0]), SM2.bytes(PUB[1])
    for form, what in ((4, "uncompressed"), (2, "compressed"), (6, "hybrid")):
        for q, who in ((PUB, "a key"), (SM2.neg(PUB), "its negative"), (G, "the generator"), (SM2.mul(N - 2), "-2 G")):
            public("Encoding", f"{who}, {what}", True, SM2.point(q, form))
    for q, who in ((SM2.lift(0), "x = 0"), (Y1, "y = 1"), (SM2.neg(Y1), "y = p - 1"), (_small_x(), "small x"),
                   (_above_n(), "x above n"), (_walk(lambda q: not q[0] >> 248)[1], "x with a leading 00"),
                   (_walk(lambda q: not q[1] >> 248)[1], "y with a leading 00"), (_large_x(), "x close to p")):
        for form in (4, 2, 6):
            public("EdgeKey", f"{who}, form {form:02x}", True, SM2.point(q, form))
    public("KeyRange", "-G: a point, though the private key n-1 behind it is out of range", True, SM2.point(SM2.neg(G)))
    odd = PUB[1] & 1
    public("Encoding", "hybrid with the other parity", False, bytes([7 - odd]) + x + y)
    for lead in (0, 1, 5, 8, 0x0C, 0x14, 0x40, 0x84, 0xFF):
        public("Encoding", f"leading octet {lead:02x}, 65 bytes", False, bytes([lead]) + x + y)
    for lead in (0, 1, 4, 5, 6, 7, 0x82):
        public("Encoding", f"leading octet {lead:02x}, 33 bytes", False, bytes([lead]) + x)
    for lead in (2, 3):
        public("Encoding", f"leading octet {lead:02x}, 65 bytes", False, bytes([lead]) + x + y)
    for what, b in (("no bytes", b""), ("04 alone", b"\4"), ("02 alone", b"\2"), ("64 bytes without 04", x + y),
                    ("64 bytes", b"\4" + x + y[:-1]), ("66 bytes", b"\4" + x + y + b"\0"),
                    ("a 00 in front", b"\0\4" + x + y), ("compressed, 32 bytes", bytes([2 + odd]) + x[:-1]),
                    ("compressed, 34 bytes", bytes([2 + odd]) + x + b"\0"), ("in an OCTET STRING", tlv(OCTETS, b"\4" + x + y)),
                    ("in a BIT STRING", tlv(3, b"\0\4" + x + y)), ("x and y of 33 bytes", b"\4\0" + x + b"\0" + y)):
        public("Length", what, False, b)
    for what, b in (("00", b"\0"), ("33 bytes of 00", bytes(33)), ("65 bytes of 00", bytes(65)),
                    ("(0, 0), uncompressed", b"\4" + bytes(64)), ("(0, 0), hybrid", b"\6" + bytes(64))):
        public("Infinity", "the point at infinity as " + what, False, b)
    for what, q in (("y + 1", (PUB[0], PUB[1] + 1)), ("x + 1", (PUB[0] + 1, PUB[1])), ("x and y swapped", PUB[::-1]),
                    ("y = 0", (PUB[0], 0)), ("the generator of P-256", CURVES["p256"].g),
                    ("the generator of brainpoolp256r1", CURVES["brainpoolp256r1"].g)):
        public("BadKey", what, False, SM2.point(q))
    public("BadKey", "hybrid, y + 2", False, bytes([6 + odd]) + x + SM2.bytes(PUB[1] + 2))
    twist = next(v for v in range(1, 99) if not SM2.lift(v))
    for lead in (2, 3):
        public("BadKey", f"compressed {lead:02x}, no such point", False, bytes([lead]) + SM2.bytes(twist))
    small = _small_x()
    up = b32(small[0] + P)
    for what, b in (("small x plus p, uncompressed", b"\4" + up + SM2.bytes(small[1])),
                    ("small x plus p, compressed", SM2.point(small, 2)[:1] + up),
                    ("small x plus p, hybrid", SM2.point(small, 6)[:1] + up + SM2.bytes(small[1])),
                    ("y = 1 plus p", b"\4" + SM2.bytes(Y1[0]) + b32(1 + P)),
                    ("x = p", b"\4" + b32(P) + SM2.bytes(SM2.lift(0)[1])), ("x = p, compressed", b"\2" + b32(P)),
                    ("y = p", b"\4" + x + b32(P)), ("x = 2^256-1", b"\4" + b"\xff" * 32 + y),
                    ("y = 2^256-1", b"\4" + x + b"\xff" * 32), ("x and y 2^256-1", b"\4" + b"\xff" * 64),
                    ("x = 2^256-1, compressed", b"\3" + b"\xff" * 32)):
        public("Coordinate", what, False, b)

    out.group(kind="private")
    for what, d in (("1", 1), ("2", 2), ("n-2", N - 2), ("n-3", N - 3), ("(n-1)/2", (N - 1) // 2), ("2^255", 1 << 255),
                    ("2^248-1, a leading 00", (1 << 248) - 1), ("any", D)):
        out.case("EdgeKey", f"d = {what}", True, key=b32(d), point=SM2.point(SM2.mul(d)))
    for what, d in (("0", 0), ("n-1", N - 1), ("n", N), ("n+1", N + 1), ("p", P), ("2^256-1", 2 ** 256 - 1)):
        assert not 0 < d < N - 1
        out.case("KeyRange", f"d = {what}", False, key=b32(d), point=b"")
    return out


def _large_x():
    return next(q for q in (SM2.lift(P - i) for i in range(1, 99)) if q)


# ---- files ----


def public_key(pub):
    key = {"type": "EcPublicKey", "curve": "sm2p256v1", "keySize": 256, "uncompressed": pub.hex()}
    if len(pub) == 65:
        key.update(wx=pub[1:33].hex(), wy=pub[33:].hex())
    return key


def describe(kind):
    def one(fields):
        d = {"type": kind, "source": {"name": "yufu/sm2_edge", "version": "1"}}
        if "pub" in fields:
            d["publicKey"] = public_key(fields["pub"])
        if "id" in fields:
            d.update(id=fields["id"].hex(), sha="SM3")
        if "d" in fields:
            d["privateKey"] = {"type": "EcPrivateKey", "curve": "sm2p256v1", "keySize": 256, "s": fields["d"].hex()}
        if "kind" in fields:
            d["kind"] = fields["kind"]
        return d
    return one


def files():
    sets = {
        "sm2_verify": (verify_set(), "Sm2Verify", "[pub], [id] (octets), msg, sig (DER)."),
        "sm2_digest": (digest_set(), "Sm2VerifyDigest", "[pub], e (32 bytes, may exceed n), sig (DER)."),
        "sm2_decrypt": (decrypt_set(), "Sm2Decrypt", "[d], ct (DER), pt (empty where it must be refused)."),
        "sm2_key": (key_set(), "Sm2Key", "[kind] public or private, key, point (uncompressed: of a public key the "
                    "decoded one, of a private key its public one; empty where it must be refused)."),
    }
    tail = ("Hex but for tcid (decimal), result (valid, invalid), flag (explained in the JSON's notes) and comment. "
            "The same cases in Wycheproof's JSON shape: ")
    out = {}
    for name, (cases, kind, fields) in sets.items():
        out[name + ".txt"] = cases.text((fields + " " + tail + f"wycheproof/{name}.json.",))
        out[f"wycheproof/{name}.json"] = cases.json(describe(kind))
    return out


def main():
    args = argparse.ArgumentParser(description="the SM2 edge cases")
    args.add_argument("--check", action="store_true", help="compare instead of writing")
    args.add_argument("folder", type=Path)
    args = args.parse_args()
    wrong = emit(args.folder, files(), args.check)
    for name in wrong:
        print(f"{args.folder / name}: not what tools/sm2_edge.py makes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
