import ArgumentParser
import Netwright

/// The option that says which of two networks of one name is meant: one in a sandbox, or one on the machine itself.
struct WhereaboutsOption: ParsableArguments {
  /// Where a network is up.
  enum Whereabouts: EnumerableFlag {
    case rootless, system

    static func help(for value: Self) -> ArgumentHelp? {
      switch value {
      case .rootless: "The network in a sandbox of yours, as up --rootless made it; it is found without this."
      case .system: "The network on the machine itself, where one of the same name is in a sandbox too."
      }
    }
  }

  @Flag var whereabouts: Whereabouts?

  /// The sandbox in which a network is up; nil where it is to be looked for on the machine itself.
  ///
  /// - Parameter instance: the network's name.
  /// - Returns: the sandbox.
  /// - Throws: `ExitStatus` after saying why: there is no sandbox, or it could be either.
  func sandbox(of instance: String) throws -> PersistentSandbox? {
    let sandbox = whereabouts == .system ? nil : PersistentSandbox.find(instance, in: .current)
    switch whereabouts {
    case .system: return nil
    case .rootless:
      guard let sandbox else {
        StandardStream.say("netwright: \(instance) is not up in a sandbox\n")
        throw ExitStatus.systemRefused
      }
      return sandbox
    case nil:
      guard sandbox != nil, RunningNetworks.names().contains(instance) else { return sandbox }
      StandardStream.say(
        "netwright: \(instance) is up in a sandbox and on the machine: say --rootless or --system\n")
      throw ExitStatus.usage
    }
  }
}
