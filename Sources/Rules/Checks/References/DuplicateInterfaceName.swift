import Diagnostics
import NetworkTypes
import Topology

/// Two devices of one name in a namespace.
enum DuplicateInterfaceName: Rule {
  static let code = RuleCode.duplicateInterfaceName
  static let name = "duplicate-interface-name"
  static let summary = "Two devices of a namespace have one name."
  static let rationale = "The kernel answers «File exists» (EEXIST) to the second: a name is unique in its namespace."
  static let failing = """
    routers:
      edge:
        networks:
          a: { interface_name: wan }
          b: { interface_name: wan }  # error: NW0209
    networks:
      a: {}
      b: {}
    """
  static let passing = """
    routers:
      edge:
        networks:
          a: { interface_name: wan }
          b: { interface_name: lan }
    networks:
      a: {}
      b: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.flatMap { node -> [Diagnostic] in
      guard node.interfaces.count > 1 || node.interfaces.first?.name == .loopback, (node.replica ?? 1) == 1 else {
        return []
      }
      var first: [InterfaceName: SourceRange] = [.loopback: node.origin]
      return node.interfaces.compactMap { interface in
        guard let other = first[interface.name] else {
          first[interface.name] = interface.origin
          return nil
        }
        return finding(
          "`\(node.key)` has two devices called `\(interface.name)`", at: interface.origin,
          labels: [.init(other, interface.name == .loopback ? "every namespace has `lo` already" : "the first")],
          help: "give one of them another name")
      }
    }
  }
}
