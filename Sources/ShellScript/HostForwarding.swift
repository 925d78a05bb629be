import NetworkTypes
import Plan

/// Which of a network's devices have packets pass the host's forward hook, where rules of others may drop them.
struct HostForwarding {
  /// Whether the network's own rules are chains of iptables, which accept for good what stays within a network.
  private var hasOwnChains = false
  /// The dummy devices, behind which there is nothing.
  private var dummies: Set<InterfaceName> = []
  private var bridges: [InterfaceName] = []
  private var addressed: [AddressFamily: [InterfaceName]] = [:]
  private var forwardedFamilies: Set<AddressFamily> = []
  private var usedFamilies: [AddressFamily] = []
  /// The families whose rules the plan itself has bridges ask (br_netfilter).
  private var bridgedFamilies: Set<AddressFamily> = []

  /// Notes a device that the plan adds to the host's namespace.
  mutating func note(_ operation: AddLink) {
    switch operation.kind {
    case .bridge: bridges.append(operation.link.name)
    case .bond, .vlan, .vxlan, .macvlan, .ipvlan, .vrf: break
    case .dummy: dummies.insert(operation.link.name)
    }
  }

  /// Notes an address, which comes after its device.
  ///
  /// - Parameters:
  ///   - operation: the address.
  ///   - isOfPlan: whether its device is one that the plan adds to the host's namespace.
  mutating func note(_ operation: AddAddress, isOfPlan: Bool) {
    let family = operation.address.address.family
    if !usedFamilies.contains(family) { usedFamilies.append(family) }
    guard isOfPlan, !dummies.contains(operation.link.name), addressed[family]?.last != operation.link.name
    else { return }
    if addressed[family]?.append(operation.link.name) == nil { addressed[family] = [operation.link.name] }
  }

  /// Notes that the network's own rules are loaded into the host's chains of iptables.
  mutating func noteOwnChains() { hasOwnChains = true }

  /// Notes a kernel parameter.
  mutating func note(_ operation: SetSysctl) {
    guard operation.place.isHost, operation.value == "1" else { return }
    let key = operation.key.text
    if key == "net.ipv4.ip_forward" { forwardedFamilies.insert(.ipv4) }
    if key == "net.ipv6.conf.all.forwarding" { forwardedFamilies.insert(.ipv6) }
    if key == "net.bridge.bridge-nf-call-iptables" { bridgedFamilies.insert(.ipv4) }
    if key == "net.bridge.bridge-nf-call-ip6tables" { bridgedFamilies.insert(.ipv6) }
  }

  /// The devices that the host forwards from and to.
  private func forwarded(_ family: AddressFamily) -> [InterfaceName] {
    forwardedFamilies.contains(family) ? addressed[family] ?? [] : []
  }

  /// The bridges whose frames meet rules where br_netfilter shows them.
  private func bridged(_ family: AddressFamily) -> [InterfaceName] { usedFamilies.contains(family) ? bridges : [] }

  /// Whether no rule of the host's can be in the network's way.
  var isEmpty: Bool {
    AddressFamily.allCases.allSatisfy { forwarded($0).isEmpty && bridged($0).isEmpty }
  }

  /// The variables of a script that hold it; nothing where it is empty.
  var assignments: String {
    guard !isEmpty else { return "" }
    func line(_ name: String, _ devices: [InterfaceName]) -> String {
      "\(name)='\(devices.map(\.text).joined(separator: " "))'\n"
    }
    func mark(_ name: String, _ isSet: Bool) -> String { "\(name)=\(isSet ? "1" : "")\n" }
    return "# The devices that the host forwards between, and the bridges, by family.\n"
      + line("forwarded_ipv4", forwarded(.ipv4)) + line("forwarded_ipv6", forwarded(.ipv6))
      + line("bridged_ipv4", bridged(.ipv4)) + line("bridged_ipv6", bridged(.ipv6))
      + "# Whether the network itself has bridges show rules what they pass on.\n"
      + mark("shows_ipv4", bridgedFamilies.contains(.ipv4)) + mark("shows_ipv6", bridgedFamilies.contains(.ipv6))
      + "# Whether the network's own rules are chains of iptables, which accept what stays within a network.\n"
      + mark("own_chains", hasOwnChains)
  }
}
