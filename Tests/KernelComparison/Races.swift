import NetworkTypes
import Packets
import Simulator

/// Answers to a question for a neighbor of which it is chance which is heard first, and so believed: the others count for
/// nothing within a second (neigh_update: LOCKTIME in arp(7)).
///
/// A machine with two devices on one segment answers by both, unless told otherwise (arp_ignore). In most cases who is first
/// is no chance, and is compared. It is where a macvlan device has heard the question, since broadcasts reach it by way of
/// a worker (macvlan_process_broadcast), and where a proxy has, which waits for a time that is drawn (pneigh_enqueue).
struct Races {
  private struct Question: Hashable {
    let asker: DeviceID
    let address: IPv4Address
  }

  private struct Answer {
    let hardware: MACAddress
    let time: Instant
  }

  /// How much later an answer may be heard and still have been first: the longest that a proxy waits, and the lock time.
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

  /// Whether there is any.
  func isEmpty(in kernel: Kernel) -> Bool {
    let devices = Dictionary(grouping: kernel.devices.indices, by: { kernel.devices[$0].address })
    return !answers.contains { question, answers in
      zip(answers, answers.dropFirst()).contains { one, other in
        guard one.hardware != other.hardware, other.time.since(one.time) < Self.longest else { return false }
        return [one, other].contains { answer in
          (devices[answer.hardware] ?? []).contains { index in
            let device = kernel.devices[index]
            if case .macvlan = device.kind { return true }
            return !kernel.devices(of: device.namespace).contains { own in
              kernel[own].addresses.contains { $0.address == .v4(question.address) }
            }
          }
        }
      }
    }
  }
}
