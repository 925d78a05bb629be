import NetworkTypes
import Packets

/// How far connection tracking takes a TCP connection to be (enum tcp_conntrack).
package enum TCPState: String, Hashable, Sendable {
  /// It has just begun.
  case none = "NONE"
  /// Its SYN was seen.
  case synSent = "SYN_SENT"
  /// A SYN was seen from the other side too.
  case synSentTwice = "SYN_SENT2"
  /// The SYN was answered.
  case synReceived = "SYN_RECV"
  /// It is open.
  case established = "ESTABLISHED"
  /// One side has closed.
  case finWait = "FIN_WAIT"
  /// Its closing was acknowledged.
  case closeWait = "CLOSE_WAIT"
  /// The other has closed too.
  case lastAcknowledgment = "LAST_ACK"
  /// Both closings were acknowledged.
  case timeWait = "TIME_WAIT"
  /// It was reset.
  case closed = "CLOSE"

  /// What comes of a segment.
  enum Step: Hashable, Sendable {
    /// The connection goes to a state.
    case to(TCPState)
    /// The segment changes nothing.
    case ignored
    /// The segment can't be of the connection.
    case invalid
  }

  /// How long a connection in the state is kept (net.netfilter.nf_conntrack_tcp_timeout_*).
  var timeout: TimeSpan {
    switch self {
    case .none, .synSent, .synSentTwice, .finWait, .timeWait: .seconds(120)
    case .synReceived, .closeWait: .seconds(60)
    case .established: .seconds(432_000)
    case .lastAcknowledgment: .seconds(30)
    case .closed: .seconds(10)
    }
  }

  /// The state after a segment (nf_conntrack_proto_tcp.c, tcp_conntracks; RFC 9293 §3.3.2, seen from between both
  /// ends).
  ///
  /// - Parameters:
  ///   - flags: the segment's.
  ///   - isReply: whether it goes against the direction of the first.
  /// - Returns: the state, or that there is none.
  func after(_ flags: TCPSegment.Flags, isReply: Bool) -> Step {
    if flags.contains(.rst) { return self == .none ? .invalid : .to(.closed) }
    if flags.contains(.syn) { return flags.contains(.ack) ? afterAnswer(isReply) : afterOpening(isReply) }
    if flags.contains(.fin) { return afterClosing() }
    return flags.contains(.ack) ? afterAcknowledgment(isReply) : .invalid
  }

  private func afterOpening(_ isReply: Bool) -> Step {
    switch self {
    case .none: isReply ? .invalid : .to(.synSent)
    case .synSent: .to(isReply ? .synSentTwice : .synSent)
    case .synSentTwice: .to(.synSentTwice)
    case .timeWait: .to(.synSent)
    case .closed: isReply ? .invalid : .to(.synSent)
    case .synReceived, .established, .finWait, .closeWait, .lastAcknowledgment: isReply ? .invalid : .ignored
    }
  }

  private func afterAnswer(_ isReply: Bool) -> Step {
    switch self {
    case .synSentTwice: .to(.synReceived)
    case .synSent: isReply ? .to(.synReceived) : .invalid
    case .none: .invalid
    case .synReceived: isReply ? .ignored : .to(.synReceived)
    case .established, .finWait, .closeWait, .lastAcknowledgment, .timeWait, .closed: isReply ? .ignored : .invalid
    }
  }

  private func afterClosing() -> Step {
    switch self {
    case .none, .synSent, .synSentTwice: .invalid
    case .synReceived, .established: .to(.finWait)
    case .finWait, .closeWait, .lastAcknowledgment: .to(.lastAcknowledgment)
    case .timeWait: .to(.timeWait)
    case .closed: .to(.closed)
    }
  }

  private func afterAcknowledgment(_ isReply: Bool) -> Step {
    switch self {
    case .none: isReply ? .invalid : .to(.established)
    case .synSent, .synSentTwice: isReply ? .ignored : .invalid
    case .synReceived: .to(isReply ? .synReceived : .established)
    case .established: .to(.established)
    case .finWait, .closeWait: .to(.closeWait)
    case .lastAcknowledgment, .timeWait: .to(.timeWait)
    case .closed: .to(.closed)
    }
  }
}
