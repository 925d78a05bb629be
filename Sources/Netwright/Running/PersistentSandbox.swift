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
  /// Whether it is there already, or just being made.
  let isMade: Bool

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
    guard let text = try? OutputFiles.read(record) else { return nil }
    let words = text.split { $0 == " " || $0 == "\n" }
    let isMade = words.last != makingWord
    if let holder = ProcessIdentity(words: isMade ? words : words.dropLast()) {
      if holder.isAlive { return PersistentSandbox(name: name, holder: holder, isMade: isMade) }
      // Of a process in another PID namespace, which the folder is shared with, nothing can be seen from here.
      if holder.isElsewhere { return nil }
    }
    for suffix in ["", ".new", ".errors", ".pipe"] { try? FileManager.default.removeItem(atPath: record + suffix) }
    // In a session's own folder, or in /tmp, nothing stays when the last is gone.
    SystemCalls.removeEmptyFolder(folder)
    return nil
  }

  /// Records that a sandbox is being made by this process, which is the same still when it has become another program:
  /// the record is stale as soon as that ends.
  ///
  /// - Parameters:
  ///   - name: the network's name.
  ///   - context: what this process was started with, for the runtime folder.
  /// - Returns: the record, and who made it, without which nobody could tell whose it is.
  /// - Throws: `LaunchError` if it can't be recorded, or somebody else makes one of that name.
  static func record(_ name: String, in context: ProcessContext) throws -> (path: String, maker: ProcessIdentity) {
    let path = "\(try folder(of: context))/\(name)"
    guard let own = ProcessIdentity(running: SystemCalls.process) else {
      throw LaunchError(description: "/proc doesn't tell of this process")
    }
    // Whole from the start: a record that says nothing is one whose making was cut short.
    let whole = "\(path).\(own.process)"
    defer { try? FileManager.default.removeItem(atPath: whole) }
    do {
      try OutputFiles.create("\(own.text) \(makingWord)\n", at: whole)
      try SystemCalls.link(whole, as: path)
    } catch Errno.fileExists {
      throw LaunchError(
        description: find(name, in: context) != nil
          ? "\(name): a sandbox is just being made by another"
          : "\(name): a sandbox is recorded by a process in another PID namespace; if that is gone, remove \(path)")
    } catch {
      throw LaunchError(description: "can't record the sandbox: \(error)")
    }
    return (path, own)
  }

  /// The last word of the record of a sandbox that isn't there yet.
  private static let makingWord: Substring = "making"

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
/// boot of the machine, and from one elsewhere by the namespace that its number counts in.
struct ProcessIdentity: Equatable, Sendable {
  /// Its number.
  var process: Int32
  /// When it started, in clock ticks after the boot.
  var start: UInt64
  /// The kernel's name of the boot.
  var boot: String
  /// The PID namespace, by its inode (pid_namespaces(7)).
  var namespace: UInt64

  /// Reads the words of `PROCESS START BOOT NAMESPACE`.
  init?(words: [Substring]) {
    guard words.count == 4, let process = Int32(words[0]), process > 1, let start = UInt64(words[1]),
      let namespace = UInt64(words[3])
    else { return nil }
    self.process = process
    self.start = start
    boot = String(words[2])
    self.namespace = namespace
  }

  /// A process that runs in this one's PID namespace; nil where there is none with that number, or one that has ended:
  /// it may not have been asked for its status, or wait for what is in the namespace that it was the first of.
  init?(running process: Int32) {
    guard let line = try? OutputFiles.read("/proc/\(process)/stat"), let boot = Self.currentBoot,
      let namespace = Self.currentNamespace, SystemCalls.inode(of: "/proc/\(process)/ns/net") != nil,
      // The name in parentheses may hold anything; after it come the state and what has no spaces.
      let end = line.lastIndex(of: ")")
    else { return nil }
    let fields = line[end...].split(separator: " ")
    guard fields.count > 20, fields[1] != "Z", let start = UInt64(fields[20]) else { return nil }
    self.process = process
    self.start = start
    self.boot = boot
    self.namespace = namespace
  }

  private static var currentBoot: String? {
    (try? OutputFiles.read("/proc/sys/kernel/random/boot_id"))?.filter { $0 != "\n" }
  }

  private static var currentNamespace: UInt64? { SystemCalls.inode(of: "/proc/self/ns/pid") }

  /// As a record has it.
  var text: String { "\(process) \(start) \(boot) \(namespace)" }

  /// Whether the process is still there.
  var isAlive: Bool { Self(running: process) == self }

  /// Whether its number counts in another namespace than this process's, of the same boot.
  var isElsewhere: Bool { namespace != Self.currentNamespace && boot == Self.currentBoot }
}
