import Diagnostics
import NetworkTypes
import Packets
import ProjectFile
import Reports
import Simulator
import Views

/// The forms that the results of checks are printed in.
public enum CheckFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// For programs.
  case json
  /// The Test Anything Protocol.
  case tap
  /// JUnit's XML.
  case junit
}

/// What came of a file's checks.
public struct CheckOutcomes: Sendable {
  let results: [CheckResult]

  /// Whether any came otherwise than expected, or could not be tried.
  public var hasFailures: Bool { results.contains { $0.isAsExpected != true } }

  /// The outcomes.
  ///
  /// - Parameter format: their form.
  /// - Returns: the text, every line ended.
  public func text(as format: CheckFormat) -> String {
    switch format {
    case .text: checksText(results)
    case .json: checksJSON(results)
    case .tap: checksTAP(results)
    case .junit: checksJUnit(results)
    }
  }
}

extension Compilation {
  /// Runs the file's `checks:` in the simulator, each on the machine as the plan leaves it.
  ///
  /// - Returns: what came of each; nil where the file has errors.
  public func runChecks() -> CheckOutcomes? {
    guard let simulation = Simulation(self), let checks = file?.checks else { return nil }
    // Checks that don't name the machine beyond the uplink are tried without it, where it is made up.
    var withOutside = simulation
    withOutside.furnishOutside(for: checks.flatMap(\.names))
    return CheckOutcomes(
      results: checks.map { check in
        let simulation = check.names.contains("outside") ? withOutside : simulation
        return simulation.result(of: check, sources: sources) { target in
          var copy = simulation
          copy.kernel.recorder.isOn = true
          copy.kernel.forgetVisits()
          var reached = copy.reach(target.address, target.port, target.transport, from: target.namespace)
          copy.kernel.run(for: .milliseconds(1))
          // Translated, the source is another than the sender's own.
          if let visit = copy.visit(target.port, target.transport) { reached.source = visit.source }
          return (reached, copy.drops)
        }
      })
  }

  /// Runs the file's `checks:` in the kernel, against the network that is up, with real sockets.
  ///
  /// - Returns: what came of each; nil where the file has errors.
  /// - Throws: `LiveError` where the network isn't up or the privilege is missing.
  public func runLiveChecks() throws(LiveError) -> CheckOutcomes? {
    guard let simulation = Simulation(self), let file else { return nil }
    let network = try LiveNetwork(simulation, file)
    var results: [CheckResult] = []
    for check in file.checks {
      if check.from.value == "outside", !LiveNetwork.isThere(simulation, "outside") {
        results.append(
          simulation.untried(check, sources, "the machine beyond the uplink is none of this one's namespaces"))
        continue
      }
      let result = try simulation.result(of: check, sources: sources) { target throws(LiveError) in
        let answer = try network.reach(
          target.address, target.port, target.transport, from: target.namespace, simulation)
        return (simulation.reached(answer, target), [])
      }
      results.append(result)
    }
    return CheckOutcomes(results: results)
  }
}

extension CheckEntry {
  /// Whom it names.
  fileprivate var names: [String] { [from.value, to.value.name] + (seenAs.map { [$0.value] } ?? []) }
}

extension Simulation {
  /// What a check is tried with.
  fileprivate struct CheckTarget {
    let address: IPAddress
    let port: UInt16?
    let transport: TransportProtocol
    let namespace: NamespaceID
  }

  /// A check that could not be tried.
  fileprivate func untried(_ check: CheckEntry, _ sources: SourceSet, _ reason: String) -> CheckResult {
    let target = check.to.value
    var name = "\(check.from.value) -> \(target.name)"
    if let port = target.port { name += ":\(port)/\(target.transport.rawValue)" }
    name += " is \(check.expectation.value.rawValue)"
    if let seen = check.seenAs?.value { name += ", as \(seen)" }
    return CheckResult(
      name: name, file: sources[check.range.source].name, line: Int(check.range.start.line), isAsExpected: nil,
      outcome: reason, drops: [])
  }

  /// Tries what a check asks for, and compares what comes of it with what is expected.
  fileprivate func result<Failure>(
    of check: CheckEntry, sources: SourceSet,
    attempt: (CheckTarget) throws(Failure) -> (reached: Reached, drops: [String])
  ) throws(Failure) -> CheckResult {
    let target = check.to.value
    var result = untried(check, sources, "")
    guard !hasFailures else {
      result.outcome = "the plan fails, so nothing was tried"
      return result
    }
    for end in [check.from.value, target.name] where end == "outside" && self.namespace(named: end) == nil {
      result.outcome = "there is nothing outside: the host has no uplink with an address"
      return result
    }
    guard let namespace = namespace(named: check.from.value) else {
      result.outcome = "`\(check.from.value)` has no namespace here"
      return result
    }
    guard let address = address(of: target.name, in: namespace) else {
      result.isAsExpected = check.expectation.value == .unreachable
      result.outcome = "nothing is called `\(target.name)`, as `\(check.from.value)` sees it"
      return result
    }
    let (reached, drops) = try attempt(
      CheckTarget(address: address, port: target.port, transport: target.transport, namespace: namespace))
    result.isAsExpected = reached.expectation == check.expectation.value
    result.outcome = reached.text
    if let seen = check.seenAs?.value, result.isAsExpected == true, let source = reached.source,
      !addresses(of: seen).contains(source)
    {
      result.isAsExpected = false
      result.outcome = "the target sees \(source), not \(seen)"
    }
    if result.isAsExpected == false { result.drops = drops }
    return result
  }

  /// Who came to whatever answered, as that saw it.
  fileprivate func visit(_ port: UInt16?, _ transport: TransportProtocol) -> Visit? {
    let spaces = kernel.namespaces.map(\.id)
    guard port != nil else { return spaces.lazy.compactMap { kernel.lastEcho(in: $0) }.first }
    return spaces.lazy.flatMap { kernel.visits(in: $0) }.first { $0.transport == transport }?.visit
  }

  fileprivate struct Reached {
    var expectation: CheckEntry.Expectation
    var text: String
    var source: IPAddress?
  }

  /// Tries an address or a port, and says which of a check's expectations that meets.
  fileprivate mutating func reach(
    _ target: IPAddress, _ port: UInt16?, _ transport: TransportProtocol, from namespace: NamespaceID
  ) -> Reached {
    let source = kernel.source(towards: target, in: namespace)
    guard let port else { return ping(target, from: namespace, source) }
    let outcome = kernel.connect(to: target, port: port, transport, from: namespace)
    return reached(outcome, target, port, transport, source)
  }

  /// What came of a probe in the kernel.
  fileprivate func reached(_ answer: LiveNetwork.Answer, _ target: CheckTarget) -> Reached {
    if let outcome = answer.connection {
      return reached(outcome, target.address, target.port ?? 0, target.transport, answer.source)
    }
    return reached(answer.ping, nil, showsHopLimit: false)
  }

  /// Which of a check's expectations an attempt to reach a port meets.
  private func reached(
    _ outcome: ConnectOutcome, _ target: IPAddress, _ port: UInt16, _ transport: TransportProtocol, _ source: IPAddress?
  ) -> Reached {
    let text = String(connectText(outcome, to: target, port: port, transport).dropLast())
    switch outcome {
    case .connected: return Reached(expectation: .reachable, text: text, source: source)
    case .failed(.connectionRefused): return Reached(expectation: .refused, text: text, source: source)
    case .failed(.networkUnreachable), .failed(.hostUnreachable):
      return Reached(expectation: .unreachable, text: text, source: source)
    case .failed, .silence: return Reached(expectation: .filtered, text: text, source: source)
    }
  }

  private mutating func ping(_ target: IPAddress, from namespace: NamespaceID, _ source: IPAddress?) -> Reached {
    reached(kernel.ping(target, from: namespace).first, source, showsHopLimit: true)
  }

  /// Which of a check's expectations a ping meets.
  private func reached(_ outcome: PingOutcome?, _ source: IPAddress?, showsHopLimit: Bool) -> Reached {
    switch outcome {
    case .reply(let from, let hopLimit, _, _):
      let suffix = showsHopLimit ? ", time to live \(hopLimit)" : ""
      return Reached(expectation: .reachable, text: "\(from) answers\(suffix)", source: source)
    case .error(let message, let from):
      let text = "\(from) says: \(message.pingText)"
      switch message {
      case .unreachable(.network, _), .unreachable(.host, _), .unreachable(.beyondScope, _), .timeExceeded:
        return Reached(expectation: .unreachable, text: text, source: source)
      case .unreachable(.port, _), .unreachable(.protocol, _):
        return Reached(expectation: .refused, text: text, source: source)
      case .unreachable, .tooBig, .reassemblyTimeExceeded, .redirect, .echoRequest, .echoReply:
        return Reached(expectation: .filtered, text: text, source: source)
      }
    case .notSent(let errno): return Reached(expectation: .unreachable, text: "not sent: \(errno.text)", source: nil)
    case .tooLong, .silence, nil: return Reached(expectation: .filtered, text: "no answer", source: source)
    }
  }

  /// Where packets went no further, in the order in which it happened, each reason once.
  fileprivate var drops: [String] {
    var lines: [String] = []
    for entry in kernel.recorder.entries {
      guard case .dropped(_, let reason, let device) = entry.event else { continue }
      if case .otherHost = reason { continue }
      let line = dropText(reason, at: device, in: kernel)
      if !lines.contains(line) { lines.append(line) }
    }
    return lines
  }

  /// What a check calls what came of a ping.
  func expectation(_ outcome: PingOutcome?) -> CheckEntry.Expectation {
    reached(outcome, nil, showsHopLimit: false).expectation
  }

  /// What a check calls what came of an attempt to reach a port.
  func expectation(_ outcome: ConnectOutcome) -> CheckEntry.Expectation {
    reached(outcome, .v4(IPv4Address(bits: 0)), 0, .tcp, nil).expectation
  }
}
