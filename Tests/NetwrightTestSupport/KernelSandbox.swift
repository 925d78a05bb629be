import Foundation

/// A private corner of the running kernel, in which scripts can build networks for real.
///
/// It has network, mount and process namespaces of its own, an empty /run, and an /etc that can be written to without
/// anything reaching the machine's. Everything in it goes when the shell that it runs ends.
package enum KernelSandbox {
  /// What came of a run.
  package struct Outcome: Sendable {
    /// What was written to standard output.
    package var output: String
    /// What was written to standard error.
    package var errors: String
    /// The exit status; 137 when the time was up.
    package var status: Int32
  }

  /// Runs a shell text (bash) in a fresh sandbox.
  ///
  /// - Parameters:
  ///   - text: The text. `$DIR` is a folder with the files; the functions of `prelude` are there to be used.
  ///   - files: Files to put there, by name.
  ///   - seconds: The time after which everything in the sandbox is killed.
  /// - Returns: What the text wrote and how it ended.
  /// - Throws: When the folder can't be made or `timeout` can't be started. A kernel that refuses namespaces shows as a
  ///   status other than 0, never as success.
  package static func run(_ text: String, files: [String: String] = [:], seconds: Int = 300) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-sandbox-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files {
      try content.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    try (setUp + prelude + text).write(to: folder.appending(path: ".run"), atomically: false, encoding: .utf8)

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["timeout", "-s", "KILL", "\(seconds)", "unshare", "--net", "--mount", "--pid", "--fork", "--kill-child"]
      + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])
      + ["--mount-proc", "bash", folder.appending(path: ".run").path]
    process.environment = ProcessInfo.processInfo.environment.merging(["DIR": folder.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (folder.appending(path: ".output"), folder.appending(path: ".errors"))
    for url in [output, errors] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    return Outcome(
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self),
      status: process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    )
  }

  /// Starts a program with no signal blocked: test threads block them, and a program inherits that from its thread.
  static func withoutBlockedSignals(_ start: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try start()
  }

  /// Makes the sandbox's own /run, /sys and /etc.
  private static let setUp = #"""
    set -u
    PATH=$PATH:/usr/sbin:/sbin
    mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mkdir /run/overlay &&
      mount -t tmpfs tmpfs /run/overlay && mkdir /run/overlay/upper /run/overlay/work &&
      mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/overlay/upper,workdir=/run/overlay/work /etc ||
      { echo 'the kernel refuses the sandbox' >&2; exit 99; }
    rm -rf /etc/netns
    cd "$DIR" || exit 99

    """#

  /// Functions for the texts to run: `snapshot`, `settled`, `awaits`, `check`, `same`, and what to check: `refuses`,
  /// `reaches`, `misses`, `has`.
  package static let prelude = #"""
    # Everything that a script could leave behind, as text.
    snapshot() {
      ip -j -p -d link show | sed '/_timer"/d; /operstate/d'
      ip -j -p address show | sed '/operstate/d'
      for family in -4 -6; do ip $family -j route show table all; ip $family -j rule show; done
      tc qdisc show
      cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding /proc/sys/net/ipv4/ip_local_port_range
      cat /proc/sys/net/ipv4/conf/{all,default}/rp_filter
      find /run/netns /run/netwright /etc/netns 2>/dev/null | sort
      grep netns /proc/self/mountinfo | cut -d' ' -f5
    }
    # The same once it has stopped changing: carriers and link-local addresses take a moment.
    settled() {
      local one two tries=0
      two=$(snapshot)
      until [ "${one-}" = "$two" ] && ! grep -q tentative <<<"$two" || [ $((tries += 1)) -gt 20 ]; do
        one=$two
        sleep 1
        two=$(snapshot)
      done
      printf '%s\n' "$two"
    }
    # awaits COMMAND...: waits until the command succeeds, half a minute at most.
    awaits() {
      local try
      for try in $(seq 300); do "$@" && return; sleep 0.1; done
      return 1
    }
    failures=0
    # check WHAT COMMAND...: the command must succeed.
    check() {
      local what=$1
      shift
      if ! "$@" >"$DIR/.check" 2>&1; then
        failures=$((failures + 1))
        echo "FAILED: $what: $*"
        sed 's/^/    /' "$DIR/.check"
      fi
    }
    # refuses STATUS COMMAND...: the command must end with that status.
    refuses() {
      local want=$1 got=0
      shift
      "$@" || got=$?
      [ "$got" = "$want" ] || { echo "status $got instead of $want"; return 1; }
    }
    # reaches NAMESPACE ADDRESS: an answer comes, after a moment if need be: a port takes a second to forward.
    reaches() {
      local try
      for try in 1 2 3; do ip netns exec "$1" ping -c 1 -W 2 "$2" && return; sleep 0.5; done
      return 1
    }
    # misses NAMESPACE ADDRESS: no answer comes.
    misses() { ! ip netns exec "$1" ping -c 1 -W 1 "$2"; }
    # has PATTERN TEXT: a line of the text is like the pattern.
    has() { grep -q -- "$1" <<<"$2"; }
    # same WHAT ONE OTHER: two texts must be equal.
    same() {
      [ "$2" = "$3" ] && return
      failures=$((failures + 1))
      echo "FAILED: $1"
      echo "$2" >"$DIR/.one"
      echo "$3" >"$DIR/.other"
      diff "$DIR/.one" "$DIR/.other" | cut -c1-2000 | sed 's/^/    /'
    }
    trap 'status=$?; [ "$status" = 0 ] || exit "$status"; [ "$failures" = 0 ] && echo passed; exit "$((failures > 0))"' EXIT

    """#
}
