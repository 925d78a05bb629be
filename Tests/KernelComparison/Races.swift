import NetworkTypes
import Packets
import Simulator

/// Answers to a question for a neighbor of which it is chance which is heard first, and so believed: the others count
/// for nothing within a second (neigh_update: LOCKTIME in arp(7)).
///
/// A machine with two devices on one segment answers by both, unless told otherwise (arp_ignore). In most cases who is
/// first is no chance, and is compared. It is where a macvlan or ipvlan device has heard the question, since broadcasts
/// reach it by way of a worker (macvlan_process_broadcast, ipvlan_process_multicast), and where a proxy has, which
/// waits for a time that is drawn (pneigh_enqueue).
struct Races {
  /// What hangs on who is first.
  enum Stake: Comparable {
    /// By which of a machine's devices packets go.
    case ways
    /// What comes of probes too: the hardware address is that of devices of several machines, as ipvlan's are.
    case outcomes
  }

  private struct Question: Hashable {
    let asker: DeviceID
    let address: IPv4Address
  }

  private struct Answer {
    let hardware: MACAddress
    let time: Instant
  }

  /// How much later an answer may be heard and still have been first: the longest that a proxy waits, and the lock
  /// time.
  private static let longest = TimeSpan.milliseconds(1800)

  private var answers: [Question: [Answer]] = [:]

  /// Gathers the answers among frames.
  init(_ frames: [Recorder.CapturedFrame], _ kernel: Kernel) {
    for captured in frames where !captured.isSent && captured.frame.destination == kernel[captured.device].address {
      guard case .arp(let packet) = captured.frame.payload, packet.operation == .reply else { continue }
      answers[Question(asker: captured.device, address: packet.sender), default: []].append(
        Answer(hardware: packet.senderHardware, time: captured.time))
    }
  }

  /// What hangs on who is first; nil where nothing does.
  func stake(in kernel: Kernel) -> Stake? {
    let devices = Dictionary(grouping: kernel.devices, by: \.address)
    var result: Stake?
    for (question, answers) in answers {
      for (one, other) in zip(answers, answers.dropFirst())
      where one.hardware != other.hardware && other.time.since(one.time) < Self.longest {
        let answering = [one, other].map { devices[$0.hardware] ?? [] }
        guard answering.joined().contains(where: { answersByChance($0, question.address, kernel) }) else { continue }
        let isAmbiguous = answering.contains { Set($0.map(\.namespace)).count > 1 }
        result = max(result ?? .ways, isAmbiguous ? .outcomes : .ways)
      }
    }
    return result
  }

  /// Whether it is chance when a device answers.
  private func answersByChance(_ device: Device, _ address: IPv4Address, _ kernel: Kernel) -> Bool {
    switch device.kind {
    case .macvlan, .ipvlan: return true
    case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: break
    }
    // A proxy hasn't the address itself.
    return !kernel.devices(of: device.namespace).contains { own in
      kernel[own].addresses.contains { $0.address == .v4(address) }
    }
  }
}
