import Diagnostics

extension Reader {
  /// Modes of a service that the engine refuses together (moby, daemon/internal/runconfig).
  mutating func checkModes(_ node: NodeEntry) {
    if let mode = node.networkMode, mode.value == .host, let link = node.linkAliases.first {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "a service on the host's network can't have `links`", at: link.service.range,
          labels: [.init(mode.range, "the mode")], help: "take them out: it resolves names as the host does"))
    }
    if let shared = node.sharesHostName, let hostname = node.hostname {
      report(
        Diagnostic(
          FileCode.conflictingKeys, "a service with the host's name can't have a `hostname`", at: hostname.range,
          labels: [.init(shared.range, "the host's name")], help: "keep one of them"))
    }
  }
}
