package import NetworkTypes
import Plan

extension Kernel {
  mutating func perform(_ operation: SetSysctl) throws(KernelError) {
    let namespace = try find(operation.place)
    let parts = operation.key.path.split(separator: "/")
    let isRefused = KernelParameters.refusal(of: operation.value, for: operation.key) != nil
    let number = KernelParameters.number(operation.value)
    if operation.key.path == "net/ipv4/ip_forward" {
      guard let number, !isRefused else { throw .refusedValue(of: operation.key) }
      setIPv4("forwarding", number, of: "all", in: namespace)
      return
    }
    if parts.count == 5, parts[0] == "net", parts[2] == "conf" {
      guard parts[3] == "all" || parts[3] == "default" || device(named: parts[3], in: namespace) != nil else {
        throw .noParameter(operation.key)
      }
      guard !isRefused else { throw .refusedValue(of: operation.key) }
      if parts[1] == "ipv4", namespaces[namespace.index].ipv4All[parts[4]] != nil {
        guard let number else { throw .refusedValue(of: operation.key) }
        setIPv4(parts[4], number, of: parts[3], in: namespace)
        return
      }
      if parts[1] == "ipv6", namespaces[namespace.index].ipv6All[parts[4]] != nil {
        guard let number else { throw .refusedValue(of: operation.key) }
        setIPv6(parts[4], number, of: parts[3], in: namespace)
        return
      }
    } else if parts.count == 5, parts[0] == "net", parts[2] == "neigh", parts[3] != "default" {
      guard let (device, family) = neighbors(parts, in: namespace) else { throw .noParameter(operation.key) }
      if self[device][neighborsOf: family][parts[4]] != nil {
        guard let number, !isRefused else { throw .refusedValue(of: operation.key) }
        devices[device.index][neighborsOf: family][parts[4]] = number
        return
      }
    } else if namespaces[namespace.index].stack[operation.key.text] != nil {
      guard let number, !isRefused else { throw .refusedValue(of: operation.key) }
      namespaces[namespace.index].stack[operation.key.text] = number
      return
    }
    switch KernelParameters.standing(of: operation.key) {
    case .everywhere, .unlisted: break
    case .firstNamespace: guard namespace == .host else { throw .noParameter(operation.key) }
    case .nowhere: throw .noParameter(operation.key)
    case .readOnly: throw .readOnlyParameter(operation.key)
    }
    guard !isRefused, takesPorts(operation, in: namespace) else { throw .refusedValue(of: operation.key) }
    namespaces[namespace.index].otherParameters[operation.key] = operation.value
  }

  /// Whether a value goes with that of the other parameter of local ports.
  private func takesPorts(_ operation: SetSysctl, in namespace: NamespaceID) -> Bool {
    let keys = [LocalPorts.rangeKey, LocalPorts.unprivilegedKey].compactMap { $0 }
    guard keys.contains(operation.key) else { return true }
    var ports = LocalPorts()
    for key in keys { self[namespace].otherParameters[key].map { ports.set(key, to: $0) } }
    ports.set(operation.key, to: operation.value)
    return ports.areTaken
  }

  private func device(named name: Substring, in namespace: NamespaceID) -> DeviceID? {
    InterfaceName(String(name)).flatMap { self[namespace].devices[$0] }
  }

  /// The device and family of net.ipv4.neigh.NAME.… and net.ipv6.neigh.NAME.…; nil for another key or no device.
  private func neighbors(_ parts: [Substring], in namespace: NamespaceID) -> (device: DeviceID, AddressFamily)? {
    guard parts.count == 5, parts[0] == "net", parts[2] == "neigh",
      let family = AddressFamily(rawValue: String(parts[1])), let device = device(named: parts[3], in: namespace)
    else { return nil }
    return (device, family)
  }

  /// Writes an IPv4 parameter of a device, of `default`, or of `all`.
  private mutating func setIPv4(_ name: Substring, _ value: Int, of which: Substring, in namespace: NamespaceID) {
    switch which {
    case "all":
      let old = self[namespace].ipv4All[name]
      namespaces[namespace.index].ipv4All.write(value, to: name)
      if name == "forwarding", value != old { forwardIPv4(value, in: namespace) }
    case "default":
      namespaces[namespace.index].ipv4Default.write(value, to: name)
      for device in self[namespace].devices.values { devices[device.index].ipv4.follow(value, of: name) }
    default:
      guard let device = device(named: which, in: namespace) else { return }
      devices[device.index].ipv4.write(value, to: name)
    }
  }

  /// Makes all devices, and those to come, forward or not: a router doesn't follow redirects (inet_forward_change).
  private mutating func forwardIPv4(_ value: Int, in namespace: NamespaceID) {
    namespaces[namespace.index].ipv4All.acceptRedirects = value == 0 ? 1 : 0
    namespaces[namespace.index].ipv4Default.forwarding = value
    for device in self[namespace].devices.values { devices[device.index].ipv4.forwarding = value }
  }

  /// The parameters that Linux changes along with one: `forwardIPv4` says which of IPv4; of IPv6 it is mostly the same
  /// one of each device.
  func followers(of key: SysctlKey, in namespace: NamespaceID) -> [SysctlKey] {
    let start: String
    let name: Substring
    var others: [String] = []
    if key.text == "net.ipv4.ip_forward" || key.text == "net.ipv4.conf.all.forwarding" {
      (start, name) = ("net.ipv4.conf.", "forwarding")
      others = ["net.ipv4.conf.all.accept_redirects"]
    } else if key.text.hasPrefix("net.ipv6.conf.all.") {
      (start, name) = ("net.ipv6.conf.", key.text.dropFirst("net.ipv6.conf.all.".count))
    } else {
      return []
    }
    return parameterKeys(in: namespace).filter {
      $0 != key && ($0.text.hasPrefix(start) && $0.text.hasSuffix(".\(name)") || others.contains($0.text))
    }
  }

  private mutating func setIPv6(_ name: Substring, _ value: Int, of which: Substring, in namespace: NamespaceID) {
    var changed: [DeviceID] = []
    switch which {
    case "all":
      namespaces[namespace.index].ipv6All[name] = value
      guard ["forwarding", "disable_ipv6", "addr_gen_mode", "force_forwarding"].contains(name) else { return }
      namespaces[namespace.index].ipv6Default[name] = value
      changed = Array(self[namespace].devices.values)
    case "default": namespaces[namespace.index].ipv6Default[name] = value
    default: changed = device(named: which, in: namespace).map { [$0] } ?? []
    }
    for device in changed {
      let old = devices[device.index].ipv6[name]
      devices[device.index].ipv6[name] = value
      guard old != value else { continue }
      if name == "forwarding" { forwardingChanged(device) }
      if name == "disable_ipv6" { disablingChanged(device) }
      // addrconf_sysctl_addr_gen_mode.
      if name == "addr_gen_mode", self[device].ipv6.makesLinkLocalAddress { beginIPv6(on: device) }
    }
  }

  private mutating func forwardingChanged(_ device: DeviceID) {
    listenAsRouter(device)
    guard self[device].isUp, self[device].ipv6.forwarding != 0 else { return }
    for address in self[device].addresses where address.interface.family == .ipv6 {
      addAnycastRoute(for: address, device)
    }
  }

  /// IPv6 that is switched off takes its addresses and routes along (addrconf_disable_change).
  private mutating func disablingChanged(_ device: DeviceID) {
    guard self[device].ipv6.isDisabled == 0 else { return removeIPv6(from: device, forGood: false) }
    guard self[device].isUp else { return }
    if case .loopback = self[device].kind {
      addLoopbackAddresses(device)
      for address in self[device].addresses where address.interface.family == .ipv6 { addRoutes(for: address, device) }
    }
    beginIPv6(on: device)
  }

  /// The parameters of a namespace that `parameter` knows, in the order in which sysctl(8) lists them.
  package func parameterKeys(in namespace: NamespaceID) -> [SysctlKey] {
    // A dot in a device's name stands as a slash in a key (sysctl(8)).
    let names = self[namespace].devices.keys.map { String($0.text.map { $0 == "." ? "/" : $0 }) }
    var keys = ["net.ipv4.ip_forward"] + StackSettings.names + self[namespace].otherParameters.keys.map(\.text)
    for name in ["all", "default"] + names {
      keys += IPv4Settings.names.map { "net.ipv4.conf.\(name).\($0)" }
      keys += IPv6Settings.names.map { "net.ipv6.conf.\(name).\($0)" }
    }
    for name in names {
      keys += NeighborSettings.names.flatMap { ["net.ipv4.neigh.\(name).\($0)", "net.ipv6.neigh.\(name).\($0)"] }
    }
    return Set(keys).compactMap { SysctlKey($0) }.sorted()
  }

  /// Takes over a parameter as it was found, without what writing it would set off.
  mutating func store(_ value: Int, for key: SysctlKey, in namespace: NamespaceID) {
    let parts = key.path.split(separator: "/")
    if let (device, family) = neighbors(parts, in: namespace) {
      devices[device.index][neighborsOf: family][parts[4]] = value
      return
    }
    guard parts.count == 5, parts[0] == "net", parts[2] == "conf" else {
      if namespaces[namespace.index].stack[key.text] != nil { namespaces[namespace.index].stack[key.text] = value }
      return
    }
    let isIPv4 = parts[1] == "ipv4"
    switch (parts[3], isIPv4) {
    case ("all", true): namespaces[namespace.index].ipv4All[parts[4]] = value
    case ("all", false): namespaces[namespace.index].ipv6All[parts[4]] = value
    case ("default", true): namespaces[namespace.index].ipv4Default[parts[4]] = value
    case ("default", false): namespaces[namespace.index].ipv6Default[parts[4]] = value
    case (let name, _):
      guard let device = device(named: name, in: namespace) else { return }
      if isIPv4 { devices[device.index].ipv4[parts[4]] = value } else { devices[device.index].ipv6[parts[4]] = value }
    }
  }

  /// A parameter of a namespace by its key, as sysctl(8) reads it; nil where it is neither modelled nor written.
  package func parameter(_ key: SysctlKey, in namespace: NamespaceID) -> String? {
    let parts = key.path.split(separator: "/")
    if key.path == "net/ipv4/ip_forward" { return String(self[namespace].ipv4All.forwarding) }
    if parts.count == 5, parts[0] == "net", parts[2] == "conf" {
      let isIPv4 = parts[1] == "ipv4"
      let value: Int?
      switch parts[3] {
      case "all": value = isIPv4 ? self[namespace].ipv4All[parts[4]] : self[namespace].ipv6All[parts[4]]
      case "default": value = isIPv4 ? self[namespace].ipv4Default[parts[4]] : self[namespace].ipv6Default[parts[4]]
      default:
        value = device(named: parts[3], in: namespace).flatMap {
          isIPv4 ? self[$0].ipv4[parts[4]] : self[$0].ipv6[parts[4]]
        }
      }
      if let value { return String(value) }
    }
    if let (device, family) = neighbors(parts, in: namespace), let value = self[device][neighborsOf: family][parts[4]] {
      return String(value)
    }
    return self[namespace].stack[key.text].map(String.init) ?? self[namespace].otherParameters[key]
  }
}
