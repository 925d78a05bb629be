import NetworkTypes
import Simulator
import Views

extension Simulation {
  /// What came of a step.
  public struct StepOutcome: Sendable {
    /// What the program prints that the step stands for.
    public var text: String
    /// Whether a probe was answered; true for steps that are no probes.
    public var isGood: Bool
  }

  /// Carries out a step of a scenario; what it does stays for those after it.
  ///
  /// - Parameter step: the step.
  /// - Returns: what came of it.
  /// - Throws: `ScenarioError` where it names what there isn't.
  public mutating func run(_ step: ScenarioStep) throws(ScenarioError) -> StepOutcome {
    switch step.action {
    case .ping(let from, let to, let options):
      let ends = try ends(from, to, step)
      let outcomes = kernel.ping(ends.target, from: ends.namespace, options)
      let isAnswered = outcomes.contains { if case .reply = $0 { true } else { false } }
      return StepOutcome(text: pingText(outcomes, to: ends.target, name: to, options), isGood: isAnswered)
    case .traceroute(let from, let to):
      let ends = try ends(from, to, step)
      let route = kernel.traceroute(to: ends.target, from: ends.namespace)
      let isThere = route.hops.last?.answers.contains { $0?.address == ends.target } ?? false
      return StepOutcome(text: tracerouteText(route, to: ends.target, name: to), isGood: isThere)
    case .connect(let from, let to, let port, let transport):
      let ends = try ends(from, to, step)
      let outcome = kernel.connect(to: ends.target, port: port, transport, from: ends.namespace)
      // The last acknowledgment is on its way still.
      kernel.run(for: .milliseconds(1))
      let isConnected = if case .connected = outcome { true } else { false }
      return StepOutcome(text: connectText(outcome, to: ends.target, port: port, transport), isGood: isConnected)
    case .trace(let from, let to, let port, let transport, let form):
      let ends = try ends(from, to, step)
      return trace(ends.target, port, transport, from: ends.namespace, form)
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
    case .show(let name, let view):
      return StepOutcome(text: view.text(of: try namespace(name, step), in: kernel), isGood: true)
    }
  }

  private func namespace(_ name: String, _ step: ScenarioStep) throws(ScenarioError) -> NamespaceID {
    guard let namespace = namespace(named: name) else {
      throw ScenarioError(step.text, "there is no service or router `\(name)`")
    }
    return namespace
  }

  private func ends(
    _ from: String, _ to: String, _ step: ScenarioStep
  ) throws(ScenarioError) -> (namespace: NamespaceID, target: IPAddress) {
    let namespace = try namespace(from, step)
    guard let target = address(of: to, in: namespace) else {
      throw ScenarioError(step.text, "nothing is called `\(to)`, as `\(from)` sees it")
    }
    return (namespace, target)
  }
}
