import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Forwards an IPv4 packet (ip_forward).
  mutating func forwardIPv4(
    _ packet: IPPacket, _ frame: Frame, _ route: TableRoute, _ hop: TableRoute.Hop, from device: DeviceID,
    senderIsOnLink: Bool, _ context: PacketContext?
  ) {
    let namespace = self[device].namespace
    guard !frame.destination.isMulticast else { return drop(packet, .otherHost(frame.destination), at: device) }
    guard packet.hopLimit > 1 else {
      drop(packet, .timeToLive, at: device)
      return sendError(.timeExceeded, about: packet, in: namespace, receivedBy: device, context)
    }
    let mtu = forwardingMTU(of: packet, route, hop, in: namespace)
    guard packet.length <= mtu || !packet.dontFragment else {
      drop(packet, .mustNotFragment(mtu: mtu), at: hop.device)
      return sendError(.tooBig(mtu: mtu), about: packet, in: namespace, receivedBy: device, context)
    }
    var next = packet
    next.hopLimit -= 1
    if hop.device == device, senderIsOnLink { sendIPv4Redirect(next, hop, device, context) }
    forward(next, route, hop, from: device, context)
  }

  /// The longest packet that is forwarded by a way: what was learned of the path counts where it is more than its links
  /// take, or where a parameter says so (ip_dst_mtu_maybe_forward).
  func forwardingMTU(
    of packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, in namespace: NamespaceID
  ) -> Int {
    let isLocked = exception(to: packet.destination, over: hop, in: namespace)?.isLocked ?? false
    guard packet.family == .ipv4, isLocked || self[namespace].stack.forwardsByPathMTU != 0 else {
      return self[hop.device].mtu
    }
    return pathMTU(to: packet.destination, route, hop, in: namespace)
  }

  /// Whether a link has networks whose hosts reach each other without a router (IN_DEV_SHARED_MEDIA).
  func sharesMedia(_ device: DeviceID) -> Bool {
    self[device].ipv4.sharedMedia != 0 || self[self[device].namespace].ipv4All.sharedMedia != 0
  }

  /// Whether two addresses are in one of a device's networks (inet_addr_onlink).
  func isOnLink(_ one: IPAddress, _ other: IPAddress?, of device: DeviceID) -> Bool {
    self[device].addresses.contains { own in
      own.interface.prefix.contains(one) && (other.map { own.interface.prefix.contains($0) } ?? true)
    }
  }

  /// Sends on what has been found fit for it, past the rules (ip_forward_finish, ip_output).
  private mutating func forward(
    _ packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, from device: DeviceID, _ context: PacketContext?
  ) {
    let namespace = self[device].namespace
    guard var context else { return emit(packet, route, hop, origin: .forwarded(device)) }
    var packet = packet
    context.output = hop.device
    context.gateway = hop.router
    guard passes(.forward, &packet, &context, in: namespace, at: device),
      passes(.postrouting, &packet, &context, in: namespace, at: hop.device)
    else { return }
    emit(packet, route, hop, origin: .forwarded(device), context)
  }

  /// Tells a sender of the better router on its own link (ip_rt_send_redirect).
  private mutating func sendIPv4Redirect(
    _ packet: IPPacket, _ hop: TableRoute.Hop, _ device: DeviceID, _ context: PacketContext?
  ) {
    let namespace = self[device].namespace
    guard self[namespace].ipv4All.sendRedirects != 0 || self[device].ipv4.sendRedirects != 0,
      sharesMedia(device) || isOnLink(packet.source, hop.router, of: device)
    else { return }
    guard allowsRedirect(to: packet.source, namespace) else { return }
    let better = router(to: packet.destination, over: hop, in: namespace) ?? packet.destination
    sendError(
      .redirect(gateway: better, target: packet.destination), about: packet, in: namespace, receivedBy: device, context)
  }

  private mutating func allowsRedirect(to host: IPAddress, _ namespace: NamespaceID) -> Bool {
    var allowance = self[namespace].errorAllowances[host] ?? ErrorAllowance(at: now)
    defer { namespaces[namespace.index].errorAllowances[host] = allowance }
    return allowance.redirect(at: now)
  }

  /// Forwards an IPv6 packet (ip6_forward).
  mutating func forwardIPv6(
    _ packet: IPPacket, _ frame: Frame, _ route: TableRoute, _ hop: TableRoute.Hop, from device: DeviceID,
    _ context: PacketContext?
  ) {
    let namespace = self[device].namespace
    guard !frame.destination.isMulticast else { return drop(packet, .otherHost(frame.destination), at: device) }
    guard packet.hopLimit > 1 else {
      drop(packet, .timeToLive, at: device)
      return sendError(.timeExceeded, about: packet, in: namespace, receivedBy: device, context)
    }
    if hop.device == device {
      sendIPv6Redirect(packet, hop, device)
    } else {
      guard !packet.source.isUnspecified else { return drop(packet, .martian(packet.source), at: device) }
      guard !packet.source.isIPv6LinkLocal else {
        // Beyond the scope of its source (RFC 4443 §3.1): code 2, which is shown as a host that can't be reached.
        drop(packet, .martian(packet.source), at: device)
        return sendError(.beyondScope, about: packet, in: namespace, receivedBy: device, context)
      }
    }
    let mtu = self[hop.device].mtu
    guard !isTooBig(packet, mtu, context?.parts) else {
      drop(packet, .mustNotFragment(mtu: mtu), at: hop.device)
      return sendError(.tooBig(mtu: mtu), about: packet, in: namespace, receivedBy: device, context)
    }
    var next = packet
    next.hopLimit -= 1
    forward(next, route, hop, from: device, context)
  }

  /// Whether a packet is too long for a link; of what was made of fragments the longest counts, where it is known
  /// (ip6_pkt_too_big).
  private func isTooBig(_ packet: IPPacket, _ mtu: Int, _ parts: GatheredParts?) -> Bool {
    guard let parts else { return packet.length > mtu }
    return packet.length > mtu && parts.longest.map { $0 > mtu } ?? false
  }

  /// Tells a sender of the better way on its own link (ndisc_send_redirect): only of one that has a link-local address,
  /// or of the destination itself.
  ///
  /// Of one destination it tells once a second, and of several at first (ip6_forward).
  private mutating func sendIPv6Redirect(_ packet: IPPacket, _ hop: TableRoute.Hop, _ device: DeviceID) {
    let target = hop.router ?? packet.destination
    guard takeRedirect(about: packet.destination, in: self[device].namespace),
      target.isIPv6LinkLocal || target == packet.destination,
      self[device].addresses.contains(where: {
        $0.interface.family == .ipv6 && $0.interface.prefix.contains(packet.source)
      })
    else { return }
    sendError(
      .redirect(gateway: target, target: packet.destination), about: packet, in: self[device].namespace,
      receivedBy: device)
  }
}
