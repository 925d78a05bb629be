/// A value that most structures of a kind don't have, kept apart from them: what there are thousands of has but a word
/// for it.
///
/// It is public because other modules specialise and inline no generic code that isn't; and no property wrapper, whose
/// getter would be a call that copies the structure around it first.
public struct Rare<Value> {
  @usableFromInline
  indirect enum Storage {
    case absent
    case present(Value)
  }

  @usableFromInline
  var storage: Storage

  /// Creates a place with a value, or without one.
  @inlinable @inline(__always)
  public init(_ value: Value? = nil) {
    storage = value.map { .present($0) } ?? .absent
  }

  /// The value, if there is one.
  @inlinable @inline(__always)
  public var value: Value? {
    get {
      switch storage {
      case .absent: nil
      case .present(let value): value
      }
    }
    set { self = Rare(newValue) }
  }

  /// Whether there is none.
  @inlinable @inline(__always)
  public var isAbsent: Bool {
    switch storage {
    case .absent: true
    case .present: false
    }
  }
}

extension Rare: Sendable where Value: Sendable {}
extension Rare.Storage: Sendable where Value: Sendable {}
