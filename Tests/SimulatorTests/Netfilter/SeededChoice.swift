/// Choices from a seed (SplitMix64): the same seed makes the same choices.
struct SeededChoice {
  private var state: UInt64

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The choices of neighboring seeds have nothing in common: each begins somewhere else in the sequence of all
  /// numbers.
  init(seed: UInt64) { state = Self.mixed(seed &+ Self.step) }

  /// The choices from a place in a sequence of its own that the first comparisons were made with.
  init(place: UInt64) { state = place &* Self.step &+ 7 }

  mutating func below(_ limit: Int) -> Int {
    state &+= Self.step
    return Int(Self.mixed(state) % UInt64(limit))
  }

  private static func mixed(_ number: UInt64) -> UInt64 {
    var mixed = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Whether something happens that happens so often in a hundred.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}
