import ArgumentParser
import Netwright

/// Lists the networks that are up.
struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "ls",
    abstract: "List the networks that are up on this machine.",
    discussion: """
      One name a line. What is up on the machine is recorded under /run/netwright; a network in a sandbox of yours \
      (up --rootless) under your runtime folder, and has `rootless` after its name.
      """)

  func run() throws {
    for name in RunningNetworks.names() { try StandardStream.print("\(name)\n") }
    for sandbox in PersistentSandbox.all(in: .current) { try StandardStream.print("\(sandbox.name) rootless\n") }
  }
}
