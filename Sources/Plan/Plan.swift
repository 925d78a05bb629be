import NetworkTypes

/// What brings a network about: operations in an order that works, each with the place in the file it comes from.
///
/// A plan is complete: whoever runs it consults nothing else.
package struct Plan: Hashable, Sendable {
  /// The name of the running network, unique on a machine: the project's name, after the prefix where there is one.
  package var instance: InstanceName
  /// The operations, first to last.
  package var steps: [Step]

  /// Creates a plan.
  package init(instance: InstanceName, steps: [Step]) {
    self.instance = instance
    self.steps = steps
  }
}

/// One operation of a plan and where it comes from.
package struct Step: Hashable, Sendable {
  /// The operation.
  package var operation: Operation
  /// What asked for it.
  package var origin: Origin

  /// Creates a step.
  package init(_ operation: Operation, origin: Origin) {
    self.operation = operation
    self.origin = origin
  }
}

/// The name that a network goes by while it is up: lower-case letters, digits, `_` and `-`, at most 64 bytes.
package struct InstanceName: Hashable, Sendable, TextCodable {
  /// The name.
  package let text: String

  /// The longest name in bytes.
  package static let maximumLength = 64

  /// Checks and takes a name.
  package init?(_ text: String) {
    let first = text.utf8.first.map { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") } ?? false
    guard first, text.utf8.count <= Self.maximumLength,
      text.utf8.allSatisfy({
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
          UInt8(ascii: "_"):
          true
        default: false
        }
      })
    else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }

  /// The name of the network's tables of netfilter rules in every namespace.
  package var table: String { "netwright-\(text)" }

  /// The device group (`ip link … group`) that marks the devices of this network in the host's namespace.
  ///
  /// A group is set in the same netlink message that creates a device (IFLA_GROUP), so that no device is ever without
  /// its mark. It is 0x4E000000 (an N) plus 24 bits of the name's FNV-1a hash, away from the small numbers that
  /// people choose.
  package var deviceGroup: UInt32 {
    let hash = text.utf8.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return 0x4E00_0000 | (hash ^ hash >> 24) & 0xFF_FFFF
  }
}
