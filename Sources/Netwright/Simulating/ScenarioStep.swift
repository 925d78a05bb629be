import NetworkTypes
import Simulator
import Views

/// One step of a scenario: something to try, to change, to wait for or to look at.
public struct ScenarioStep: Sendable {
  enum Action: Sendable {
    /// `ping web db`
    case ping(from: String, to: String, PingOptions)
    /// `traceroute web db`
    case traceroute(from: String, to: String)
    /// `connect web db:5432/tcp`
    case connect(from: String, to: String, port: UInt16, TransportProtocol)
    /// `trace web db`
    case trace(from: String, to: String, port: UInt16?, TransportProtocol, TraceForm)
    /// `set web eth0 down`
    case setLink(of: String, InterfaceName, isUp: Bool)
    /// `listen db 5432/tcp`
    case listen(of: String, port: UInt16, TransportProtocol)
    /// `wait 300s`
    case wait(TimeSpan)
    /// `show web ip neigh`
    case show(of: String, View)
  }

  /// How a walk is told.
  enum TraceForm: Sendable {
    /// In words.
    case words
    /// As the kernel logs rules that a packet met (`--iptables-trace`).
    case rules
  }

  let action: Action
  /// The step as it was written.
  public let text: String

  /// Reads a step: a word that says what is done, and what it is done with.
  ///
  /// - Parameter text: the step.
  /// - Throws: `ScenarioError`, which says what was expected.
  public init(_ text: String) throws(ScenarioError) {
    self.text = text
    var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)[...]
    guard let verb = words.popFirst() else { throw ScenarioError(text, "a step is missing") }
    switch verb {
    case "ping": action = try Self.ping(&words, text)
    case "traceroute", "tracepath":
      let ends = try Self.ends(&words, text)
      action = .traceroute(from: ends.from, to: ends.to)
    case "connect", "trace":
      let ends = try Self.ends(&words, text)
      guard let target = Target(ends.to) else { throw ScenarioError(text, "expected a target, like db:5432/tcp") }
      if verb == "trace" {
        let isRules = words.first == "--iptables-trace"
        if isRules { words.removeFirst() }
        action = .trace(
          from: ends.from, to: target.name, port: target.port, target.transport, isRules ? .rules : .words)
      } else {
        guard let port = target.port else { throw ScenarioError(text, "expected a port, like \(target.name):80/tcp") }
        action = .connect(from: ends.from, to: target.name, port: port, target.transport)
      }
    case "set":
      guard words.count == 3, let name = words.popFirst(), let device = words.popFirst().flatMap({ InterfaceName($0) }),
        let state = words.popFirst(), ["up", "down"].contains(state)
      else { throw ScenarioError(text, "expected `set NAME DEVICE up` or `down`") }
      action = .setLink(of: name, device, isUp: state == "up")
    case "listen":
      guard words.count == 2, let name = words.popFirst(), let target = words.popFirst().flatMap({ Target(":\($0)") }),
        let port = target.port
      else { throw ScenarioError(text, "expected `listen NAME PORT/tcp` or `/udp`") }
      action = .listen(of: name, port: port, target.transport)
    case "wait":
      guard words.count == 1, let span = words.popFirst().flatMap({ TimeSpan($0) }) else {
        throw ScenarioError(text, "expected a time, like `wait 30s`")
      }
      action = .wait(span)
    case "show":
      guard let name = words.popFirst(), let view = View(words: Array(words)) else {
        throw ScenarioError(text, "expected `show NAME` and one of: \(Self.views)")
      }
      action = .show(of: name, view)
    default: throw ScenarioError(text, "`\(verb)` is none of ping, traceroute, connect, trace, set, listen, wait, show")
    }
    if case .show = action { return }
    guard words.isEmpty else { throw ScenarioError(text, "`\(words.joined(separator: " "))` is too much") }
  }

  /// Reads a scenario: a step a line; empty lines and those that start with `#` count for nothing.
  ///
  /// - Parameter text: the scenario.
  /// - Returns: the steps.
  /// - Throws: `ScenarioError` for the first line that is no step.
  public static func scenario(_ text: String) throws(ScenarioError) -> [ScenarioStep] {
    var steps: [ScenarioStep] = []
    for line in text.split(separator: "\n") {
      guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { continue }
      steps.append(try ScenarioStep(String(line)))
    }
    return steps
  }

  /// What can be shown, for messages.
  static let views =
    "ip addr, ip link, ip [-6] route [show table N|all], ip [-6] rule, ip neigh, bridge link, bridge fdb, bridge vlan, "
    + "brctl show, route -n, iflink, sysctl KEY, nft, conntrack"

  private static func ends(_ words: inout ArraySlice<String>, _ text: String) throws(ScenarioError) -> (
    from: String, to: String
  ) {
    guard let from = words.popFirst(), let to = words.popFirst() else {
      throw ScenarioError(text, "expected two names: who asks, and whom")
    }
    return (from, to)
  }

  private static func ping(_ words: inout ArraySlice<String>, _ text: String) throws(ScenarioError) -> Action {
    var options = PingOptions()
    var ends: [String] = []
    while let word = words.popFirst() {
      guard word.hasPrefix("-") else {
        ends.append(word)
        continue
      }
      guard let value = words.popFirst() else { throw ScenarioError(text, "`\(word)` needs a value") }
      switch (word, Int(value)) {
      case ("-c", let count?) where (1...65535).contains(count): options.count = count
      case ("-s", let size?) where (0...65507).contains(size): options.size = size
      case ("-t", let limit?) where (1...255).contains(limit): options.hopLimit = UInt8(limit)
      case ("-W", let seconds?) where (1...3600).contains(seconds): options.timeout = .seconds(UInt64(seconds))
      case ("-M", nil) where value == "do": options.forbidsFragments = true
      case (_, _):
        throw ScenarioError(text, "`\(word) \(value)` is none of -c COUNT, -s SIZE, -t TTL, -W SECONDS, -M do")
      }
    }
    guard ends.count == 2 else { throw ScenarioError(text, "expected two names: who asks, and whom") }
    return .ping(from: ends[0], to: ends[1], options)
  }

  /// A name or address with a port, as checks name them: `db:5432/tcp`, `[fd00::2]:53/udp`.
  private struct Target {
    var name: String
    var port: UInt16?
    var transport = TransportProtocol.tcp

    init?(_ text: String) {
      var text = text[...]
      if let slash = text.lastIndex(of: "/") {
        guard let transport = TransportProtocol(rawValue: String(text[text.index(after: slash)...])) else { return nil }
        self.transport = transport
        text = text[..<slash]
      }
      let isBareAddress = IPAddress(String(text)) != nil
      if !isBareAddress, let colon = text.lastIndex(of: ":"), text.last != "]" {
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return nil }
        self.port = port
        text = text[..<colon]
      }
      if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
      name = String(text)
    }
  }
}

/// What is wrong with a step.
public struct ScenarioError: Error, CustomStringConvertible, Sendable {
  /// The step.
  public let step: String
  /// What was expected.
  public let reason: String

  init(_ step: String, _ reason: String) {
    self.step = step
    self.reason = reason
  }

  /// Both in one line.
  public var description: String { "`\(step)`: \(reason)" }
}
