import NetworkTypes
package import Packets

extension Frame {
  /// What tcpdump(8) prints of the frame's content, in short.
  package var summary: String {
    switch payload {
    case .arp(let packet):
      switch packet.operation {
      case .request: "ARP, Request who-has \(packet.target) tell \(packet.sender)"
      case .reply: "ARP, Reply \(packet.sender) is-at \(packet.senderHardware)"
      }
    case .ip(let packet): packet.summary
    case .spanningTree(let unit): "STP 802.1d, Config, root \(unit.root.address), cost \(unit.rootPathCost)"
    }
  }
}

extension IPPacket {
  /// What tcpdump(8) prints of the packet, in short.
  package var summary: String {
    let name = family == .ipv4 ? "IP" : "IP6"
    let limit = family == .ipv4 ? "ttl" : "hlim"
    switch payload {
    case .icmp(let message):
      return "\(name) \(source) > \(destination): \(message.summary(isIPv4: family == .ipv4)), \(limit) \(hopLimit)"
    case .neighborDiscovery(let message): return "\(name) \(source) > \(destination): ICMP6, \(message.summary)"
    case .listenerReport(let groups):
      let kind = family == .ipv4 ? "igmp v3 report" : "ICMP6, multicast listener report v2"
      return "\(name) \(source) > \(destination): \(kind), \(groups.count) group record(s)"
    case .udp(let datagram):
      let ends = "\(source).\(datagram.sourcePort) > \(destination).\(datagram.destinationPort)"
      if case .frame(let frame, let vni) = datagram.data {
        return "\(name) \(ends): VXLAN, vni \(vni): \(frame.summary)"
      }
      return "\(name) \(ends): UDP, length \(datagram.data.length), \(limit) \(hopLimit)"
    case .tcp(let segment):
      let ends = "\(source).\(segment.sourcePort) > \(destination).\(segment.destinationPort)"
      return "\(name) \(ends): Flags [\(segment.flags.letters)], length \(segment.data.length), \(limit) \(hopLimit)"
    case .fragment(let part):
      return
        "\(name) \(source) > \(destination): fragment, offset \(part.offset), length \(part.length), \(limit) \(hopLimit)"
    }
  }
}

extension ICMPMessage {
  fileprivate func summary(isIPv4: Bool) -> String {
    let name = isIPv4 ? "ICMP" : "ICMP6,"
    switch self {
    case .echoRequest(let echo): return "\(name) echo request, seq \(echo.sequence), length \(length)"
    case .echoReply(let echo): return "\(name) echo reply, seq \(echo.sequence), length \(length)"
    case .unreachable, .tooBig, .timeExceeded, .reassemblyTimeExceeded, .redirect:
      return "\(name) \(pingText.prefix(1).lowercased())\(pingText.dropFirst())"
    }
  }
}

extension NeighborDiscoveryMessage {
  fileprivate var summary: String {
    switch self {
    case .solicitation(let target, _), .duplicateProbe(let target, _): "neighbor solicitation, who has \(target)"
    case .advertisement(let advertisement): "neighbor advertisement, tgt is \(advertisement.target)"
    case .routerSolicitation: "router solicitation"
    }
  }
}

extension TCPSegment.Flags {
  fileprivate var letters: String {
    var text = ""
    if contains(.fin) { text += "F" }
    if contains(.syn) { text += "S" }
    if contains(.rst) { text += "R" }
    if contains(.psh) { text += "P" }
    return contains(.ack) ? text + "." : text
  }
}
