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
}
