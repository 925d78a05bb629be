import FoundationEssentials
import SystemPackage

/// A sandbox that stays until it is taken away: private user, network, mount and process namespaces of a user without
/// root, in which one network is up.
///
/// A small process holds it. What identifies that process is recorded in a file under the user's runtime folder; when
/// the process ends, however it does, the kernel takes away everything in the sandbox, and the record is known to be
/// stale.
public struct PersistentSandbox: Sendable {
  /// The name of the network in it.
  public let name: String
  /// The process that holds it, or that is making it.
  let holder: ProcessIdentity

  /// The sandboxes that are there, by name; records of those that have ended are removed.
  ///
  /// - Parameter context: what this process was started with, for the runtime folder.
  /// - Returns: the sandboxes, sorted by name.
  public static func all(in context: ProcessContext) -> [PersistentSandbox] {
    guard let folder = existingFolder(of: context) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(RunningNetworks.isName).sorted().compactMap { find($0, in: context) }
  }

  /// The sandbox in which a network is up; the record of one that has ended is removed.
  ///
  /// - Parameters:
  ///   - name: the network's name.
  ///   - context: what this process was started with, for the runtime folder.
  /// - Returns: the sandbox; nil where there is none.
  public static func find(_ name: String, in context: ProcessContext) -> PersistentSandbox? {
    guard let folder = existingFolder(of: context), RunningNetworks.isName(name) else { return nil }
    let record = "\(folder)/\(name)"
    guard let text = try? OutputFiles.read(record), let holder = ProcessIdentity(text) else { return nil }
    guard holder.isAlive else {
      for suffix in ["", ".new", ".errors", ".pipe"] { try? FileManager.default.removeItem(atPath: record + suffix) }
      // In a session's own folder, or in /tmp, nothing stays when the last is gone.
      SystemCalls.removeEmptyFolder(folder)
      return nil
    }
    return PersistentSandbox(name: name, holder: holder)
  }

  /// Ends the process that holds the sandbox, and so everything in it.
  ///
  /// - Parameter context: what this process was started with, for the runtime folder.
  /// - Throws: `LaunchError` if it can't be ended.
  public func end(in context: ProcessContext) throws {
    do {
      try SystemCalls.kill(holder.process)
    } catch {
      throw LaunchError(description: "can't end process \(holder.process): \(error)")
    }
    // What was in it is gone when its first process is (`zap_pid_ns_processes`, kernel/pid_namespace.c).
    for _ in 0..<500 where holder.isAlive { SystemCalls.sleep(milliseconds: 10) }
    guard !holder.isAlive else { throw LaunchError(description: "process \(holder.process) doesn't end") }
    _ = Self.find(name, in: context)
  }

  /// Where sandboxes are recorded; made where it is missing.
  ///
  /// - Parameter context: what this process was started with.
  /// - Returns: the folder, which no other user can write to.
  /// - Throws: `LaunchError` if it can't be had.
  static func folder(of context: ProcessContext) throws -> String {
    let path = folderPath(of: context)
    do {
      try SystemCalls.makeFolder(path, permissions: [.ownerReadWriteExecute])
    } catch {
      throw LaunchError(description: "\(error)")
    }
    guard existingFolder(of: context) != nil else {
      throw LaunchError(description: "\(path) isn't a folder of yours that others can't write to")
    }
    return path
  }

  private static func existingFolder(of context: ProcessContext) -> String? {
    let path = folderPath(of: context)
    return SystemCalls.isPrivateFolder(path) ? path : nil
  }

  /// The folder that the session gave the user (XDG Base Directory Specification), or else one in /tmp.
  private static func folderPath(of context: ProcessContext) -> String {
    if let runtime = context.environment["XDG_RUNTIME_DIR"], runtime.hasPrefix("/"),
      FileManager.default.fileExists(atPath: runtime)
    {
      return "\(runtime)/netwright"
    }
    return "/tmp/netwright-\(SystemCalls.user)"
  }
}

/// A process, told from a later one with the same number by when it started (`starttime`, proc_pid_stat(5)) and by the
/// boot of the machine.
struct ProcessIdentity: Equatable, Sendable {
  /// Its number.
  var process: Int32
  /// When it started, in clock ticks after the boot.
  var start: UInt64
  /// The kernel's name of the boot.
  var boot: String

  /// Reads `PROCESS START BOOT`.
  init?(_ text: String) {
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 3, let process = Int32(words[0]), process > 1, let start = UInt64(words[1]) else { return nil }
    self.process = process
    self.start = start
    boot = String(words[2])
  }

  /// A running process; nil where there is none with that number, or one that has ended and not been asked for its
  /// status.
  init?(running process: Int32) {
    guard let line = try? OutputFiles.read("/proc/\(process)/stat"),
      let boot = try? OutputFiles.read("/proc/sys/kernel/random/boot_id"),
      // The name in parentheses may hold anything; after it come the state and what has no spaces.
      let end = line.lastIndex(of: ")")
    else { return nil }
    let fields = line[end...].split(separator: " ")
    guard fields.count > 20, fields[1] != "Z", let start = UInt64(fields[20]) else { return nil }
    self.process = process
    self.start = start
    self.boot = boot.filter { $0 != "\n" }
  }

  /// As a record has it.
  var text: String { "\(process) \(start) \(boot)\n" }

  /// Whether the process is still there.
  var isAlive: Bool { Self(running: process) == self }
}
