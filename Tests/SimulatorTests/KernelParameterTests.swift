import NetworkTypes
import NetwrightTestSupport
import Testing

/// Which values kernel parameters take.
@Suite struct KernelParameterTests {
  @Test(arguments: [
    ("net.ipv4.ip_default_ttl", "0", KernelParameters.Refusal.outside(1...255)),
    ("net.ipv4.ip_default_ttl", "64", nil), ("net.ipv4.ip_forward", "true", .notNumeric(count: 1)),
    ("net.ipv4.conf.eth0.forwarding", "on", .notNumeric(count: 1)),
    ("net.ipv4.conf.eth0.forwarding", "2147483648", .outside(Int(Int32.min)...Int(Int32.max))),
    ("net.ipv4.tcp_congestion_control", "reno", nil), ("kernel.domainname", "x", nil),
    ("net.ipv4.neigh.eth0.app_solicit", "-1", .outside(0...Int(Int32.max))),
    // In jiffies they have to fit into an int (proc_dointvec_ms_jiffies, proc_dointvec_jiffies).
    ("net.ipv4.neigh.eth0.retrans_time_ms", "9223372036854775807", .outside(0...Int(Int32.max))),
    ("net.ipv6.neigh.eth0.base_reachable_time_ms", "-1", .outside(0...Int(Int32.max))),
    ("net.ipv4.neigh.eth0.gc_stale_time", "21474837", .outside(-21_474_836...21_474_836)),
    ("net.ipv4.icmp_ratelimit", "9223372036854775807", .outside(0...Int(Int32.max))),
    ("net.ipv4.neigh.eth0.retrans_time_ms", "0", nil),
    ("net.ipv4.tcp_rmem", "4096 131072 6291456", nil), ("net.ipv4.tcp_rmem", "4096", nil),
    ("net.ipv4.tcp_rmem", "4096\t131072\t6291456", nil), ("net.ipv4.tcp_rmem", "1 2 3 x", nil),
    ("net.ipv4.tcp_rmem", "4096,131072,6291456", .notNumeric(count: 3)),
    ("net.ipv4.tcp_rmem", "", .notNumeric(count: 3)), ("net.ipv4.tcp_wmem", "1 0 1", .outside(1...Int(Int32.max))),
    ("net.ipv4.ip_local_port_range", "1024 65535", nil),
    ("net.ipv4.ip_local_port_range", "1024-65535", .notNumeric(count: 2)),
    ("net.ipv4.ip_local_port_range", "1024 65536", .outside(1...65_535)),
    ("net.ipv4.ip_local_port_range", "5000 4999", .descending), ("net.ipv4.ping_group_range", "1 0", nil),
    ("net.ipv4.ip_local_reserved_ports", "", nil), ("net.ipv4.ip_local_reserved_ports", "80,8000-8080,0x50,", nil),
    ("net.ipv4.ip_local_reserved_ports", "80 90", .notPorts), ("net.ipv4.ip_local_reserved_ports", "90-80", .notPorts),
    ("net.ipv4.ip_local_reserved_ports", "65536", .notPorts), ("net.ipv4.ip_local_reserved_ports", "1-2-3", .notPorts),
    ("net.ipv4.ip_local_reserved_ports", ",80", .notPorts), ("net.ipv4.ip_local_reserved_ports", "80, 90", .notPorts),
  ])
  func `numbers and bounds`(_ key: String, _ value: String, _ refusal: KernelParameters.Refusal?) throws {
    #expect(KernelParameters.refusal(of: value, for: try #require(SysctlKey(key))) == refusal)
  }

  /// How numbers are written is one thing for all parameters; the kernel takes the same ones.
  @Test func `the kernel reads numbers as we do`() throws {
    let forms = [
      "7": 7, "007": 7, "0x7": 7, "0X7": 7, "7 x": 7, "7 8": 7, "  7": 7, "\t7": 7, "+7": nil, "08": nil, "7x": nil,
      "": nil, "0b1": nil, "--7": nil, "7,": nil, "7.0": nil, "7e0": nil, "- 7": nil, "0x": nil, "0x-7": nil,
      "99999999999999999999": nil,
    ]
    let attempts = forms.keys.sorted().map { "try '\($0)'" }
    let outcome = try KernelSandbox.run(
      """
      try() {
        echo 5 >/proc/sys/net/ipv4/tcp_syn_retries
        printf '%s\\n' "$1" 2>/dev/null >/proc/sys/net/ipv4/tcp_syn_retries || { echo no; return 0; }
        cat /proc/sys/net/ipv4/tcp_syn_retries
      }
      \(attempts.joined(separator: "\n"))
      """)
    let expected = forms.sorted { $0.key < $1.key }.map { $0.value.map(String.init) ?? "no" } + ["passed"]
    #expect(outcome.output.split(separator: "\n").map(String.init) == expected, "\(outcome.errors)")
    for (text, number) in forms { #expect(KernelParameters.number(text) == number, "'\(text)'") }
  }

  /// What is said to be set in each namespace can be set in another than the machine's first, and nothing else can.
  @Test func `the kernel has parameters where we say`() throws {
    let outcome = try KernelSandbox.run(
      """
      ip netns add other
      ip netns exec other find /proc/sys/net -type f -printf '%m net/%P\\n'
      """)
    try #require(outcome.output.hasSuffix("passed\n"), "\(outcome.errors)")
    let files = outcome.output.split(separator: "\n").dropLast().map { $0.split(separator: " ", maxSplits: 1) }
    var counts: [KernelParameters.Standing: Int] = [:]
    for file in files {
      // A dot in a device's name is a slash in a key.
      let key = try #require(SysctlKey(file[1].map { $0 == "/" ? "." : $0 == "." ? "/" : String($0) }.joined()))
      let isWritable = file[0].first != "4"
      let standing = KernelParameters.standing(of: key)
      counts[standing, default: 0] += 1
      switch standing {
      case .everywhere: #expect(isWritable, "\(key)")
      case .firstNamespace, .readOnly: #expect(!isWritable, "\(key)")
      // A kernel of another age has others.
      case .nowhere, .unlisted: break
      }
    }
    #expect(counts[.everywhere, default: 0] > 250 && counts[.readOnly, default: 0] > 5, "\(counts)")
  }

  /// What is beyond the bounds is refused by this kernel too, of all parameters that it has.
  @Test func `the kernel refuses what is said to be refused`() throws {
    let beyond = KernelParameters.bounds.sorted { $0.key < $1.key }.flatMap { name, bounds -> [String] in
      let path = name.split(separator: ".").map { $0 == "*" ? "lo" : String($0) }.joined(separator: "/")
      var values = ["text"]
      if bounds.lowerBound > .min { values.append("\(bounds.lowerBound - 1)") }
      if bounds.upperBound < .max { values.append("\(bounds.upperBound + 1)") }
      return values.map { "refuse \(path) \($0)" }
    }
    let rows = KernelParameters.rows.sorted { $0.key < $1.key }.flatMap { name, row -> [String] in
      let path = name.replacing(".", with: "/")
      return (0..<row.count).flatMap { place in
        ["x", "\(row.bounds.lowerBound - 1)", "\(row.bounds.upperBound + 1)"].map { bad in
          let values = (0..<row.count).map { $0 == place ? bad : "\(row.bounds.lowerBound)" }
          return "refuse \(path) '\(values.joined(separator: " "))'"
        }
      }
    }
    let lists = [",1", "1,,2", "1-", "-5", "9-5", "1-2-3", "65536", "1, 2", " 1", "1 ", "+1", "x"].map {
      "refuse ipv4/ip_local_reserved_ports '\($0)'"
    }
    try #require(beyond.count > 300)
    let outcome = try KernelSandbox.run(
      """
      tried=0
      refuse() {
        [ -w "/proc/sys/net/$1" ] || return 0
        tried=$((tried + 1))
        ! printf '%s\\n' "$2" 2>/dev/null >"/proc/sys/net/$1" || echo "$1 takes $2"
      }
      \((beyond + rows + lists + ["refuse ipv4/ip_local_port_range '5000 4999'"]).joined(separator: "\n"))
      [ "$tried" -gt 200 ] || echo "only $tried were tried"
      """)
    #expect(outcome.output == "passed\n", "\(outcome.output)\(outcome.errors)")
  }
}
