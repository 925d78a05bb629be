import Foundation

/// A kernel of its own, with all kinds of devices: Debian's user-mode-linux, which runs as an ordinary program with the
/// machine's own files as its root.
package enum SecondKernel {
  /// Runs a shell text (bash) as the only program of a fresh kernel; `KernelSandbox.prelude` is there to be used.
  ///
  /// - Parameters:
  ///   - text: The text. `$DIR` is a folder with the files.
  ///   - files: Files to put there, by name.
  ///   - arguments: More arguments for the kernel.
  ///   - seconds: The time after which the kernel is killed.
  ///   - slowness: How many seconds it takes for one: by such a clock it is as much quicker.
  /// - Returns: What the text wrote and its exit status; 98 if the kernel ended without saying.
  /// - Throws: When the folder can't be made or the kernel can't be started.
  package static func run(
    _ text: String, files: [String: String], arguments: [String] = [], seconds: Int = 300,
    slowness: Int = 1
  ) throws -> KernelSandbox.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-kernel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files {
      try content.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    try (KernelSandbox.prelude + text).write(to: folder.appending(path: ".run"), atomically: false, encoding: .utf8)
    let start = folder.appending(path: ".init")
    try initialProgram(folder.path).write(to: start, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: start.path)

    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      [
        // It starts processes that outlive it where it is killed; in a namespace of their own they go with it.
        "timeout", "-s", "KILL", "\(seconds)", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
      ] + (geteuid() == 0 ? [] : ["--user", "--map-root-user"])
      + (slowness > 1 ? ["env", "LD_PRELOAD=\(try slowClock(in: folder, slowness))"] : []) + [
        "linux.uml", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", "mem=1G", "con=null",
        "con0=null,fd:1", "quiet", "init=\(start.path)",
      ] + arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    let console = folder.appending(path: ".console")
    try Data().write(to: console)
    process.standardOutput = try FileHandle(forWritingTo: console)
    process.standardError = FileHandle.nullDevice
    try KernelSandbox.withoutBlockedSignals { try process.run() }
    process.waitUntilExit()
    func content(_ name: String) -> String {
      (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }
    let status = Int32(content(".status").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 98
    let errors = status == 98 ? content(".console") : ""
    return KernelSandbox.Outcome(output: content(".output"), errors: errors, status: status)
  }

  /// Builds the clock that runs slower, by the C compiler that Swift links with.
  private static func slowClock(in folder: URL, _ slowness: Int) throws -> String {
    let library = folder.appending(path: ".slow-clock.so").path
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Support/slow-clock.c").path
    let build = try Products.run(
      "sh",
      [
        "-c", "$(command -v clang || echo cc) -shared -fPIC -O2 -D SLOWNESS=$1 -o \"$2\" \"$3\"", "sh", "\(slowness)",
        library, source,
      ])
    guard build.status == 0 else { throw NoSlowClock(errors: build.output) }
    return library
  }

  /// The clock couldn't be built.
  private struct NoSlowClock: Error {
    let errors: String
  }

  /// What the kernel runs first: the folders that a system has, the modules that devices need, the text, the end.
  private static func initialProgram(_ folder: String) -> String {
    #"""
    #!/bin/bash
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    export PATH DIR='\#(folder)'
    mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t tmpfs tmpfs /run
    mkdir -p /run/netns /run/upper /run/work
    mount -t tmpfs tmpfs /run/upper; mkdir /run/upper/u /run/upper/w
    # Its files are the machine's: without an /etc of its own nothing may be run.
    modprobe overlay
    mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper/u,workdir=/run/upper/w /etc ||
      { cp -a /etc /run/etc && mount --bind /run/etc /etc; } ||
      { echo 'no /etc of its own' >"$DIR/.output"; sync; halt -f; }
    modprobe -a bridge 8021q dummy vrf bonding veth macvlan ipvlan vxlan sch_netem sch_tbf overlay
    ip link set lo up
    cd "$DIR"
    bash .run >.output 2>&1
    echo $? >.status
    sync
    halt -f
    """#
  }
}
