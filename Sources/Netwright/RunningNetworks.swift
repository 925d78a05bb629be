import FoundationEssentials
import Plan
import ShellScript

/// The networks that are up on this machine, as their scripts record them under /run/netwright.
public enum RunningNetworks {
  /// Where running networks are recorded.
  static let directory = "/run/netwright"

  /// The names of the networks that are recorded, sorted; those that a script is just making included.
  public static func names() -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return entries.filter { name in
      InstanceName(name) != nil && FileManager.default.fileExists(atPath: "\(directory)/\(name)/journal")
    }.sorted()
  }

  /// Whether a namespace is there under its name (ip-netns(8)).
  ///
  /// - Parameter name: the namespace's name.
  /// - Returns: whether it is.
  public static func hasNamespace(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "/run/netns/\(name)")
  }

  /// The script that takes a network away by its record alone.
  ///
  /// - Parameter name: the network's name.
  /// - Returns: the script; its verb is `down`.
  /// - Throws: `LaunchError` if it can't be one.
  public static func downScript(_ name: String) throws -> String { emitDownScript(instance: try instance(name)) }

  /// The script that shows a network's status by its record alone.
  ///
  /// - Parameter name: the network's name.
  /// - Returns: the script; its verb is `status`.
  /// - Throws: `LaunchError` if it can't be one.
  public static func statusScript(_ name: String) throws -> String { emitStatusScript(instance: try instance(name)) }

  /// Whether a text can be a network's name: lower-case letters, digits, `-` and `_`.
  ///
  /// - Parameter text: the text.
  /// - Returns: whether it can.
  public static func isName(_ text: String) -> Bool { InstanceName(text) != nil }

  private static func instance(_ name: String) throws -> InstanceName {
    guard let instance = InstanceName(name) else {
      throw LaunchError(description: "\(name): not the name of a network (lower-case letters, digits, - and _)")
    }
    return instance
  }
}
