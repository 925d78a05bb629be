package import NetworkTypes

/// What was learned of the way to one destination (struct fib_nh_exception, rt6_exception).
package struct RouteException: Hashable, Sendable {
  /// The longest packet that gets through, until a moment.
  package var mtu: Int?
  /// A better router, from a redirect.
  package var gateway: IPAddress?
  /// When it is forgotten.
  package var expires: Instant

  /// How long a path MTU is kept (net.ipv4.route.mtu_expires, net.ipv6.route.mtu_expires).
  static let lifetime = TimeSpan.seconds(600)
}

/// How many errors a machine may still send to another (struct inet_peer, rate_tokens).
struct ErrorAllowance: Sendable {
  /// What has been saved up, in nanoseconds.
  private var tokens: UInt64 = 60_000_000_000
  /// When it was last counted.
  private var counted: Instant

  init(at now: Instant) { counted = now }

  /// How many errors can be saved up: of ICMP (XRLIM_BURST_FACTOR), and of routing (net.ipv4.route.error_burst).
  static let icmpBurst: UInt64 = 6
  static let routingBurst: UInt64 = 5

  /// Takes one error's worth, if there is that much.
  ///
  /// - Parameters:
  ///   - now: the present moment.
  ///   - burst: how many errors can be saved up.
  ///   - interval: what an error costs: the time in which as much is saved.
  /// - Returns: whether the error may be sent.
  mutating func take(at now: Instant, burst: UInt64, interval: TimeSpan) -> Bool {
    let cost = interval.nanoseconds
    tokens = min(burst * cost, tokens + now.since(counted).nanoseconds)
    counted = now
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }
}
