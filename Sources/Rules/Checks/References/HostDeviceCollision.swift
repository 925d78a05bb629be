import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Two networks with one bridge name, or one that the host has already.
enum HostDeviceCollision: Rule {
  static let code = RuleCode.hostDeviceCollision
  static let name = "host-device-collision"
  static let summary = "A bridge's name is another bridge's, or a device's that the host has already."
  static let rationale = "Docker refuses two networks with one bridge name, and the kernel two devices of one name."
  static let failing = """
    services:
      web: { networks: [a, b, c] }
    networks:
      a: { driver_opts: { com.docker.network.bridge.name: lab0 } }
      b: { driver_opts: { com.docker.network.bridge.name: lab0 } }  # error: NW0211
      c: { driver_opts: { com.docker.network.bridge.name: lo } }  # error: NW0211
    """
  static let passing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { driver_opts: { com.docker.network.bridge.name: lab0 } }
      b: { driver_opts: { com.docker.network.bridge.name: lab1 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var first: [InterfaceName: SourceRange] = [:]
    for interface in context.topology.host.interfaces { first[interface.name] = interface.origin }
    return context.topology.networks.compactMap { network in
      guard network.isUsed, !network.isExisting, let device = network.bridge else { return nil }
      let range = context.networkEntries[network.key]?.options.bridgeName?.range ?? network.origin
      if device == .loopback {
        return finding("the host has the device `lo` already", at: range, help: "name the bridge otherwise")
      }
      guard let other = first[device] else {
        first[device] = range
        return nil
      }
      return finding(
        "the device `\(device)` is there already", at: range, labels: [.init(other, "here")],
        help: "name the bridge otherwise")
    }
  }
}
