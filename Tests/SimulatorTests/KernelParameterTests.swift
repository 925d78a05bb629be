import NetworkTypes
import NetwrightTestSupport
import Testing

/// Which values kernel parameters take.
@Suite struct KernelParameterTests {
  @Test(arguments: [
    ("net.ipv4.ip_default_ttl", "0", KernelParameters.Refusal.outside(1...255)),
    ("net.ipv4.ip_default_ttl", "64", nil), ("net.ipv4.ip_forward", "true", .notNumeric),
    ("net.ipv4.ip_forward", "0x1", nil), ("net.ipv4.ip_forward", " +1 ", nil), ("net.ipv4.ip_forward", "", nil),
    ("net.ipv4.conf.eth0.forwarding", "on", .notNumeric),
    ("net.ipv4.conf.eth0.forwarding", "2147483648", .outside(Int(Int32.min)...Int(Int32.max))),
    ("net.ipv4.tcp_congestion_control", "reno", nil), ("kernel.domainname", "x", nil),
  ])
  func `numbers and bounds`(_ key: String, _ value: String, _ refusal: KernelParameters.Refusal?) throws {
    #expect(KernelParameters.refusal(of: value, for: try #require(SysctlKey(key))) == refusal)
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
    try #require(beyond.count > 300)
    let outcome = try KernelSandbox.run(
      """
      refuse() {
        [ -w "/proc/sys/net/$1" ] || return 0
        tried=$((tried + 1))
        ! printf '%s\\n' "$2" 2>/dev/null >"/proc/sys/net/$1" || echo "$1 takes $2"
      }
      \(beyond.joined(separator: "\n"))
      [ "$tried" -gt 200 ] || echo "only $tried were tried"
      """)
    #expect(outcome.output == "", "\(outcome.output)\(outcome.errors)")
  }
}
