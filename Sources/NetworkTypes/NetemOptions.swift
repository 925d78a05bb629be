/// What netem does to the packets that a device sends; each chance is independent.
package struct NetemOptions: Hashable, Codable, Sendable {
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
