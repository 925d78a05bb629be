package import NetworkTypes

/// One thing that the kernel does.
///
/// A new operation is a case here and a payload in Operations/; the compiler then names every place that must answer
/// for it. There is no `default` over this type anywhere. The large payloads are `indirect`, for the sake of all the
/// others: a plan has a handful of steps for every device, and most are small.
package enum Operation: Hashable, Sendable {
  /// Creates a network namespace.
  case addNamespace(AddNamespace)
  /// Creates a device.
  indirect case addLink(AddLink)
  /// Creates a veth pair, each end in its namespace.
  indirect case addVethPair(AddVethPair)
  /// Makes a device a port or member of another.
  case setMaster(SetMaster)
  /// Gives a bridge port, or a bridge itself, a VLAN.
  case addBridgeVLAN(AddBridgeVLAN)
  /// Lets a bridge send frames out by the port that they came in by.
  case setHairpin(SetHairpin)
  /// Sets how a device makes its IPv6 link-local address.
  case setAddressGeneration(SetAddressGeneration)
  /// Sets a device administratively up.
  case setLinkUp(SetLinkUp)
  /// Gives a device an address.
  case addAddress(AddAddress)
  /// Adds a route.
  indirect case addRoute(AddRoute)
  /// Adds a policy rule.
  indirect case addRule(AddRule)
  /// Writes a kernel parameter.
  case setSysctl(SetSysctl)
  /// Loads the netfilter rules of a namespace.
  case loadRuleset(LoadRuleset)
  /// Sets a device's root queueing discipline.
  indirect case addQdisc(AddQdisc)
  /// Writes a file below /etc/netns/NAME for each of several namespaces.
  case writeNamespaceFile(WriteNamespaceFile)
}

/// The namespace in which an operation takes place.
package enum Place: Hashable, Comparable, Sendable {
  /// The namespace that the plan is run in.
  case host
  /// A namespace under /run/netns that the plan itself adds.
  case namespace(NamespaceName)

  /// Orders the host first, then by name.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.host, .host), (.namespace, .host): false
    case (.host, .namespace): true
    case (.namespace(let l), .namespace(let r)): l < r
    }
  }
}

/// A device and the namespace it is in.
package struct LinkReference: Hashable, Sendable, Codable {
  /// The namespace.
  package var place: Place
  /// The device's name there.
  package var name: InterfaceName

  /// Creates a reference.
  package init(_ place: Place, _ name: InterfaceName) {
    self.place = place
    self.name = name
  }
}
