import NetworkTypes
import Packets
import Plan
import Simulator
import Views

/// What the simulator says of a network: outcomes and state, in the form of the kernel's answer.
struct SimulatedAnswer {
  var outcomes: [String] = []
  var traceroutes: [[String]] = []
  var states: [String: String] = [:]
  var finalStates: [String: String] = [:]
  /// By namespace and device: packets and bytes received, sent.
  var counters: [String: [Int]] = [:]
  var noise: [String: [Int]] = [:]
  /// By namespace and device, each frame as it stands on the wire behind `>` for sent and `<` for received.
  var frames: [String: [CapturedFrame]] = [:]

  /// What hangs on which of several answers to a question for a neighbor was heard first, where that is chance.
  private(set) var stake: Races.Stake?

  /// What happened to packets, where that is written down.
  var entries: [Recorder.Entry] = []

  struct CapturedFrame {
    let isSent: Bool
    let bytes: [UInt8]
  }

  /// Carries out an exercise.
  ///
  /// - Parameters:
  ///   - exercise: the exercise.
  ///   - machine: the network as it was built.
  ///   - timetable: when what is done.
  ///   - isRecorded: whether what happens to packets is written down.
  init(
    _ exercise: Exercise, on machine: SimulatedMachine, at timetable: Timetable, isRecorded: Bool = false
  ) {
    var kernel = machine.kernel
    kernel.run(for: .measured(timetable.begin))
    for (_, id) in machine.spaces { kernel.liftLimits(in: id) }
    let spaces = Dictionary(uniqueKeysWithValues: machine.spaces.map { ($0.name, $0.id) })
    for (_, id) in machine.spaces {
      for transport in [TransportProtocol.tcp, .udp] {
        kernel.listen(transport, port: UInt16(Exercise.openPort), in: id)
      }
    }
    states = Self.views(exercise.views, spaces, kernel)
    kernel.run(for: .measured(timetable.start - timetable.begin))
    for (_, id) in machine.spaces {
      kernel.forgetNeighbors(in: id)
      kernel.forgetLearned(in: id)
    }
    let before = Self.counters(of: machine.spaces.map(\.id), kernel)
    (kernel.recorder.keepsFrames, kernel.recorder.isOn) = (!isRecorded, isRecorded)
    let start = kernel.now
    var pending: [PendingProbe?] = []
    for (probe, moment) in zip(exercise.probes, timetable.probes) {
      kernel.run(until: start + .measured(moment))
      pending.append(Self.begin(probe, spaces, &kernel))
    }
    kernel.run(until: start + .measured(timetable.counted))
    note(kernel, since: before, exercise, machine)
    stake = Races(kernel.recorder.frames, kernel).stake(in: kernel)
    entries = kernel.recorder.entries
    kernel.recorder = Recorder()
    for (probe, waiting) in zip(exercise.probes, pending) {
      outcomes.append(waiting.map { Self.text(of: $0, probe, kernel) } ?? "no such namespace")
    }
    for (space, programs) in exercise.finalViews.sorted(by: {
      timetable.looked(at: $0.key) < timetable.looked(at: $1.key)
    }) {
      kernel.run(until: start + .measured(timetable.looked(at: space)))
      finalStates.merge(Self.views([space: programs], spaces, kernel)) { _, new in new }
    }
    for (space, target) in exercise.traceroutes {
      guard let id = spaces[space], let address = IPAddress(target) else { continue }
      traceroutes.append(
        kernel.traceroute(to: address, from: id, maximum: 16, probes: 1, timeout: .seconds(2)).hops.map {
          $0.answers.first.flatMap { $0 }.map { answer in
            let mark = answer.objection?.tracerouteMark ?? ""
            return "\(answer.address)" + (mark.isEmpty ? "" : " \(mark)")
          } ?? "*"
        })
    }
  }

  private static func views(
    _ wanted: [String: [Exercise.Program]], _ spaces: [String: NamespaceID], _ kernel: Kernel
  ) -> [String: String] {
    var result: [String: String] = [:]
    for (space, programs) in wanted {
      guard let id = spaces[space] else { continue }
      for program in programs {
        result["\(space) \(program.name)"] = program.commandLines.map { words in
          View(words: words)?.text(of: id, in: kernel) ?? "no view \(words)\n"
        }.joined()
      }
    }
    return result
  }

  private static func begin(
    _ probe: Probe, _ spaces: [String: NamespaceID], _ kernel: inout Kernel
  ) -> PendingProbe? {
    guard let id = spaces[probe.space], let target = IPAddress(probe.target) else { return nil }
    switch probe.kind {
    case .ping:
      var options = PingOptions()
      if let size = probe.size { options.size = size }
      if let limit = probe.hopLimit { options.hopLimit = UInt8(limit) }
      options.forbidsFragments = probe.staysWhole ?? false
      return kernel.beginPing(target, from: id, options)
    case .tcp: return kernel.beginConnect(to: target, port: UInt16(probe.port ?? 0), .tcp, from: id)
    case .udp: return kernel.beginConnect(to: target, port: UInt16(probe.port ?? 0), .udp, from: id)
    }
  }

  private static func text(of waiting: PendingProbe, _ probe: Probe, _ kernel: Kernel) -> String {
    switch probe.kind {
    case .ping: kernel.pingOutcome(of: waiting).text
    case .tcp, .udp: kernel.connectOutcome(of: waiting).text
    }
  }

  private static func counters(of namespaces: [NamespaceID], _ kernel: Kernel) -> [DeviceID: DeviceCounters] {
    let devices = namespaces.flatMap { kernel.devices(of: $0) }
    return Dictionary(uniqueKeysWithValues: devices.map { ($0, kernel.counters(of: $0)) })
  }

  private mutating func note(
    _ kernel: Kernel, since before: [DeviceID: DeviceCounters], _ exercise: Exercise, _ machine: SimulatedMachine
  ) {
    let names = Dictionary(
      uniqueKeysWithValues: machine.spaces.flatMap { space in
        kernel.devices(of: space.id).map { ($0, "\(space.name) \(kernel[$0].name)") }
      })
    for (device, name) in names {
      guard let old = before[device] else { continue }
      let new = kernel.counters(of: device)
      counters[name] = [
        new.receivedPackets - old.receivedPackets, new.receivedBytes - old.receivedBytes,
        new.sentPackets - old.sentPackets, new.sentBytes - old.sentBytes,
      ]
    }
    let wanted = Set(exercise.captures.map { "\($0.space) \($0.device)" })
    for captured in kernel.recorder.frames {
      guard let name = names[captured.device] else { continue }
      if captured.frame.isByChance || captured.frame.isOfTCP {
        // A loopback device receives what it sends, and counts no headers.
        let isLoopback = machine.kernel[captured.device].kind == .loopback
        let length = isLoopback ? captured.frame.payload.length : captured.frame.countedLength
        for place in isLoopback ? [0, 2] : [captured.isSent ? 2 : 0] {
          noise[name, default: [0, 0, 0, 0]][place] += 1
          noise[name, default: [0, 0, 0, 0]][place + 1] += length
        }
      }
      if !captured.frame.isByChance, wanted.contains(name) {
        frames[name, default: []].append(.init(isSent: captured.isSent, bytes: captured.frame.encoded()))
      }
    }
  }
}

extension Frame {
  /// Whether it comes at a moment that chance decides: listeners' reports, router solicitations, the spanning tree's.
  fileprivate var isByChance: Bool {
    switch payload {
    case .spanningTree: true
    case .arp: false
    case .ip(let packet): packet.isByChance
    }
  }
}

extension IPPacket {
  /// So does what such frames are in, in a tunnel, and what is said of that.
  fileprivate var isByChance: Bool {
    switch payload {
    case .listenerReport, .neighborDiscovery(.routerSolicitation): true
    case .udp(let datagram): if case .frame(let inner, vni: _) = datagram.data { inner.isByChance } else { false }
    case .icmp(let message): message.quoted?.packet.isByChance ?? false
    case .neighborDiscovery, .tcp, .fragment: false
    }
  }
}

extension Frame {
  /// Whether it has to do with a connection: how often those are tried hangs on who is first by a hair.
  fileprivate var isOfTCP: Bool { if case .ip(let packet) = payload { packet.isOfTCP } else { false } }
}

extension IPPacket {
  fileprivate var isOfTCP: Bool {
    switch payload {
    case .tcp: true
    case .icmp(let message): message.quoted?.packet.isOfTCP ?? false
    case .udp(let datagram): if case .frame(let inner, vni: _) = datagram.data { inner.isOfTCP } else { false }
    case .fragment(let part): part.whole.isOfTCP
    case .neighborDiscovery, .listenerReport: false
    }
  }
}

extension Kernel {
  /// Lets a namespace send as many errors as it wants: those of all probes would count together.
  fileprivate mutating func liftLimits(in namespace: NamespaceID) {
    let place: Place = self[namespace].name.map { .namespace($0) } ?? .host
    for key in ["net.ipv4.icmp_ratemask", "net.ipv6.icmp.ratelimit"].compactMap(SysctlKey.init) {
      try? perform(.setSysctl(SetSysctl(place: place, key: key, value: "0")))
    }
  }
}

extension PingOutcome {
  /// What came of it, as the prober writes it.
  fileprivate var text: String {
    switch self {
    case .reply(let from, let hopLimit, let length, _): "reply \(length) \(from) \(hopLimit)"
    case .error(let message, let from): "error \(from) \(message.codeText(from.family))"
    case .notSent(let errno): "not sent \(errno.rawValue)"
    case .tooLong(let mtu): "too long \(mtu)"
    case .silence: "silence"
    }
  }
}

extension ICMPMessage {
  fileprivate func codeText(_ family: AddressFamily) -> String {
    let (type, code) = typeAndCode(family)
    if case .tooBig(let mtu, _) = self { return "\(type)/\(code) \(mtu)" }
    return "\(type)/\(code)"
  }
}

extension ConnectOutcome {
  /// What came of it, as the prober writes it.
  fileprivate var text: String {
    switch self {
    case .connected: "connected"
    case .failed(let errno): "failed \(errno.rawValue)"
    case .silence: "silence"
    }
  }
}

extension TimeSpan {
  /// A span that a prober measured.
  fileprivate static func measured(_ seconds: Double) -> TimeSpan {
    TimeSpan(nanoseconds: UInt64(max(0, seconds) * 1e9))
  }
}
