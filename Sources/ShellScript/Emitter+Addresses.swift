import NetworkTypes
import Plan

extension Emitter {
  /// `ip address add`.
  mutating func emit(_ operation: AddAddress) {
    let address = operation.address
    let target = "\(address) dev \(operation.link.name.text)"
    let extra: String
    switch address.family {
    case .ipv4: extra = address.prefix.broadcast == nil ? "" : " brd +"
    case .ipv6: extra = " nodad"
    }
    add(
      .ip, in: operation.link.place, "address add \(address)\(extra) dev \(operation.link.name.text)",
      undo: isForeign(operation.link) ? "address del \(target)" : nil)
  }
}
