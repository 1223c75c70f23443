# SPDX-License-Identifier: Apache-2.0
"""Prime curves, ECDSA and SM2 over Python's integers: slow, and an opinion of its own.

It shares nothing with src/crypto nor with OpenSSL, so that an answer all three give
is worth something.
"""
from functools import lru_cache


class Curve:
    def __init__(self, p, a, b, gx, gy, n):
        self.p, self.a, self.b, self.n = p, a, b, n
        self.size = (p.bit_length() + 7) // 8
        self.g = (gx, gy)
        self._a = a - p if a == p - 3 else a
        self._windows = []

    def has(self, q):
        return (q[1] * q[1] - q[0] ** 3 - self.a * q[0] - self.b) % self.p == 0

    def neg(self, q):
        return q and (q[0], -q[1] % self.p)

    def add(self, q, r):
        """q + r; None is the identity. b is not used: points off the curve add too."""
        if not q or not r:
            return q or r
        if q[0] == r[0]:
            if (q[1] + r[1]) % self.p == 0:
                return None
            slope = (3 * q[0] * q[0] + self.a) * pow(2 * q[1], -1, self.p)
        else:
            slope = (r[1] - q[1]) * pow(r[0] - q[0], -1, self.p)
        x = (slope * slope - q[0] - r[0]) % self.p
        return x, (slope * (q[0] - x) - q[1]) % self.p

    @lru_cache(maxsize=None)
    def mul(self, k, q=None):
        """k q, bit by bit from the top; of the generator from a table."""
        sum = 0, 1, 0
        if not q:
            for window, digit in zip(self._generator(k), f"{k:x}"[::-1]):
                sum = self._mixed(*sum, window[int(digit, 16)])
            return self._affine(*sum)
        for bit in f"{k:b}":
            sum = self._double(*sum)
            if bit == "1":
                sum = self._mixed(*sum, q)
        return self._affine(*sum)

    def _generator(self, k):
        """For each of the hexadecimal digits of k: 0, 1, ..., 15 times 16^i G."""
        while len(self._windows) < (k.bit_length() + 3) // 4:
            first = self.g if not self._windows else self.add(*[self._windows[-1][8]] * 2)
            window = [None]
            while len(window) < 16:
                window.append(self.add(window[-1], first))
            self._windows.append(window)
        return self._windows

    # Jacobian coordinates: x = X/Z^2, y = Y/Z^3; Z = 0 is the identity.

    def _double(self, x, y, z):
        p = self.p
        if not z:
            return x, y, z
        yy, zz = y * y % p, z * z % p
        v, w = 4 * x * yy % p, (3 * x * x + self._a * (zz * zz % p)) % p
        x = (w * w - 2 * v) % p
        return x, (w * (v - x) - 8 * yy * yy) % p, 2 * y * z % p

    def _mixed(self, x, y, z, q):
        p = self.p
        if not q:
            return x, y, z
        if not z:
            return q[0] % p, q[1] % p, 1
        zz = z * z % p
        h, r = (q[0] * zz - x) % p, (q[1] * zz * z - y) % p
        if not h:
            return self._double(x, y, z) if not r else (0, 1, 0)
        hh = h * h % p
        v, c = x * hh % p, h * hh % p
        x = (r * r - c - 2 * v) % p
        return x, (r * (v - x) - y * c) % p, z * h % p

    def _affine(self, x, y, z):
        if not z:
            return None
        i = pow(z, -1, self.p)
        return x * i * i % self.p, y * i * i * i % self.p

    def root(self, v):
        """A square root modulo p (Tonelli and Shanks where p is 1 modulo 4), or None."""
        p, v = self.p, v % self.p
        if p % 4 == 3:
            r = pow(v, (p + 1) // 4, p)
            return r if r * r % p == v else None
        if pow(v, (p - 1) // 2, p) != 1:
            return None if v else 0
        q, s = p - 1, 0
        while q % 2 == 0:
            q, s = q // 2, s + 1
        z = next(z for z in range(2, 100) if pow(z, (p - 1) // 2, p) == p - 1)
        c, t, r = pow(z, q, p), pow(v, q, p), pow(v, (q + 1) // 2, p)
        while t != 1:
            i, w = 0, t
            while w != 1:
                w, i = w * w % p, i + 1
            f = pow(c, 1 << (s - i - 1), p)
            s, c, t, r = i, f * f % p, t * f * f % p, r * f % p
        return r

    def lift(self, x, odd=0):
        """The point with this x and parity of y, or None."""
        y = self.root(x ** 3 + self.a * x + self.b)
        return None if y is None else (x, y if y % 2 == odd else self.p - y)

    def bytes(self, v):
        return v.to_bytes(self.size, "big")

    def point(self, q, form=4):
        """An octet string: 4 uncompressed, 2 compressed, 6 hybrid."""
        lead = form if form == 4 else form + q[1] % 2
        return bytes([lead]) + self.bytes(q[0]) + (b"" if form == 2 else self.bytes(q[1]))


CURVES = {}


def _curves():
    from pathlib import Path
    for line in (Path(__file__).parent / "curves.txt").read_text().splitlines():
        if line and line[0] != "#":
            name, *numbers = line.split()
            CURVES[name] = Curve(*(int(v, 16) for v in numbers))


_curves()

# ---- ECDSA, FIPS 186-5 ----


def ecdsa_e(c, md):
    """The leftmost bits of the digest, as many as the order has."""
    return int.from_bytes(md, "big") >> max(0, 8 * len(md) - c.n.bit_length())


def ecdsa_sign(c, d, e, k):
    r = c.mul(k)[0] % c.n
    return r, pow(k, -1, c.n) * (e + r * d) % c.n


def ecdsa_verify(c, pub, e, r, s):
    if not (0 < r < c.n and 0 < s < c.n):
        return False
    w = pow(s, -1, c.n)
    q = c.add(c.mul(e * w % c.n), c.mul(r * w % c.n, pub))
    return q is not None and q[0] % c.n == r


# ---- SM3, GB/T 32905 ----


def _rot(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


_T = [_rot(0x79CC4519 if j < 16 else 0x7A879D8A, j % 32) for j in range(64)]


def _block(v, m):
    w = [int.from_bytes(m[i:i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rot(w[j - 3], 15)
        w.append(x ^ _rot(x, 15) ^ _rot(x, 23) ^ _rot(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = v
    for j in range(64):
        s1 = _rot(_rot(a, 12) + e + _T[j] & 0xFFFFFFFF, 7)
        s2 = s1 ^ _rot(a, 12)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        t1 = ff + d + s2 + (w[j] ^ w[j + 4]) & 0xFFFFFFFF
        t2 = gg + h + s1 + w[j] & 0xFFFFFFFF
        a, b, c, d = t1, a, _rot(b, 9), c
        e, f, g, h = t2 ^ _rot(t2, 9) ^ _rot(t2, 17), e, _rot(f, 19), g
    return [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]


def sm3(msg):
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
         0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    m = msg + b"\x80" + bytes(-(len(msg) + 9) % 64) + (8 * len(msg)).to_bytes(8, "big")
    for i in range(0, len(m), 64):
        v = _block(v, m[i:i + 64])
    return b"".join(x.to_bytes(4, "big") for x in v)


# ---- SM2, GB/T 32918 ----

SM2 = CURVES["sm2"]
ID = b"1234567812345678"


def number(b):
    return int.from_bytes(b, "big")


def kdf(z, n):
    out = b"".join(sm3(z + i.to_bytes(4, "big")) for i in range(1, n // 32 + 2))
    return out[:n]


@lru_cache(maxsize=None)
def za(pub, ident=ID, entl=None):
    c = SM2
    entl = 8 * len(ident) if entl is None else entl
    return sm3(entl.to_bytes(2, "big") + ident + c.bytes(c.a) + c.bytes(c.b) +
               c.point(c.g)[1:] + c.point(pub)[1:])


def digest(pub, msg, ident=ID):
    return number(sm3(za(pub, ident) + msg))


def sm2_sign(d, e, k):
    """r, s; None where the standard says: draw k again."""
    n = SM2.n
    r = (e + SM2.mul(k)[0]) % n
    s = (k - r * d) * pow(1 + d, -1, n) % n
    return (r, s) if r and (r + k) % n and s else None


def sm2_verify(pub, e, r, s):
    c = SM2
    if not (0 < r < c.n and 0 < s < c.n) or (r + s) % c.n == 0:
        return False
    q = c.add(c.mul(s), c.mul((r + s) % c.n, pub))
    return q is not None and (e + q[0]) % c.n == r


def sm2_seal(shared, msg):
    """C3 and C2 for a shared point."""
    x2, y2 = SM2.bytes(shared[0]), SM2.bytes(shared[1])
    return sm3(x2 + msg + y2), bytes(a ^ b for a, b in zip(msg, kdf(x2 + y2, len(msg))))


def sm2_open(d, c1, c3, c2):
    """The message, or None: GB/T 32918.4 7.1."""
    if not 0 < d < SM2.n - 1 or not c2 or not SM2.has(c1):
        return None
    q = SM2.mul(d, c1)
    z = SM2.bytes(q[0]) + SM2.bytes(q[1])
    t = kdf(z, len(c2))
    msg = bytes(a ^ b for a, b in zip(c2, t))
    return msg if any(t) and sm3(z[:32] + msg + z[32:]) == c3 else None


def sm2_exchange(first, own, peer, n):
    """Key, S_B, S_A; a side is (d, r, pub, eph, id) and the peer's d and r are not used."""
    c = SM2
    w = ((c.n - 1).bit_length() + 1) // 2 - 1
    def half(q):
        return (1 << w) + (q[0] & (1 << w) - 1)
    t = (own[0] + half(own[3]) * own[1]) % c.n
    u = c.mul(t, c.add(peer[2], c.mul(half(peer[3]), peer[3])))
    a, b = (own, peer) if first else (peer, own)
    x, y = c.bytes(u[0]), c.bytes(u[1])
    z = za(a[2], a[4]) + za(b[2], b[4])
    inner = sm3(x + z + c.point(a[3])[1:] + c.point(b[3])[1:])
    return kdf(x + y + z, n), sm3(b"\2" + y + inner), sm3(b"\3" + y + inner)
