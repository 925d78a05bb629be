import NetworkTypes
import Plan

extension Emitter {
  /// `ip address add`.
  mutating func emit(_ operation: AddAddress) {
    let (address, device) = (operation.address, operation.link.name)
    let extra: String
    switch address.family {
    case .ipv4: extra = address.prefix.broadcast == nil ? "" : " brd +"
    case .ipv6: extra = " nodad"
    }
    add(
      .ip, in: operation.link.place, undo: isForeign(operation.link) ? "address del \(address) dev \(device)" : nil
    ) { $0.append("address add ", address, extra, " dev ", device) }
  }
}
