import NetworkTypes
package import Plan

extension Kernel {
  /// Carries out one operation, as ip(8), bridge(8), tc(8) and sysctl(8) have the kernel do.
  ///
  /// - Parameter operation: the operation.
  /// - Throws: the kernel's answer if it can't be done; nothing has changed then.
  package mutating func perform(_ operation: Operation) throws(KernelError) {
    switch operation {
    case .addNamespace(let operation): try perform(operation)
    case .addLink(let operation): try perform(operation)
    case .addVethPair(let operation): try perform(operation)
    case .setMaster(let operation): try perform(operation)
    case .addBridgeVLAN(let operation): try perform(operation)
    case .setHairpin(let operation):
      let device = try find(operation.link)
      guard devices[device.index].port != nil else { throw KernelError(.notSupported) }
      devices[device.index].port?.isHairpin = true
    case .setAddressGeneration(let operation):
      let device = try find(operation.link)
      // IPv6 knows no device below its least MTU (inet6_validate_link_af).
      guard self[device].mtu >= AddressFamily.ipv6MinimumMTU else { throw KernelError(.familyNotSupported) }
      devices[device.index].ipv6.generationMode = operation.mode == .eui64 ? 0 : 1
    case .setLinkUp(let operation): try open(try find(operation.link))
    case .addAddress(let operation): try perform(operation)
    case .addRoute(let operation): try perform(operation)
    case .addRule(let operation): try perform(operation)
    case .setSysctl(let operation): try perform(operation)
    case .loadRuleset(let operation): try perform(operation)
    case .addQdisc(let operation): try perform(operation)
    case .writeNamespaceFile(let operation): try perform(operation)
    }
  }

  func find(_ place: Place) throws(KernelError) -> NamespaceID {
    switch place {
    case .host: return .host
    case .namespace(let name):
      guard let id = namespaceNumbers[name] else {
        throw KernelError(.noSuchEntry, "Cannot open network namespace \"\(name)\": No such file or directory")
      }
      return id
    }
  }

  func find(_ link: LinkReference) throws(KernelError) -> DeviceID {
    guard let device = self[try find(link.place)].devices[link.name] else {
      throw KernelError(.noSuchDevice, "Cannot find device \"\(link.name)\"")
    }
    return device
  }

  private mutating func perform(_ operation: AddNamespace) throws(KernelError) {
    guard namespaceNumbers[operation.name] == nil else {
      throw KernelError(.exists, "Cannot create namespace file \"/run/netns/\(operation.name)\": File exists")
    }
    addNamespace(named: operation.name)
  }

  private mutating func perform(_ operation: AddRule) throws(KernelError) {
    let namespace = try find(operation.place)
    try add(RoutingRules.Rule(operation), operation.family, in: namespace)
  }

  /// Adds a rule after those whose priority is not above its own; the same rule twice is refused (rule_exists).
  mutating func add(_ rule: RoutingRules.Rule, _ family: AddressFamily, in namespace: NamespaceID) throws(KernelError) {
    var rules = self[namespace].rules[family]
    guard !rules.contains(where: { $0.excludes(rule) }) else { throw KernelError(.exists) }
    rules.insert(rule, at: rules.firstIndex { $0.priority > rule.priority } ?? rules.endIndex)
    namespaces[namespace.index].rules[family] = rules
  }

  private mutating func perform(_ operation: AddQdisc) throws(KernelError) {
    let device = try find(operation.link)
    guard self[device].qdisc == nil else {
      throw KernelError(.exists, "Exclusivity flag on, cannot modify")
    }
    devices[device.index].qdisc = Qdisc(operation.kind)
  }

  private mutating func perform(_ operation: WriteNamespaceFile) throws(KernelError) {
    for name in operation.namespaces {
      let namespace = try find(.namespace(name))
      namespaces[namespace.index].files[operation.file.rawValue] = operation.lines
    }
  }
}
