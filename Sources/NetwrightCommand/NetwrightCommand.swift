import ArgumentParser
import Netwright

/// The root of the command line.
struct NetwrightCommand: ParsableCommand {
  fileprivate static let name = "netwright"

  static let configuration = CommandConfiguration(
    commandName: name,
    abstract: "Declare a Linux network in YAML; check it, plan it, build it, take it away.",
    discussion: """
      The file is a compose file, or one with routers, links and more besides. Without -f, it is the first of \
      netwright.yaml and compose's own names in the nearest folder that has one, from here upward.

      Examples:
        netwright validate -f lab.yaml          every mistake at its line
        netwright plan                          every name, address and default route
        netwright test                          who reaches whom, by its checks
        netwright trace web db                  tell the walk of a packet there
        netwright compile | sudo sh             build it
        netwright compile | sudo sh -s down     take it away
        netwright run lab.yaml -- ip netns exec web ping -c1 db
                                                in a sandbox, without root

      Exit status: 0 good, 1 the file has errors or a probe or check failed, 2 wrong usage, 3 the system refused.
      """,
    version: "netwright \(netwrightVersion)",
    subcommands: [
      Validate.self, Config.self, PlanCommand.self, Compile.self, Up.self, Down.self, List.self, Status.self, Exec.self,
      Run.self, Simulate.self, TestCommand.self, Ping.self, Traceroute.self, Connect.self, Trace.self, Show.self,
      Snapshot.self, SchemaCommand.self, Init.self,
    ])
}

extension CommandConfiguration {
  /// A command of `netwright`.
  ///
  /// That it belongs to another spares it, when it is parsed by itself, the search for a request of completion scripts,
  /// which takes the library as long as the rest of the command line.
  init(command: String, abstract: String, discussion: String) {
    self.init(
      commandName: command, _superCommandName: NetwrightCommand.name, abstract: abstract,
      discussion: discussion)
  }
}
