package import NetworkTypes

/// What takes an operation back.
package enum Inverse: Hashable, Sendable {
  /// Deletes a namespace, and with it everything inside (`ip netns del`).
  case deleteNamespace(NamespaceName)
  /// Deletes a device; a veth's peer, and what stands on the device, go with it (`ip link del`).
  case deleteLink(LinkReference)
  /// Makes a device nobody's port or member (`ip link set … nomaster`).
  case clearMaster(LinkReference)
  /// Takes VLANs from a port (`bridge vlan del`).
  case deleteBridgeVLAN(AddBridgeVLAN)
  /// Has a device make its link-local address from its hardware address again, as devices are born.
  case restoreAddressGeneration(LinkReference)
  /// Sets a device down.
  case setLinkDown(LinkReference)
  /// Takes an address from a device.
  case deleteAddress(AddAddress)
  /// Deletes a route.
  case deleteRoute(AddRoute)
  /// Deletes a policy rule.
  case deleteRule(AddRule)
  /// Writes back what a kernel parameter was before.
  case restoreSysctl(place: Place, key: SysctlKey)
  /// Deletes a device's root queueing discipline; the kernel puts its own in place.
  case deleteQdisc(LinkReference)
  /// Removes a file of several namespaces, and their folders if they are empty then.
  case removeNamespaceFile([NamespaceName], WriteNamespaceFile.File)
}

extension Operation {
  /// What takes the operation back, by itself.
  package var inverse: Inverse {
    switch self {
    case .addNamespace(let payload): .deleteNamespace(payload.name)
    case .addLink(let payload): .deleteLink(payload.link)
    case .addVethPair(let payload): .deleteLink(payload.first.link)
    case .setMaster(let payload): .clearMaster(payload.link)
    case .addBridgeVLAN(let payload): .deleteBridgeVLAN(payload)
    case .setAddressGeneration(let payload): .restoreAddressGeneration(payload.link)
    case .setLinkUp(let payload): .setLinkDown(payload.link)
    case .addAddress(let payload): .deleteAddress(payload)
    case .addRoute(let payload): .deleteRoute(payload)
    case .addRule(let payload): .deleteRule(payload)
    case .setSysctl(let payload): .restoreSysctl(place: payload.place, key: payload.key)
    case .addQdisc(let payload): .deleteQdisc(payload.link)
    case .writeNamespaceFile(let payload): .removeNamespaceFile(payload.namespaces, payload.file)
    }
  }

  /// The place that the operation changes; nil for one that changes files.
  fileprivate var place: Place? {
    switch self {
    case .addNamespace: .host
    case .addLink(let payload): payload.link.place
    // Deleted at an end in the host where there is one: a namespace's devices go some time after it (cleanup_net,
    // net/core/net_namespace.c), and their peers with them.
    case .addVethPair(let payload): min(payload.first.link.place, payload.second.link.place)
    case .setMaster(let payload): payload.link.place
    case .addBridgeVLAN(let payload): payload.link.place
    case .setAddressGeneration(let payload): payload.link.place
    case .setLinkUp(let payload): payload.link.place
    case .addAddress(let payload): payload.link.place
    case .addRoute(let payload): payload.place
    case .addRule(let payload): payload.place
    case .setSysctl(let payload): payload.place
    case .addQdisc(let payload): payload.link.place
    case .writeNamespaceFile: nil
    }
  }

  /// The device that the operation changes and that something else made; nil for all others.
  fileprivate var changedLink: LinkReference? {
    switch self {
    case .setMaster(let payload): payload.link
    case .addBridgeVLAN(let payload): payload.link
    case .setAddressGeneration(let payload): payload.link
    case .setLinkUp(let payload): payload.link
    case .addAddress(let payload): payload.link
    case .addQdisc(let payload): payload.link
    case .addNamespace, .addLink, .addVethPair, .addRoute, .addRule, .setSysctl, .writeNamespaceFile: nil
    }
  }

  /// The devices that the operation makes.
  fileprivate var madeLinks: [LinkReference] {
    switch self {
    case .addLink(let payload): [payload.link]
    case .addVethPair(let payload): [payload.first.link, payload.second.link]
    case .addNamespace, .setMaster, .addBridgeVLAN, .setAddressGeneration, .setLinkUp, .addAddress, .addRoute, .addRule,
      .setSysctl, .addQdisc, .writeNamespaceFile:
      []
    }
  }
}

extension Plan {
  /// What takes the whole plan back: the last first, and nothing that goes by itself with a namespace or a device that
  /// the plan made.
  package var undo: [Inverse] {
    var namespaces: Set<Place> = []
    var links: Set<LinkReference> = []
    for step in steps {
      if case .addNamespace(let payload) = step.operation { namespaces.insert(.namespace(payload.name)) }
      links.formUnion(step.operation.madeLinks)
    }
    return steps.reversed().map(\.operation).filter { (operation: Operation) in
      if let place = operation.place, namespaces.contains(place) { return false }
      return operation.changedLink.map { !links.contains($0) } ?? true
    }.map { operation in
      // A pair is deleted at its end in the host.
      if case .addVethPair(let pair) = operation, pair.second.link.place == .host {
        return .deleteLink(pair.second.link)
      }
      return operation.inverse
    }
  }
}
