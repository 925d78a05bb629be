import KernelComparison
import Testing

/// A file on which kernel and simulator differ is made smaller: here by answers that no kernel gives.
@Suite struct ShrinkingTests {
  private static let file = """
    # unchecked
    name: lab
    services:
      s0:
        networks:
          net0: { ipv4_address: 10.0.0.10 }
          net1:
        sysctls: { net.ipv4.conf.all.rp_filter: 1, net.ipv4.ip_forward: 1 }
        routes:
          - { to: 192.0.2.0/24, type: blackhole }
          - { to: 10.9.0.0/16, via: 10.0.0.1 }
      s1: { network_mode: none }
    routers:
      r0: { networks: { net0: , net1: } }
      r1: { networks: [net1] }
    networks:
      net0: { mtu: 1400, ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
      net1: {}
    links:
      - { endpoints: ["r0:east", "r1:west"], subnet: 10.30.0.0/31 }
    # set r0 east down
    # set r0 east up

    """

  /// What of the file is to blame: a route, a parameter of the same service, and a change.
  private static func isToBlame(_ text: String) -> Bool {
    ["10.9.0.0/16", "rp_filter", "# set r0 east down"].allSatisfy(text.contains)
  }

  private static let smallest = """
    # unchecked
    services:
      s0:
        sysctls:
          net.ipv4.conf.all.rp_filter: 1
        routes:
        - to: 10.9.0.0/16
    # set r0 east down

    """

  @Test func `nothing is left but what is to blame`() throws {
    var asked: [Int] = []
    let shrinking = Shrinking(clock: { Double(asked.count * 10) }) { texts in
      asked.append(texts.count)
      return texts.map(Self.isToBlame)
    }
    let result = try shrinking.smallest(Self.file)
    #expect(result.text == Self.smallest)
    #expect(result.isSmallest)
    #expect(asked.count <= 10 && asked.allSatisfy { $0 <= 2 * shrinking.width }, "\(asked)")
    #expect(result.asked == asked.reduce(0, +))
    #expect(
      result.report(from: Self.file) == """
        shrunk from 22 lines to 8: \(result.asked) files compared in \(asked.count * 10) s; nothing more can be left out
        \(Self.smallest)
        """)
  }

  @Test(arguments: [5.0, 25, 45]) func `it is over in time, with what was found until then`(_ limit: Double) throws {
    var seconds = 0.0
    var shrinking = Shrinking(clock: { seconds }) { texts in
      seconds += 10
      return texts.map(Self.isToBlame)
    }
    shrinking.limit = limit
    let result = try shrinking.smallest(Self.file)
    // Nobody knows how long the first answer takes.
    #expect(seconds <= max(limit, 10))
    #expect(!result.isSmallest && Self.isToBlame(result.text))
    #expect(result.report(from: Self.file).contains("in \(Int(seconds)) s; the time was up\n"))
    if limit > 20 { #expect(result.text.utf8.count < Self.file.utf8.count) }
  }

  @Test func `an answer by chance leads nowhere`() throws {
    var calls = 0
    let shrinking = Shrinking(clock: { 0 }) { texts in
      calls += 1
      // One question in two is answered wrongly for a file without the route.
      return texts.map {
        Self.isToBlame($0) || calls % 2 == 1 && !$0.contains("10.9.0.0/16") && $0.contains("rp_filter")
      }
    }
    let result = try shrinking.smallest(Self.file)
    #expect(Self.isToBlame(result.text))
    #expect(result.text.utf8.count <= Self.smallest.utf8.count + 40, "\(result.text)")
  }

  @Test func `what others need is left out along with them`() throws {
    let file = """
      services:
        s0: { networks: [net0, net1] }
      routers:
        r0: { networks: { net0: }, interfaces: { v10: { type: vlan, parent: east, id: 10 } } }
        r1: {}
      networks:
        net1: {}
      links:
        - { endpoints: ["r0:east", "r1:west"], subnet: 10.30.0.0/31 }

      """
    // There is no network `net0`, and so no attachment to it.
    #expect(
      Comparison.mended(file) == """
        services:
          s0:
            networks: [net1]
        routers:
          r0:
            interfaces:
              v10:
                type: vlan
                parent: east
                id: 10
          r1: {}
        networks:
          net1: {}
        links:
        - endpoints: ['r0:east', 'r1:west']
          subnet: 10.30.0.0/31

        """)
    #expect(Comparison.mended("services: { s0: { networks: [net0], bogus: 1 } }\n") == nil)
  }
}
