import NetworkTypes
import Simulator
import Views

extension Simulation {
  /// Tries one exchange and tells its walk: a ping, or an attempt to reach a port.
  mutating func trace(
    _ target: IPAddress, _ port: UInt16?, _ transport: TransportProtocol, from namespace: NamespaceID,
    _ form: ScenarioStep.TraceForm
  ) -> StepOutcome {
    kernel.recorder.clear()
    kernel.recorder.isOn = true
    defer { kernel.recorder.isOn = false }
    let (verdict, isGood) = probe(target, port, transport, from: namespace)
    // What belongs to the exchange's end, a last acknowledgment for instance, is on its way still.
    kernel.run(for: .milliseconds(1))
    switch form {
    case .words: return StepOutcome(text: walkText(kernel.recorder.entries, in: kernel) + verdict, isGood: isGood)
    case .rules: return StepOutcome(text: ruleTraceText(kernel.recorder.entries, in: kernel), isGood: isGood)
    }
  }

  /// Tries one exchange.
  ///
  /// - Returns: what came of it in one line, and whether it was answered.
  mutating func probe(
    _ target: IPAddress, _ port: UInt16?, _ transport: TransportProtocol, from namespace: NamespaceID
  ) -> (text: String, isGood: Bool) {
    if let port {
      let outcome = kernel.connect(to: target, port: port, transport, from: namespace)
      let isGood = if case .connected = outcome { true } else { false }
      return (connectText(outcome, to: target, port: port, transport), isGood)
    }
    switch kernel.ping(target, from: namespace).first {
    case .reply(let from, let hopLimit, _, let time):
      let span = Double(time.nanoseconds / 1000) / 1000
      return ("\(from) answers: time to live \(hopLimit), \(span) ms\n", true)
    case .error(let message, let from): return ("\(from) says: \(message.pingText)\n", false)
    case .notSent(let errno): return ("not sent: \(errno.text)\n", false)
    case .tooLong, .silence, nil: return ("no answer\n", false)
    }
  }
}
