import NetworkTypes
package import Packets

extension ICMPMessage {
  /// What ping(8) prints of a message (iputils, ping/ping.c: pr_icmph; ping6_common.c: print_icmp).
  package var pingText: String {
    switch self {
    case .unreachable(let reason, let quoted):
      quoted.packet.family == .ipv4 ? reason.ipv4Text : "Destination unreachable: \(reason.ipv6Text)"
    case .tooBig(let mtu, let quoted):
      quoted.packet.family == .ipv4 ? "Frag needed and DF set (mtu = \(mtu))" : "Packet too big: mtu=\(mtu)"
    case .timeExceeded(let quoted):
      quoted.packet.family == .ipv4 ? "Time to live exceeded" : "Time exceeded: Hop limit"
    case .reassemblyTimeExceeded(let quoted):
      quoted.packet.family == .ipv4 ? "Frag reassembly time exceeded" : "Time exceeded: Defragmentation failure"
    case .redirect(let gateway, _, _): "Redirect Host(New nexthop: \(gateway))"
    case .echoRequest: "Echo Request"
    case .echoReply: "Echo Reply"
    }
  }
}

extension ICMPMessage.Unreachable {
  fileprivate var ipv4Text: String {
    switch self {
    case .network: "Destination Net Unreachable"
    case .host: "Destination Host Unreachable"
    case .protocol: "Destination Protocol Unreachable"
    case .port: "Destination Port Unreachable"
    case .prohibited: "Packet filtered"
    case .networkProhibited: "Destination Net Prohibited"
    case .hostProhibited: "Destination Host Prohibited"
    case .rejectRoute, .beyondScope: "Dest Unreachable, Bad Code"
    }
  }

  fileprivate var ipv6Text: String {
    switch self {
    case .network: "No route"
    case .prohibited, .networkProhibited, .hostProhibited: "Administratively prohibited"
    case .beyondScope: "Beyond scope of source address"
    case .host: "Address unreachable"
    case .port: "Port unreachable"
    case .protocol: "Unknown code"
    case .rejectRoute: "Reject route to destination"
    }
  }

  /// What traceroute(8) puts behind a hop.
  package var tracerouteMark: String {
    switch self {
    case .network: "!N"
    case .host: "!H"
    case .protocol: "!P"
    case .port: ""
    case .prohibited: "!X"
    case .networkProhibited: "!9"
    case .hostProhibited: "!10"
    case .beyondScope: "!2"
    case .rejectRoute: "!6"
    }
  }
}

/// A span in milliseconds with three decimals, as these programs print times.
func milliseconds(_ span: TimeSpan) -> String {
  let thousandths = (span.nanoseconds + 500) / 1000
  let rest = "\(thousandths % 1000)"
  return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
}
