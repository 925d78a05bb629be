import ArgumentParser
import Netwright

/// Writes down a machine's network state.
struct Snapshot: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "snapshot",
    abstract: "Write down this machine's network state, for dry runs that start from it.",
    discussion: """
      Prints devices, addresses, routes, rules, neighbors, bridges and forwarding of every network namespace as one JSON \
      document. It reads only; as root it sees all. What asks for a file takes the document by --host.

      Examples:
        sudo netwright snapshot > host.json
        netwright up --dry-run --host host.json
        netwright snapshot --script | ssh gate sudo sh > gate.json
      """)

  @Flag(help: "Print the shell script that does it, which needs nothing of Netwright.")
  var script = false

  func run() throws {
    if script { return try StandardStream.print(snapshotScript) }
    try launching { try Launch.shell(snapshotScript, arguments: []) }
  }
}
