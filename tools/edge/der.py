# SPDX-License-Identifier: Apache-2.0
"""DER as it must be, and the ways in which it is got wrong (X.690 8, 10)."""

INTEGER, OCTETS, SEQUENCE = 0x02, 0x04, 0x30


def length(n):
    if n < 128:
        return bytes([n])
    b = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(b)]) + b


def longer(n, more=1):
    """The length n with more octets than it needs."""
    b = n.to_bytes(max(1, (n.bit_length() + 7) // 8) + (more if n > 127 else more - 1), "big")
    return bytes([0x80 | len(b)]) + b


def tlv(tag, body, len_octets=None):
    return bytes([tag]) + (length(len(body)) if len_octets is None else len_octets) + body


def content(v):
    """The contents octets of an INTEGER."""
    return v.to_bytes(v.bit_length() // 8 + 1, "big", signed=True)


def integer(v):
    return tlv(INTEGER, content(v))


def parse(der, tags):
    """The contents of a SEQUENCE of exactly these tags, strictly DER; None if it is not."""
    def one(b):
        if len(b) < 2:
            raise ValueError
        n, at = b[1], 2
        if n > 127:
            at += n & 127
            n = int.from_bytes(b[2:at], "big")
        if b[1:at] != length(n) or len(b) < at + n:
            raise ValueError
        return b[0], b[at:at + n], b[at + n:]

    try:
        tag, body, rest = one(der)
        if tag != SEQUENCE or rest:
            return None
        out = []
        for want in tags:
            tag, v, body = one(body)
            if tag != want:
                return None
            if tag == INTEGER:
                n = int.from_bytes(v, "big", signed=True)
                if content(n) != v or n < 0:
                    return None
                v = n
            out.append(v)
        return None if body else out
    except ValueError:
        return None


def _broken_part(tag, body, whole):
    """(flag, comment, the element's bytes) of one element."""
    n = len(body)
    for tail, what in ((longer(n), "in one octet more than needed"),
                       (longer(n, 2), "in two octets more than needed"),
                       (longer(n, 8), "in nine octets")):
        yield "LongLength", "length " + what, tlv(tag, body, tail)
    for said, what in ((n + 1, "one too long"), (n - 1, "one too short"), (0, "zero"),
                       (whole, "that of the whole"), (2 ** 31, "2^31"), (2 ** 32 - 1, "2^32 - 1"),
                       (2 ** 64 - 1, "2^64 - 1")):
        yield "LyingLength", "length " + what, tlv(tag, body, length(said))
    yield "Indefinite", "indefinite length", tlv(tag, body + b"\0\0", b"\x80")
    yield "LongLength", "reserved length octet ff", tlv(tag, body, b"\xff")
    for t, what in ((0x00, "end-of-contents"), (0x01, "BOOLEAN"), (0x03, "BIT STRING"),
                    (0x05, "NULL"), (0x0A, "ENUMERATED"), (0x80 | tag, "context tag"),
                    (0x20 | tag, "constructed"), (INTEGER + OCTETS - tag, "the other of INTEGER and OCTET STRING")):
        yield "WrongTag", "tag of " + what if t < 0x20 else what, tlv(t, body)
    yield "WrongTag", "tag in its long form", bytes([0x1F, tag]) + length(n) + body
    yield "Missing", "empty", tlv(tag, b"")
    yield "Missing", "left out", b""
    yield "Extra", "twice", tlv(tag, body) * 2
    if tag == INTEGER:
        yield "PaddedInteger", "a leading 00 too many", tlv(tag, b"\0" + body)
        yield "PaddedInteger", "256 leading 00", tlv(tag, bytes(256) + body)
        v = int.from_bytes(body, "big")
        yield "NegativeInteger", "negated", integer(-v)
        yield "NegativeInteger", "minus 2^256", integer(v - 2 ** 256)
        if body[0] == 0:
            yield "NegativeInteger", "without its leading 00", tlv(tag, body[1:])
        else:
            yield "NegativeInteger", "with a leading ff", tlv(tag, b"\xff" + body)


def broken(names, parts):
    """(flag, comment, bytes) for a SEQUENCE of (tag, contents), broken in every way we know."""
    good = [tlv(t, b) for t, b in parts]
    body = b"".join(good)
    n = len(body)
    for i, (name, (tag, b)) in enumerate(zip(names, parts)):
        for flag, comment, bad in _broken_part(tag, b, n):
            inner = b"".join(good[:i]) + bad + b"".join(good[i + 1:])
            yield flag, f"{name}: {comment}", tlv(SEQUENCE, inner)
    for tail, what in ((longer(n), "in one octet more than needed"),
                       (longer(n, 3), "in three octets more than needed"),
                       (longer(n, 8), "in nine octets or more")):
        yield "LongLength", "sequence: length " + what, tlv(SEQUENCE, body, tail)
    for said, what in ((n + 1, "one too long"), (n - 1, "one too short"), (0, "zero"),
                       (2 ** 31, "2^31"), (2 ** 32 - 1, "2^32 - 1"), (2 ** 64 - 1, "2^64 - 1")):
        yield "LyingLength", "sequence: length " + what, tlv(SEQUENCE, body, length(said))
    yield "Indefinite", "sequence: indefinite length", tlv(SEQUENCE, body + b"\0\0", b"\x80")
    yield "Indefinite", "sequence: indefinite length without its end", tlv(SEQUENCE, body, b"\x80")
    yield "LongLength", "sequence: reserved length octet ff", tlv(SEQUENCE, body, b"\xff")
    for t, what in ((0x31, "SET"), (0x10, "primitive SEQUENCE"), (0x04, "OCTET STRING"),
                    (0xB0, "context tag"), (0x70, "application tag"), (0x00, "end-of-contents")):
        yield "WrongTag", "sequence: tag of " + what, tlv(t, body)
    whole = tlv(SEQUENCE, body)
    for tail, what in ((b"\0", "00"), (b"\x05\0", "NULL"), (whole, "a second copy")):
        yield "Trailing", "followed by " + what, whole + tail
    for tail, what in ((b"\0", "00"), (b"\x05\0", "NULL"), (tlv(INTEGER, b"\1"), "INTEGER 1")):
        yield "Extra", f"{what} at the end of the sequence", tlv(SEQUENCE, body + tail)
    yield "Extra", "NULL at the beginning of the sequence", tlv(SEQUENCE, b"\x05\0" + body)
    yield "Trailing", "preceded by 00", b"\0" + whole
    for cut in (0, 1, 2, 3, 4, len(whole) // 2, len(whole) - 2, len(whole) - 1):
        yield "Truncated", f"cut after {cut} bytes", whole[:cut]
    yield "Truncated", "the first half, its lengths put right", tlv(SEQUENCE, b"".join(good[:len(good) // 2]))
    yield "Missing", "an empty sequence", tlv(SEQUENCE, b"")
    yield "WrongTag", "a sequence in a sequence", tlv(SEQUENCE, whole)
    yield "WrongTag", "in an OCTET STRING", tlv(OCTETS, whole)
    yield "WrongTag", "in a BIT STRING", tlv(0x03, b"\0" + whole)
    yield "NotDer", "the contents without the sequence", body
