import Simulator

extension Exercise {
  /// Something that is printed of a namespace: one run of a program.
  struct Program: Hashable, Codable, Sendable {
    /// What it is called in messages.
    let name: String
    /// The program.
    let program: String
    /// The commands that it is given, one after the other (`ip -batch`); nil for one that stands on its command line.
    let lines: [String]?

    /// A program with its words.
    init(_ name: String) {
      self.name = name
      program = name
      lines = nil
    }

    /// A program that carries out several commands.
    init(_ program: String, batch lines: [String]) {
      name = "\(program) \(lines.joined(separator: ", "))"
      self.program = program
      self.lines = lines
    }

    /// The command lines that it comes to.
    var commandLines: [[String]] {
      (lines.map { $0.map { "\(program) \($0)" } } ?? [program]).map { $0.split(separator: " ").map(String.init) }
    }
  }

  /// What is looked at before the probes.
  var views: [String: [Program]] { looks(before: true) }
  /// What is looked at after them.
  var finalViews: [String: [Program]] { looks(before: false) }

  private func looks(before: Bool) -> [String: [Program]] {
    var result: [String: [Program]] = [:]
    for space in spaces {
      var programs: [Program]
      if before {
        programs = [Program("ip", batch: ["addr", "rule", "route show table all"]), Program("ip -6 rule")]
        if space.hasBridge { programs += [Program("bridge", batch: ["link", "vlan"]), Program("brctl show")] }
      } else {
        programs = [Program("ip neigh")]
      }
      if space.hasTables { programs.append(Program("bridge fdb")) }
      result[space.name] = programs
    }
    return result
  }

  /// What the prober is told (kernel-probe.py).
  struct Job: Encodable {
    let name: String
    let script: String
    let showsFramesToRules: Bool
    let changes: [Change]
    let pause: Double
    let settle: Double
    let begin: Double
    let listen: [Int]
    let views: [String: [Program]]
    let finalViews: [String: [Program]]
    let captures: [[String]]
    let bridges: [String: [String]]
    let end: Double
    let probes: [Probe]
    let traceroutes: [Change]

    struct Change: Encodable {
      let space: String
      let words: [String]
      var awaitsQuiet = false
    }
  }

  /// What the prober is told.
  ///
  /// - Parameters:
  ///   - name: what the network is called.
  ///   - script: the file with its script.
  /// - Returns: the job.
  func job(named name: String, script: String) -> Job {
    Job(
      name: name, script: script, showsFramesToRules: showsFramesToRules,
      changes: changes.map {
        .init(
          space: $0.space, words: ["ip", "link", "set", $0.device, $0.isUp ? "up" : "down"],
          awaitsQuiet: $0.awaitsQuiet)
      },
      pause: Self.pause, settle: settling, begin: begin, listen: [Self.openPort], views: views, finalViews: finalViews,
      captures: captures.map { [$0.space, $0.device] },
      bridges: Dictionary(spaces.filter(\.hasBridge).map { ($0.name, $0.bridges) }) { first, _ in first },
      end: duration, probes: probes,
      traceroutes: traceroutes.map {
        .init(space: $0.space, words: ["traceroute", "-n", "-q", "1", "-w", "1", "-m", "16", $0.target])
      })
  }
}
