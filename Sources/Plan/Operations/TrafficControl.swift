package import NetworkTypes

/// Sets the root queueing discipline of a device, which acts on what the device sends (`tc qdisc add … root`).
package struct AddQdisc: Hashable, Codable, Sendable {
  /// The device.
  package var link: LinkReference
  /// The discipline.
  package var kind: QdiscKind

  /// Creates the operation.
  package init(link: LinkReference, kind: QdiscKind) {
    self.link = link
    self.kind = kind
  }
}

/// The queueing disciplines that a plan can set.
package enum QdiscKind: Hashable, Sendable {
  /// Delay and damage (tc-netem(8)).
  case netem(NetemOptions)
  /// A token bucket (tc-tbf(8)).
  case tbf(TBFOptions)
}

/// What a token bucket lets through.
package struct TBFOptions: Hashable, Codable, Sendable {
  /// The rate.
  package var rate: BitRate
  /// The bucket in bytes: at least an MTU, and a timer tick's worth of the rate.
  package var burst: Int
  /// How long a packet may wait before it is dropped.
  package var latency: TimeSpan

  /// Creates the options.
  package init(rate: BitRate, burst: Int, latency: TimeSpan) {
    self.rate = rate
    self.burst = burst
    self.latency = latency
  }
}
