import NetworkTypes
import Plan
import Simulator
import Topology

extension Simulation {
  /// Something on the machine that is in the plan's way.
  struct Collision {
    /// What, in one line.
    let line: String
    /// Whether `up` would refuse because of it; otherwise it would work, and perhaps not as meant.
    let isFatal: Bool
  }

  /// What on the machine is in the plan's way: names that are taken, networks that overlap, forwarding that is off.
  ///
  /// Only a real machine's snapshot has anything to collide with.
  var collisions: [Collision] {
    guard host != nil else { return [] }
    return takenNames + overlaps + forwarding
  }

  /// Whose names are taken: `up` looks for all of them before it does anything.
  private var takenNames: [Collision] {
    steps.flatMap { step -> [Collision] in
      func taken(_ link: LinkReference) -> [Collision] {
        guard link.place == .host, before.device(link.name, in: .host) != nil else { return [] }
        return [collision("the device \(link.name) exists on this machine", step, isFatal: true)]
      }
      switch step.operation {
      case .addNamespace(let payload):
        guard before.namespace(named: payload.name) != nil else { return [] }
        return [collision("the namespace \(payload.name) exists on this machine", step, isFatal: true)]
      case .addLink(let payload): return taken(payload.link)
      case .addVethPair(let payload): return taken(payload.first.link) + taken(payload.second.link)
      case .setMaster, .addBridgeVLAN, .setAddressGeneration, .setLinkUp, .addAddress, .addRoute, .addRule, .setSysctl,
        .setHairpin,
        .loadRuleset, .addQdisc, .writeNamespaceFile:
        return []
      }
    }
  }

  /// The addresses that the plan gives the host, whose networks overlap those of the machine.
  private var overlaps: [Collision] {
    steps.compactMap { step in
      guard case .addAddress(let payload) = step.operation, payload.link.place == .host else { return nil }
      let prefix = payload.address.prefix
      for device in before.devices(of: .host) {
        for address in before[device].addresses
        where address.scope == .global && address.interface.prefix.overlaps(prefix) {
          return collision(
            "\(prefix) overlaps \(address.interface) of \(before[device].name) on this machine", step, isFatal: false)
        }
      }
      let routes = before[.host][prefix.family][RouteTableNumber.main]?.routes ?? []
      let route = routes.first { $0.destination.length > 0 && $0.destination.overlaps(prefix) }
      return route.map { route in
        let way = route.hops.first.map { hop in
          (hop.gateway.map { " via \($0)" } ?? "") + " dev \(before[hop.device].name)"
        }
        return collision(
          "\(prefix) overlaps the route \(route.destination)\(way ?? "") of this machine", step, isFatal: false)
      }
    }
  }

  /// A machine that doesn't forward keeps its networks apart, whatever gateways they have.
  private var forwarding: [Collision] {
    AddressFamily.allCases.flatMap { family -> [Collision] in
      let key = family == .ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding"
      let networks = topology.networks.filter { $0.needsForwarding(family) }
      guard !networks.isEmpty, let parameter = SysctlKey(key), before.parameter(parameter, in: .host) == "0" else {
        return []
      }
      let names = networks.map(\.key).joined(separator: ", ")
      let consequence =
        kernel.parameter(parameter, in: .host) == "0" && !hasFailures
        ? "\(names) reach\(networks.count == 1 ? "es" : "") neither other networks nor the outside"
        : "up switches that on for \(names)"
      return [
        Collision(
          line: "warning: this machine doesn't forward \(family.displayName) (\(key) = 0): \(consequence)",
          isFatal: false)
      ]
    }
  }

  private func collision(_ text: String, _ step: Step, isFatal: Bool) -> Collision {
    let origin = step.origin
    return Collision(
      line: "\(origin.file):\(origin.line): \(isFatal ? "error" : "warning"): \(text), from \(origin.subject)",
      isFatal: isFatal)
  }
}
