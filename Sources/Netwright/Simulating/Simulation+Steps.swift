import NetworkTypes
import ProjectFile
import Simulator
import Views

extension Simulation {
  /// What came of a step.
  public struct StepOutcome: Sendable {
    /// What the program prints that the step stands for.
    public var text: String
    /// Whether it came as expected: a probe was answered, if nothing else is expected of it.
    public var isGood: Bool
    /// What a check would call what came of a probe.
    var reach: CheckEntry.Expectation?
  }

  /// Carries out a step of a scenario; what it does stays for those after it.
  ///
  /// - Parameter step: the step.
  /// - Returns: what came of it.
  /// - Throws: `ScenarioError` where it names what there isn't.
  public mutating func run(_ step: ScenarioStep) throws(ScenarioError) -> StepOutcome {
    let hadStorm = kernel.storm != nil
    var outcome = try carryOut(step)
    switch step.expectation {
    case nil: break
    case .reach(let expected, let isIt)?:
      outcome.isGood = outcome.reach.map { ($0 == expected) == isIt } ?? false
      if !outcome.isGood {
        let wanted = "\(isIt ? "" : "not ")\(expected.rawValue)"
        outcome.text += "expected \(wanted), and it is \(outcome.reach?.rawValue ?? "neither")\n"
      }
    case .text(let text, let isThere)?:
      outcome.isGood = outcome.text.contains(text) == isThere
      if !outcome.isGood { outcome.text += "expected \(isThere ? "" : "no ")`\(text)`\n" }
    }
    if let storm = kernel.storm, !hadStorm {
      outcome.text += stormText(storm, in: kernel)
      outcome.isGood = false
    }
    return outcome
  }

  private mutating func carryOut(_ step: ScenarioStep) throws(ScenarioError) -> StepOutcome {
    switch step.action {
    case .ping(let from, let to, let options):
      let ends = try ends(from, to, step)
      let run = kernel.pingRun(ends.target, from: ends.namespace, options)
      let isAnswered = run.outcomes.contains { if case .reply = $0 { true } else { false } }
      return StepOutcome(
        text: pingText(run, to: ends.target, name: to, options, names: names(in: ends.namespace)), isGood: isAnswered,
        reach: run.outcomes.first?.expectation ?? .filtered)
    case .traceroute(let from, let to):
      let ends = try ends(from, to, step, prefersIPv4: true)
      let route = kernel.traceroute(to: ends.target, from: ends.namespace)
      let isThere = route.hops.last?.answers.contains { $0?.address == ends.target } ?? false
      return StepOutcome(
        text: tracerouteText(route, to: ends.target, name: to, names: names(in: ends.namespace)), isGood: isThere)
    case .connect(let from, let to, let port, let transport):
      let ends = try ends(from, to, step)
      let outcome = kernel.connect(to: ends.target, port: port, transport, from: ends.namespace)
      // The last acknowledgment is on its way still.
      kernel.run(for: .milliseconds(1))
      let isConnected = if case .connected = outcome { true } else { false }
      return StepOutcome(
        text: connectText(outcome, to: ends.target, port: port, transport), isGood: isConnected,
        reach: outcome.expectation)
    case .trace(let from, let to, let port, let transport, let format):
      let ends = try ends(from, to, step)
      let exchange = TraceEnds(from: from, to: to, target: ends.target, port: port, transport: transport)
      return trace(exchange, from: ends.namespace, as: format)
    case .setLink(let name, let device, let isUp):
      let namespace = try namespace(name, step)
      guard let device = kernel.device(device, in: namespace) else {
        throw ScenarioError(step.text, "`\(name)` has no device `\(device)`")
      }
      kernel.setLink(device, isUp: isUp)
      return StepOutcome(text: "", isGood: true)
    case .listen(let name, let port, let transport):
      let errno = kernel.listen(transport, port: port, in: try namespace(name, step))
      return StepOutcome(text: errno.map { "bind: \($0.text)\n" } ?? "", isGood: errno == nil)
    case .wait(let span):
      kernel.run(for: span)
      return StepOutcome(text: "", isGood: true)
    case .showDocker(let view):
      guard let text = view.text(of: topology) else {
        throw ScenarioError(step.text, "there is no such network")
      }
      return StepOutcome(text: text, isGood: true)
    case .show(let name, let view):
      if let needsIptables = view.needsIptables, needsIptables != (kernel.iptables != nil) {
        let (one, other) = needsIptables ? ("nft", "iptables") : ("iptables", "nft")
        throw ScenarioError(step.text, "the rules are loaded by \(one) here, and \(other) shows nothing of them")
      }
      let namespace = try namespace(name, step)
      return StepOutcome(
        text: view.text(of: namespace, in: kernel), isGood: view.refusal(of: namespace, in: kernel) == nil)
    }
  }

  private mutating func namespace(_ name: String, _ step: ScenarioStep) throws(ScenarioError) -> NamespaceID {
    furnishOutside(for: [name])
    guard let namespace = namespace(named: name) else {
      throw ScenarioError(step.text, "there is no service or router `\(name)`\(hint(for: name))")
    }
    return namespace
  }

  private mutating func ends(
    _ from: String, _ to: String, _ step: ScenarioStep, prefersIPv4: Bool = false
  ) throws(ScenarioError) -> (namespace: NamespaceID, target: IPAddress) {
    furnishOutside(for: [to])
    let namespace = try namespace(from, step)
    guard let target = address(of: to, in: namespace, prefersIPv4: prefersIPv4) else {
      throw ScenarioError(
        step.text, "nothing is called `\(to)`, as `\(from)` sees it\(hint(for: to, in: namespace))")
    }
    return (namespace, target)
  }
}
