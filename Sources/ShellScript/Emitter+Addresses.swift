import NetworkTypes
import Plan

extension Emitter {
  /// `ip address add`.
  mutating func emit(_ operation: AddAddress) {
    let (address, device) = (operation.address, operation.link.name)
    let middle: String
    switch address.family {
    case .ipv4: middle = address.prefix.broadcast == nil ? " dev " : " brd + dev "
    case .ipv6: middle = " nodad dev "
    }
    add(
      .ip, in: operation.link.place, undo: isForeign(operation.link) ? "address del \(address) dev \(device)" : nil
    ) { $0.append("address add ", address, middle, device) }
  }
}
