package import NetworkTypes
package import Plan

/// The policy rules of a namespace (net/core/fib_rules.c).
package struct RoutingRules: Sendable {
  /// A rule.
  package struct Rule: Hashable, Sendable {
    /// Its place: lower first.
    package var priority: UInt32
    /// The addresses, devices and mark that it asks for.
    package var from: IPPrefix?
    package var to: IPPrefix?
    package var inputDevice: InterfaceName?
    package var outputDevice: InterfaceName?
    package var mark: UInt32?
    /// What it leads to.
    package var action: Action
    /// Whether the namespace was born with it: no other is then taken for the same.
    var isBorn = false

    /// Whether a new rule is refused because this one is there: addresses that the new one doesn't name aren't
    /// compared (rule_exists; fib4_rule_compare, net/ipv4/fib_rules.c).
    func excludes(_ new: Rule) -> Bool {
      !isBorn && inputDevice == new.inputDevice && outputDevice == new.outputDevice && mark == new.mark
        && answers(to: new)
    }

    /// Whether a rule of which some parts are known may be this one: what isn't known isn't compared (rule_find).
    func answers(to known: Rule) -> Bool {
      priority == known.priority && action == known.action
        && (known.inputDevice ?? inputDevice) == inputDevice
        && (known.outputDevice ?? outputDevice) == outputDevice
        && (known.mark ?? mark) == mark && Self.isSame(from, known.from) && Self.isSame(to, known.to)
    }

    private static func isSame(_ prefix: IPPrefix?, _ new: IPPrefix?) -> Bool {
      guard let new, new.length > 0 else { return true }
      return prefix == new
    }
  }

  /// What a rule leads to.
  package enum Action: Hashable, Sendable {
    /// What a rule of the plan leads to.
    case planned(RuleAction)
    /// The table of the VRF that the packet belongs to (l3mdev).
    case master
  }

  /// The IPv4 rules in order.
  package internal(set) var ipv4: [Rule]
  /// The IPv6 rules in order.
  package internal(set) var ipv6: [Rule]

  /// What a namespace is born with: the tables local, main and, for IPv4, default.
  init() {
    let local = Rule(priority: 0, action: .planned(.table(RouteTableNumber.local)), isBorn: true)
    let main = Rule(priority: 32766, action: .planned(.table(RouteTableNumber.main)), isBorn: true)
    ipv4 = [local, main, Rule(priority: 32767, action: .planned(.table(RouteTableNumber.default)), isBorn: true)]
    ipv6 = [local, main]
  }

  /// The rules of a family.
  package internal(set) subscript(family: AddressFamily) -> [Rule] {
    get { family == .ipv4 ? ipv4 : ipv6 }
    _modify {
      if family == .ipv4 { yield &ipv4 } else { yield &ipv6 }
    }
  }
}

extension RoutingRules.Rule {
  /// The rule that an operation adds: a mark of 0 has no mask, and asks for nothing (fib_nl2rule).
  init(_ operation: AddRule) {
    self.init(
      priority: operation.priority, from: operation.from, to: operation.to, inputDevice: operation.inputDevice,
      outputDevice: operation.outputDevice, mark: operation.mark == 0 ? nil : operation.mark,
      action: .planned(operation.action))
  }
}
