import Diagnostics
import NetworkTypes

extension Reader {
  /// Whether a kernel parameter has the form `net.*.*.ethN.*`, which the engine takes with the endpoint alone since its
  /// API 1.48 (moby, daemon/server/router/container).
  private func namesInterface(_ key: SysctlKey) -> Bool {
    let parts = key.text.split(separator: ".")
    guard parts.count > 4, parts[0] == "net", parts[3].hasPrefix("eth") else { return false }
    let number = parts[3].dropFirst(3)
    return !number.isEmpty && number.allSatisfy(\.isNumber)
  }

  /// A service's own hardware address is that of its first network, by priority and then by key, where both are written
  /// (docker/compose, pkg/compose/create.go).
  private mutating func checkAddress(of node: NodeEntry) {
    let first = node.attachments.min { left, right in
      (-(left.priority?.value ?? 0), left.network.value) < (-(right.priority?.value ?? 0), right.network.value)
    }
    guard let own = node.macAddress, let first, let other = first.macAddress, own.value != other.value else { return }
    report(
      Diagnostic(
        FileCode.conflictingKeys, "`mac_address` is for the network `\(first.network.value)`, which has another",
        at: own.range, labels: [.init(other.range, "the other one")], help: "keep one of them"))
  }

  /// Modes of a service that the engine refuses together (moby, daemon/internal/runconfig).
  mutating func checkModes(_ node: NodeEntry) {
    if let mode = node.networkMode, mode.value == .host, let link = node.linkAliases.first {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "a service on the host's network can't have `links`", at: link.service.range,
          labels: [.init(mode.range, "the mode")], help: "take them out: it resolves names as the host does"))
    }
    for sysctl in node.sysctls where node.role == .service && namesInterface(sysctl.key.value) {
      report(
        .invalidValue(
          "`\(sysctl.key.value)` belongs to an interface, whose name isn't known before it is there",
          at: sysctl.key.range,
          help: "set it under `networks`: driver_opts: { com.docker.network.endpoint.sysctls: net.….IFNAME.…=… }"))
    }
    checkAddress(of: node)
    if let shared = node.sharesHostName, let hostname = node.hostname {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "a service with the host's name can't have a `hostname`", at: hostname.range,
          labels: [.init(shared.range, "the host's name")], help: "keep one of them"))
    }
  }
}
