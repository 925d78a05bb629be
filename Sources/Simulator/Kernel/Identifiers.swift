package import NetworkTypes

/// A namespace of the simulated machine: an index into `Kernel.namespaces` that is never used for another.
package struct NamespaceID: Hashable, Comparable, Codable, Sendable {
  /// The index.
  package let index: Int

  init(_ index: Int) { self.index = index }

  /// The namespace that the plan is run in.
  package static let host = NamespaceID(0)

  /// Orders by creation.
  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// A device of the simulated machine, in whatever namespace: an index into `Kernel.devices` that is never used for
/// another.
package struct DeviceID: Hashable, Comparable, Codable, Sendable {
  /// The index.
  package let index: Int

  init(_ index: Int) { self.index = index }

  /// Orders by creation.
  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// A moment of virtual time, in nanoseconds since the machine was started.
package struct Instant: Hashable, Comparable, Codable, Sendable {
  /// The nanoseconds since the start.
  package var nanoseconds: UInt64

  /// The moment the machine was started.
  package static let start = Instant(nanoseconds: 0)

  /// Creates a moment.
  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Orders by time.
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The moment that a span later is.
  package static func + (left: Self, right: TimeSpan) -> Self {
    Instant(nanoseconds: left.nanoseconds + right.nanoseconds)
  }

  /// How long after another moment it is; zero if it is before.
  package func since(_ other: Self) -> TimeSpan {
    TimeSpan(nanoseconds: nanoseconds > other.nanoseconds ? nanoseconds - other.nanoseconds : 0)
  }
}

extension TimeSpan {
  /// A number of seconds.
  package static func seconds(_ number: UInt64) -> Self { Self(nanoseconds: number * 1_000_000_000) }
  /// A number of milliseconds.
  package static func milliseconds(_ number: UInt64) -> Self { Self(nanoseconds: number * 1_000_000) }
  /// A number of microseconds.
  package static func microseconds(_ number: UInt64) -> Self { Self(nanoseconds: number * 1000) }
}
