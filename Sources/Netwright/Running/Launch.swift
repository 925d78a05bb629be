import SystemPackage

/// Why a program could not be started.
public struct LaunchError: Error, CustomStringConvertible, Sendable {
  /// The error in words.
  public let description: String
}

/// Programs that this process becomes, so that signals, terminal and exit status are theirs and nothing is left
/// running.
public enum Launch {
  /// Becomes `sh` with a script on standard input, which the script itself closes before it runs anything.
  ///
  /// - Parameters:
  ///   - script: the script.
  ///   - arguments: its arguments: `up`, `down`, `status`.
  /// - Throws: `LaunchError` if there is no shell.
  public static func shell(_ script: String, arguments: [String]) throws -> Never {
    try become(["sh", "-s", "--"] + arguments, input: { try SystemCalls.namelessFile(script) })
  }

  /// Becomes a command in a namespace that is up.
  ///
  /// - Parameters:
  ///   - namespace: the namespace.
  ///   - command: the command and its arguments.
  /// - Throws: `LaunchError` if there is no `ip`, or this process isn't root's.
  public static func inNamespace(_ namespace: String, _ command: [String]) throws -> Never {
    guard SystemCalls.user == 0 else {
      throw LaunchError(description: "exec must be run by root, or in a user namespace of one's own")
    }
    try become(["ip", "netns", "exec", namespace] + becoming + command, input: { nil })
  }

  /// What comes before a command for `ip netns exec`, which ends with 255 or 1 where there is no such command: a shell
  /// becomes the command, or ends with 127, and with 126 where it can't be run (POSIX XCU §2.8.2).
  static let becoming = ["sh", "-c", #"exec "$@""#, "netwright"]

  /// Becomes what runs a command inside a sandbox of its own in which the network is up: private user, network, mount
  /// and process namespaces, which the kernel takes away with their last process, whatever happens to it.
  ///
  /// - Parameters:
  ///   - command: the command and its arguments.
  ///   - script: the network's script.
  /// - Throws: `LaunchError` if there is no `unshare`.
  public static func inSandbox(_ command: [String], script: String) throws -> Never {
    // The script is on a descriptor of its own, so that standard input stays the command's. It is the lowest that is
    // free, so that no other of the caller's is in its way, and the shell closes it before the command.
    let file = try namelessFile(script)
    try become(
      ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"]
        + ["sh", "-c", sandboxScript, "netwright", String(file.rawValue)] + command, input: { nil })
  }

  static func namelessFile(_ text: String) throws -> FileDescriptor {
    do {
      return try SystemCalls.namelessFile(text)
    } catch {
      throw LaunchError(description: "can't make a file in /tmp: \(error)")
    }
  }

  static func become(_ arguments: [String], input: () throws -> FileDescriptor?) throws -> Never {
    do {
      try SystemCalls.become(arguments, input: try input())
    } catch {
      throw LaunchError(description: "can't run \(arguments.first ?? ""): \(error)")
    }
  }

  /// Makes the sandbox's own /proc, /run, /sys and a writable /etc; the machine's /etc/netns is nobody's inside.
  static let sandboxMounts = #"""
    mount -t proc proc /proc
    mount -t tmpfs tmpfs /run
    mkdir -p /run/netns /run/etc/upper /run/etc/work
    mount -t sysfs sysfs /sys 2>/dev/null || true
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
    mkdir -p /etc/netns
    mount -t tmpfs tmpfs /etc/netns
    ip link set lo up
    """#

  /// Builds the network, runs the command, and ends with its status.
  ///
  /// The command is a child: the first process of a process namespace ignores every signal that it has no handler for,
  /// Ctrl-C and its own among them (pid_namespaces(7)).
  private static let sandboxScript = #"""
    set -eu
    \#(sandboxMounts)
    script=$1
    shift
    # By its path: where the caller has much open, its number has two digits, which not every shell redirects from.
    sh -s -- up <"/proc/self/fd/$script" >&2
    case $script in ?) eval "exec $script<&-" ;; esac
    status=0
    (exec "$@") || status=$?
    exit "$status"
    """#
}
