import Testing

/// What `show … docker network` says of the file's networks.
@Suite struct DockerViewTests {
  @Test func `containers have the names that compose gives them`() throws {
    let outcome = try Command.run(
      "show web docker network inspect shop_lan -f -",
      input: """
        name: shop
        services:
          web: { networks: [lan], container_name: front-door }
          worker: { networks: [lan], scale: 2 }
        networks: { lan: {} }
        """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["front-door", "shop-worker-1", "shop-worker-2"] {
      #expect(outcome.output.contains("\"Name\": \"\(name)\""), "\(outcome.output)")
    }
  }
}
