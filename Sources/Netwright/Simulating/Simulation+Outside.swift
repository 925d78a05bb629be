import NetworkTypes
import Plan
import Simulator
import Topology

extension Simulation {
  /// Sees to it that there is a machine beyond the host's uplink, where somebody is about to name it.
  ///
  /// `host: { interfaces: … }` says which device leads there. Else it is the one that a snapshot's default route leads
  /// over, and without a snapshot a device that is made up: `uplink`, in a block that documentation may use and nothing
  /// else does (RFC 5737, RFC 3849). Where none of that can be, there is no such machine, as before.
  ///
  /// - Parameter names: what is named.
  mutating func furnishOutside(for names: [String]) {
    guard names.contains("outside"), namespace(named: "outside") == nil, !hasFailures,
      let name = NamespaceName.outside
    else { return }
    var copy = kernel
    do throws(KernelError) {
      guard try host == nil ? copy.makeUp(outside: name) : copy.find(outside: name) else { return }
    } catch {
      return
    }
    // Addresses of IPv6 count once nobody else is known to have them.
    copy.run(for: .seconds(3))
    kernel = copy
  }
}

extension Kernel {
  /// Gives the host a device of its own and puts a machine at its other end.
  fileprivate mutating func makeUp(outside name: NamespaceName) throws(KernelError) -> Bool {
    let taken = namespaces.flatMap { devices(of: $0.id) }.flatMap { self[$0].addresses.map(\.interface.prefix) }
    let blocks = ["192.0.2.2/24", "198.51.100.2/24", "203.0.113.2/24", "2001:db8::2/64"].compactMap(
      InterfaceAddress.init)
    let free = blocks.filter { block in !taken.contains { $0.overlaps(block.prefix) } }
    let own = AddressFamily.allCases.compactMap { family in free.first { $0.family == family } }
    guard let uplink = InterfaceName("uplink"), device(uplink, in: .host) == nil,
      let outside = Outside(uplink: uplink, addresses: own, gateways: [])
    else { return false }
    let link = LinkReference(.host, uplink)
    try connect(link, to: outside, in: name)
    try configure(link, own, gateways: [])
    return true
  }

  /// Puts a machine at the other end of the device that the host's default route leads over.
  fileprivate mutating func find(outside name: NamespaceName) throws(KernelError) -> Bool {
    let defaults = AddressFamily.allCases.flatMap { family in
      (self[.host][family][RouteTableNumber.main]?.routes ?? []).filter { $0.destination.length == 0 }
        .sorted { $0.metric < $1.metric }.prefix(1)
    }
    let hops = defaults.compactMap(\.hops.first)
    guard let device = hops.first?.device, case .outside = self[device].kind,
      let outside = Outside(
        uplink: self[device].name, addresses: self[device].addresses.map(\.interface),
        gateways: hops.filter { $0.device == device }.compactMap(\.gateway))
    else { return false }
    try connect(outside: device, to: name)
    try configure(outside, in: name)
    return true
  }
}
