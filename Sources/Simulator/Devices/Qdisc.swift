import NetworkTypes
package import Plan

/// A queueing discipline with what it remembers between packets.
package struct Qdisc: Hashable, Sendable {
  /// What it does.
  package let kind: QdiscKind
  /// Until when what was sent before keeps the link busy.
  var busyUntil = Instant.start
  /// The token bucket's tokens in bytes at `busyUntil`.
  var tokens: Int
  /// The bytes that wait for tokens.
  var backlog = 0

  init(_ kind: QdiscKind) {
    self.kind = kind
    switch kind {
    case .netem: tokens = 0
    case .tbf(let options): tokens = options.burst
    }
  }
}
