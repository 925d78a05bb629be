import NetworkTypes
import Packets
import ProjectFile
import Simulator
import Views

/// What came of trying to reach somebody, in the words of checks.
struct Reached {
  /// Which of a check's expectations it meets.
  var expectation: CheckEntry.Expectation
  /// What happened.
  var text: String
  /// Who the target saw it come from; nil where that isn't known.
  var source: IPAddress?
  /// Whether nothing came back at all.
  let isSilence: Bool

  /// What an attempt to reach a port came to.
  init(_ outcome: ConnectOutcome, at target: IPAddress, _ port: UInt16, _ transport: TransportProtocol) {
    expectation = outcome.expectation
    isSilence = if case .silence = outcome { true } else { false }
    text = String(connectText(outcome, to: target, port: port, transport).dropLast())
  }

  /// What a ping came to.
  ///
  /// - Parameters:
  ///   - outcome: the outcome; nil where nothing was sent.
  ///   - showsHopLimit: whether the reply's time to live is told.
  init(_ outcome: PingOutcome?, showsHopLimit: Bool) {
    expectation = outcome?.expectation ?? .filtered
    isSilence = if case .silence? = outcome { true } else { false }
    text =
      switch outcome {
      case .reply(let from, let hopLimit, _, _):
        "\(from) answers" + (showsHopLimit ? ", time to live \(hopLimit)" : "")
      case .error(let message, let from): "\(from) says: \(message.pingText)"
      case .notSent(let errno): "not sent: \(errno.text)"
      case .tooLong, .silence, nil: "no answer"
      }
  }
}

extension ConnectOutcome {
  /// Which of a check's expectations it meets.
  var expectation: CheckEntry.Expectation {
    switch self {
    case .connected: .reachable
    case .failed(.connectionRefused): .refused
    // What a rule of the asker's own drops, its program is told of so.
    case .failed(.notPermitted), .failed(.timedOut), .silence: .filtered
    // No way, or a route of the asker's own that forbids it: prohibit (EACCES), blackhole (EINVAL) and their like.
    case .failed: .unreachable
    }
  }
}

extension PingOutcome {
  /// Which of a check's expectations it meets.
  var expectation: CheckEntry.Expectation {
    switch self {
    case .reply: .reachable
    case .error(let message, _):
      switch message {
      case .unreachable(.network, _), .unreachable(.host, _), .unreachable(.beyondScope, _), .timeExceeded: .unreachable
      case .unreachable(.port, _), .unreachable(.protocol, _): .refused
      case .unreachable, .tooBig, .reassemblyTimeExceeded, .redirect, .echoRequest, .echoReply: .filtered
      }
    // What a rule of the sender's own drops, its program is told of so.
    case .notSent(.notPermitted): .filtered
    case .notSent: .unreachable
    case .tooLong, .silence: .filtered
    }
  }
}
