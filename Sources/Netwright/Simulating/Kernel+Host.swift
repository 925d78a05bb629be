import NetworkTypes
import Plan
import Simulator
import Topology

extension NamespaceName {
  /// The machine beyond the host's uplink.
  static let outside = NamespaceName("outside")
}

extension Kernel {
  /// Gives the host the devices that the file says it has, and the uplink a machine at its other end.
  ///
  /// - Parameters:
  ///   - host: the host.
  ///   - plan: what will be built; a service that is called `outside` takes the machine's place.
  ///   - bridges: the devices that are bridges.
  /// - Throws: What the kernel says to what can't be.
  mutating func furnish(_ host: Host, for plan: Plan, bridges: Set<InterfaceName>) throws(KernelError) {
    let isTaken = plan.steps.contains {
      if case .addNamespace(let operation) = $0.operation { operation.name == .outside } else { false }
    }
    for interface in host.interfaces where interface.name != .loopback {
      let link = LinkReference(.host, interface.name)
      if bridges.contains(interface.name) {
        try perform(.addLink(AddLink(link: link, kind: .bridge(BridgeOptions()))))
      } else if let outside = host.outside, outside.uplink == interface.name, !isTaken, let name = NamespaceName.outside
      {
        try connect(link, to: outside, in: name)
      } else {
        try perform(.addLink(AddLink(link: link, kind: .dummy)))
      }
      try configure(link, interface.addresses, gateways: interface.gateways)
    }
  }

  mutating func connect(
    _ link: LinkReference, to outside: Outside, in name: NamespaceName
  ) throws(KernelError) {
    try perform(.addNamespace(AddNamespace(name: name)))
    try perform(.addVethPair(AddVethPair(.init(link), .init(LinkReference(.namespace(name), link.name)))))
    try configure(outside, in: name)
  }

  /// Gives the machine beyond the uplink its addresses and its way back.
  mutating func configure(_ outside: Outside, in name: NamespaceName) throws(KernelError) {
    let end = LinkReference(.namespace(name), outside.uplink)
    try perform(.setLinkUp(SetLinkUp(link: LinkReference(.namespace(name), .loopback))))
    try configure(end, outside.addresses, gateways: outside.gateways)
  }

  mutating func configure(
    _ link: LinkReference, _ addresses: [InterfaceAddress], gateways: [IPAddress]
  ) throws(KernelError) {
    for address in addresses { try perform(.addAddress(AddAddress(link: link, address: address))) }
    try perform(.setLinkUp(SetLinkUp(link: link)))
    for gateway in gateways {
      guard let everything = IPPrefix(containing: gateway, length: 0) else { continue }
      try perform(
        .addRoute(
          AddRoute(
            place: link.place, destination: everything, action: .unicast([NextHop(gateway: gateway, device: link.name)])
          )))
    }
  }

  /// Gives the host the parents of macvlan and ipvlan networks that the plan assumes; where that fails, the plan's step
  /// that counts on one says so.
  mutating func assumeParents(_ topology: Topology) {
    for (_, device) in topology.assumedParents {
      let link = LinkReference(.host, device)
      try? perform(.addLink(AddLink(link: link, kind: .dummy)))
      try? perform(.setLinkUp(SetLinkUp(link: link)))
    }
  }
}
