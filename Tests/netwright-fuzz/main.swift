import Foundation
import KernelComparison
import NetwrightTestSupport

// netwright-fuzz COUNT SEED [ROUNDS]  compares as many generated networks with the kernel, and shrinks the first that
//                                     differ.
// netwright-fuzz --seeds SEED...      compares the networks of seeds.
// netwright-fuzz FILE...              compares files.
// netwright-fuzz --print SEED...      prints the files of seeds.
// netwright-fuzz --write DIR SEED...  writes them, their scripts and the prober's jobs, to be tried by hand.
// netwright-fuzz --digest COUNT SEED  prints a number for what the simulator says of each, to tell whether a change
//                                     changed it.
// With --second first, in the second kernel.
let place = CommandLine.arguments.dropFirst().first == "--second" ? Comparison.Place.second : .host
let words = Array(CommandLine.arguments.dropFirst(place == .second ? 2 : 1))
let start = Date()

func seconds() -> Int { Int(Date().timeIntervalSince(start)) }

func tell(_ text: String) {
  print(text)
  fflush(nil)
}

func compareFiles() throws -> Bool {
  let cases = try words.compactMap { path -> Comparison? in
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    guard
      let one = Comparison(named: name, yaml: try String(contentsOfFile: path, encoding: .utf8), seed: 1, for: place)
    else {
      tell("\(name): has errors")
      return nil
    }
    for text in one.failedChecks() { tell("\(name): \(text)") }
    return one
  }
  let found = try Comparison.differences(of: cases, in: place)
  for (name, differences) in found.sorted(by: { $0.key < $1.key }) {
    tell("\(name):\n\(differences.map(\.text).joined(separator: "\n"))\n")
  }
  tell("\(cases.count) compared, \(cases.map(\.checkCount).reduce(0, +)) checks, \(found.count) differ, \(seconds()) s")
  return found.isEmpty
}

func fuzz(_ count: UInt64, from first: UInt64, rounds: Int) throws -> Bool {
  var (compared, partial, racing, probes, leftOut, differing): (Int, Int, Int, Int, Int, [String]) = (0, 0, 0, 0, 0, [])
  for slice in stride(from: first, to: first + count, by: 60) {
    let cases = (slice..<min(slice + 60, first + count)).compactMap { Comparison(seed: $0, for: place) }
    let findings = try Comparison.findings(of: cases, in: place, rounds: rounds)
    let found = findings.differences
    compared += cases.count
    partial += findings.partial.count
    if !findings.partial.isEmpty { tell("in part: seeds \(findings.partial.sorted().joined(separator: " "))") }
    racing += findings.racing.count
    probes += cases.map(\.probeCount).reduce(0, +)
    leftOut += cases.map(\.leftOutCount).reduce(0, +)
    for one in cases {
      guard let differences = found[one.name] else { continue }
      tell("seed \(one.name):\n\(differences.prefix(20).map(\.text).joined(separator: "\n"))\n\(one.yaml)")
      // The first few say enough; shrinking takes up to four minutes each.
      if rounds > 2, differing.count < 3 {
        tell(try one.shrunk(differences, in: place).report(from: one.yaml))
      }
      differing.append(one.name)
    }
    tell(
      "\(compared) compared up to seed \(min(slice + 60, first + count) - 1), \(partial) of them in part, \(racing) but for races, with \(probes) probes, "
        + "\(leftOut) left out; \(differing.count) differ, \(seconds()) s"
    )
  }
  if !differing.isEmpty { tell("differing seeds: \(differing.joined(separator: " "))") }
  return differing.isEmpty
}

/// Compares the networks of some seeds.
func compareSeeds() throws -> Bool {
  let cases = words.dropFirst().compactMap { UInt64($0) }.compactMap { Comparison(seed: $0, for: place) }
  let found = try Comparison.differences(of: cases, in: place)
  for (name, differences) in found.sorted(by: { $0.key < $1.key }) {
    tell("seed \(name):\n\(differences.map(\.text).joined(separator: "\n"))\n")
  }
  tell("\(cases.count) compared, \(found.count) differ, \(seconds()) s")
  return found.isEmpty
}

/// Prints the files, for whoever wants to look at one or try it by hand.
func printFiles() -> Bool {
  for seed in words.dropFirst().compactMap({ UInt64($0) }) {
    var generator = TopologyGenerator(seed: seed, for: place == .host ? .common : .complete)
    tell(generator.file())
  }
  return true
}

/// Writes what the prober is given for some seeds.
func writeJobs() throws -> Bool {
  for seed in words.dropFirst(2).compactMap({ UInt64($0) }) {
    try Comparison(seed: seed, for: place)?.write(to: URL(filePath: words[1]))
  }
  return words.count > 2
}

/// Tells what the simulator says of the networks of some seeds, as a number each.
func printDigests() -> Bool {
  let numbers = words.dropFirst().compactMap { UInt64($0) }
  guard numbers.count == 2 else { return false }
  for seed in numbers[1]..<(numbers[1] + numbers[0]) {
    guard let one = Comparison(seed: seed, for: place) else { continue }
    tell("\(seed) " + String(one.digest, radix: 16))
  }
  return true
}

/// Does what the command line asks for.
///
/// - Returns: whether nothing differs.
func run() throws -> Bool {
  switch words.first {
  case "--print": return printFiles()
  case "--write": return try writeJobs()
  case "--digest": return printDigests()
  case "--seeds": return try compareSeeds()
  case let first? where UInt64(first) == nil: return try compareFiles()
  default:
    let numbers = words.compactMap { UInt64($0) }
    return try fuzz(
      numbers.first ?? 1000, from: numbers.dropFirst().first ?? 1, rounds: numbers.dropFirst(2).first.map(Int.init) ?? 3
    )
  }
}

do {
  exit(try run() ? 0 : 1)
} catch {
  tell("netwright-fuzz: \(error.localizedDescription)")
  exit(2)
}
