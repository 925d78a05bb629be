#!/usr/bin/env python3
"""Builds a network in the kernel that it is run in, tries it, and tells what came of it.

    kernel-probe.py JOB.json >ANSWER.json

It is run in a sandbox of its own. One process holds sockets in every namespace, so that hundreds of probes cost no
process each. The job and the answer are those of Exercise.swift and KernelAnswer.swift.
"""
import ctypes
import errno
import json
import mmap
import os
import select
import socket
import struct
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
# linux/in.h, linux/in6.h, linux/icmp.h; Python names only some of them.
IP_TTL, IP_PKTINFO, IP_MTU_DISCOVER, IP_MTU, ICMP_FILTER = 2, 8, 10, 14, 1
IPV6_MTU_DISCOVER, IPV6_MTU, IPV6_UNICAST_HOPS, IPV6_RECVPKTINFO, IPV6_PKTINFO, IPV6_DONTFRAG = 23, 24, 16, 49, 50, 62
PMTUDISC_DONT, PMTUDISC_WANT, PMTUDISC_DO = 0, 1, 2
ICMPV6_FILTER = 1
PACKET_OUTGOING = 4
SO_RCVBUFFORCE, ETH_P_ALL = 33, 3
SOL_PACKET, PACKET_RX_RING, PACKET_STATISTICS, PACKET_VERSION, TPACKET_V2 = 263, 5, 6, 10, 1
TP_STATUS_USER, TP_STATUS_VLAN_VALID = 1, 1 << 4


def enter(space):
    """Makes a namespace the one that sockets and programs are started in."""
    fd = os.dup(HOST) if space == "host" else os.open("/run/netns/" + space, os.O_RDONLY)
    try:
        if LIBC.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + space)
    finally:
        os.close(fd)


def output(*words, text=None):
    """What a program prints, errors included."""
    run = subprocess.run(words, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return run.stdout


def write(path, value):
    try:
        with open(path, "w") as file:
            file.write(str(value))
    except OSError:
        pass


class Space:
    """The sockets of one namespace."""

    def __init__(self, space):
        self.name = space
        enter(space)
        for path, value in UNLIMITED.items():
            write(path, value)
        self.raw4 = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        # net.ipv4.ip_no_pmtu_disc says which.
        self.discovery = self.raw4.getsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER)
        # All but what answers and objects: 0, 3, 4, 5, 11, 12.
        self.raw4.setsockopt(255, ICMP_FILTER, struct.pack("=I", ~0x1839 & 0xFFFFFFFF))
        self.raw6 = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        for raw in (self.raw4, self.raw6):
            raw.setblocking(False)
            raw.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 25)
        self.raw6.setsockopt(socket.IPPROTO_IPV6, 49, 1)
        self.raw6.setsockopt(socket.IPPROTO_IPV6, 51, 1)  # IPV6_RECVHOPLIMIT
        self.listeners = []

    def listen(self, ports):
        enter(self.name)
        for port in ports:
            for family, any_address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                stream = socket.socket(family, socket.SOCK_STREAM)
                datagrams = socket.socket(family, socket.SOCK_DGRAM)
                for one in (stream, datagrams):
                    if family == socket.AF_INET6:
                        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                    one.setblocking(False)
                    one.bind((any_address, port))
                stream.listen(1024)
                if family == socket.AF_INET:
                    datagrams.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
                else:
                    datagrams.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
                self.listeners += [stream, datagrams]
                WATCHED[datagrams.fileno()] = (echo, datagrams)


def echo(datagrams):
    """Sends a datagram back from the address that it was for, or, where that was for many, one's own (ip(7): IP_PKTINFO)."""
    while True:
        try:
            data, control, _, sender = datagrams.recvmsg(2048, 256)
        except (BlockingIOError, OSError):
            return
        reply = []
        for level, kind, content in control:
            if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
                _, own, _ = struct.unpack("=i4s4s", content[:12])
                reply = [(level, kind, struct.pack("=i4s4s", 0, own, b"\0" * 4))]
            elif level == socket.IPPROTO_IPV6 and kind == IPV6_PKTINFO:
                reply = [(level, kind, content[:16] + struct.pack("=i", 0))]
        try:
            datagrams.sendmsg([data], reply, 0, sender)
        except OSError:
            pass


class Probe:
    """One thing that is tried, and the first thing that came of it."""

    def __init__(self, number, entry, spaces):
        self.number, self.result, self.socket, self.began = number, None, None, None
        self.space, self.target, self.kind = spaces[entry["space"]], entry["target"], entry["kind"]
        self.size, self.limit, self.port = entry.get("size", 56), entry.get("hopLimit"), entry.get("port")
        self.stays_whole = entry.get("staysWhole", False)
        self.is6 = ":" in self.target
        self.at = entry["at"]

    def connected(self, kind, limit=None):
        """A socket of the probe's own, connected."""
        enter(self.space.name)
        one = socket.socket(socket.AF_INET6 if self.is6 else socket.AF_INET, kind)
        one.setblocking(False)
        if limit is not None:
            if self.is6:
                one.setsockopt(socket.IPPROTO_IPV6, IPV6_UNICAST_HOPS, limit)
            else:
                one.setsockopt(socket.IPPROTO_IP, IP_TTL, limit)
        self.socket = one
        one.connect((self.target, self.port or 1025))
        return one

    def start(self):
        self.began = time.monotonic()
        try:
            getattr(self, "start_" + self.kind)()
        except BlockingIOError:
            pass
        except OSError as error:
            self.settle(("failed %d" if self.kind in ("tcp", "udp") else "not sent %d") % error.errno)

    def settle(self, text):
        if self.result is None:
            self.result = text

    def start_ping(self):
        # ping(8) looks for the source by a datagram socket first.
        first = self.connected(socket.SOCK_DGRAM)
        raw = self.space.raw6 if self.is6 else self.space.raw4
        body = bytes(n & 0xFF for n in range(self.size))
        if self.is6:
            raw.setsockopt(socket.IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1 if self.limit is None else self.limit)
            mode = PMTUDISC_DO if self.stays_whole else PMTUDISC_WANT
            raw.setsockopt(socket.IPPROTO_IPV6, IPV6_MTU_DISCOVER, mode)
            raw.setsockopt(socket.IPPROTO_IPV6, IPV6_DONTFRAG, int(self.stays_whole))
            packet = struct.pack("!BBHHH", 128, 0, 0, self.number, 1) + body
        else:
            # -1 isn't taken for what the namespace's parameter says.
            raw.setsockopt(socket.IPPROTO_IP, IP_TTL, self.limit or self.default_limit())
            mode = PMTUDISC_DO if self.stays_whole else self.space.discovery
            raw.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, mode)
            packet = struct.pack("!BBHHH", 8, 0, 0, self.number, 1) + body
            packet = packet[:2] + struct.pack("!H", checksum(packet)) + packet[4:]
        try:
            raw.sendto(packet, (self.target, 0))
        except OSError as error:
            if error.errno != errno.EMSGSIZE:
                raise
            level, option = (socket.IPPROTO_IPV6, IPV6_MTU) if self.is6 else (socket.IPPROTO_IP, IP_MTU)
            self.settle("too long %d" % first.getsockopt(level, option))
        finally:
            first.close()
            self.socket = None

    def default_limit(self):
        if not hasattr(self.space, "limit"):
            enter(self.space.name)
            with open("/proc/sys/net/ipv4/ip_default_ttl") as file:
                self.space.limit = int(file.read())
        return self.space.limit

    def start_tcp(self):
        WATCHED_WRITES[self.number] = self
        self.connected(socket.SOCK_STREAM)
        self.poll()

    def start_udp(self):
        one = self.connected(socket.SOCK_DGRAM, self.limit)
        one.send(b"\0")

    def poll(self):
        """Looks whether something has come of a connection or datagram."""
        if self.result is not None or self.socket is None:
            return
        if self.kind == "udp":
            try:
                self.socket.recv(2048)
                self.settle("connected")
            except BlockingIOError:
                pass
            except OSError as error:
                self.settle("failed %d" % error.errno)
        elif self.kind == "tcp":
            poller = select.poll()
            poller.register(self.socket, select.POLLOUT)
            if poller.poll(0):
                error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                # One that is reset had come about (tcp_reset), and was looked at late.
                self.settle("failed %d" % error if error not in (0, errno.ECONNRESET) else "connected")

    def leave(self):
        """Gives up a connection that failed, as a program would.

        Where the error was back while connect(2) still held the socket, the kernel would try again in spite of it
        (tcp_v4_err, sock_owned_by_user): on a busy machine, where it comes later, it doesn't.
        """
        if self.kind == "tcp" and self.result != "connected":
            self.socket.close()
            self.socket = None

    def end(self):
        if self.socket is not None:
            if self.kind == "tcp":
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.close()
        return self.result or "silence"


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def receive4(raw, probes, space):
    while True:
        try:
            data, (sender, _) = raw.recvfrom(65535)
        except OSError:
            return
        start = (data[0] & 15) * 4
        message = data[start:]
        if message[0] == 0:
            number = struct.unpack("!H", message[4:6])[0]
            note(probes, number, space, "reply %d %s %d" % (len(message), sender, data[8]))
        elif message[0] in (3, 11, 12):
            inner = message[8:]
            if len(inner) < 28 or inner[9] != 1:
                continue
            skip = (inner[0] & 15) * 4
            if inner[skip] != 8:
                continue
            number = struct.unpack("!H", inner[skip + 4:skip + 6])[0]
            more = " %d" % struct.unpack("!H", message[6:8]) if message[:2] == b"\3\4" else ""
            note(probes, number, space, "error %s %d/%d%s" % (sender, message[0], message[1], more))


def receive6(raw, probes, space):
    while True:
        try:
            message, control, _, address = raw.recvmsg(65535, 256)
        except OSError:
            return
        sender = address[0].split("%")[0]
        limit = next((struct.unpack("=i", c[:4])[0] for _, kind, c in control if kind == 52), 0)
        if message[0] == 129:
            number = struct.unpack("!H", message[4:6])[0]
            note(probes, number, space, "reply %d %s %d" % (len(message), sender, limit))
        elif message[0] in (1, 2, 3, 4):
            inner = message[8:]
            skip, following = 40, inner[6] if len(inner) > 6 else 0
            if following == 44:
                following, skip = inner[40], 48
            if following != 58 or len(inner) < skip + 8 or inner[skip] != 128:
                continue
            number = struct.unpack("!H", inner[skip + 4:skip + 6])[0]
            more = " %d" % struct.unpack("!I", message[4:8]) if message[0] == 2 else ""
            note(probes, number, space, "error %s %d/%d%s" % (sender, message[0], message[1], more))


def note(probes, number, space, text):
    probe = probes.get(number)
    if probe is not None and probe.space is space:
        probe.settle(text)


class Ring:
    """Where the kernel puts frames as they pass (PACKET_RX_RING, packet(7)).

    A plain packet socket shares a frame's bytes with whoever has it next: what is forwarded in parts is overwritten before it
    is read.
    """

    FRAME, COUNT = 4096, 1024

    def __init__(self, one):
        one.setsockopt(SOL_PACKET, PACKET_VERSION, TPACKET_V2)
        one.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("=4I", self.FRAME, self.COUNT, self.FRAME, self.COUNT))
        self.memory = mmap.mmap(one.fileno(), self.FRAME * self.COUNT)
        self.place = 0

    def frames(self):
        """The frames that have come, each with its length as devices count it, the number of its device and its direction."""
        while True:
            start = self.place * self.FRAME
            # struct tpacket2_hdr, and behind it struct sockaddr_ll (linux/if_packet.h).
            status, whole, length, mac, _, _, _, tag = struct.unpack_from("@IIIHHIIH", self.memory, start)
            if not status & TP_STATUS_USER:
                return
            index, _, direction = struct.unpack_from("@iHB", self.memory, start + 36)
            frame = self.memory[start + mac:start + mac + length]
            # The tag is beside the frame.
            if status & TP_STATUS_VLAN_VALID:
                frame = frame[:12] + struct.pack("!HH", 0x8100, tag) + frame[12:]
            yield frame, whole, index, direction
            struct.pack_into("@I", self.memory, start, 0)
            self.place = (self.place + 1) % self.COUNT


class Capture:
    """What the devices of a namespace send and receive."""

    def __init__(self, space, wanted):
        enter(space)
        self.space, self.wanted = space, set(wanted)
        self.frames, self.noise = {}, {}
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.ring = Ring(self.socket)
        self.names = dict(socket.if_nameindex())

    def drain(self):
        for data, length, index, kind in self.ring.frames():
            device = self.names.get(index, "")
            # A loopback device shows a frame once (libpcap).
            if device == "lo" and kind == PACKET_OUTGOING:
                continue
            noise = is_noise(data)
            if noise or is_tcp(data):
                sent = kind == PACKET_OUTGOING
                counts = self.noise.setdefault(device, [0, 0, 0, 0])
                # A loopback device receives what it sends, and counts no headers.
                for place in ((0, 2) if device == "lo" else (2,) if sent else (0,)):
                    counts[place] += 1
                    counts[place + 1] += length - (14 if device == "lo" else 0)
            if not noise and device in self.wanted and len(self.frames.setdefault(device, [])) < 2000:
                direction = ">" if kind == PACKET_OUTGOING else "<"
                self.frames[device].append(direction + data.hex())

    def lost(self):
        """How many frames found no place."""
        counts = self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8)
        return struct.unpack("=II", counts)[1]


class Listener:
    """Whether the devices of a namespace hear frames of some kind."""

    def __init__(self, space):
        enter(space)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setblocking(False)

    def hears(self, is_wanted):
        """Whether a frame of some kind has come since the last time."""
        found = False
        while True:
            try:
                found = is_wanted(self.socket.recv(128)) or found
            except OSError:
                return found


def is_noise(frame):
    """Whether a frame comes at moments that chance decides: listeners' reports, router solicitations, BPDUs, LACPDUs."""
    kind, start = struct.unpack("!H", frame[12:14])[0], 14
    if kind < 0x600 or kind == 0x8809:
        return True
    if kind == 0x8100:
        kind, start = struct.unpack("!H", frame[16:18])[0], 18
    return kind in (0x800, 0x86DD) and is_noise_packet(frame[start:])


def is_noise_packet(packet):
    """So does what such frames are in, in a tunnel, and what is said of that."""
    if len(packet) < 28:
        return False
    if packet[0] >> 4 == 4:
        kind, start = packet[9], (packet[0] & 15) * 4
        if kind == 2:
            return True
        if kind == 1 and packet[start] in (3, 5, 11, 12):
            return is_noise_packet(packet[start + 8:])
    else:
        kind, start = packet[6], 40
        if kind == 0 and len(packet) > 48:
            kind, start = packet[40], 48
        if kind == 58 and len(packet) > start:
            if packet[start] < 128:
                return is_noise_packet(packet[start + 8:])
            return packet[start] in (130, 131, 132, 133, 134, 143)
    if kind == 17 and packet[start + 2:start + 4] in VXLAN_PORTS and len(packet) > start + 30:
        return is_noise(packet[start + 16:])
    return False


def is_report(frame):
    """Whether a device tells its groups, or asks whether an address is taken: what it does when it has come up."""
    if len(frame) < 55 or not is_noise(frame):
        return len(frame) > 54 and frame[12:14] == b"\x86\xdd" and frame[20] == 58 and frame[54] == 135 \
            and frame[22:38] == bytes(16)
    return frame[12:14] == b"\x08\x00" or frame[12:14] == b"\x86\xdd" and not (frame[20] == 58 and frame[54] == 133)


def is_tcp(frame):
    """Whether a frame has to do with a connection: how often those are tried hangs on who is first by a hair."""
    kind = struct.unpack("!H", frame[12:14])[0]
    start = 14
    if kind == 0x8100:
        kind, start = struct.unpack("!H", frame[16:18])[0], 18
    return kind in (0x800, 0x86DD) and is_tcp_packet(frame[start:])


def is_tcp_packet(packet):
    if len(packet) < 28:
        return False
    if packet[0] >> 4 == 4:
        kind, start = packet[9], (packet[0] & 15) * 4
        errors = (3, 5, 11, 12)
    else:
        kind, start, errors = packet[6], 40, (1, 2, 3, 4)
        if kind == 44 and len(packet) > 48:
            kind, start = packet[40], 48
    if kind == 6:
        return True
    if kind in (1, 58) and len(packet) > start + 36 and packet[start] in errors:
        return is_tcp_packet(packet[start + 8:])
    if kind == 17 and packet[start + 2:start + 4] in VXLAN_PORTS:
        return len(packet) > start + 30 and is_tcp(packet[start + 16:])
    return False


def counters(space):
    enter(space)
    result = {}
    with open("/proc/net/dev") as file:
        for line in file.readlines()[2:]:
            device, numbers = line.split(":", 1)
            fields = [int(n) for n in numbers.split()]
            result[device.strip()] = [fields[1], fields[0], fields[9], fields[8]]
    return result


def run_probes(probes, spaces, captures, until, start):
    """Starts the probes at their times, and takes in what comes until a moment."""
    poller = select.epoll()
    handlers = {}
    for space in spaces.values():
        for raw, receive in ((space.raw4, receive4), (space.raw6, receive6)):
            handlers[raw.fileno()] = lambda raw=raw, receive=receive, space=space: receive(raw, PROBES, space)
    for fd, (handle, one) in WATCHED.items():
        handlers[fd] = lambda handle=handle, one=one: handle(one)
    for capture in captures:
        handlers[capture.socket.fileno()] = capture.drain
    for fd in handlers:
        poller.register(fd, select.EPOLLIN)
    waiting = sorted(probes, key=lambda probe: (probe.at, probe.number))
    place = 0
    own = {}
    while True:
        now = time.monotonic() - start
        while place < len(waiting) and waiting[place].at / 1000 <= now:
            probe = waiting[place]
            place += 1
            probe.start()
            if probe.socket is not None and probe.result is None:
                own[probe.socket.fileno()] = probe
                poller.register(probe.socket.fileno(), select.EPOLLIN | select.EPOLLOUT
                                if probe.kind == "tcp" else select.EPOLLIN)
            now = time.monotonic() - start
        if now >= until:
            break
        following = waiting[place].at / 1000 if place < len(waiting) else until
        for fd, _ in poller.poll(max(0, min(following, until) - now)):
            if fd in handlers:
                handlers[fd]()
            elif fd in own:
                own[fd].poll()
                if own[fd].result is not None:
                    poller.unregister(fd)
                    own.pop(fd).leave()
    poller.close()


def views(job, key, start):
    """What programs print of namespaces, and when each was looked at, in seconds after a moment."""
    result, moments = {}, {}
    for space, programs in job[key].items():
        enter(space)
        moments[space] = time.monotonic() - start
        for words in programs:
            command = words["program"].split()
            if words.get("lines"):
                text = output(*command, "-force", "-batch", "-", text="\n".join(words["lines"]) + "\n")
            elif command[0] == "brctl" and space != "host":
                # It reads /sys, which is of the namespace that mounted it.
                enter("host")
                text = output("ip", "netns", "exec", space, *command)
                enter(space)
            else:
                text = output(*command)
            result["%s %s" % (space, words["name"])] = text
    enter("host")
    return result, moments


def lacks_link_local():
    """Whether a device of the namespace has a carrier, and no link-local address yet: it may take the kernel a second to
    see that a carrier has come."""
    own = {line.split()[1] for line in output("ip", "-6", "-o", "addr", "show", "scope", "link").splitlines()}
    for line in output("ip", "-o", "link").splitlines():
        words = line.split()
        device, flags = words[1].rstrip(":").split("@")[0], words[2].strip("<>").split(",")
        if "LOWER_UP" not in flags or device in own or {"LOOPBACK", "SLAVE"} & set(flags) \
                or {"NOARP", "MASTER"} <= set(flags):
            continue
        try:
            with open("/proc/sys/net/ipv6/conf/%s/disable_ipv6" % device) as disabled, \
                    open("/proc/sys/net/ipv6/conf/%s/addr_gen_mode" % device) as mode:
                if disabled.read().strip() == "0" and mode.read().strip() == "0":
                    return True
        except OSError:
            # It has no IPv6 at all.
            pass
    return False


def settle(spaces, least, most):
    """Waits until no address is missing or tentative and no port listens or learns."""
    start = time.monotonic()
    time.sleep(least)
    while time.monotonic() - start < most:
        busy = False
        for space in spaces:
            enter(space)
            if "tentative" in output("ip", "-6", "-o", "addr") or "state l" in output("bridge", "link") \
                    or lacks_link_local():
                busy = True
                break
        if not busy:
            break
        time.sleep(0.3)
    enter("host")
    return time.monotonic() - start


def show_frames_to_rules(space, shows):
    """Whether packets that bridges pass on meet the rules of packets, where the kernel has br_netfilter."""
    enter(space)
    for family in "iptables", "ip6tables":
        write("/proc/sys/net/bridge/bridge-nf-call-" + family, int(shows))


def end_solicitations(space):
    """Has no device ask for routers any more: it would every few seconds, at moments of the kernel's own."""
    enter(space)
    for device in os.listdir("/proc/sys/net/ipv6/conf"):
        write("/proc/sys/net/ipv6/conf/%s/router_solicitations" % device, 0)


def quiet(names, born, least):
    """Waits until no device has told its groups for longer than it waits to tell them again, at most a second."""
    listeners = [Listener(one) for one in names]
    last = time.monotonic()
    while True:
        now = time.monotonic()
        if now - born >= least and now - last > 1.2 or now - born > least + 8:
            break
        if any([one.hears(is_report) for one in listeners]):
            last = now
        time.sleep(0.05)
    for one in listeners:
        one.socket.close()


def main(job):
    answer = {"name": job["name"]}
    show_frames_to_rules("host", job["showsFramesToRules"])
    run = subprocess.run(["sh", job["script"], "up"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    answer["status"], answer["messages"] = run.returncode, run.stdout
    if run.returncode != 0:
        return answer
    born = time.monotonic()
    names = ["host"] + sorted(os.listdir("/run/netns") if os.path.isdir("/run/netns") else [])
    for one in names:
        end_solicitations(one)
    answer["pauses"] = []
    for change in job["changes"]:
        # The kernel may take a second to see that a carrier has come or gone (linkwatch_event).
        if change["awaitsQuiet"]:
            quiet(names, born, job["pause"])
        else:
            time.sleep(job["pause"])
        answer["pauses"].append(time.monotonic() - born)
        born = time.monotonic()
        enter(change["space"])
        answer["messages"] += output(*change["words"])
    enter("host")
    for one in names[1:]:
        show_frames_to_rules(one, False)
    settle(names, job["settle"], 12)
    spaces = {one: Space(one) for one in names}
    for space in spaces.values():
        space.listen(job["listen"])
    quiet(names, born, job["begin"])
    answer["states"], _ = views(job, "views", born)
    # The simulator begins as long after the changes.
    answer["begin"] = time.monotonic() - born
    for number, entry in enumerate(job["probes"], 1):
        PROBES[number] = Probe(number, entry, spaces)
    # What devices said to each other while they came up did so at moments of their own.
    for one in names:
        enter(one)
        output("ip", "neigh", "flush", "all")
    for one, bridges in job["bridges"].items():
        enter(one)
        # Not `ip link set … fdb_flush`: a bridge that is changed tells its groups again.
        lines = "".join("fdb flush dev %s nopermanent\n" % bridge for bridge in bridges)
        output("bridge", "-batch", "-", text=lines)
    wanted = {}
    for space, device in job["captures"]:
        wanted.setdefault(space, []).append(device)
    captures = [Capture(one, wanted.get(one, [])) for one in names]
    before = {one: counters(one) for one in names}
    start = time.monotonic()
    answer["start"] = start - born
    probes = list(PROBES.values())
    run_probes(probes, spaces, captures, job["end"], start)
    for probe in probes:
        probe.poll()
    answer["counted"] = time.monotonic() - start
    after = {one: counters(one) for one in names}
    answer["lost"] = 0
    for capture in captures:
        capture.drain()
        answer["lost"] += capture.lost()
        capture.socket.close()
    answer["counters"] = {
        "%s %s" % (one, device): [new - old for new, old in zip(after[one][device], before[one].get(device, [0] * 4))]
        for one in names for device in after[one]}
    answer["noise"] = {"%s %s" % (c.space, device): counts for c in captures for device, counts in c.noise.items()}
    answer["frames"] = {"%s %s" % (c.space, device): frames for c in captures for device, frames in c.frames.items()}
    answer["after"], answer["looked"] = views(job, "finalViews", start)
    answer["probes"] = [probe.end() for probe in probes]
    # When each was sent: on a busy machine that is later than planned.
    answer["moments"] = [probe.began - start for probe in probes]
    answer["traceroutes"] = []
    for trace in job["traceroutes"]:
        enter(trace["space"])
        answer["traceroutes"].append(output(*trace["words"]))
    return answer


UNLIMITED = {
    "/proc/sys/net/ipv4/icmp_ratemask": 0,
    "/proc/sys/net/ipv6/icmp/ratelimit": 0,
    "/proc/sys/net/ipv4/icmp_msgs_per_sec": 1000000,
    "/proc/sys/net/ipv4/icmp_msgs_burst": 1000000,
    "/proc/sys/net/ipv4/ping_group_range": "1 0",
}
VXLAN_PORTS = (b"\x12\xb5", b"\x21\x18")
WATCHED, WATCHED_WRITES, PROBES = {}, {}, {}
HOST = os.open("/proc/self/ns/net", os.O_RDONLY)

if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        JOB = json.load(file)
    json.dump(main(JOB), sys.stdout)
