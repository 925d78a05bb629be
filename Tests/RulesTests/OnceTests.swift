import Testing

/// A mistake is reported once: what couldn't be read isn't missed later on.
@Suite struct OnceTests {
  @Test(arguments: [
    ("{ endpoint: [\"a:eth0\", \"b:eth0\"] }", ["NW0104", "NW0101"]),
    ("{ endpoints: [\"a:eth0\", \"b:no/device\"] }", ["NW0112"]),
    ("{ endpoints: a }", ["NW0102"]),
    ("{ endpoints: [\"a:eth0\"] }", ["NW0206"]), ("{ endpoints: [] }", ["NW0206"]),
  ])
  func `a link without its ends`(_ link: String, _ codes: [String]) {
    #expect(errors(in: "services: { a: {}, b: {} }\nlinks: [\(link)]") == codes)
  }

  @Test(arguments: [
    ("subnet: 10.0.0.0/24", ["NW0109"]),
    ("{ gateway: 10.0.0.1, subnet: 10.0.0.0/24 }", ["NW0109", "NW0109"]),
    ("{ subnet: 10.0.0.0/33 }", ["NW0109", "NW0107"]),
    ("{ subnet: 10.9.0.0/24 }", ["NW0109", "NW0301"]),
  ])
  func `addresses that stand directly under a network`(_ network: String, _ codes: [String]) {
    let yaml = """
      services: { a: { networks: { lan: { ipv4_address: 10.0.0.2 } } } }
      networks: { lan: NETWORK }
      """
    let block = network.hasPrefix("{") ? network : "{ \(network) }"
    #expect(Set(errors(in: yaml.replacing("NETWORK", with: block))) == Set(codes))
  }

  @Test(arguments: [
    ("config: [{ subnt: 10.0.0.0/24 }]", "NW0101"), ("config: { subnet: 10.0.0.0/24 }", "NW0102"),
    ("confg: [{ subnet: 10.0.0.0/24 }]", "NW0101"), ("config: [10.0.0.0/24]", "NW0102"),
    ("config: [{ subnet: 10.0.0.0/33, gateway: 10.0.0.1 }]", "NW0107"), ("config: [{ gateway: 10.0.0.1 }]", "NW0104"),
    ("config: [{ subnt: 10.0.0.0/24, gateway: 10.0.0.1 }]", "NW0101"),
  ])
  func `what is in a subnet that stands elsewhere, perhaps`(_ ipam: String, _ code: String) {
    let yaml = """
      services:
        a: { networks: { lan: { ipv4_address: 10.0.0.2 } } }
        b: { networks: { lan: { ipv4_address: 10.0.0.3 } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.254 }] }
      networks: { lan: { ipam: { \(ipam) } } }
      """
    #expect(errors(in: yaml) == [code])
  }

  @Test func `what is in a subnet that can't be read`() {
    let yaml = """
      services:
        a:
          networks: { lan: { ipv4_address: 10.0.0.2 } }
          routes: [{ to: 10.9.0.0/16, via: 10.0.0.254 }]
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/33, gateway: 10.0.0.1 }] } } }
      """
    #expect(errors(in: yaml) == ["NW0107"])
  }

  @Test func `a check's names are looked up though it expects nothing that there is`() {
    #expect(errors(in: "services: { a: {} }\nchecks: [{ from: b, to: a, expect: fine }]") == ["NW0207", "NW0103"])
  }
}
