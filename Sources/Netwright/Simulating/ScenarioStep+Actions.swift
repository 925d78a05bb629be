import NetworkTypes
import Simulator
import Views

/// Steps of which the parts are at hand, a command's arguments for instance: nothing in those is a word of the language
/// that scenarios are written in.
extension ScenarioStep {
  /// A run of pings.
  ///
  /// - Parameters:
  ///   - from: who asks.
  ///   - to: whom: a name as the asker sees it, or an address.
  ///   - count: how many requests are sent.
  ///   - size: how many bytes of data each carries.
  ///   - hopLimit: the time to live; nil for the kernel's.
  ///   - forbidsFragments: whether nobody may fragment them.
  /// - Returns: the step.
  /// - Throws: `ScenarioError` for a number that is too large or too small, and for a group's address.
  public static func ping(
    from: String, to: String, count: UInt64 = 1, size: UInt64 = 56, hopLimit: UInt64? = nil,
    forbidsFragments: Bool = false
  ) throws(ScenarioError) -> ScenarioStep {
    var options = PingOptions()
    options.forbidsFragments = forbidsFragments
    let numbers: [(PingNumber, UInt64?)] = [(.count, count), (.size, size), (.hopLimit, hopLimit)]
    for (option, number) in numbers {
      guard let number, !options.set(option, to: number) else { continue }
      let (least, most) = (option.range.lowerBound, option.range.upperBound)
      throw ScenarioError(nil, "`\(option.rawValue) \(number)` isn't within \(least)-\(most)")
    }
    return try ScenarioStep(.ping(from: from, to: to, options))
  }

  /// A trace of the route.
  ///
  /// - Parameters:
  ///   - from: who asks.
  ///   - to: whom: a name as the asker sees it, or an address.
  /// - Returns: the step.
  /// - Throws: `ScenarioError` for a group's address.
  public static func traceroute(from: String, to: String) throws(ScenarioError) -> ScenarioStep {
    try ScenarioStep(.traceroute(from: from, to: to))
  }

  /// A connection to a port.
  ///
  /// - Parameters:
  ///   - from: who asks.
  ///   - target: whom, with the port: `db:5432/tcp`, `[fd00::2]:53/udp`.
  /// - Returns: the step.
  /// - Throws: `ScenarioError` for a target that can't be one.
  public static func connect(from: String, to target: String) throws(ScenarioError) -> ScenarioStep {
    try ScenarioStep(connection(from: from, to: target, nil))
  }

  /// The walk of one exchange: of a connection where the target has a port, of a ping where it has none.
  ///
  /// - Parameters:
  ///   - from: who asks.
  ///   - target: whom.
  ///   - format: how it is told.
  /// - Returns: the step.
  /// - Throws: `ScenarioError` for a target that can't be one.
  public static func trace(
    from: String, to target: String, format: TraceFormat = .text
  ) throws(ScenarioError) -> ScenarioStep {
    try ScenarioStep(walk(from: from, to: target, format, nil))
  }

  /// A look at a namespace's state.
  ///
  /// - Parameters:
  ///   - name: whose it is.
  ///   - words: the command line of the program that shows it; one word alone may be all of it.
  /// - Returns: the step.
  /// - Throws: `ScenarioError` where no program is called so.
  public static func show(_ name: String, _ words: [String]) throws(ScenarioError) -> ScenarioStep {
    let words = words.count == 1 ? words[0].split { $0 == " " || $0 == "\t" }.map(String.init) : words
    return try ScenarioStep(look(at: name, words, nil))
  }

  // MARK: Of texts as of arguments

  static func connection(from: String, to word: String, _ text: String?) throws(ScenarioError) -> Action {
    let target = try target(word, text)
    guard let port = target.port else {
      throw ScenarioError(text, "expected a port, like \(target.name):80/tcp", word)
    }
    return .connect(from: from, to: target.name, port: port, target.transport)
  }

  static func walk(
    from: String, to word: String, _ format: TraceFormat, _ text: String?
  ) throws(ScenarioError) -> Action {
    let target = try target(word, text)
    return .trace(from: from, to: target.name, port: target.port, target.transport, format)
  }

  static func look(at name: String?, _ words: [String], _ text: String?) throws(ScenarioError) -> Action {
    if let view = DockerView(words: words) { return .showDocker(view) }
    guard let name, let view = View(words: words) else {
      throw ScenarioError(text, "expected `show NAME` and one of: \(View.summary), docker network ls|inspect NAME")
    }
    return .show(of: name, view)
  }

  private static func target(_ word: String, _ text: String?) throws(ScenarioError) -> Target {
    guard let target = Target(word) else {
      throw ScenarioError(text, "expected a target, like db:5432/tcp, with a port from 1 to 65535", word)
    }
    try refuseUnmodelled(target, text, word)
    return target
  }
}

/// The options of ping that are numbers.
enum PingNumber: String {
  case count = "-c"
  case size = "-s"
  case hopLimit = "-t"
  case timeout = "-W"

  /// What it can be.
  var range: ClosedRange<UInt64> {
    switch self {
    case .count: 1...65535
    case .size: 0...65507
    case .hopLimit: 1...255
    case .timeout: 1...3600
    }
  }
}

extension PingOptions {
  /// Sets an option.
  ///
  /// - Returns: whether it can be that.
  mutating func set(_ option: PingNumber, to number: UInt64) -> Bool {
    guard option.range.contains(number) else { return false }
    switch option {
    case .count: count = Int(number)
    case .size: size = Int(number)
    case .hopLimit: hopLimit = UInt8(number)
    case .timeout: timeout = .seconds(number)
    }
    return true
  }
}
