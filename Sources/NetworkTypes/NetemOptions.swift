/// What netem does to the packets that a device sends; each chance is independent.
package struct NetemOptions: Hashable, Codable, Sendable {
  /// The longest delay, and the longest jitter, that tc(8) takes: it counts ticks of 64 ns in 32 bits, and rounds to
  /// microseconds (iproute2, tc/tc_core.c: tc_core_time2big).
  package static let longestDelay = TimeSpan(nanoseconds: 274_877_906_000)

  /// How long each packet is held.
  package var delay: TimeSpan?
  /// How far the delay varies either way; needs a delay.
  package var jitter: TimeSpan?
  /// The chance of a loss.
  package var loss: Percentage?
  /// The chance of a second copy.
  package var duplicate: Percentage?
  /// The chance of a flipped bit.
  package var corrupt: Percentage?
  /// The chance of being sent at once, ahead of those delayed; needs a delay.
  package var reorder: Percentage?
  /// The rate of the link.
  package var rate: BitRate?

  /// Creates options that do nothing.
  package init() {}
}
