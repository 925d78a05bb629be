"""Tries what a list asks for, from several network namespaces, one probe after the other, and says what came of each.

Standard input has lines:
  listen SPACE tcp|udp PORT
  probe NUMBER SPACE icmp|tcp|udp TARGET PORT OWN SECONDS SIZE
OWN is the source port, or the identifier of an echo request; SIZE is how many bytes that carries. Standard output has a line a probe: `NUMBER|OUTCOME|WHO`,
where WHO tells by which address and port the probed service was reached from. Sockets stay open until the end, so that
connection tracking is left as the probes made it; "END" is written then, and an end of the input awaited.
"""

import ctypes
import errno
import os
import select
import socket
import struct
import sys
import time

NEW_NETWORK = 0x40000000
SYSTEM = ctypes.CDLL(None, use_errno=True)
HERE = os.open("/proc/self/ns/net", os.O_RDONLY)
spaces = {"host": HERE}


def within(space, make):
    """Makes a socket in a namespace."""
    if space not in spaces:
        spaces[space] = os.open(f"/run/netns/{space}", os.O_RDONLY)
    for target, action in ((spaces[space], make), (HERE, None)):
        if SYSTEM.setns(target, NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "setns")
        if action:
            try:
                result = action()
            except OSError as error:
                result = error
    return result


try:
    # What others do on the machine at the same time must not hold a probe up.
    os.setpriority(os.PRIO_PROCESS, 0, -20)
except OSError:
    pass
poll = select.poll()
listeners = {}
accepted = []
seen = []


def listen(space, kind, port):
    for family in (socket.AF_INET, socket.AF_INET6):
        def make(family=family):
            made = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            else:
                made.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
            made.bind(("", port))
            if kind == "tcp":
                made.listen(64)
            made.setblocking(False)
            return made
        made = within(space, make)
        if isinstance(made, OSError):
            continue
        listeners[made.fileno()] = (made, space, kind, port, family)
        poll.register(made, select.POLLIN)


def serve(number):
    """Takes a connection, or sends a datagram back from the address that it was sent to."""
    made, space, kind, port, family = listeners[number]
    try:
        if kind == "tcp":
            other, peer = made.accept()
            accepted.append(other)
            seen.append((space, kind, port, peer[0], peer[1]))
            return
        data, extra, _, peer = made.recvmsg(2000, 200)
        seen.append((space, kind, port, peer[0], peer[1]))
        reply = []
        for level, what, value in extra:
            if family == socket.AF_INET and what == 8:
                _, local, _ = struct.unpack("=I4s4s", value)
                reply = [(level, what, struct.pack("=I4s4s", 0, local, b"\0" * 4))]
            elif family == socket.AF_INET6 and what == socket.IPV6_PKTINFO:
                reply = [(level, what, value[:16] + struct.pack("=I", 0))]
        made.sendmsg([data], reply, 0, peer)
    except OSError:
        pass


def wait(until, probe=None, events=select.POLLIN):
    """Serves until something comes for the probe; returns whether it did."""
    if probe is not None:
        poll.register(probe, events)
    try:
        while True:
            left = until - time.monotonic()
            if left < 0:
                return False
            for number, _ in poll.poll(left * 1000):
                if probe is not None and number == probe.fileno():
                    return True
                if number in listeners:
                    serve(number)
    finally:
        if probe is not None:
            poll.unregister(probe)


def name(error):
    return errno.errorcode.get(error.errno if isinstance(error, OSError) else error, "?")


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo(space, target, own, until, size):
    six = ":" in target
    family = socket.AF_INET6 if six else socket.AF_INET
    made = within(space, lambda: socket.socket(family, socket.SOCK_RAW, 58 if six else 1))
    made.setblocking(False)
    body = bytes(number % 256 for number in range(size))
    message = struct.pack("!BBHHH", 128 if six else 8, 0, 0, own, 1) + body
    if not six:
        message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    outcome = None
    try:
        made.sendto(message, (target, 0))
    except OSError as error:
        outcome = name(error)
        if outcome != "EPERM":
            return outcome
        outcome = None
    while wait(until, made):
        try:
            data, peer = made.recvfrom(70000)
        except OSError as error:
            return name(error)
        if not six:
            data = data[(data[0] & 15) * 4:]
        kind, code = data[0], data[1]
        if kind == (129 if six else 0) and struct.unpack("!H", data[4:6])[0] == own:
            return f"reply {peer[0]}"
        if kind in ((1, 2, 3, 4) if six else (3, 11, 12)):
            inner = data[8:]
            if six:
                ends, rest = inner[24:40], inner[40:]
                matches = inner[6] == 58 and ends == socket.inet_pton(family, target)
            else:
                ends, rest = inner[16:20], inner[(inner[0] & 15) * 4:]
                matches = inner[9] == 1 and ends == socket.inet_pton(family, target)
            if matches and struct.unpack("!H", rest[4:6])[0] == own:
                return f"error {peer[0]} {kind} {code}"
    return "silence"


kept = []


def connect(space, target, port, own, until):
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    made = within(space, lambda: socket.socket(family, socket.SOCK_STREAM))
    made.setblocking(False)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("", own))
    try:
        made.connect((target, port))
    except BlockingIOError:
        pass
    except OSError as error:
        return name(error)
    if not wait(until, made, select.POLLOUT):
        made.close()
        return "silence"
    # What is said of the connection once it is there may be heard of by now, or not yet: a reset (an attempt that is reset
    # is refused), or an error about the last acknowledgment, which doesn't end it.
    established = made.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == b"\1"
    result = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if result and not established and result != errno.ECONNRESET:
        return name(result)
    kept.append(made)
    return "connected"


def send(space, target, port, own, until):
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    made = within(space, lambda: socket.socket(family, socket.SOCK_DGRAM))
    kept.append(made)
    made.setblocking(False)
    made.bind(("", own))
    try:
        made.connect((target, port))
        made.send(b"x")
    except OSError as error:
        return name(error)
    if wait(until, made):
        try:
            made.recv(2000)
            return "connected"
        except OSError as error:
            return name(error)
    return "silence"


for line in sys.stdin:
    words = line.split()
    if not words:
        continue
    if words[0] == "listen":
        listen(words[1], words[2], int(words[3]))
        continue
    if words[0] == "end":
        print("END", flush=True)
        continue
    _, number, space, kind, target, port, own, seconds, size = words
    seen.clear()
    until = time.monotonic() + float(seconds)
    try:
        if kind == "icmp":
            outcome = echo(space, target, int(own), until, int(size))
        elif kind == "tcp":
            outcome = connect(space, target, int(port), int(own), until)
        else:
            outcome = send(space, target, int(port), int(own), until)
    except OSError as error:
        outcome = "failed " + name(error)
    wait(time.monotonic() + 0.01)
    who = " ".join(sorted(f"{s}:{k}:{p}<{a}:{o}" for s, k, p, a, o in seen))
    print(f"{number}|{outcome}|{who}", flush=True)
