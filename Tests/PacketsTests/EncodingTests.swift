import Foundation
import NetworkTypes
import Packets
import Testing

/// Frames as bytes: their lengths, and what tcpdump(8) makes of them.
@Suite struct EncodingTests {
  private static func address(_ text: String) -> IPAddress { IPAddress(text) ?? .v4(IPv4Address(bits: 0)) }

  private static func frame(_ packet: IPPacket, tag: VLANTag? = nil) -> Frame {
    Frame(
      destination: MACAddress(bits: 0x0242_0a00_000b), source: MACAddress(bits: 0x0242_0a00_000a), tag: tag,
      payload: .ip(packet))
  }

  private static func packet(
    _ payload: IPPacket.Payload, _ source: String = "10.0.0.10", _ destination: String = "10.0.0.11"
  ) -> IPPacket {
    IPPacket(source: address(source), destination: address(destination), identification: 7, payload: payload)
  }

  private static let echo = ICMPMessage.Echo(identifier: 5, sequence: 1, data: .pattern(56))
  private static let ping = packet(.icmp(.echoRequest(echo)))
  private static let ping6 = packet(.icmp(.echoRequest(echo)), "fd00::a", "fd00::b")
  private static let own = MACAddress(bits: 0x0242_0a00_000a)

  /// Frames, each with what tcpdump has to say of it.
  private static let frames: [(Frame, String)] = [
    (
      Frame(
        destination: .broadcast, source: own,
        payload: .arp(
          ARPPacket(
            operation: .request, senderHardware: own, sender: IPv4Address(10, 0, 0, 10), targetHardware: .zero,
            target: IPv4Address(10, 0, 0, 11)))), "Request who-has 10.0.0.11 tell 10.0.0.10, length 28"
    ),
    (frame(ping), "10.0.0.10 > 10.0.0.11: ICMP echo request, id 5, seq 1, length 64"),
    (frame(ping, tag: VLANTag(id: 10)), "vlan 10, p 0"),
    (frame(ping6), "fd00::a > fd00::b: [icmp6 sum ok] ICMP6, echo request, id 5, seq 1"),
    (
      frame(packet(.icmp(.unreachable(.host, quoted: QuotedPacket(ping, limit: 548))), "10.0.0.1", "10.0.0.10")),
      "ICMP host 10.0.0.11 unreachable, length 92"
    ),
    (
      frame(packet(.icmp(.tooBig(mtu: 1400, quoted: QuotedPacket(ping, limit: 548))), "10.0.0.1", "10.0.0.10")),
      "10.0.0.11 unreachable - need to frag (mtu 1400), length 92"
    ),
    (
      frame(packet(.icmp(.timeExceeded(quoted: QuotedPacket(ping6, limit: 1232))), "fd00::1", "fd00::a")),
      "[icmp6 sum ok] ICMP6, time exceeded in-transit for fd00::b"
    ),
    (
      frame(
        packet(
          .icmp(.redirect(gateway: address("fe80::1"), quoted: QuotedPacket(ping6, limit: 1184))), "fe80::2", "fd00::a")
      ),
      "[icmp6 sum ok] ICMP6, redirect"
    ),
    (
      frame(packet(.udp(UDPDatagram(sourcePort: 4000, destinationPort: 5400, data: .pattern(3))))),
      "10.0.0.10.4000 > 10.0.0.11.5400: [udp sum ok]"
    ),
    (
      frame(packet(.tcp(TCPSegment(sourcePort: 4000, destinationPort: 80, sequence: 1, flags: .syn)))),
      "Flags [S], cksum"
    ),
    (
      frame(
        packet(.tcp(TCPSegment(sourcePort: 80, destinationPort: 4000, flags: [.rst, .ack])), "fd00::b", "fd00::a")),
      "Flags [R.], cksum"
    ),
    (
      frame(
        packet(
          .neighborDiscovery(.solicitation(target: IPv6Address(bits: 0xfd00 << 112 | 0xb), senderHardware: own)),
          "fd00::a",
          "ff02::1:ff00:b")), "[icmp6 sum ok] ICMP6, neighbor solicitation, length 32, who has fd00::b"
    ),
    (
      frame(
        packet(
          .neighborDiscovery(
            .advertisement(
              .init(
                target: IPv6Address(bits: 0xfd00 << 112 | 0xb), targetHardware: own, isRouter: true, isSolicited: true,
                overrides: true))), "fd00::b", "fd00::a")),
      "[icmp6 sum ok] ICMP6, neighbor advertisement, length 32, tgt is fd00::b, Flags [router, solicited, override]"
    ),
    (
      frame(
        packet(
          .neighborDiscovery(
            .advertisement(
              .init(
                target: IPv6Address(bits: 0xfd00 << 112 | 0xb), targetHardware: nil, isRouter: false,
                isSolicited: true, overrides: false))), "fd00::b", "fd00::a")),
      "[icmp6 sum ok] ICMP6, neighbor advertisement, length 24, tgt is fd00::b, Flags [solicited]"
    ),
    (
      frame(
        packet(
          .neighborDiscovery(.duplicateProbe(target: IPv6Address(bits: 0xfd00 << 112 | 0xb), nonce: 0x0102_0304_0506)),
          "::", "ff02::1:ff00:b")),
      "0x0000:  0102 0304 0506"
    ),
    (
      frame(
        IPPacket(
          source: address("fe80::a"), destination: address("ff02::16"), hopLimit: 1, hasRouterAlert: true,
          payload: .listenerReport(groups: [address("ff02::1:ff00:a")]))),
      "[icmp6 sum ok] ICMP6, multicast listener report v2, 1 group record(s)"
    ),
    (
      frame(
        packet(.fragment(Fragment(offset: 24, length: 24, moreFollow: true, whole: ping)))),
      "offset 24, flags [+]"
    ),
    (
      frame(
        packet(
          .udp(UDPDatagram(sourcePort: 40000, destinationPort: 4789, data: .frame(frame(ping), vni: 42))))),
      "VXLAN, flags [I] (0x08), vni 42"
    ),
    (
      Frame(
        destination: .bridgeGroup, source: own,
        payload: .spanningTree(
          BridgeProtocolDataUnit(
            root: .init(address: own), rootPathCost: 2, bridge: .init(address: own), port: 0x8001))),
      "STP 802.1d, Config, Flags [none], bridge-id 8000.02:42:0a:00:00:0a.8001"
    ),
  ]

  @Test func `lengths are those that devices count`() {
    for (frame, text) in Self.frames { #expect(frame.encoded().count == frame.length, "\(text)") }
  }

  @Test func `tcpdump reads them and has no complaint`() throws {
    var file = CaptureFile()
    for (number, frame) in Self.frames.enumerated() { file.add(frame.0, at: UInt64(number) * 1_000_000_001) }
    let url = FileManager.default.temporaryDirectory.appending(path: "netwright-\(UUID().uuidString).pcap")
    try Data(file.bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["tcpdump", "-n", "-e", "-vv", "-r", url.path]
    process.environment = ["PATH": "/usr/bin:/usr/sbin:/sbin:/bin"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    for (_, words) in Self.frames { #expect(text.contains(words), "\(text)") }
    for complaint in ["bad", "wrong", "incorrect", "truncated", "[|", "invalid"] {
      #expect(!text.contains(complaint), "\(complaint):\n\(text)")
    }
    #expect(text.components(separatedBy: "(correct)").count == 3, "\(text)")
  }
}
