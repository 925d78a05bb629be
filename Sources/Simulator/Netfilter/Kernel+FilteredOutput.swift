import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Sends a packet of the machine's own past its rules (__ip_local_out, ip_output).
  ///
  /// - Throws: the error number that the sender gets: "Operation not permitted" where a rule drops the packet.
  mutating func sendFiltered(
    _ packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, table: UInt32, _ options: SendOptions,
    in namespace: NamespaceID
  ) throws(KernelError) {
    var packet = packet
    var context = PacketContext()
    context.tracking = options.tracking
    context.output = leavingDevice(route, hop, namespace)
    context.gateway = hop.router
    var (route, hop, table) = (route, hop, table)
    let destination = packet.destination
    // Of what is dropped there the sender doesn't hear (l3mdev_ip_out).
    guard passesVRF(&packet, route, hop, context, in: namespace) else { return }
    try pass(.output, &packet, &context, in: namespace, at: hop.device)
    if packet.destination != destination {
      // Translated, it may have to go another way (ip_route_me_harder).
      var other = options
      other.source = packet.source
      (route, hop, _, table) = try way(to: packet.destination, other, in: namespace)
      let leaving = leavingDevice(route, hop, namespace) ?? hop.device
      // A loopback address isn't sent from by other devices, unless they may (__mkroute_output).
      guard
        packet.family == .ipv6 || !packet.source.isLoopback || self[leaving].kind == .loopback
          || self[leaving].ipv4.routeLocalnet != 0 || self[namespace].ipv4All.routeLocalnet != 0
      else { throw KernelError(.invalidArgument) }
    }
    if recorder.isOn { recorder.add(.routed(packet, namespace, route, table: table, input: nil), at: now) }
    context.output = leavingDevice(route, hop, namespace)
    context.gateway = hop.router
    if !discards(route, over: hop) {
      try pass(.postrouting, &packet, &context, in: namespace, at: hop.device)
    }
    try emitOwn(packet, route, hop, context)
  }

  private mutating func pass(
    _ hook: NetfilterHook, _ packet: inout IPPacket, _ context: inout PacketContext, in namespace: NamespaceID,
    at device: DeviceID
  ) throws(KernelError) {
    switch pass(hook, &packet, &context, in: namespace) {
    case .accepted, .stolen: break
    case .dropped(let errno):
      drop(packet, .filtered(hook), at: device)
      throw KernelError(errno)
    }
  }
}
