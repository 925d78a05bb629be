import NetworkTypes
import Packets
import Simulator

/// What a router owes one sender of IPv4 packets that it has no way for: at most so many errors at once, and one more
/// each second (ip_error in net/ipv4/route.c; the account is that of struct inet_peer, which redirects share).
///
/// Its limits are the whole machine's, so that no sandbox can lift them.
private struct Account: Hashable {
  let router: NamespaceID
  let sender: IPAddress
}

/// What was taken off an account, or would have been, had there been anything left.
private struct Withdrawals {
  /// How many packets without a way that had nothing to do with connections.
  var others = 0
  /// The segments without a way.
  var segments: [IPPacket] = []
  /// Whether a better way was told: what had been saved up may be lost then.
  var hasRedirects = false
}

extension Exercise {
  /// How many errors a router that has been quiet sends a sender for certain (net.ipv4.route.error_burst over
  /// error_cost).
  private static let certainErrors = 5

  /// Leaves out connections of which it would be chance whether they hear of an error.
  ///
  /// Connections are tried again every second, as often as another error is allowed, by timers that are up to 32 ms
  /// late and later on a busy machine: where more hear of errors than are allowed for certain, it is chance who does.
  /// Which are too many is seen in the simulator; both sides then try the same.
  mutating func leaveOutChance(on machine: SimulatedMachine) {
    let named = Set(checks.map(\.probe.name))
    // Without those that are left out others may hear of errors.
    for _ in 0..<4 {
      let excess = excess(on: machine).filter { !named.contains(probes[$0].name) }
      guard !excess.isEmpty else { return }
      probes = probes.enumerated().filter { !excess.contains($0.offset) }.map(\.element)
      leftOut += excess.count
    }
  }

  /// The numbers of the connections that are too many.
  private func excess(on machine: SimulatedMachine) -> Set<Int> {
    guard probes.contains(where: { $0.kind == .tcp && !$0.target.contains(":") }) else { return [] }
    var plain = self
    (plain.spaces, plain.traceroutes, plain.captures) = ([], [], [])
    let entries = SimulatedAnswer(plain, on: machine, at: timetable, isRecorded: true).entries
    var result: Set<Int> = []
    for withdrawals in accounts(entries, machine.kernel).values {
      var left = withdrawals.hasRedirects ? 0 : Self.certainErrors - withdrawals.others
      var kept: Set<Int> = []
      for segment in withdrawals.segments {
        left -= 1
        for number in connections(of: segment, on: machine) where !kept.contains(number) {
          if left >= 0 { kept.insert(number) } else { result.insert(number) }
        }
      }
    }
    return result
  }

  private func accounts(_ entries: [Recorder.Entry], _ kernel: Kernel) -> [Account: Withdrawals] {
    var result: [Account: Withdrawals] = [:]
    for entry in entries {
      switch entry.event {
      case .dropped(.packet(let packet), let reason, let device) where packet.family == .ipv4 && reason.isOfRouting:
        let account = Account(router: kernel[device].namespace, sender: packet.source)
        if case .tcp = packet.payload {
          result[account, default: Withdrawals()].segments.append(packet)
        } else {
          result[account, default: Withdrawals()].others += 1
        }
      case .sent(let frame, let device):
        guard case .ip(let packet) = frame.payload, case .icmp(.redirect) = packet.payload, packet.family == .ipv4
        else {
          continue
        }
        // Bridges on the way send it too.
        guard kernel[device].addresses.contains(where: { $0.address == packet.source }) else { continue }
        let account = Account(router: kernel[device].namespace, sender: packet.destination)
        result[account, default: Withdrawals()].hasRedirects = true
      default: continue
      }
    }
    return result.filter { !$0.value.segments.isEmpty }
  }

  /// The numbers of the connections that a segment may belong to, in either direction.
  private func connections(of segment: IPPacket, on machine: SimulatedMachine) -> [Int] {
    guard case .tcp(let tcp) = segment.payload else { return [] }
    let isAnswer = tcp.flags.contains(.ack) || tcp.flags.contains(.rst)
    let (target, port) = isAnswer ? (segment.source, tcp.sourcePort) : (segment.destination, tcp.destinationPort)
    let own = isAnswer ? segment.destination : segment.source
    let spaces = machine.spaces.filter { space in
      machine.kernel.devices(of: space.id).contains { device in
        machine.kernel[device].addresses.contains { $0.address == own }
      }
    }.map(\.name)
    return probes.indices.filter { index in
      let probe = probes[index]
      return probe.kind == .tcp && probe.target == "\(target)" && probe.port == Int(port)
        && spaces.contains(probe.space)
    }
  }
}

extension DropReason {
  /// Whether a router tells the sender of it that has no way.
  fileprivate var isOfRouting: Bool {
    switch self {
    case .noRoute: true
    case .rejected(let errno): [.networkUnreachable, .hostUnreachable, .accessDenied].contains(errno)
    default: false
    }
  }
}
