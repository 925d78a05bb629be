import NetworkTypes
import Plan

/// What a limited rule may still match (struct nft_limit): nanoseconds, of which a packet costs a number.
struct TokenBucket: Sendable {
  private var tokens: UInt64
  private let capacity: UInt64
  private let cost: UInt64
  private var counted = Instant.start

  /// A full bucket; one without a limit lets everything through.
  init(_ limit: NetfilterLimit?) {
    guard let limit, limit.packets > 0 else { (tokens, capacity, cost) = (0, 0, 0); return }
    cost = limit.unit.span.nanoseconds / UInt64(limit.packets)
    capacity = cost * UInt64(max(1, limit.burst))
    tokens = capacity
  }

  /// Takes a packet's worth, if there is that much (nft_limit_eval).
  mutating func take(at now: Instant) -> Bool {
    tokens = min(capacity, tokens + now.since(counted).nanoseconds)
    counted = now
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }
}

extension NetfilterLimit.Unit {
  /// The span that a rate is given for.
  var span: TimeSpan {
    switch self {
    case .second: .seconds(1)
    case .minute: .seconds(60)
    case .hour: .seconds(3600)
    case .day: .seconds(86400)
    }
  }
}
