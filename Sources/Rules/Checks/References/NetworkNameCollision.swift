import Diagnostics
import ProjectFile

/// A network name that two networks would have, or that is an engine's own.
enum NetworkNameCollision: Rule {
  static let code = RuleCode.networkNameCollision
  static let name = "network-name-collision"
  static let summary = "Two networks would have one `name`, or one would have a name that is always there."
  static let rationale = """
    The engine has the networks `bridge`, `host`, `none` and `default` itself and refuses to make others of those names; of two \
    of one name compose takes the second for the first and refuses it.
    """
  static let failing = """
    services:
      web: { networks: [front, back, own] }
    networks:
      front: { name: shared }
      back: { name: shared }  # error: NW0215
      own: { name: bridge }  # error: NW0215
    """
  static let passing = """
    services:
      web: { networks: [front, back] }
    networks:
      front: { name: shared }
      back: {}
    """

  /// The names of the engine's own networks (daemon/network.go: isPredefined).
  private static let predefined = ["bridge", "host", "none", "default"]

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var first: [String: Located<String>] = [:]
    return context.file.networks.compactMap { network in
      guard let name = network.name, network.isExternal?.value != true, isMade(network) else { return nil }
      if predefined.contains(name.value) {
        return finding(
          "the network `\(name.value)` is always there, and can't be made", at: name.range,
          help: "rename it; for that very network, add `external: true`")
      }
      guard let other = first[name.value] else {
        first[name.value] = name
        return nil
      }
      return finding(
        "two networks are called `\(name.value)`", at: name.range, labels: [.init(other.range, "the first")],
        help: "rename one of them")
    }
  }

  /// Whether a network is made at all: those of the drivers host and none are there.
  private static func isMade(_ network: NetworkEntry) -> Bool {
    switch network.driver?.value {
    case .host, .none?: false
    case .bridge, .macvlan, .ipvlan, nil: true
    }
  }
}
