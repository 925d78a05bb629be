package import NetworkTypes

/// What an exception is of: a destination, and the way that leads there (fib_nh_common.nhc_exceptions).
package struct RouteExceptionKey: Hashable, Sendable {
  let destination: IPAddress
  let gateway: IPAddress?
  let device: DeviceID

  /// A destination beyond a way.
  init(_ destination: IPAddress, over hop: TableRoute.Hop) {
    self.destination = destination
    gateway = hop.gateway
    device = hop.device
  }
}

/// What was learned of the way to one destination (struct fib_nh_exception, rt6_exception).
package struct RouteException: Hashable, Sendable {
  /// The longest packet that gets through, until a moment.
  package var mtu: Int?
  /// Whether a smaller MTU was told than `min_pmtu` allows: packets then go without DF, for a router to fragment
  /// (fnhe_mtu_locked).
  package var isLocked = false
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
  /// How many redirects a host hears that it doesn't follow (ip_rt_redirect_number).
  private static let mostRedirects = 9
  /// How many redirects it has heard.
  private var redirects = 0
  /// Whether it has heard of nothing yet.
  private var isFresh = true

  /// Counts a redirect, if one may be sent: they become rarer, until the host has been silent for twenty seconds
  /// (ip_rt_send_redirect).
  ///
  /// What was saved up for errors is lost with the first, and time until the last doesn't count. The kernel counts
  /// ticks, of 4 ms as most are built (CONFIG_HZ 250), so that it waits half a tick longer on average.
  mutating func redirect(at now: Instant) -> Bool {
    if isFresh || now >= counted + .milliseconds(20 << 10) { (tokens, redirects) = (0, 0) }
    isFresh = false
    guard redirects < Self.mostRedirects else {
      counted = now
      return false
    }
    guard redirects == 0 || now > counted + .milliseconds((20 << UInt64(redirects)) + 2) else { return false }
    counted = now
    redirects += 1
    return true
  }

  /// Takes one error's worth, if there is that much.
  ///
  /// - Parameters:
  ///   - now: the present moment.
  ///   - burst: how many errors can be saved up.
  ///   - interval: what an error costs: the time in which as much is saved.
  /// - Returns: whether the error may be sent.
  mutating func take(at now: Instant, burst: UInt64, interval: TimeSpan) -> Bool {
    let cost = interval.nanoseconds
    isFresh = false
    tokens = min(burst * cost, tokens + now.since(counted).nanoseconds)
    counted = now
    guard tokens >= cost else { return false }
    tokens -= cost
    return true
  }
}
