import FoundationEssentials
import NetworkTypes
import Simulator
import Views

/// The forms that the walk of an exchange is told in.
public enum TraceFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// For programs, by Schemas/trace-v1.schema.json.
  case json
  /// A sequence diagram in Mermaid's language.
  case mermaid
  /// What the kernel logs for iptables' target TRACE: a line a rule.
  case rules = "iptables"
}

/// The walk of one exchange and what came of it, by Schemas/trace-v1.schema.json.
private struct TraceDocument: Encodable {
  let version = 1
  let from: String
  let to: String
  let target: IPAddress
  let isAnswered: Bool
  let outcome: String
  let stages: [Walk.Stage]
}

extension Simulation {
  /// Whom an exchange is tried with.
  struct TraceEnds {
    let from: String
    let to: String
    let target: IPAddress
    let port: UInt16?
    let transport: TransportProtocol
  }

  /// Tries one exchange and tells its walk: a ping, or an attempt to reach a port.
  mutating func trace(_ ends: TraceEnds, from namespace: NamespaceID, as format: TraceFormat) -> StepOutcome {
    kernel.recorder.clear()
    kernel.recorder.isOn = true
    defer { kernel.recorder.isOn = false }
    let (verdict, isGood) = probe(ends.target, ends.port, ends.transport, from: namespace)
    // What belongs to the exchange's end, a last acknowledgment for instance, is on its way still.
    kernel.run(for: .milliseconds(1))
    let walk = Walk(kernel.recorder.entries, in: kernel)
    switch format {
    case .rules: return StepOutcome(text: ruleTraceText(kernel.recorder.entries, in: kernel), isGood: isGood)
    case .text:
      let what = ends.port.map { "\(ends.transport.rawValue) port \($0)" } ?? "ping"
      let name = ends.to == "\(ends.target)" ? ends.to : "\(ends.to) (\(ends.target))"
      let head = "\(ends.from) to \(name), \(what)\n\n"
      return StepOutcome(text: head + walk.text + "=> \(verdict)", isGood: isGood)
    case .mermaid: return StepOutcome(text: walk.mermaid, isGood: isGood)
    case .json:
      let document = TraceDocument(
        from: ends.from, to: ends.to, target: ends.target, isAnswered: isGood, outcome: String(verdict.dropLast()),
        stages: walk.stages)
      return StepOutcome(text: jsonText(document), isGood: isGood)
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
      return ("\(from) answers: time to live \(hopLimit), \(pingTime(time)) ms\n", true)
    case .error(let message, let from): return ("\(from) says: \(message.pingText)\n", false)
    case .notSent(let errno): return ("not sent: \(errno.text)\n", false)
    case .tooLong, .silence, nil: return ("no answer\n", false)
    }
  }
}

/// A value as an indented JSON text whose members are sorted, with a line's end.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  // Nothing that is encoded here can fail to be: numbers are whole, texts are Unicode.
  guard let data = try? encoder.encode(value) else { return "" }
  return String(decoding: data, as: UTF8.self) + "\n"
}
