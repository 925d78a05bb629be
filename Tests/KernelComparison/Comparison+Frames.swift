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
        without(noise(kernel.noise, of: name), real, name), without(noise(simulated.noise, of: name), own, name)
      )
      for place in placesOfChance(name, kernel.noise, simulated.noise) { (one[place], other[place]) = (0, 0) }
      guard one != other else { return nil }
      return Difference(
        subject: "\(name) counters",
        text: "\(name): packets and bytes received, sent: the kernel counted \(one), the simulator \(other)")
    }
  }

  /// The places among a device's counters that hang on what comes by chance, where that can't be taken off.
  private func placesOfChance(_ name: String, _ noises: [String: [Int]]?...) -> [Int] {
    switch kind(name) {
    // How much such devices count of what is for many hangs on where it came from.
    case .macvlan, .ipvlan(_, .l2), .ipvlan(_, .l3): noises.contains { $0?[name] != nil } ? [1] : []
    // It shows nobody what it receives: its parent's packets become its own where they are delivered (ipvlan_nf_input).
    case .ipvlan(_, .l3s): [0, 1]
    // It counts what its members have received.
    case .vrf: noises.contains { !members(of: name, among: $0).isEmpty } ? [0, 1] : []
    case .loopback, .veth, .bridge, .dummy, .bond, .vlan, .vxlan, .outside, nil: []
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

  private func device(_ name: String) -> DeviceID? {
    let words = name.split(separator: " ").map(String.init)
    return machine.spaces.first { $0.name == words[0] }.flatMap { space in
      machine.kernel.devices(of: space.id).first { machine.kernel[$0].name.text == words[1] }
    }
  }

  private func kind(_ name: String) -> DeviceKind? { device(name).map { machine.kernel[$0].kind } }

  /// What of a device's counters comes by chance: of a bond's, which are its members', what does of theirs.
  private func noise(_ noise: [String: [Int]]?, of name: String) -> [Int]? {
    guard case .bond = kind(name) else { return noise?[name] }
    return members(of: name, among: noise).map(\.value).reduce([0, 0, 0, 0]) { zip($0, $1).map(+) }
  }

  private func members(of name: String, among noise: [String: [Int]]?) -> [String: [Int]] {
    guard let noise, let master = device(name) else { return [:] }
    return noise.filter { device($0.key).map { machine.kernel[$0].master } == master }
  }

  private func isTunnel(_ name: String) -> Bool { if case .vxlan = kind(name) { true } else { false } }

  private func countsNoHeaders(_ name: String) -> Bool {
    guard let kind = kind(name) else { return false }
    switch kind {
    case .bridge, .vlan, .vxlan: return true
    case .loopback, .veth, .bond, .dummy, .vrf, .macvlan, .ipvlan, .outside: return false
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
