import NetworkTypes
import Testing

@testable import Plan

/// What takes a plan back.
@Suite struct InverseTests {
  @Test func `what goes with a namespace or a device is left out`() throws {
    let web = try #require(NamespaceName("web"))
    let (bridge, port) = (try #require(InterfaceName("br0")), try #require(InterfaceName("v-web")))
    let (eth0, foreign) = (try #require(InterfaceName("eth0")), try #require(InterfaceName("wan0")))
    let address = try #require(InterfaceAddress("10.0.0.1/24"))
    let key = try #require(SysctlKey("net.ipv4.ip_forward"))
    let prefix = try #require(IPPrefix("192.0.2.0/24"))
    let inside = LinkReference(.namespace(web), eth0)
    let route = AddRoute(place: .host, destination: prefix, action: .blackhole)
    let operations: [Operation] = [
      .addNamespace(AddNamespace(name: web)),
      .setSysctl(SetSysctl(place: .namespace(web), key: key, value: "1")),
      .setSysctl(SetSysctl(place: .host, key: key, value: "1")),
      .addLink(AddLink(link: LinkReference(.host, bridge), kind: .bridge(BridgeOptions()))),
      .addAddress(AddAddress(link: LinkReference(.host, bridge), address: address)),
      .addVethPair(AddVethPair(.init(inside), .init(LinkReference(.host, port)))),
      .setMaster(SetMaster(link: LinkReference(.host, port), master: bridge)),
      .setMaster(SetMaster(link: LinkReference(.host, foreign), master: bridge)),
      .addAddress(AddAddress(link: inside, address: address)),
      .addRoute(route),
    ]
    let origin = Origin(subject: "service web", file: "a.yaml", line: 1, column: 1)
    let plan = Plan(instance: try #require(InstanceName("a")), steps: operations.map { Step($0, origin: origin) })
    // The foreign device is no port any more by itself once the bridge is gone; taking it out first harms nothing.
    let expected: [Inverse] = [
      .deleteRoute(route), .clearMaster(LinkReference(.host, foreign)), .deleteLink(LinkReference(.host, port)),
      .deleteLink(LinkReference(.host, bridge)), .restoreSysctl(place: .host, key: key), .deleteNamespace(web),
    ]
    #expect(plan.undo == expected)
  }
}
