import NetworkTypes
import Packets
import Plan
import Simulator

/// A line about a rule that a packet met: the hook, the chain, what was decided, what the rule is for, and the line of
/// the file that asked for it.
func ruleText(_ step: RuleStep, in kernel: Kernel) -> String? {
  let chain = kernel[step.namespace].netfilter.chains[step.chain].content
  let place = "\(machine(step.namespace, kernel)): \(step.hook.rawValue), chain \(chain.name)"
  switch step.position {
  case .end: return nil
  case .policy: return "\(place): no rule decides: \(step.verdict?.words ?? "accept")"
  case .rule(let number):
    let rule = chain.rules[number]
    let decision = step.verdict.map(\.words) ?? (rule.log == nil ? "count, and go on" : "log, and go on")
    return "\(place), rule \(number + 1) (\(rule.origin.file):\(rule.origin.line)): \(rule.comment): \(decision)"
  }
}

extension NetfilterVerdict {
  /// What is decided, in the words of a walk.
  fileprivate var words: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .reject(let kind): "reject with \(kind.rawValue)"
    case .jump(let chain): "go to \(chain)"
    case .return: "go back"
    case .dnat(let translation): "to \(translation.words)"
    case .snat(let translation): "from \(translation.words)"
    case .masquerade: "from the address of the leaving device"
    case .redirect(let ports): "to the machine itself" + (ports.map { ", port \($0)" } ?? "")
    }
  }
}

extension NetfilterTranslation {
  /// The address, and the ports where there are some.
  fileprivate var words: String { ports.map { "\(address) port \($0)" } ?? "\(address)" }
}
