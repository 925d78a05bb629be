import Testing

/// Rules and translations that mean something, and those that don't.
@Suite struct FirewallTests {
  @Test(arguments: [
    ("lan", ["NW0216"]), ("eth0", ["NW0216"]), ("host", ["NW0216"]), ("office", ["NW0216"]), ("wbe", ["NW0216"]),
    ("10.0.0.0/24", ["NW0216"]), ("web", []), ("web:8080", []), ("many", []), ("many-2", []), ("10.0.0.9", []),
    ("lan:80", ["NW0216"]),
  ])
  func `whom a connection can be sent on to`(_ target: String, _ codes: [String]) {
    let file = """
      services: { web: { networks: [lan] }, many: { networks: [lan], scale: 2 } }
      routers:
        edge:
          networks: [lan]
          firewall: { sets: { office: [10.0.0.9] } }
          nat: [{ from: 192.0.2.0/24, protocol: tcp, ports: 80, dnat: "\(target)" }]
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      """
    #expect(errors(in: file) == codes)
  }

  /// A port never is where a packet has come in by; it is where one leaves by if something of its own leaves by it.
  @Test(arguments: [
    ("{ from: p, action: accept }", 1), ("{ from: br0, action: accept }", 0), ("{ from: [p, br0], action: accept }", 0),
    ("{ from: [q, p], action: accept }", 1), ("{ from: 10.0.0.0/24, action: accept }", 0),
    ("{ to: p, action: accept }", 1), ("{ to: q, action: accept }", 0), ("{ to: r, action: accept }", 0),
    // Of a bond as of a bridge; of a VRF other things are said.
    ("{ from: m, action: accept }", 1), ("{ to: m, action: accept }", 1), ("{ from: v, action: accept }", 0),
  ])
  func `rules of ports`(_ rule: String, _ count: Int) {
    let file = """
      routers:
        edge:
          interfaces:
            br0: { type: bridge, members: [p, q, r], addresses: [10.0.0.1/24] }
            bond0: { type: bond, members: [m], addresses: [10.0.1.1/24] }
            red: { type: vrf, table: 10, members: [v] }
          routes: [{ to: 10.9.0.0/16, dev: r }]
          firewall: { forward: { rules: [\(rule)] } }
        a: {}
      links:
        - endpoints: [{ node: edge, interface: p }, { node: a, interface: p, addresses: [10.0.0.2/24] }]
        - endpoints: [{ node: edge, interface: q, addresses: [10.0.7.1/24] }, { node: a, interface: q }]
        - endpoints: [{ node: edge, interface: r }, { node: a, interface: r }]
        - endpoints: [{ node: edge, interface: m }, { node: a, interface: m }]
        - endpoints: [{ node: edge, interface: v }, { node: a, interface: v }]
      """
    #expect(errors(in: file) == [])
    #expect(warnings(in: file).filter { $0 == "NW0704" }.count == count)
  }

  /// What pairs one to one needs as many; what a connection comes from may be chosen among any number.
  @Test(arguments: [
    ("dnat: \"10.0.0.9:80-82\", ports: 8080-8082", 0), ("dnat: \"10.0.0.9:80-82\", ports: 80-82", 0),
    ("dnat: \"10.0.0.9:80-82\", ports: 8080-8081", 1), ("dnat: \"10.0.0.9:80-82\", ports: 8080", 1),
    ("dnat: \"10.0.0.9:80-82\", ports: [8080, 8081, 8082]", 1), ("dnat: \"10.0.0.9:80-82\"", 1),
    ("dnat: \"10.0.0.9:80\", ports: 8080-8082", 0), ("redirect: 90-91, ports: 80-81", 0),
    ("redirect: 90-91, ports: 80", 1), ("snat: \"10.0.0.1:2000-2010\", to: lan", 0),
    ("masquerade: lan, to_ports: 2000-2010", 0),
  ])
  func `ports in pairs`(_ translation: String, _ count: Int) {
    let file = """
      routers: { edge: { networks: { lan: { ipv4_address: 10.0.0.1 } }, nat: [{ protocol: tcp, \(translation) }] } }
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }
      """
    #expect(errors(in: file) == [])
    #expect(warnings(in: file) == Array(repeating: "NW0705", count: count))
  }
}
