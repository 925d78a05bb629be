import NetworkTypes
import Packets
import Plan
package import Simulator

/// The kernel's log line of a packet (net/netfilter/nf_log_syslog.c): `IN=eth0 OUT= MAC=… SRC=… DST=… LEN=60 …`.
///
/// - Parameters:
///   - logged: the packet, with the rule's prefix.
///   - kernel: the machine, for names.
/// - Returns: the line, without its end.
package func logText(_ logged: LoggedPacket, in kernel: Kernel) -> String {
  (logged.prefix?.text ?? "") + logText(logged.packet, logged.context, isTrace: false, in: kernel)
}

/// The part of a log line that is about the packet (nf_log_dump_packet_common, dump_ipv4_packet, dump_ipv6_packet).
///
/// - Parameters:
///   - packet: the packet.
///   - context: what is kept beside it.
///   - isTrace: whether it is a line of `-j TRACE`, which says more: TCP's numbers and options, and who sent it.
///   - kernel: the machine, for names.
/// - Returns: the text, a space at its end.
func logText(_ packet: IPPacket, _ context: PacketContext, isTrace: Bool, in kernel: Kernel) -> String {
  func name(_ device: DeviceID?) -> String { device.map { kernel[$0].name.text } ?? "" }
  var text = "IN=\(name(context.input)) OUT=\(name(context.output)) "
  if let port = context.bridgeInput, port != context.input { text += "PHYSIN=\(name(port)) " }
  if let port = context.bridgeOutput, port != context.output { text += "PHYSOUT=\(name(port)) " }
  if context.input != nil { text += hardwareText(context, packet, in: kernel) }
  text += packetText(packet, isTrace: isTrace)
  // What a program on the machine sends carries its user; what the kernel makes up doesn't.
  let isProgram =
    switch packet.payload {
    case .icmp(.echoRequest), .udp: true
    case .tcp(let segment): !segment.flags.contains(.rst)
    case .icmp, .neighborDiscovery, .listenerReport, .fragment: false
    }
  return isTrace && context.input == nil && context.bridgeInput == nil && isProgram ? text + "UID=0 GID=0 " : text
}

/// The Ethernet header of the frame that a packet came in: receiver, sender, protocol (dump_mac_header).
private func hardwareText(_ context: PacketContext, _ packet: IPPacket, in kernel: Kernel) -> String {
  guard let frame = context.frame else { return "MAC= " }
  let kind = packet.family == .ipv4 ? "08:00" : "86:dd"
  return "MAC=\(frame.destination):\(frame.source):\(kind) "
}

/// A packet's headers; of one that an error quotes, less.
private func packetText(_ packet: IPPacket, isTrace: Bool = false, isQuoted: Bool = false) -> String {
  let header =
    switch packet.family {
    case .ipv4: ipv4Text(packet)
    case .ipv6: ipv6Text(packet)
    }
  return header + payloadText(packet, isTrace: isTrace, isQuoted: isQuoted)
}

private func ipv4Text(_ packet: IPPacket) -> String {
  var text = "SRC=\(packet.source) DST=\(packet.destination) LEN=\(packet.length) "
  text += "TOS=0x\(hexadecimal(packet.trafficClass & 0x1e)) PREC=0x\(hexadecimal(packet.trafficClass & 0xe0)) "
  text += "TTL=\(packet.hopLimit) ID=\(packet.identification & 0xffff) "
  if packet.dontFragment { text += "DF " }
  if case .fragment(let part) = packet.payload {
    if part.moreFollow { text += "MF " }
    if part.offset > 0 { text += "FRAG:\(part.offset / 8) " }
  }
  return text
}

private func ipv6Text(_ packet: IPPacket) -> String {
  var text = "SRC=\(expanded(packet.source)) DST=\(expanded(packet.destination)) LEN=\(packet.length) "
  text += "TC=\(packet.trafficClass) HOPLIMIT=\(packet.hopLimit) FLOWLBL=0 "
  if case .fragment(let part) = packet.payload {
    text += "FRAG:\(part.offset) \(part.moreFollow ? "INCOMPLETE " : "")ID:\(longHexadecimal(packet.identification)) "
  }
  return text
}

private func payloadText(_ packet: IPPacket, isTrace: Bool, isQuoted: Bool) -> String {
  var payload = packet.payload
  if case .fragment(let part) = payload {
    guard part.offset == 0 else { return "PROTO=\(protocolText(packet)) " }
    payload = part.whole.payload
  }
  switch payload {
  case .tcp(let segment):
    var text = "PROTO=TCP SPT=\(segment.sourcePort) DPT=\(segment.destinationPort) "
    if isTrace { text += "SEQ=\(segment.sequence) ACK=\(segment.acknowledgment) " }
    text += "WINDOW=\(segment.window) RES=0x00 "
    for (flag, name) in [
      (TCPSegment.Flags.ack, "ACK"), (.psh, "PSH"), (.rst, "RST"), (.syn, "SYN"), (.fin, "FIN"),
    ] where segment.flags.contains(flag) { text += "\(name) " }
    text += "URGP=0 "
    guard isTrace, !segment.options.isEmpty else { return text }
    return text + "OPT (\(segment.options.map(hexadecimal).joined())) "
  case .udp(let datagram):
    return
      "PROTO=UDP SPT=\(datagram.sourcePort) DPT=\(datagram.destinationPort) LEN=\(8 + datagram.data.length) "
  case .icmp(let message): return controlText(message, packet.family, isQuoted: isQuoted)
  case .neighborDiscovery(let message): return "PROTO=ICMPv6 TYPE=\(message.type) CODE=0 "
  case .listenerReport: return packet.family == .ipv4 ? "PROTO=2 " : "PROTO=ICMPv6 TYPE=143 CODE=0 "
  case .fragment: return ""
  }
}

private func protocolText(_ packet: IPPacket) -> String {
  switch packet.protocolNumber {
  case 1: "ICMP"
  case 6: "TCP"
  case 17: "UDP"
  case 58: "ICMPv6"
  default: "\(packet.protocolNumber)"
  }
}

private func controlText(_ message: ICMPMessage, _ family: AddressFamily, isQuoted: Bool) -> String {
  let (type, code) = message.typeAndCode(family)
  var text = "PROTO=\(family == .ipv4 ? "ICMP" : "ICMPv6") TYPE=\(type) CODE=\(code) "
  switch message {
  case .echoRequest(let echo), .echoReply(let echo): text += "ID=\(echo.identifier) SEQ=\(echo.sequence) "
  case .redirect(let gateway, _, _): if family == .ipv4 { text += "GATEWAY=\(gateway) " }
  case .unreachable, .tooBig, .timeExceeded, .reassemblyTimeExceeded: break
  }
  if let quoted = message.quoted, !isQuoted {
    text += "[\(packetText(quoted.packet, isQuoted: true))] "
    if case .tooBig(let mtu, _) = message { text += "MTU=\(mtu) " }
  }
  return text
}

private func hexadecimal(_ number: UInt8) -> String {
  let text = String(number, radix: 16, uppercase: true)
  return String(repeating: "0", count: 2 - text.utf8.count) + text
}

private func longHexadecimal(_ number: UInt32) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: 8 - text.utf8.count) + text
}

/// An IPv6 address with all its digits (`%pI6`).
private func expanded(_ address: IPAddress) -> String {
  guard case .v6(let v6) = address else { return "\(address)" }
  return v6.groups.map { group in
    let text = String(group, radix: 16)
    return String(repeating: "0", count: 4 - text.utf8.count) + text
  }.joined(separator: ":")
}
