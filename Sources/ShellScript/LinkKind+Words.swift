import NetworkTypes
import Plan

extension LinkKind {
  /// What follows `type` in `ip link add` (ip-link(8)).
  var words: ShellText {
    switch self {
    case .bridge(let options): "bridge\(options.words)"
    case .dummy: "dummy"
    // Without a monitoring interval a bond never sees that a member has lost its carrier.
    case .bond(let mode): "bond miimon 100 mode \(mode.rawValue)"
    case .vrf(let table): "vrf table \(table)"
    case .vlan(_, let id): "vlan id \(id)"
    case .vxlan(let options): "vxlan\(options.words)"
    case .macvlan(_, let mode): "macvlan mode \(mode.rawValue)"
    case .ipvlan(_, let mode): "ipvlan mode \(mode.rawValue)"
    }
  }

  /// The device that one is made on, for a device in a place.
  func parent(in place: Place) -> LinkReference? {
    switch self {
    case .vlan(let parent, _): LinkReference(place, parent)
    case .macvlan(let parent, _), .ipvlan(let parent, _): parent
    case .bridge, .dummy, .bond, .vrf, .vxlan: nil
    }
  }
}

extension BridgeOptions {
  /// The options, times in hundredths of a second (USER_HZ).
  ///
  /// Without the spanning tree there are no loops to wait for, and a port forwards from the start.
  fileprivate var words: ShellText {
    var text: ShellText = spanningTree ? " stp_state 1 forward_delay 200" : " forward_delay 0"
    if vlanFiltering { text += " vlan_filtering 1" }
    if let ageingTime { text += " ageing_time \(ageingTime * 100)" }
    return text
  }
}

extension VXLANOptions {
  fileprivate var words: ShellText {
    var text: ShellText = " id \(id)"
    if let local { text += " local \(local)" }
    if let remote { text += remote.isMulticast ? " group \(remote)" : " remote \(remote)" }
    if let device { text += " dev \(device)" }
    text += " dstport \(port)"
    return text
  }
}
