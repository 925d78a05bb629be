import Diagnostics
import NetworkTypes
import Topology

/// Two policy rules that the kernel can't tell apart.
enum DuplicatePolicyRule: Rule {
  static let code = RuleCode.duplicatePolicyRule
  static let name = "duplicate-policy-rule"
  static let summary = "Two policy rules of a namespace are the same, priority included."
  static let rationale = """
    The kernel answers «File exists» to the second (fib_nl_newrule, net/core/fib_rules.c). A rule without `from` is the \
    same as an earlier one that has it and is otherwise alike, and so with `to` (fib4_rule_compare, net/ipv4/fib_rules.c). \
    Rules without a priority get the numbers from 1000 on that no other has, in the order written.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        rules:
          - { from: 10.9.0.0/16, table: 100, priority: 50 }
          - { from: 10.9.0.0/16, table: 100, priority: 50 }  # error: NW0506
          - { table: 100, priority: 50, family: ipv4 }  # error: NW0506
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        rules:
          - { from: 10.9.0.0/16, table: 100, priority: 50 }
          - { from: 10.9.0.0/16, table: 101, priority: 50 }
          - { from: 10.9.0.0/16, table: 100 }
          - { table: 102, priority: 50, family: ipv4 }
          - { from: 10.9.0.0/16, table: 102, priority: 50 }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  /// What the kernel compares (rule_exists).
  private struct Identity: Hashable {
    let family: AddressFamily
    let priority: UInt32
    var from: IPPrefix?
    var to: IPPrefix?
    let inputDevice: InterfaceName?
    let outputDevice: InterfaceName?
    let mark: UInt32?
    let action: PolicyRule.Action

    init(_ rule: PolicyRule) {
      family = rule.family
      priority = rule.priority
      // A prefix of no bits is the same as none.
      from = rule.from.flatMap { $0.length == 0 ? nil : $0 }
      to = rule.to.flatMap { $0.length == 0 ? nil : $0 }
      (inputDevice, outputDevice) = (rule.inputDevice, rule.outputDevice)
      // A mark of 0 has a mask of 0.
      mark = rule.mark == 0 ? nil : rule.mark
      action = rule.action
    }

    /// Those that a later rule may have and is the same: what it doesn't name isn't compared.
    var refused: [Identity] {
      var (everywhere, anybody, either) = (self, self, self)
      everywhere.to = nil
      anybody.from = nil
      (either.from, either.to) = (nil, nil)
      return [self, everywhere, anybody, either]
    }
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes = context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }
    return findings(in: context.topology.host.rules) + nodes.flatMap { findings(in: $0.rules) }
  }

  private static func findings(in rules: [PolicyRule]) -> [Diagnostic] {
    var first: [Identity: PolicyRule] = [:]
    var reported: Set<SourceRange> = []
    return rules.compactMap { rule in
      let identity = Identity(rule)
      let other = first[identity]
      for refused in identity.refused where first[refused] == nil { first[refused] = rule }
      guard let other else { return nil }
      // A rule of both families is reported once.
      guard reported.insert(rule.origin).inserted else { return nil }
      return finding(
        "this rule is there already, with the same priority \(rule.priority)", at: rule.origin,
        labels: [.init(other.origin, "the first")], help: "take one of them out")
    }
  }
}
