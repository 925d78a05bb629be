import Diagnostics
import NetworkTypes
import Packets
import ProjectFile
import Simulator
import SystemPackage
import Topology

/// Why checks can't be tried in the kernel.
public struct LiveError: Error, CustomStringConvertible, Sendable {
  /// The error in words.
  public let description: String
}

/// A network that is up, as probes see it: its namespaces, and those who listen in them.
///
/// While it is there the process is in one namespace after another.
final class LiveNetwork {
  /// Somebody who listens, and where from it was reached last.
  private struct Listener {
    let port: UInt16
    let transport: TransportProtocol
    let socket: LiveSockets.Socket
  }

  private var listeners: [Listener] = []
  /// The namespace that the process began in: the host's, as far as the network knows one.
  private let home: FileDescriptor
  private var lastCaller: IPAddress?
  private var identifier = UInt16.random(in: 1...60000)
  /// How long a probe waits.
  private let seconds = 4

  /// Opens what listens: on the ports that checks ask for, in the services that expose or publish them.
  ///
  /// - Parameters:
  ///   - simulation: the same network, simulated: which namespaces there are.
  ///   - file: the file.
  /// - Throws: `LiveError` where a namespace isn't there, or the privilege is missing.
  init(_ simulation: Simulation, _ file: ProjectFile) throws(LiveError) {
    do {
      home = try FileDescriptor.open(FilePath("/proc/self/ns/net"), .readOnly)
    } catch {
      throw LiveError(description: "/proc/self/ns/net: \(error)")
    }
    let ports = file.portsThatChecksReach
    for node in simulation.topology.nodes {
      guard let space = simulation.home(of: node) else { continue }
      try enter(space, simulation)
      for (range, transport) in file.nodes[node.entry].listeningPorts where transport != .sctp {
        for port in ports where (range.first...range.last).contains(port) {
          guard let socket = LiveSockets.listen(port, transport) else { continue }
          listeners.append(Listener(port: port, transport: transport, socket: socket))
        }
      }
    }
  }

  /// Whether a namespace that the simulation has is there in the kernel too.
  static func isThere(_ space: NamespaceID, _ simulation: Simulation) -> Bool {
    guard let name = simulation.kernel[space].name?.text else { return true }
    guard let file = try? FileDescriptor.open(FilePath("/run/netns/\(name)"), .readOnly) else { return false }
    try? file.close()
    return true
  }

  /// Moves to a namespace of the network.
  private func enter(_ space: NamespaceID, _ simulation: Simulation) throws(LiveError) {
    guard let name = simulation.kernel[space].name?.text else { return try enter(home, "the host's namespace") }
    do {
      let file = try FileDescriptor.open(FilePath("/run/netns/\(name)"), .readOnly)
      defer { try? file.close() }
      try enter(file, name)
    } catch let error as LiveError {
      throw error
    } catch {
      throw LiveError(description: "the namespace \(name) isn't there (\(error)): is the network up?")
    }
  }

  private func enter(_ file: FileDescriptor, _ name: String) throws(LiveError) {
    do {
      try LiveSockets.enter(file)
    } catch {
      throw LiveError(description: "can't enter \(name): \(error); checks in the kernel need root")
    }
  }

  /// Waits until machines may send errors again: after a probe's own wait, for as many as they save up, one a second
  /// (ip_error, icmpv4_xrlim_allow).
  static func waitForErrors() { LiveSockets.pause(seconds: 2) }

  /// What a probe came to.
  struct Answer {
    let ping: PingOutcome?
    let connection: ConnectOutcome?
    /// Where the target saw it come from, where something listened that can say.
    let source: IPAddress?
  }

  /// Tries an address, or a port there, from a namespace.
  func reach(
    _ target: IPAddress, _ port: UInt16?, _ transport: TransportProtocol, from space: NamespaceID,
    _ simulation: Simulation
  ) throws(LiveError) -> Answer {
    guard let port else { return try ping(target, from: space, simulation) }
    try enter(space, simulation)
    lastCaller = nil
    let outcome = LiveSockets.connect(to: target, port: port, transport, seconds: seconds) { serve(transport) }
    serve(transport)
    return Answer(ping: nil, connection: outcome, source: lastCaller)
  }

  private func ping(
    _ target: IPAddress, from space: NamespaceID, _ simulation: Simulation
  ) throws(LiveError) -> Answer {
    var watcher: LiveSockets.Socket?
    if let home = simulation.home(of: target), Self.isThere(home, simulation) {
      try enter(home, simulation)
      watcher = LiveSockets.watchEchoes(target.family)
    }
    try enter(space, simulation)
    identifier &+= 1
    let outcome = LiveSockets.ping(target, identifier: identifier, seconds: seconds)
    return Answer(
      ping: outcome, connection: nil, source: watcher.flatMap { LiveSockets.echoSender($0, target.family) })
  }

  /// Serves those who listen: which of them a connection comes to, rules decide.
  private func serve(_ transport: TransportProtocol) {
    for listener in listeners where listener.transport == transport {
      if let caller = LiveSockets.serve(listener.socket, listener.transport) { lastCaller = caller }
    }
  }
}

extension ProjectFile {
  /// The ports that checks name, those behind them where they are published, and those that translations lead to.
  fileprivate var portsThatChecksReach: Set<UInt16> {
    var ports = Set(checks.compactMap(\.to.value.port))
    for entry in nodes.flatMap(\.ports) {
      guard let published = entry.published, ports.contains(where: (published.first...published.last).contains) else {
        continue
      }
      ports.formUnion(entry.target.first...entry.target.last)
    }
    for range in (nodes.flatMap(\.translations) + (host?.translations ?? [])).compactMap(\.newPorts?.value) {
      ports.formUnion(range.first...range.last)
    }
    return ports
  }
}
