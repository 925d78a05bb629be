import NetworkTypes
import ProjectFile
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
    case trace(from: String, to: String, port: UInt16?, TransportProtocol, TraceFormat)
    /// `set web eth0 down`
    case setLink(of: String, InterfaceName, isUp: Bool)
    /// `listen db 5432/tcp`
    case listen(of: String, port: UInt16, TransportProtocol)
    /// `wait 300s`
    case wait(TimeSpan)
    /// `show web ip neigh`
    case show(of: String, View)
    /// `show host docker network ls`
    case showDocker(DockerView)
  }

  /// What a step is expected to come to, after `=>`.
  enum Expectation: Hashable, Sendable {
    /// What a check of the file would call it, or wouldn't.
    case reach(CheckEntry.Expectation, isIt: Bool)
    /// That what is printed contains a text, or doesn't.
    case text(String, isThere: Bool)
  }

  let action: Action
  /// What it is expected to come to; nil where a probe just has to be answered.
  let expectation: Expectation?
  /// The step as it was written, without what is expected of it; nil for one that was never a text.
  public let text: String?

  /// A step of which nothing is expected but that it goes well.
  ///
  /// - Throws: `ScenarioError` where it can't be tried.
  init(_ action: Action) throws(ScenarioError) {
    try Self.refuseGroups(action, nil)
    self.action = action
    expectation = nil
    text = nil
  }

  /// Reads a step: a word that says what is done, and what it is done with.
  ///
  /// - Parameter text: the step.
  /// - Throws: `ScenarioError`, which says what was expected.
  public init(_ text: String) throws(ScenarioError) {
    let (text, expected) = Self.parts(of: text)
    self.text = text
    expectation = try expected.map { expected throws(ScenarioError) in try Self.expectation(expected, text) }
    var words = text.split { $0 == " " || $0 == "\t" }.map(String.init)[...]
    guard let verb = words.popFirst() else { throw ScenarioError(text, "a step is missing") }
    switch verb {
    case "ping": action = try Self.ping(&words, text)
    case "traceroute", "tracepath":
      let ends = try Self.ends(&words, text)
      action = .traceroute(from: ends.from, to: ends.to)
    case "connect":
      let ends = try Self.ends(&words, text)
      action = try Self.connection(from: ends.from, to: ends.to, text)
    case "trace":
      let ends = try Self.ends(&words, text)
      var format = try Self.traceFormat(&words, text)
      if words.first == "--iptables-trace" {
        words.removeFirst()
        format = .rules
      }
      action = try Self.walk(from: ends.from, to: ends.to, format, text)
    case "set":
      guard words.count == 3, let name = words.popFirst(), let device = words.popFirst().flatMap({ InterfaceName($0) }),
        let state = words.popFirst(), ["up", "down"].contains(state)
      else { throw ScenarioError(text, "expected `set NAME DEVICE up` or `down`") }
      action = .setLink(of: name, device, isUp: state == "up")
    case "listen":
      let word = words.last
      guard words.count == 2, let name = words.popFirst(), let target = words.popFirst().flatMap({ Target(":\($0)") }),
        let port = target.port
      else { throw ScenarioError(text, "expected `listen NAME PORT/tcp` or `/udp`") }
      try Self.refuseUnmodelled(target, text, word)
      action = .listen(of: name, port: port, target.transport)
    case "wait":
      let word = words.first
      guard words.count == 1, let span = words.popFirst().flatMap(Self.span) else {
        throw ScenarioError(text, "expected a time of at most a day, like `wait 30s`, `wait 5m` or `wait 1h`", word)
      }
      action = .wait(span)
    case "show":
      action = try Self.look(at: words.popFirst(), Array(words), text)
      words = []
    default:
      throw ScenarioError(text, "`\(verb)` is none of ping, traceroute, connect, trace, set, listen, wait, show", verb)
    }
    try Self.refuseGroups(action, text)
    if case .reach? = expectation, !isProbe {
      throw ScenarioError(text, "only ping and connect are \(Self.reaches); write a text that is printed")
    }
    guard words.isEmpty else { throw ScenarioError(text, "`\(words.joined(separator: " "))` is too much", words.first) }
  }

  /// Whether it can be answered in one of the ways that checks know.
  private var isProbe: Bool {
    switch action {
    case .ping, .connect: true
    case .traceroute, .trace, .setLink, .listen, .wait, .show, .showDocker: false
    }
  }

  /// The words for what checks expect.
  private static var reaches: String { CheckEntry.Expectation.allCases.map(\.rawValue).joined(separator: ", ") }

  /// The step and what is expected of it, without what stands around them and without a comment.
  private static func parts(of line: String) -> (step: String, expected: String?) {
    func trimmed(_ text: Substring) -> String {
      let start = text.drop { $0 == " " || $0 == "\t" }
      let end = start.lastIndex { $0 != " " && $0 != "\t" }.map { start.index(after: $0) } ?? start.startIndex
      return String(start[..<end])
    }
    var text = line[...]
    // A `#` begins a comment where a word could begin.
    if let comment = text.firstRange(of: " #") { text = text[..<comment.lowerBound] }
    guard let arrow = text.firstRange(of: "=>") else { return (trimmed(text), nil) }
    return (trimmed(text[..<arrow.lowerBound]), trimmed(text[arrow.upperBound...]))
  }

  private static func expectation(_ text: String, _ step: String) throws(ScenarioError) -> Expectation {
    guard !text.isEmpty else {
      throw ScenarioError(step, "after `=>` stands what is expected: \(reaches), or a text", "=>")
    }
    let isDenied = text.hasPrefix("not ")
    let words = String(text.dropFirst(isDenied ? 4 : 0))
    if let reach = CheckEntry.Expectation(rawValue: words) { return .reach(reach, isIt: !isDenied) }
    return .text(words, isThere: !isDenied)
  }

  private static func ends(_ words: inout ArraySlice<String>, _ text: String) throws(ScenarioError) -> (
    from: String, to: String
  ) {
    guard let from = words.popFirst(), let to = words.popFirst() else {
      throw ScenarioError(text, "expected two names: who asks, and whom")
    }
    return (from, to)
  }

  /// SCTP is published and filtered, and nobody here speaks it.
  static func refuseUnmodelled(_ target: Target, _ text: String?, _ word: String?) throws(ScenarioError) {
    guard target.transport == .sctp else { return }
    throw ScenarioError(text, "SCTP is not modelled: tcp and udp can be tried", word)
  }

  /// Who hears what is sent to a group hangs on what isn't modelled: IGMP, MLD and snooping.
  private static func refuseGroups(_ action: Action, _ text: String?) throws(ScenarioError) {
    switch action {
    case .ping(_, let target, _), .traceroute(_, let target), .connect(_, let target, _, _),
      .trace(_, let target, _, _, _):
      guard IPAddress(target)?.isMulticast == true else { return }
      throw ScenarioError(text, "multicast is not modelled: the address of one machine can be tried", target)
    case .setLink, .listen, .wait, .show, .showDocker: return
    }
  }

  /// Reads a time as links' delays are written, or in minutes or hours.
  private static func span(_ word: String) -> TimeSpan? {
    for (unit, seconds) in [("m", 60), ("h", 3600)] as [(String, UInt64)]
    where word.hasSuffix(unit) {
      return UInt64(digits: word.dropLast()).flatMap { $0 <= 86_400 / seconds ? .seconds($0 * seconds) : nil }
    }
    return TimeSpan(word)
  }

  /// Reads `--format json`, if it is there.
  private static func traceFormat(
    _ words: inout ArraySlice<String>, _ text: String
  ) throws(ScenarioError) -> TraceFormat {
    guard words.first == "--format" else { return .text }
    words.removeFirst()
    guard let format = words.popFirst().flatMap(TraceFormat.init(rawValue:)) else {
      throw ScenarioError(text, "expected --format text, json or mermaid")
    }
    return format
  }

  private static let pingOptions = "-c 1-65535, -s 0-65507, -t 1-255, -W 1-3600 (seconds), -M do"

  private static func ping(_ words: inout ArraySlice<String>, _ text: String) throws(ScenarioError) -> Action {
    var options = PingOptions()
    var ends: [String] = []
    while let word = words.popFirst() {
      guard word.hasPrefix("-") else {
        ends.append(word)
        continue
      }
      guard let value = words.popFirst() else { throw ScenarioError(text, "`\(word)` needs a value", word) }
      if word == "-M", value == "do" {
        options.forbidsFragments = true
      } else {
        guard let option = PingNumber(rawValue: word), let number = UInt64(digits: value),
          options.set(option, to: number)
        else { throw ScenarioError(text, "`\(word) \(value)` is none of \(Self.pingOptions)", word) }
      }
    }
    guard ends.count == 2 else { throw ScenarioError(text, "expected two names: who asks, and whom") }
    return .ping(from: ends[0], to: ends[1], options)
  }

  /// A name or address with a port, as checks name them: `db:5432/tcp`, `[fd00::2]:53/udp`.
  struct Target {
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
      let target = HostAndPort(String(text))
      name = target.host
      guard let digits = target.port else { return }
      guard let port = UInt16(digits: digits), port > 0 else { return nil }
      self.port = port
    }
  }
}

extension ScenarioStep {
  /// What must have loaded the rules for the step to have something to show; nil where it doesn't matter.
  public var firewall: ScriptFirewall? {
    switch action {
    case .show(_, let view): view.needsIptables.map { $0 ? .iptables : .nftables }
    case .trace(_, _, _, _, .rules): .iptables
    case .ping, .traceroute, .connect, .trace, .setLink, .listen, .wait, .showDocker: nil
    }
  }
}
