import NetworkTypes
import Simulator

/// The table of `route -n` (net-tools, lib/inet_gr.c).
func routeTableText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  var text = "Kernel IP routing table\n"
  text += "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
  for route in kernel[namespace].ipv4Tables[RouteTableNumber.main]?.routes ?? [] {
    let hop = route.hops.first
    // The kernel has a flag for routes that answer; one that drops in silence looks like any other (fib_flag_trans).
    let isRejected = route.type == .unreachable || route.type == .prohibit
    var flags = isRejected ? "!" : "U"
    if hop?.gateway != nil { flags += "G" }
    if route.destination.length == 32 { flags += "H" }
    let mask = IPv4Address(bits: UInt32(truncatingIfNeeded: ~UInt64(0) << UInt64(32 - route.destination.length)))
    let gateway = isRejected ? "-" : hop?.gateway.map { "\($0)" } ?? "0.0.0.0"
    let words = [pad("\(route.destination.network)", 15), pad(gateway, 15), pad("\(mask)", 15), pad(flags, 5)]
    let device = isRejected ? "-" : hop.map { kernel[$0.device].name.text } ?? "*"
    text += words.joined(separator: " ") + " " + pad("\(route.metric)", 6) + " " + (isRejected ? "- " : "0 ")
    text += " " + right("0", 7) + " \(device)\n"
  }
  return text
}
