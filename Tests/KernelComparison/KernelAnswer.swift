import Foundation
import NetwrightTestSupport
import Synchronization

/// What the kernel says of a network: what came of the probes, and state, as the prober tells it.
struct KernelAnswer: Decodable {
  /// The job's name.
  let name: String
  /// The exit status of the script.
  let status: Int
  /// What the script printed.
  let messages: String
  let states: [String: String]?
  let after: [String: String]?
  let probes: [String]?
  let counters: [String: [Int]]?
  let noise: [String: [Int]]?
  let frames: [String: [String]]?
  /// How many frames the prober had no place for.
  let lost: Int?
  let traceroutes: [String]?
  /// How long each change of a device was waited for, in seconds.
  let pauses: [Double]?
  /// When it was looked at before the probes, in seconds after the last change.
  let begin: Double?
  /// When the first probe was due, in seconds after the last change.
  let start: Double?
  /// When each probe was sent, in seconds after that.
  let moments: [Double]?
  /// When devices' counters were read.
  let counted: Double?
  /// When each namespace was looked at in the end.
  let looked: [String: Double]?

  /// When what was done; as planned where it isn't told.
  func timetable(of exercise: Exercise) -> Timetable {
    var result = exercise.timetable
    if let begin, let start { (result.begin, result.start) = (begin, start) }
    if let moments, moments.count == result.probes.count { result.probes = moments }
    if let counted { result.counted = counted }
    result.looked = looked ?? [:]
    return result
  }

  /// The namespaces that were looked at when neighbors that were used are asked again, after five seconds, by timers
  /// that are up to a quarter of a second late.
  var spacesLookedAtLate: Set<String> { Set((looked ?? [:]).filter { $0.value > 4.9 }.keys) }

  /// Whether it was looked at too late to be compared whole: when such neighbors are being asked, or have been in vain;
  /// or frames weren't seen at all.
  var isLate: Bool { counted ?? 0 > 4.9 || looked?.values.max() ?? 0 > 7.5 || lost ?? 0 > 0 }

  /// Where networks are built to be asked about.
  package enum Place: Sendable {
    /// The running kernel.
    case host
    /// The second kernel, which knows more kinds of devices.
    case second
  }

  /// A network to build, and what is done with it.
  struct Job {
    let name: String
    let script: String
    let exercise: Exercise
  }

  /// Builds networks, some side by side, each in a sandbox of its own, and asks.
  ///
  /// - Parameters:
  ///   - jobs: the networks.
  ///   - place: the kernel.
  ///   - sideBySide: how many at once; all neighbors of a machine share one table of 512 entries.
  /// - Returns: the answers by the jobs' names, and what went wrong beside.
  /// - Throws: when the sandbox can't be made.
  static func answers(to jobs: [Job], in place: Place, sideBySide: Int = 12) throws -> (
    answers: [String: KernelAnswer], trouble: String
  ) {
    guard !jobs.isEmpty else { return ([:], "") }
    guard place == .host || jobs.count <= 1 else { return try answersOfSecondKernels(to: jobs, sideBySide) }
    return try answersOfOne(to: jobs, in: place, sideBySide)
  }

  /// Two second kernels, each of which has one processor, share the work.
  private static func answersOfSecondKernels(to jobs: [Job], _ sideBySide: Int) throws -> (
    answers: [String: KernelAnswer], trouble: String
  ) {
    let parts = (0..<2).map { half in jobs.indices.filter { $0 % 2 == half }.map { jobs[$0] } }
    let results = Mutex<[Result<(answers: [String: KernelAnswer], trouble: String), any Error>]>([])
    DispatchQueue.concurrentPerform(iterations: parts.count) { half in
      let result = Result { try answersOfOne(to: parts[half], in: .second, sideBySide) }
      results.withLock { $0.append(result) }
    }
    let all = try results.withLock { try $0.map { try $0.get() } }
    return (
      all.reduce(into: [:]) { $0.merge($1.answers) { first, _ in first } }, all.map(\.trouble).joined()
    )
  }

  private static func answersOfOne(to jobs: [Job], in place: Place, _ sideBySide: Int) throws -> (
    answers: [String: KernelAnswer], trouble: String
  ) {
    let encoder = JSONEncoder()
    var files = ["probe.py": try String(contentsOf: prober, encoding: .utf8), "each.sh": each]
    for job in jobs {
      files["\(job.name).sh"] = job.script
      files["\(job.name).json"] = String(
        decoding: try encoder.encode(
          job.exercise.job(named: job.name, script: "\(job.name).sh")), as: UTF8.self)
    }
    files["names"] = jobs.map(\.name).joined(separator: "\n") + "\n"
    // The older kernel keeps the limits of all errors in its first namespace alone.
    let limits = "for key in per_sec burst; do echo 1000000 >/proc/sys/net/ipv4/icmp_msgs_$key; done\n"
    let work = "xargs -P \(sideBySide) -I NAME sh each.sh NAME \(place == .host ? 120 : 180) <names; cat *.err >&2\n"
    let text = (place == .host ? "" : limits) + work
    // Many times what it takes on an idle machine.
    let seconds = 240 + (place == .host ? jobs.count * 60 / sideBySide : jobs.count * 20 * slowness)
    let outcome =
      switch place {
      case .host: try KernelSandbox.run(text, files: files, seconds: seconds)
      case .second: try SecondKernel.run(text, files: files, seconds: seconds, slowness: slowness)
      }
    var answers: [String: KernelAnswer] = [:]
    let decoder = JSONDecoder()
    var trouble = outcome.errors
    for line in outcome.output.split(separator: "\n") where line.hasPrefix("{") {
      do {
        let answer = try decoder.decode(KernelAnswer.self, from: Data(line.utf8))
        answers[answer.name] = answer
      } catch {
        trouble += "\(error)\n"
      }
    }
    if outcome.status > 1 { trouble += "status \(outcome.status)\n" }
    return (answers, trouble)
  }

  /// How many seconds the second kernel takes for one: it does its work as quickly as it can, and what is to be done in
  /// a second of its own then is done, as in the running kernel.
  private static let slowness = 4

  private static let prober = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Support/kernel-probe.py")

  /// One network in a sandbox within the sandbox; its answer is told at once, as what comes after may be cut off.
  private static let each = #"""
    timeout "$2" unshare --net --mount sh -c '
      mkdir -p /etc/netns && mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mount -t tmpfs tmpfs /etc/netns &&
        python3 probe.py "$0.json" >"$0.out" 2>"$0.err" && echo >>"$0.out" && flock names cat "$0.out"' \
      "$1" || echo "$1: status $?" >>"$1.err"
    """#
}
