import Diagnostics
import ProjectFile

/// Settings that the engine refuses for a container in another's namespace.
enum SharedNamespaceConflict: Rule {
  static let code = RuleCode.sharedNamespaceConflict
  static let name = "shared-namespace-conflict"
  static let summary = "A service in another's namespace has a host name, name servers, hosts, links or ports."
  static let rationale = """
    Names and ports belong to the namespace. The engine answers «conflicting options: hostname and the network mode», and \
    the like for dns, custom host-to-IP mapping, links, port publishing and port exposing.
    """
  static let failing = """
    services:
      web: {}
      agent:
        network_mode: service:web
        hostname: agent  # error: NW0603
        expose: [9100]  # error: NW0603
    """
  static let passing = """
    services:
      web:
        expose: [9100]
      agent:
        network_mode: service:web
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap { node -> [Diagnostic] in
      guard let mode = node.networkMode else { return [] }
      switch mode.value {
      case .service, .container: break
      case .none, .host, .bridge, .network: return []
      }
      let settings: [(String, SourceRange?)] = [
        ("`hostname`", node.hostname?.range), ("`dns`", node.dns.first?.range),
        ("`extra_hosts`", node.extraHosts.first?.name.range), ("`links`", node.linkAliases.first?.service.range),
        ("`ports`", node.ports.first?.range), ("`expose`", node.expose.first?.ports.range),
      ]
      return settings.compactMap { what, range in
        range.map {
          finding(
            "\(what) can't be set in another service's namespace", at: $0, labels: [.init(mode.range, "shared here")],
            help: "set it on the service whose namespace it is")
        }
      }
    }
  }
}
