/// A value that most structures of a kind don't have, kept apart from them: what there are thousands of has but a word
/// for it.
///
/// It is public because other modules specialise no generic code that isn't.
@propertyWrapper
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
  public init(wrappedValue: Value?) {
    storage = wrappedValue.map { .present($0) } ?? .absent
  }

  /// The value, if there is one.
  public var wrappedValue: Value? {
    @inlinable @inline(__always)
    get {
      switch storage {
      case .absent: nil
      case .present(let value): value
      }
    }
    @inlinable @inline(__always)
    set { self = Rare(wrappedValue: newValue) }
  }
}

extension Rare: Sendable where Value: Sendable {}
extension Rare.Storage: Sendable where Value: Sendable {}
