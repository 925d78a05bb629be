import NetworkTypes
import Testing

@Suite struct NameTests {
  @Test(arguments: ["eth0", "a", "veth-1_2.3", "123456789012345", "_x", ".x", "eth0.10"])
  func `Interface names`(text: String) {
    #expect(InterfaceName(text)?.text == text)
    #expect(InterfaceName.defect(of: text) == nil)
  }

  @Test(
    arguments: [
      ("", .empty), ("1234567890123456", .tooLong), ("a b", .badCharacter(" ")), ("a/b", .badCharacter("/")),
      ("a:b", .badCharacter(":")), ("é", .badCharacter("é")), ("-a", .badCharacter("-")), ("a\n", .badCharacter("\n")),
      ("a$(b)", .badCharacter("$")), (".", .reserved), ("..", .reserved), ("all", .reserved), ("default", .reserved),
      ("a'b", .badCharacter("'")),
    ] as [(String, InterfaceName.Defect)])
  func `What is no interface name, and why`(text: String, defect: InterfaceName.Defect) {
    #expect(InterfaceName.defect(of: text) == defect)
    #expect(InterfaceName(text) == nil)
  }

  @Test(arguments: ["a", "eth0", "12345678", "123456789", "123456789012345"])
  func `An interface name has its bytes, their number and their order`(text: String) throws {
    let name = try #require(InterfaceName(text))
    var written = TextBuffer()
    written.append("<")
    name.write(to: &written)
    written.append(">")
    #expect(String(written) == "<\(text)>")
    #expect(name.count == text.utf8.count)
    #expect(InterfaceName(Array(text.utf8)[...]) == name)
    for other in ["0", "eth", "eth00", "eth1", "123456780", "1234567890", "z"] {
      let other = try #require(InterfaceName(other))
      #expect((name < other) == (text < other.text), "\(other)")
      #expect((name == other) == (text == other.text), "\(other)")
    }
  }

  @Test(
    arguments: [
      ("eth0", "0"), ("eth12345678901", "12345678901"), ("ethernet", "ernet"), ("eth", nil), ("ens3", nil), ("et", nil),
    ] as [(String, String?)])
  func `What follows the start of an interface name`(text: String, rest: String?) throws {
    let name = try #require(InterfaceName(text))
    var written = TextBuffer()
    let isWritten = name.writeRest(after: .ethernet, to: &written)
    #expect(String(written) == rest ?? "")
    #expect(isWritten == (rest != nil))
  }

  @Test(
    arguments: [
      ("eth", 0), ("eth", 9), ("eth", 10), ("eth", 305), ("", 7), ("a-b.", 1), ("12345678", 99), ("12345678901234", 9),
      ("12345678901234", 10), ("123456789012345", 0), ("12345678901", 9999), ("12345678901", 10_000), ("-", 1),
      ("a b", 1), ("é", 1), ("e", UInt.max), ("default", 0), ("lo", 1_000_000),
    ] as [(String, UInt)])
  func `A start and a number make the name that their text makes`(start: String, number: UInt) {
    #expect(InterfaceName(start, number: number) == InterfaceName("\(start)\(number)"))
  }

  @Test func `No name holds a zero byte`() {
    #expect(InterfaceName.defect(of: "a\u{0}") == .badCharacter("\0"))
    #expect(NamespaceName("a\u{0}") == nil)
    #expect(HostName("a\u{0}") == nil)
  }

  @Test func `Namespace names`() {
    for good in ["web", "web-1", "a.b_c", String(repeating: "n", count: 200)] {
      #expect(NamespaceName(good)?.text == good)
    }
    for bad in ["", ".", "..", "-a", "a/b", "a b", "é", String(repeating: "n", count: 201), "a\nb"] {
      #expect(NamespaceName(bad) == nil, "\(bad)")
    }
  }

  @Test func `Host names`() {
    let label = String(repeating: "l", count: 63)
    for good in ["db", "db.example.org", "my_service", label, "1-2"] { #expect(HostName(good)?.text == good) }
    for bad in [
      "", "a..b", ".a", "a.", label + "l", "a b", "é", "a\tb", [label, label, label, label].joined(separator: "."),
    ] {
      #expect(HostName(bad) == nil, "\(bad)")
    }
  }

  @Test func `Kernel parameters and their files`() {
    #expect(SysctlKey("net.ipv4.ip_forward")?.path == "net/ipv4/ip_forward")
    #expect(SysctlKey("net.ipv4.conf.eth0/10.forwarding")?.path == "net/ipv4/conf/eth0.10/forwarding")
    for bad in ["", "net", "net..ipv4", ".net", "net.", "net./.x", "net.//.x", "net.a b", "net.$(x)", "../x.y"] {
      #expect(SysctlKey(bad) == nil, "\(bad)")
    }
  }

  @Test(arguments: [
    ("net.ipv4.ip_forward", KernelParameters.Standing.everywhere),
    ("net.ipv4.conf.eth0/10.rp_filter", .everywhere), ("net.ipv6.conf.all.disable_ipv6", .everywhere),
    ("net.ipv4.route.min_pmtu", .everywhere), ("net.ipv6.icmp.ratelimit", .everywhere),
    ("net.ipv4.neigh.eth0.gc_stale_time", .everywhere), ("net.ipv4.neigh.default.gc_thresh3", .firstNamespace),
    ("net.ipv6.neigh.default.retrans_time_ms", .firstNamespace), ("net.ipv4.neigh.eth0.gc_thresh3", .nowhere),
    ("net.ipv4.tcp_mem", .firstNamespace), ("net.ipv4.route.error_burst", .firstNamespace),
    ("net.ipv4.ip_forwrd", .nowhere), ("net.ipv4.conf.all.disable_ipv6", .nowhere),
    ("net.ipv6.tcp_rmem", .nowhere), ("net.core.somaxconn", .everywhere), ("net.core.rmem_max", .firstNamespace),
    ("net.core.somaxcon", .nowhere), ("net.netfilter.nf_conntrack_max", .firstNamespace),
    ("net.netfilter.nf_conntrack_tcp_loose", .unlisted), ("net.ipv4.conf.eth0.mc_forwarding", .readOnly),
    ("net.ipv4.tcp_available_congestion_control", .readOnly), ("net.ipv4.conf.all", .unlisted),
  ])
  func `where parameters are`(_ text: String, _ standing: KernelParameters.Standing) throws {
    #expect(KernelParameters.standing(of: try #require(SysctlKey(text))) == standing)
  }

  /// A dot in a device's name is a slash in a key (sysctl(8)).
  @Test(arguments: [
    ("net.ipv4.conf.ge0.10.rp_filter", "net.ipv4.conf.ge0/10.rp_filter"),
    ("net.ipv6.conf.a.b.c.disable_ipv6", "net.ipv6.conf.a/b/c.disable_ipv6"), ("net.ipv4.conf.ge0.rp_filter", nil),
    ("net.ipv4.conf.ge0.10.rp_fliter", nil), ("net.ipv4.tcp.rp_filter", nil),
  ])
  func `keys of devices with dots`(_ text: String, _ meant: String?) throws {
    #expect(KernelParameters.dotted(try #require(SysctlKey(text)))?.text == meant)
  }

  @Test(arguments: [("80", 80, 80), ("8000-8080", 8000, 8080), ("0", 0, 0), ("65535", 65535, 65535), ("7-7", 7, 7)])
  func `Ports and ranges of them`(text: String, first: UInt16, last: UInt16) {
    #expect(PortRange(text) == PortRange(first, last))
    #expect(PortRange(text)?.count == Int(last - first) + 1)
  }

  @Test(arguments: [
    ("db", "db", nil), ("db:80", "db", "80"), ("db:", "db", ""), (":80", "", "80"), ("10.0.0.1:53", "10.0.0.1", "53"),
    ("fd00::1", "fd00::1", nil), ("[fd00::1]", "fd00::1", nil), ("[fd00::1]:80-90", "fd00::1", "80-90"),
    ("fd00::1::2", "fd00::1:", "2"), ("", "", nil), ("[", "[", nil),
  ])
  func `names and addresses with ports behind them`(text: String, host: String, port: String?) {
    let target = HostAndPort(text)
    #expect(target.host == host && target.port == port)
  }

  @Test(arguments: [
    "", "-", "80-", "-80", "80-79", "65536", "080", "80-90-100", "+80", "80 ", "8e1", "99999999999999999999",
  ])
  func `Malformed ranges are refused`(text: String) {
    #expect(PortRange(text) == nil)
  }

  @Test func `Ranges overlap where they share a port`() throws {
    let range = try #require(PortRange("10-20"))
    for (text, expected) in [
      ("20-30", true), ("1-10", true), ("15", true), ("1-30", true), ("21", false), ("9", false),
    ] {
      let other = try #require(PortRange(text))
      #expect(range.overlaps(other) == expected, "\(text)")
      #expect(other.overlaps(range) == expected, "\(text)")
    }
    #expect(PortRange("80-80")?.description == "80")
  }
}
