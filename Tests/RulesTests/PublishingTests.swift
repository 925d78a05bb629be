import Testing

/// Published ports that the engine gives, and those that it doesn't.
@Suite struct PublishingTests {
  /// Port 0 is any that is free, and of a range each replica takes one.
  @Test(arguments: [
    ("a: { ports: [\"0:80\"] }, b: { ports: [\"0:80\", { target: 81, published: 0 }] }", []),
    ("a: { ports: [\"0:80\"], scale: 2 }, b: { ports: [{ target: 80, published: \"0\" }] }", []),
    ("a: { ports: [\"0:80-81\"] }", ["NW0113"]),
    ("a: { ports: [\"9000-9001:80\"], scale: 2 }", []),
    ("a: { ports: [\"9000-9001:80\"], scale: 3 }", ["NW0605"]),
    ("a: { ports: [\"9000-9001:80\"], scale: 5 }", ["NW0605"]),
    (
      "a: { ports: [\"9000-9001:80\"] }, b: { ports: [\"9000-9001:80\"] }, c: { ports: [\"9000-9001:80\"] }",
      ["NW0605"]
    ),
    ("a: { ports: [\"9000-9001:80\"] }, b: { ports: [\"9000-9001:80/udp\"], scale: 2 }", []),
  ])
  func `ports of nobody's choice`(_ services: String, _ codes: [String]) {
    #expect(errors(in: "services: { \(services) }") == codes)
  }

  /// What isn't published takes no port of the host's.
  @Test(arguments: [
    ("networks: [routed]", []), ("networks: [inner]", []), ("networks: [lan]", []), ("network_mode: none", []),
    ("scale: 0", []), ("networks: [inner], scale: 2", []), ("networks: [half]", ["NW0605"]),
    ("networks: [inner, front]", ["NW0605"]), ("networks: [bare]", ["NW0605"]), ("{}", ["NW0605"]),
  ])
  func `a port that is published once`(_ networks: String, _ codes: [String]) {
    let file = """
      services:
        a: { \(networks == "{}" ? "" : networks + ",") ports: ["8080:80"] }
        b: { ports: ["8080:80"] }
        c: { \(networks == "{}" ? "networks: [inner]" : networks), ports: ["8080:80"] }
      networks:
        routed: { driver_opts: { com.docker.network.bridge.gateway_mode_ipv4: routed } }
        half: { enable_ipv6: true, driver_opts: { com.docker.network.bridge.gateway_mode_ipv4: routed } }
        inner: { internal: true }
        front: {}
        lan: { driver: macvlan, driver_opts: { parent: eth0 } }
        bare: { driver_opts: { com.docker.network.bridge.inhibit_ipv4: true } }
      """
    #expect(Set(errors(in: file)) == Set(codes))
  }

  /// One anchor is the entry of several services.
  @Test func `a port of several services in one place of the file`() {
    let file = """
      services:
        a: { networks: [inner], ports: &ports ["8080:80"] }
        b: { ports: *ports }
        c: { networks: [inner], ports: *ports }
      networks: { inner: { internal: true } }
      """
    #expect(errors(in: file) == [])
    #expect(errors(in: file.replacing("c: { networks: [inner],", with: "c: {")) == ["NW0605"])
  }

  /// The engine's proxy listens there.
  @Test func `a port that the engine would take`() {
    #expect(
      errors(in: "services: { a: { ports: [\"8080:80\"] }, b: { ports: [\"[::1]:8080:80\"] } }") == ["NW0605"])
  }

  @Test(arguments: [("inner", []), ("front", ["NW0609"])])
  func `a port of the host's and one that is published nowhere`(_ network: String, _ codes: [String]) {
    let file = """
      services:
        a: { network_mode: host, expose: ["8080"] }
        b: { networks: [\(network)], ports: ["8080:80"] }
      networks: { inner: { internal: true }, front: {} }
      """
    #expect(warnings(in: file).filter { $0 == "NW0609" } == codes)
  }

  @Test(arguments: [
    ("{}", "\"127.0.0.1:8080:80\", \"[::1]:8080:80\"", ["NW0608"]), ("{}", "\"[::1]:8080:80\"", ["NW0608"]),
    ("{ enable_ipv6: true }", "\"127.0.0.1:8080:80\", \"[::1]:8080:80\"", []),
    ("{ enable_ipv4: false, enable_ipv6: true }", "\"127.0.0.1:80:80\", \"81:81\"", ["NW0608"]),
    ("{ enable_ipv4: false, enable_ipv6: true }", "\"0.0.0.0:80:80\", \"127.0.0.1:81:81\"", ["NW0608", "NW0608"]),
  ])
  func `addresses of a family that the network hasn't`(_ network: String, _ ports: String, _ codes: [String]) {
    let file = "services: { web: { networks: [lan], ports: [\(ports)] } }\nnetworks: { lan: \(network) }"
    #expect(warnings(in: file) == codes && errors(in: file) == [])
  }
}
