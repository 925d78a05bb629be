import NetworkTypes
import Packets

extension Kernel {
  /// Hands a datagram to whoever has its port (__udp4_lib_rcv, __udp6_lib_rcv).
  mutating func receive(_ datagram: UDPDatagram, _ packet: IPPacket, on device: DeviceID) {
    let namespace = self[device].namespace
    if hasTunnel(on: datagram.destinationPort, packet.family, hearing: device) {
      if !decapsulate(datagram, packet, on: device) { drop(packet, .noTunnel, at: device) }
      return
    }
    // A connected socket hears nobody else (udp4_lib_lookup2: compute_score).
    let isHeard = unboundSocketsHear(.udp, on: device)
    if isHeard, let socket = self[namespace].sockets[.udp(port: datagram.destinationPort)],
      self[namespace].sockets[socket]?.isOpen(to: packet.source, port: datagram.sourcePort) == true
    {
      return notify(
        socket, .datagram(from: packet.source, port: datagram.sourcePort, length: datagram.data.length), in: namespace)
    }
    if isHeard, self[namespace].sockets.listening.contains(.init(transport: .udp, port: datagram.destinationPort)) {
      noteVisit(.udp, port: datagram.destinationPort, from: packet.source, datagram.sourcePort, in: namespace)
      var options = SendOptions()
      options.master = masterTable(of: device)
      if !packet.destination.isMulticast, !isTakenInAsBroadcast(packet.destination, on: device) {
        options.source = packet.destination
      }
      let answer = UDPDatagram(
        sourcePort: datagram.destinationPort, destinationPort: datagram.sourcePort, data: datagram.data)
      try? send(.udp(answer), to: packet.source, options, in: namespace)
      return
    }
    drop(packet, .nobodyListens, at: device)
    sendError(.port, about: packet, in: namespace, receivedBy: device)
  }
}
