import NetworkTypes
import Plan
import Simulator

extension Simulation {
  /// Each step with what the kernel answered.
  ///
  /// - Parameter showsAll: whether the steps that went well are listed too.
  /// - Returns: the lines, each ended; the last says how it went as a whole.
  public func stepsText(showsAll: Bool) -> String {
    var text = ""
    for (index, answer) in answers.enumerated() {
      let origin = answer.step.origin
      if let error = answer.error {
        text +=
          "\(origin.file):\(origin.line): step \(index + 1), \(answer.step.operation.summary)\n  \(error.message)\n"
      } else if showsAll {
        text += "\(index + 1)\tok\t\(answer.step.operation.summary)\n"
      }
    }
    let left = steps.count - answers.count
    let count = "\(answers.count) step\(answers.count == 1 ? "" : "s")"
    let rest = left > 0 ? "; \(left) more would not be tried, and what was done undone" : ""
    return text
      + (hasFailures ? "the kernel would refuse the last of \(count)\(rest)\n" : "\(count), all would go well\n")
  }

  /// What would come of `up`: what collides on the machine, and each step's result.
  ///
  /// - Returns: the lines, each ended, and whether `up` would succeed.
  public func upText() -> (text: String, isGood: Bool) {
    let collisions = collisions
    let text = collisions.map { "\($0.line)\n" }.joined() + stepsText(showsAll: true)
    return (text, !hasFailures && !collisions.contains(where: \.isFatal))
  }

  /// What would come of `down` after `up`: the result of each step that takes something back, and whether the machine
  /// is then as it was.
  ///
  /// - Returns: the lines, each ended, and whether all would go well.
  public func downText() -> (text: String, isGood: Bool) {
    guard !hasFailures else { return (stepsText(showsAll: false), false) }
    var copy = kernel
    var text = ""
    var failures = 0
    for (index, inverse) in undo.enumerated() {
      do throws(KernelError) {
        try copy.perform(inverse, before: before)
        text += "\(index + 1)\tok\t\(inverse.summary)\n"
      } catch {
        failures += 1
        text += "\(index + 1)\tfailed\t\(inverse.summary)\n  \(error.message)\n"
      }
    }
    let traces = differences(of: copy)
    text += traces.map { "left behind: \($0)\n" }.joined()
    let count = "\(undo.count) step\(undo.count == 1 ? "" : "s")"
    if failures > 0 { text += "\(failures) of \(count) would fail\n" }
    if failures == 0 {
      text += traces.isEmpty ? "\(count), and the machine is as it was\n" : "\(count), and not all is as it was\n"
    }
    return (text, failures == 0 && traces.isEmpty)
  }

  /// Where a machine isn't as it was before the plan.
  private func differences(of after: Kernel) -> [String] {
    var result: [String] = []
    for space in after.namespaces where !space.isRemoved && space.id.index >= before.namespaces.count {
      result.append("the namespace \(space.name?.text ?? "")")
    }
    for (old, id) in before.namespaces.map({ ($0, $0.id) }) {
      let new = after[id]
      let place = old.name?.text ?? "the host"
      for name in new.devices.keys.sorted() where old.devices[name] == nil { result.append("\(name) in \(place)") }
      for name in old.devices.keys.sorted() where new.devices[name] == nil { result.append("no \(name) in \(place)") }
      let changed = before.parameterKeys(in: id).filter { before.parameter($0, in: id) != after.parameter($0, in: id) }
      result += changed.map { "\($0) = \(after.parameter($0, in: id) ?? "") in \(place)" }
      for family in AddressFamily.allCases where old.rules[family] != new.rules[family] {
        result.append("other \(family.displayName) rules in \(place)")
      }
      if old.netfilter.tables != new.netfilter.tables || old.netfilter.iptables != new.netfilter.iptables {
        result.append("other netfilter rules in \(place)")
      }
      for family in AddressFamily.allCases {
        let routes = { (space: Namespace) in space[family].mapValues { Set($0.routes) }.filter { !$0.value.isEmpty } }
        if routes(old) != routes(new) { result.append("other \(family.displayName) routes in \(place)") }
      }
    }
    return result
  }
}
