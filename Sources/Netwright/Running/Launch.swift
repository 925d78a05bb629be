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
  /// - Throws: `LaunchError` if there is no `sh`, or no room for the script.
  public static func inSandbox(_ command: [String], script: String) throws -> Never {
    // The script is on a descriptor of its own, so that standard input stays the command's. It is the lowest that is
    // free, so that no other of the caller's is in its way, and the shell closes it before the command.
    let file = try namelessFile(script)
    try become(
      ["sh", "-c", sandboxLauncher, "netwright", sandboxScript, "netwright", String(file.rawValue)] + command,
      input: { nil })
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

  /// Has the kernel make the namespaces; where it refuses, ends with 3, since what unshare(1) ends with then could be
  /// the command's.
  ///
  /// The arguments are `sandboxScript`, and those that it has.
  private static let sandboxLauncher = #"""
    if ! command -v unshare >/dev/null; then
      echo "netwright: 'unshare' is needed and isn't installed" >&2
      exit 3
    fi
    unshare \#(sandboxNamespaces) true || exit 3
    exec unshare \#(sandboxNamespaces) --kill-child sh -c "$@"
    """#

  /// The options by which unshare(1) makes a sandbox's namespaces, and its first process in them.
  static let sandboxNamespaces = "--user --map-root-user --net --mount --pid --fork"

  /// Makes the sandbox's own /proc, /run, /sys and a writable /etc; the machine's /etc/netns is nobody's inside.
  ///
  /// What something is mounted in, as files of /etc are in containers, can't be the lower layer of another
  /// (clone_private_mount, fs/namespace.c). What is there is linked to then, and links are copied; a sandbox within
  /// such a one takes over what is linked to.
  static let sandboxMounts = #"""
    mount -t proc proc /proc
    within=
    if [ -d /run/etc/below ]; then
      within=yes
      mount --rbind /run/etc/below /sys
    fi
    mount -t tmpfs tmpfs /run
    mkdir -p /run/netns /run/etc/upper /run/etc/work
    if [ -n "$within" ]; then
      mkdir /run/etc/below
      mount --rbind /sys /run/etc/below
      umount -l /sys
    elif ! mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc 2>/dev/null; then
      mkdir /run/etc/below
      mount --rbind /etc /run/etc/below
      mount -t tmpfs tmpfs /etc
      find /run/etc/below -mindepth 1 -maxdepth 1 ! -name netns ! -type l -exec sh -c 'ln -s "$@" /etc/' sh {} +
      find /run/etc/below -mindepth 1 -maxdepth 1 -type l -exec sh -c 'cp -P "$@" /etc/' sh {} +
    fi
    mount -t sysfs sysfs /sys 2>/dev/null || true
    mkdir -p /etc/netns
    mount -t tmpfs tmpfs /etc/netns
    ip link set lo up
    """#

  /// Builds the network, runs the command, and ends with its status.
  ///
  /// The command is a child: the first process of a process namespace ignores every signal that it has no handler for,
  /// Ctrl-C and its own among them (pid_namespaces(7)). With a handler of its own the shell leaves it to the command
  /// what a Ctrl-C comes to.
  ///
  /// The arguments are the descriptor of the network's script, and the command.
  private static let sandboxScript = #"""
    set -eu
    trap 'status=$?; [ "$status" -gt 128 ] || status=3; exit "$status"' EXIT
    \#(sandboxMounts)
    script=$1
    shift
    # By its path: where the caller has much open, its number has two digits, which not every shell redirects from.
    sh -s -- up <"/proc/self/fd/$script" >&2
    case $script in ?) eval "exec $script<&-" ;; esac
    trap - EXIT
    trap : INT
    status=0
    (exec "$@") || status=$?
    exit "$status"
    """#
}
