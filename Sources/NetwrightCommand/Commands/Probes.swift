import ArgumentParser
import Netwright

/// Pings in the simulator.
struct Ping: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "ping",
    abstract: "Ping from one service to another in the simulator, and print what ping prints.",
    discussion: """
      Nothing is built, and no privilege is needed: the plan runs in a simulated kernel.

      Examples:
        netwright ping web db
        netwright ping web 10.9.0.1 -c 3 -s 1472 --df

      Exit status: 0 there was an answer, 1 there was none, or the file has errors.
      """)

  @Argument(help: "Who asks: a service, a replica, a router or host.")
  var from: String

  @Argument(help: "Whom: a name as the asker sees it, or an address.")
  var target: String

  @Option(name: .customShort("c"), help: ArgumentHelp("How many requests are sent.", valueName: "count"))
  var count: WholeNumber = 1

  @Option(name: .customShort("s"), help: ArgumentHelp("How many bytes of data each carries.", valueName: "size"))
  var size: WholeNumber = 56

  @Option(name: .customShort("t"), help: ArgumentHelp("The time to live.", valueName: "ttl"))
  var hopLimit: WholeNumber?

  @Flag(name: .customLong("df"), help: "Nobody may fragment the requests (ping -M do).")
  var forbidsFragments = false

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws {
    let step = try scenarioStep(
      try .ping(
        from: from, to: target, count: count.value, size: size.value, hopLimit: hopLimit?.value,
        forbidsFragments: forbidsFragments))
    try files.run([step], capture)
  }
}

/// Traces a route in the simulator.
struct Traceroute: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "traceroute",
    abstract: "Trace the route from one service to another in the simulator.",
    discussion: """
      Examples:
        netwright traceroute web db

      Exit status: 0 the target was reached, 1 it was not, or the file has errors.
      """)

  @Argument(help: "Who asks: a service, a replica, a router or host.")
  var from: String

  @Argument(help: "Whom: a name as the asker sees it, or an address.")
  var target: String

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws { try files.run([try scenarioStep(try .traceroute(from: from, to: target))], capture) }
}

/// Connects in the simulator.
struct Connect: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "connect",
    abstract: "Try to reach a port of a service in the simulator.",
    discussion: """
      What a service exposes or publishes is what listens in it.

      Examples:
        netwright connect web db:5432/tcp
        netwright connect web 10.9.0.53:53/udp

      Exit status: 0 it was reached, 1 it was not, or the file has errors.
      """)

  @Argument(help: "Who asks: a service, a replica, a router or host.")
  var from: String

  @Argument(help: "The target with its port, and /tcp or /udp.")
  var target: String

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws { try files.run([try scenarioStep(try .connect(from: from, to: target))], capture) }
}

/// Tells the walk of one exchange.
struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "trace",
    abstract: "Tell the walk of one exchange, layer by layer: ARP, bridges, routes, rules, frames.",
    discussion: """
      Every rule that a packet meets is named with its comment and the line of the file that asked for it.

      Examples:
        netwright trace web db
        netwright trace web db:5432/tcp
        netwright trace web db --format mermaid > walk.mmd
        netwright trace web db --iptables-trace

      Exit status: 0 it was answered, 1 it was not, or the file has errors.
      """)

  @Argument(help: "Who asks: a service, a replica, a router or host.")
  var from: String

  @Argument(help: "Whom, with a port and /tcp or /udp for more than a ping.")
  var target: String

  @Option(
    help: "How the walk is told: text, json, mermaid (a sequence diagram), or iptables, as --iptables-trace does.")
  var format: TraceFormat?

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  @Flag(help: "Print what the kernel logs for iptables' target TRACE instead: a line a rule.")
  var iptablesTrace = false

  func validate() throws {
    if iptablesTrace, format ?? .rules != .rules { throw ValidationError("--iptables-trace is a format of its own.") }
  }

  func run() throws {
    let form = iptablesTrace ? .rules : format ?? .text
    try files.run([try scenarioStep(try .trace(from: from, to: target, format: form))], capture)
  }
}
