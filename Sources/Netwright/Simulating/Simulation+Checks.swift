import Diagnostics
import NetworkTypes
import Packets
import Plan
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
  /// - Parameter firewall: what loads the netfilter rules.
  /// - Returns: what came of each; nil where the file has errors.
  public func runChecks(firewall: ScriptFirewall = .nftables) -> CheckOutcomes? {
    guard let simulation = Simulation(self, firewall: firewall), let checks = file?.checks else { return nil }
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
          return Simulation.Attempt(reached: copy.reach(target), drops: copy.drops, unmodelled: copy.unmodelled)
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
      if check.from.value == "outside",
        let outside = simulation.namespace(named: "outside"), !LiveNetwork.isThere(outside, simulation)
      {
        results.append(
          simulation.result(
            of: check, sources, untried: "the machine beyond the uplink is none of this one's namespaces"))
        continue
      }
      let result = try simulation.result(of: check, sources: sources) { target throws(LiveError) in
        func ask() throws(LiveError) -> Reached {
          target.reached(
            try network.reach(target.address, target.port, target.transport, from: target.namespace, simulation))
        }
        var reached = try ask()
        for _ in 1..<(check.expectsError ? 3 : target.attempts) where reached.isSilence {
          if check.expectsError { LiveNetwork.waitForErrors() }
          reached = try ask()
        }
        return Simulation.Attempt(reached: reached)
      }
      results.append(result)
    }
    return CheckOutcomes(results: results)
  }
}

extension CheckEntry {
  /// How often the target is asked while nothing answers: where an answer is expected a line may have lost the packet,
  /// which TCP sends again by itself.
  fileprivate var attempts: Int {
    expectation.value == .reachable && (to.value.port == nil || to.value.transport == .udp) ? 3 : 1
  }

  /// Whether an error is expected: earlier checks may have used up what a machine may send of them.
  fileprivate var expectsError: Bool {
    switch expectation.value {
    case .unreachable, .refused: true
    case .reachable, .filtered: false
    }
  }

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

    /// How often it is asked while nothing answers.
    let attempts: Int

    /// What came of it in the kernel.
    func reached(_ answer: LiveNetwork.Answer) -> Reached {
      var reached = Reached(answer.ping, showsHopLimit: false)
      if let outcome = answer.connection, let port { reached = Reached(outcome, at: address, port, transport) }
      reached.source = answer.source
      return reached
    }
  }

  /// What came of an attempt.
  fileprivate struct Attempt {
    let reached: Reached
    /// Where packets went no further.
    var drops: [String] = []
    /// What some packet came to that the simulator doesn't model.
    var unmodelled: String?
  }

  /// The result of a check that hasn't been tried.
  fileprivate func result(of check: CheckEntry, _ sources: SourceSet, untried reason: String) -> CheckResult {
    let target = check.to.value
    let isIPv6 = IPAddress(target.name)?.family == .ipv6
    var name = "\(check.from.value) -> \(isIPv6 && target.port != nil ? "[\(target.name)]" : target.name)"
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
    attempt: (CheckTarget) throws(Failure) -> Attempt
  ) throws(Failure) -> CheckResult {
    let target = check.to.value
    var result = result(of: check, sources, untried: "")
    if let last = answers.last, let error = last.error {
      let step = "step \(answers.count), \(last.step.operation.summary)"
      result.outcome = "nothing was tried, since the plan fails at \(step): \(error.message)"
      return result
    }
    for end in [check.from.value, target.name] where end == "outside" && self.namespace(named: end) == nil {
      result.outcome = "there is nothing outside: the host has no uplink with an address"
      return result
    }
    guard target.port == nil || target.transport != .sctp else {
      result.outcome = "SCTP is not modelled, nor tried in the kernel: only tcp and udp are"
      return result
    }
    guard IPAddress(target.name)?.isMulticast != true else {
      result.outcome = "multicast is not modelled, nor tried in the kernel: the address of one machine is"
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
    let attempt = try attempt(
      CheckTarget(
        address: address, port: target.port, transport: target.transport, namespace: namespace,
        attempts: check.attempts))
    let reached = attempt.reached
    switch reached.expectation {
    case .reachable, .refused: break
    case .unreachable, .filtered:
      // What became of a packet there, nobody knows.
      guard let what = attempt.unmodelled else { break }
      result.outcome = "\(reached.text), but \(what) is not modelled; the kernel can be asked with --live"
      return result
    }
    result.isAsExpected = reached.expectation == check.expectation.value
    result.outcome = reached.text
    if let seen = check.seenAs?.value, result.isAsExpected == true { compare(reached, with: seen, in: &result) }
    if result.isAsExpected == false { result.drops = attempt.drops }
    return result
  }

  /// Compares whom the target sees with whom it should see.
  private func compare(_ reached: Reached, with expected: String, in result: inout CheckResult) {
    result.isAsExpected = reached.source.map(addresses(of: expected).contains)
    switch (reached.source, result.isAsExpected) {
    case (nil, _): result.outcome = "\(reached.text); whom the target sees, it doesn't say"
    case (let source?, true?): result.outcome = "\(reached.text); the target sees \(source)"
    case (let source?, _): result.outcome = "the target sees \(source), not \(expected)"
    }
  }

  /// Tries it in the simulator.
  fileprivate mutating func reach(_ target: CheckTarget) -> Reached {
    var reached = attempt(target)
    for _ in 1..<target.attempts where reached.isSilence { reached = attempt(target) }
    // The sender is done when it has an answer; the one that answers may have to wait for the last packet of it.
    var waited = 0
    while reached.expectation == .reachable, reached.source == nil, waited < Self.patience {
      kernel.run(for: .milliseconds(10))
      waited += 10
      reached.source = visit(target.port, target.transport)?.source
    }
    return reached
  }

  private mutating func attempt(_ target: CheckTarget) -> Reached {
    if let port = target.port {
      let outcome = kernel.connect(to: target.address, port: port, target.transport, from: target.namespace)
      return Reached(outcome, at: target.address, port, target.transport)
    }
    return Reached(kernel.ping(target.address, from: target.namespace).first, showsHopLimit: true)
  }

  /// How long the last packet of an exchange may take, in milliseconds.
  private static let patience = 10_000

  /// Who came to whatever answered, as that saw it.
  private func visit(_ port: UInt16?, _ transport: TransportProtocol) -> Visit? {
    let spaces = kernel.namespaces.map(\.id)
    guard port != nil else { return spaces.lazy.compactMap { kernel.lastEcho(in: $0) }.first }
    return spaces.lazy.flatMap { kernel.visits(in: $0) }.first { $0.transport == transport }?.visit
  }

  /// What the simulator doesn't model of where a packet went.
  fileprivate var unmodelled: String? {
    for entry in kernel.recorder.entries {
      if case .dropped(_, .notModelled(let what), _) = entry.event { return what }
    }
    return nil
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
}
