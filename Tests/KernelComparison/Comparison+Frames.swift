import NetworkTypes
import Simulator

extension Comparison {
  /// What devices counted, but for what comes at moments that chance decides.
  func counters(_ kernel: KernelAnswer, _ simulated: SimulatedAnswer) -> [Difference] {
    simulated.counters.sorted { $0.key < $1.key }.compactMap { name, own in
      guard let real = kernel.counters?[name] else {
        return Difference(subject: "\(name) counters", text: "\(name): the kernel has no such device")
      }
      var (one, other) = (
        without(kernel.noise?[name], real, name), without(simulated.noise[name], own, name)
      )
      // How much a macvlan device counts of what is for many hangs on where it came from.
      if case .macvlan = kind(name), kernel.noise?[name] != nil || simulated.noise[name] != nil {
        (one[1], other[1]) = (0, 0)
      }
      // What its members have received a VRF counts too: that isn't modelled.
      if case .vrf = kind(name) { (one[0], one[1], other[0], other[1]) = (0, 0, 0, 0) }
      guard one != other else { return nil }
      return Difference(
        subject: "\(name) counters",
        text: "\(name): packets and bytes received, sent: the kernel counted \(one), the simulator \(other)")
    }
  }

  /// Counters less the frames that come by chance: a bridge counts what it receives without the Ethernet header.
  private func without(_ noise: [Int]?, _ counters: [Int], _ name: String) -> [Int] {
    guard let noise else { return counters }
    var result = counters
    for index in result.indices { result[index] -= noise[index] }
    if countsNoHeaders(name) { result[1] += 14 * noise[0] }
    if isTunnel(name) { result[3] += 14 * noise[2] }
    return result
  }

  private func kind(_ name: String) -> DeviceKind? {
    let words = name.split(separator: " ").map(String.init)
    return machine.spaces.first { $0.name == words[0] }.flatMap { space in
      machine.kernel.devices(of: space.id).first { machine.kernel[$0].name.text == words[1] }
    }.map { machine.kernel[$0].kind }
  }

  private func isTunnel(_ name: String) -> Bool { if case .vxlan = kind(name) { true } else { false } }

  private func countsNoHeaders(_ name: String) -> Bool {
    guard let kind = kind(name) else { return false }
    switch kind {
    case .bridge, .vlan, .vxlan, .bond: return true
    case .loopback, .veth, .dummy, .vrf, .macvlan, .ipvlan, .outside: return false
    }
  }

  /// The frames of the devices that are looked at, field by field, each as often.
  func frames(_ kernel: KernelAnswer, _ simulated: SimulatedAnswer) -> [Difference] {
    let given = machine.givenHardwareAddresses
    return exercise.captures.compactMap { space, device in
      let name = "\(space) \(device)"
      let real = (kernel.frames?[name] ?? []).map { frame in
        "\(frame.prefix(1)) " + FrameText(bytes(frame.dropFirst()), given: given, showsWindows: place == .host).text
      }
      let own = (simulated.frames[name] ?? []).map { frame in
        (frame.isSent ? "> " : "< ") + FrameText(frame.bytes, given: given, showsWindows: place == .host).text
      }
      guard real.count < 2000 else { return nil }
      let lines = KernelComparison.differences(counted(real), counted(own))
      guard !lines.isEmpty else { return nil }
      return Difference(
        subject: "\(name) frames", text: "\(name), frames:\n\(lines.prefix(12).joined(separator: "\n"))")
    }
  }

  /// Frames in order, those that have to do with connections once each.
  ///
  /// Whether another redirect may be sent about one that is tried every second hangs on milliseconds.
  private func counted(_ frames: [String]) -> [String] {
    let isOfTCP = { (frame: String) in frame.contains(" tcp ") }
    let isRedirect = { (frame: String) in frame.contains(" icmp 5/") || frame.contains(" icmp 137/") }
    let connections = Set(frames.filter { isOfTCP($0) && !isRedirect($0) })
    return (frames.filter { !isOfTCP($0) } + connections).sorted()
  }

  private func bytes(_ hex: Substring) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(hex.utf8.count / 2)
    var high: UInt8?
    for digit in hex.utf8 {
      let value = digit < 58 ? digit &- 48 : digit &- 87
      if let first = high {
        result.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return result
  }
}
