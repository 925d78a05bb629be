import NetworkTypes

/// How a node leaves a network.
enum WayOut: Hashable {
  /// Over a gateway.
  case gateway(IPAddress)
  /// By the device alone: ipvlan at layer 3.
  case device
  /// Not at all.
  case none
}

/// How a node leaves a network over each family.
struct WaysOut {
  var ipv4 = WayOut.none
  var ipv6 = WayOut.none

  subscript(family: AddressFamily) -> WayOut {
    get {
      switch family {
      case .ipv4: ipv4
      case .ipv6: ipv6
      }
    }
    set {
      switch family {
      case .ipv4: ipv4 = newValue
      case .ipv6: ipv6 = newValue
      }
    }
  }
}
