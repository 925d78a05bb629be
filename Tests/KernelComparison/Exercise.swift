import Foundation
import NetworkTypes
import NetwrightTestSupport
import Simulator

/// One thing that is tried on a network, in the kernel and in the simulator.
package struct Probe: Hashable, Codable, Sendable {
  /// How it is tried.
  package enum Kind: String, Hashable, Codable, Sendable {
    /// An echo request.
    case ping
    /// A connection.
    case tcp
    /// A datagram that whoever listens sends back.
    case udp
  }

  /// When, in milliseconds after the first.
  package var at: Int
  /// The namespace that tries it; `host` for that of the script.
  package let space: String
  /// The address.
  package let target: String
  /// How it is tried.
  package let kind: Kind
  /// Bytes of data in an echo request; 56 without it.
  package var size: Int?
  /// The time to live; the machine's own without it.
  package var hopLimit: Int?
  /// Whether nobody may fragment it.
  package var staysWhole: Bool?
  /// The port of a connection or datagram.
  package var port: Int?

  /// What it is called in messages, as near as can be to a command line.
  package var name: String {
    var words = [space, kind.rawValue, target]
    if let port { words.append("port \(port)") }
    if let size { words.append("-s \(size)") }
    if let hopLimit { words.append("-t \(hopLimit)") }
    if staysWhole == true { words.append("-M do") }
    return words.joined(separator: " ")
  }
}

/// What is done with a network on both sides, and looked at.
package struct Exercise: Sendable {
  /// A device that is set up or down after the network was built.
  package struct Change: Hashable, Sendable {
    /// Its namespace.
    package let space: String
    /// The device.
    package let device: String
    /// Up, or down.
    package let isUp: Bool
    /// Whether all devices have told their groups before it happens: a bridge that comes back hears only of those that
    /// tell theirs later, and when they do is left to chance.
    package let awaitsQuiet: Bool
  }

  /// A namespace, and what there is to look at in it.
  struct Space: Hashable, Sendable {
    let name: String
    let bridges: [String]
    var hasBridge: Bool { !bridges.isEmpty }
    /// Whether devices in it learn where others are.
    let hasTables: Bool
  }

  /// The namespaces.
  var spaces: [Space] = []
  /// The file's own checks, which are tried first.
  var checks: [FileCheck] = []
  /// What is tried, in order.
  package var probes: [Probe] = []
  /// How many connections are left out, as it would be chance what comes of them.
  package var leftOut = 0
  /// Pairs whose route is traced in the end.
  package var traceroutes: [(space: String, target: String)] = []
  /// Devices whose frames are compared.
  package var captures: [(space: String, device: String)] = []
  /// What happens to devices before anything is tried.
  package var changes: [Change] = []
  /// Whether what the host's bridges pass on meets its rules (br_netfilter).
  package var showsFramesToRules = false
  /// How long the network settles at least, in seconds.
  package var settling = 2.4
  /// When the first probe is sent at the earliest, in seconds after the last change.
  var begin: Double { settling + 0.2 }
  /// How long the network stands before each change, in seconds.
  static let pause = 1.2
  /// How long it is until no device tells its groups any more, in seconds: a second or two until its link-local address
  /// is its own, a second until it tells again (mld_ifc_work), and twice over for a bridge that follows its ports.
  static let quietPause = 6.0

  /// The port that something listens on in every namespace; nothing does on the next one.
  package static let openPort = 80
  /// When it is over, in seconds after the first probe: what nobody answers has failed by then, no neighbor that was
  /// used while stale has been asked again, and none of those that were asked for anew for the second time.
  ///
  /// The second kernel has a hundred ticks a second, so that its timers are up to 80 ms late, thrice until a neighbor
  /// has failed.
  package private(set) var duration = 4.3
  /// When probes are sent, in milliseconds after the first.
  ///
  /// Connections come later than the rest: they are tried again every second, as neighbors are asked, and the kernel's
  /// timers are up to 32 ms late (kernel/time/timer.c), so that who is first would be left to chance.
  static let moments = (others: 0..<350, connections: 600..<750)
  /// More probes than these would not fit.
  static let mostProbes = 240

  /// What is tried on a machine: every namespace pings every address and tries it in another way, in turn.
  ///
  /// - Parameters:
  ///   - machine: the machine as the plan left it.
  ///   - checks: the file's own checks.
  ///   - seed: what chooses where there is a choice.
  ///   - place: the kernel that it is for.
  init(for machine: SimulatedMachine, checks: [FileCheck], seed: UInt64, in place: Comparison.Place) {
    var chance = RandomNumbers(seed: seed)
    if place == .second { duration = 3.95 }
    changes = machine.changes
    spaces = machine.spaces.map { space in
      let kinds = machine.kernel.devices(of: space.id).map { machine.kernel[$0].kind }
      let bridges = machine.kernel.devices(of: space.id).filter {
        if case .bridge = machine.kernel[$0].kind { true } else { false }
      }.map { machine.kernel[$0].name.text }
      let hasTunnel = kinds.contains { if case .vxlan = $0 { true } else { false } }
      return Space(name: space.name, bridges: bridges, hasTables: !bridges.isEmpty || hasTunnel)
    }
    // A port listens and learns for two seconds each.
    if machine.kernel.bridges.contains(where: { $0.options.spanningTree }) { settling = 7 }
    // What devices say as they come up, at moments of chance, may be refused: it takes a second for each until as much
    // may be said again (struct inet_peer, rate_tokens).
    var settled = machine.kernel
    settled.run(for: .milliseconds(UInt64(settling * 1000)))
    if settled.hasLimitedErrors { settling += 6 }
    let pairs = machine.spaces.flatMap { space in machine.addresses.map { (space.name, "\($0)") } }
    var chosen = Array(pairs.enumerated())
    while chosen.count * 2 + checks.count > Self.mostProbes { chosen.remove(at: chance.below(chosen.count)) }
    self.checks = checks
    probes = Self.spread(
      checks.map(\.probe)
        + chosen.flatMap { number, pair in
          [
            Probe(at: 0, space: pair.0, target: pair.1, kind: .ping),
            Self.variant(number &* 7 &+ Int(seed % 11), pair.0, pair.1),
          ]
        })
    leaveOutChance(on: machine)
    let reached = machine.reachablePairs(pairs)
    traceroutes = reached.isEmpty ? [] : [reached[chance.below(reached.count)]]
    let devices = machine.devicesWithCarrier
    let looksAtAll = ProcessInfo.processInfo.environment["NETWRIGHT_CAPTURE_ALL"] != nil
    captures = looksAtAll ? devices : devices.filter { _ in chance.below(3) == 0 }.prefix(4).map { $0 }
  }

  /// Gives each probe its moment.
  private static func spread(_ probes: [Probe]) -> [Probe] {
    [(probes.filter { $0.kind != .tcp }, moments.others), (probes.filter { $0.kind == .tcp }, moments.connections)]
      .flatMap { some, span in
        some.enumerated().map { index, probe in
          var probe = probe
          probe.at = span.lowerBound + index * span.count / some.count
          return probe
        }
      }
  }

  private static func variant(_ number: Int, _ space: String, _ target: String) -> Probe {
    var probe = Probe(at: 0, space: space, target: target, kind: .ping)
    switch number % 11 {
    case 0: probe.hopLimit = 1
    case 1: probe.hopLimit = 2
    case 2: (probe.size, probe.staysWhole) = (1400, true)
    case 3: (probe.size, probe.staysWhole) = (1250, true)
    case 4: probe.size = 3000
    case 5, 6: return Probe(at: 0, space: space, target: target, kind: .tcp, port: openPort)
    case 7: return Probe(at: 0, space: space, target: target, kind: .tcp, port: openPort + 1)
    case 8, 9: return Probe(at: 0, space: space, target: target, kind: .udp, port: openPort)
    default: return Probe(at: 0, space: space, target: target, kind: .udp, port: openPort + 1)
    }
    return probe
  }
}
