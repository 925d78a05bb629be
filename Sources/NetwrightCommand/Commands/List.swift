import ArgumentParser
import Netwright

/// Lists the networks that are up.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls",
    abstract: "List the networks that are up on this machine.",
    discussion: "What is up is recorded under /run/netwright; one name a line.")

  func run() throws {
    for name in RunningNetworks.names() { StandardStream.output.write("\(name)\n") }
  }
}
