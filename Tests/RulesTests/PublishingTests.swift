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
