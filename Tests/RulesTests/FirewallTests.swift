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
}
