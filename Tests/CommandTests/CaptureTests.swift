import Foundation
import NetwrightTestSupport
import Testing

/// Captures, read by tcpdump: of every protocol, without a complaint, with right check sums.
@Suite struct CaptureTests {
  private static let lab = """
    services:
      web: { networks: { front: { ipv4_address: 10.1.0.10 }, back: {} } }
      db: { networks: { back: { ipv4_address: 10.2.0.20 } }, expose: ["5432", "5300/udp"] }
    routers:
      edge:
        networks: { back: { ipv4_address: 10.2.0.254 } }
        interfaces: { vx0: { type: vxlan, id: 42, local: 10.50.0.1, remote: 10.50.0.2, addresses: [10.88.0.1/24] } }
      core:
        routes: [{ to: 10.2.0.0/24, via: 10.50.0.1 }]
        interfaces: { vx0: { type: vxlan, id: 42, local: 10.50.0.2, remote: 10.50.0.1, addresses: [10.88.0.2/24] } }
    links: [{ endpoints: ["edge:up", "core:up"], subnet: 10.50.0.0/30, mtu: 1400 }]
    networks:
      front: { stp: true, ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      back:
        enable_ipv6: true
        ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.254 }, { subnet: "fd00:2::/64" }] }

    """

  private static let steps = [
    "ping web 10.2.0.20 -c 2", "ping db fd00:2::2", "ping web fd00:2::99 -W 4", "ping web core -s 3000",
    "ping web core -s 1390 -M do",
    "connect web 10.2.0.20:5432/tcp", "connect web 10.2.0.20:81/tcp", "connect web 10.2.0.20:5300/udp",
    "connect web 10.2.0.20:81/udp", "traceroute web core", "ping web 10.2.0.99", "ping db 10.99.0.1",
    "ping edge 10.88.0.2", "set db eth0 down", "set db eth0 up", "wait 3s",
  ]

  @Test func `tcpdump reads them without a complaint`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-captures-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let made = try Command.run(
      [Command.path, "simulate", "-f", "-", "--pcap", folder.path] + Self.steps, input: Self.lab)
    #expect(made.errors == "", "\(made.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    // A capture for each device that saw a frame.
    #expect(
      Set(["web-eth0.pcap", "web-eth1.pcap", "host-br-back.pcap", "edge-vx0.pcap", "core-up.pcap"]).isSubset(of: files))
    var everything = ""
    for file in files {
      let read = try Command.run(["tcpdump", "-nvv", "-r", folder.appending(path: file).path])
      #expect(read.status == 0, "\(file): \(read.errors)")
      everything += read.output
    }
    // It knows no nonces, as the kernel's probes for duplicates have them (RFC 3971 §5.3.2).
    let complaints = everything.replacing("unknown option (14), length 8", with: "").split(separator: "\n").filter {
      $0.contains(/bad|incorrect|truncated|\[\||wrong|unknown|invalid/)
    }
    #expect(complaints.isEmpty, "\(complaints.prefix(5))")
    // What is in them, each with its check sum looked at where tcpdump looks at it.
    for (what, pattern) in [
      ("ARP", "ARP, Ethernet (len 6), IPv4 (len 4), Request who-has 10.2.0.20 tell"), ("ICMP", "ICMP echo request, id"),
      ("fragments", "flags [+], proto ICMP"), ("path MTU", "need to frag (mtu 1400)"), ("TCP", "cksum 0x"),
      ("TCP's check sum", "(correct), seq"), ("UDP's", "[udp sum ok]"), ("ICMPv6's", "[icmp6 sum ok]"),
      ("discovery", "neighbor solicitation"), ("VXLAN", "VXLAN, flags [I] (0x08), vni 42"), ("STP", "STP 802.1d"),
      ("time exceeded", "ICMP time exceeded in-transit"), ("multicast", "multicast listener report v2"),
    ] {
      #expect(everything.contains(pattern), "\(what)")
    }
  }
}
