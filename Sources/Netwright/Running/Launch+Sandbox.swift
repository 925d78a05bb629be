import SystemPackage

extension Launch {
  /// Becomes the shell that makes a persistent sandbox and builds a network in it; in one that is there already, that
  /// checks that the network is the same.
  ///
  /// - Parameters:
  ///   - name: the network's name.
  ///   - script: its script.
  ///   - context: what this process was started with.
  /// - Throws: `LaunchError` if it can't be.
  public static func upInSandbox(_ name: String, script: String, in context: ProcessContext) throws -> Never {
    if let sandbox = PersistentSandbox.find(name, in: context) {
      try shell(script, arguments: ["up"], in: sandbox)
    }
    let (record, maker) = try PersistentSandbox.record(name, in: context)
    let file = try namelessFile(script)
    do {
      // What else is open here would stay open as long as the sandbox is there.
      try SystemCalls.keepAlone(file, as: 3)
    } catch {
      throw LaunchError(description: "can't keep the script open: \(error)")
    }
    try become(["sh", "-c", launcher, "netwright", record, holder, String(maker.namespace)], input: { nil })
  }

  /// Becomes `sh` with a script, inside a sandbox.
  ///
  /// - Parameters:
  ///   - script: the script.
  ///   - arguments: its arguments.
  ///   - sandbox: the sandbox.
  /// - Throws: `LaunchError` if there is no `nsenter`.
  public static func shell(_ script: String, arguments: [String], in sandbox: PersistentSandbox) throws -> Never {
    try become(
      try entering(sandbox) + ["sh", "-s", "--"] + arguments, input: { try SystemCalls.namelessFile(script) })
  }

  /// Becomes a command in a namespace inside a sandbox.
  ///
  /// - Parameters:
  ///   - namespace: the namespace.
  ///   - command: the command and its arguments.
  ///   - sandbox: the sandbox.
  ///   - context: what this process was started with, for the current folder.
  /// - Throws: `LaunchError` if there is no `nsenter`.
  public static func inNamespace(
    _ namespace: String, _ command: [String], in sandbox: PersistentSandbox, from context: ProcessContext
  ) throws -> Never {
    let change = #"""
      namespace=$3
      if ! [ -e "/run/netns/$namespace" ]; then
        printf 'netwright: %s is up in another form: there is no namespace %s\n' "$2" "$namespace" >&2
        exit 3
      fi
      cd -- "$1" 2>/dev/null || cd /
      shift 3
      exec ip netns exec "$namespace" "$@"
      """#
    try become(
      try entering(sandbox) + ["sh", "-c", change, "netwright", context.directory, sandbox.name, namespace] + becoming
        + command, input: { nil })
  }

  private static func entering(_ sandbox: PersistentSandbox) throws -> [String] {
    guard sandbox.isMade else {
      throw LaunchError(description: "\(sandbox.name): the sandbox is just being made")
    }
    // The user's own identity is root inside; a change to it would need groups to be set, which the sandbox denies.
    return [
      "nsenter", "--target", String(sandbox.holder.process), "--user", "--net", "--mount", "--pid",
      "--preserve-credentials", "--",
    ]
  }

  /// Makes a sandbox held by a process of its own session, builds the network in it, and has the record name the
  /// holder.
  ///
  /// Whatever goes wrong takes the sandbox and the record away.
  ///
  /// The arguments are the record, the holder's text and the PID namespace; the network's script is descriptor 3.
  private static let launcher = #"""
    set -eu
    record=$1
    umask 077
    holder=
    give_up() {
      status=${1-$?}
      trap '' INT TERM HUP
      trap - EXIT
      if [ -n "$holder" ]; then kill -KILL "$holder" 2>/dev/null || :; fi
      rm -f "$record" "$record.new" "$record.errors" "$record.pipe"
      exit "$status"
    }
    trap give_up EXIT
    trap 'give_up 130' INT
    trap 'give_up 143' TERM
    trap 'give_up 129' HUP
    refuse() {
      printf 'netwright: %s\n' "$1" >&2
      exit 3
    }
    for program in setsid unshare nsenter ip mkfifo rm mv cat; do
      command -v "$program" >/dev/null || refuse "'$program' is needed and isn't installed"
    done
    # The holder ends when this shell does before it has said that all is well.
    rm -f "$record.pipe"
    mkfifo "$record.pipe"
    setsid unshare \#(sandboxNamespaces) --kill-child \
      sh -c "$2" netwright "$record.new" "$3" <"$record.pipe" >/dev/null 2>"$record.errors" 3<&- &
    holder=$!
    exec 5>"$record.pipe"
    rm -f "$record.pipe"
    tries=0
    until [ -s "$record.new" ]; do
      tries=$((tries + 1))
      if [ "$tries" -gt 500 ] || ! kill -0 "$holder" 2>/dev/null; then
        cat "$record.errors" >&2
        refuse "the kernel refuses the sandbox"
      fi
      sleep 0.02 2>/dev/null || sleep 1
    done
    read -r process _ <"$record.new"
    umask 022
    nsenter --target "$process" --user --net --mount --pid --preserve-credentials -- sh -s -- up <&3 5>&-
    trap '' INT TERM HUP
    mv "$record.new" "$record"
    rm -f "$record.errors"
    trap - EXIT
    echo stay >&5
    """#

  /// The first process of a sandbox: makes its own /proc, /run, /sys and a writable /etc, writes who it is, and waits.
  ///
  /// A shell, because the first process of a process namespace inherits those whose parents have ended and has to wait
  /// for them. Who it is is read before the sandbox has its own /proc, and written when all is there.
  private static let holder = #"""
    set -eu
    exec 4>"$1"
    namespace=$2
    umask 022
    read -r line </proc/self/stat
    read -r boot </proc/sys/kernel/random/boot_id
    process=${line%% *}
    set -- ${line##*) }
    identity="$process ${20} $boot $namespace"
    cd /
    \#(sandboxMounts)
    printf '%s\n' "$identity" >&4
    read -r _ || exit 0
    exec 4>&- </dev/null 2>/dev/null
    trap '' INT TERM HUP
    while :; do sleep 86400; done
    """#
}
