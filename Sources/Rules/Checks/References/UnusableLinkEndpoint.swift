import Diagnostics
import ProjectFile
import Topology

/// A link that can't be made as it is written, though its ends exist.
enum UnusableLinkEndpoint: Rule {
  static let code = RuleCode.unusableLinkEndpoint
  static let name = "unusable-link-endpoint"
  static let summary = "A link has not two ends, or an end where no cable can be plugged in."
  static let rationale = """
    A veth pair has two ends. One end is in a namespace of its node's own, so a node in host mode, or one that shares \
    another's namespace, can't have it; of a service with replicas a link names one, `web-1`. The other kind of end is a \
    port of a bridge, and only networks of the bridge driver have one.
    """
  static let failing = """
    services:
      agent:
        network_mode: host
      web:
        scale: 2
        network_mode: none
    routers:
      edge: {}
    links:
      - endpoints: ["edge:eth0", "agent:eth0"]  # error: NW0206
      - endpoints: ["edge:eth1", "web:eth0"]  # error: NW0206
      - endpoints: ["edge:eth2"]  # error: NW0206
    """
  static let passing = """
    services:
      web:
        scale: 2
        network_mode: none
    routers:
      edge: {}
    links:
      - endpoints: ["edge:eth0", "web-1:eth0"]
      - endpoints: ["edge:eth1", "web-2:eth0"]
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.file.links.flatMap { link -> [Diagnostic] in
      guard link.hasAllEndpoints else { return [] }
      guard link.endpoints.count == 2 else {
        return [
          finding(
            "a link has two ends, and this one has \(link.endpoints.count)", at: link.range,
            help: "write endpoints: [\"a:eth0\", \"b:eth0\"]")
        ]
      }
      if link.endpoints[0].target.value == link.endpoints[1].target.value,
        !context.hasNodeEntry(link.endpoints[0].target.value)
      {
        return [
          finding(
            "both ends are at the network `\(link.endpoints[0].target.value)`", at: link.endpoints[1].target.range,
            help: "a cable from a bridge to itself is a loop")
        ]
      }
      return link.endpoints.compactMap { problem(with: $0, context) }
    }
  }

  private static func problem(with endpoint: LinkEntry.Endpoint, _ context: RuleContext) -> Diagnostic? {
    let name = endpoint.target.value
    if let entry = context.nodeEntry(name) {
      if entry.replicaCount > 1 {
        return finding(
          "`\(name)` has several replicas", at: endpoint.target.range, help: "name one of them: `\(name)-1`")
      }
      guard let id = context.nodesByName[name] else { return nil }
      return problem(withHome: context.topology[id].home, endpoint)
    }
    guard let network = context.network(withKey: name) else { return nil }
    if network.bridge == nil {
      return finding("the network `\(name)` has no bridge to plug a cable in", at: endpoint.target.range)
    }
    if let interface = endpoint.interface {
      return finding(
        "`\(name)` is a network: its port is named by itself", at: interface.range, help: "write `\(name)` alone")
    }
    return nil
  }

  private static func problem(withHome home: Node.Home, _ endpoint: LinkEntry.Endpoint) -> Diagnostic? {
    let place: String
    switch home {
    case .namespace: return nil
    case .host: place = "is in the host's own namespace"
    case .shared: place = "shares another's namespace"
    case .foreign: place = "is in a namespace outside the file"
    }
    return finding(
      "`\(endpoint.target.value)` \(place), where no link can end", at: endpoint.target.range,
      help: "take its `network_mode` away, or link another node")
  }
}
