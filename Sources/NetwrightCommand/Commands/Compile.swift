import ArgumentParser
import Netwright

/// Prints the script.
struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "compile",
    abstract: "Compile a file to a POSIX shell script that builds the network.",
    discussion: """
      The script needs iproute2 and nothing of Netwright. Its verbs are up (the default), down, status and help. It is \
      read whole before anything runs, so it is safe to pipe.

      Examples:
        netwright compile -f lab.yaml | sudo sh
        netwright compile -f lab.yaml | sudo sh -s down
        netwright compile --style plain -o lab.sh && less lab.sh
      """)

  @OptionGroup var files: FileOptions

  @Option(help: "fast: as few processes as possible. plain: one readable command a line.")
  var style: ScriptStyle = .fast

  @Option(help: "What loads netfilter rules: nftables, or iptables where there is nothing else.")
  var firewall: ScriptFirewall = .nftables

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  func run() throws {
    let compilation = try files.compileOrFail()
    let script = compilation.scriptPieces(style: style, firewall: firewall)
    let pieces = script?.pieces ?? []
    if let output {
      guard !compilation.isMade(from: output) else {
        StandardStream.say("netwright: \(output) is what is compiled: the script needs a file of its own\n")
        throw ExitStatus.usage
      }
      do {
        try OutputFiles.write(pieces, to: output)
      } catch {
        StandardStream.say("netwright: \(error)\n")
        throw ExitStatus.systemRefused
      }
    } else {
      for piece in pieces { try StandardStream.print(piece) }
    }
    // What a large file was compiled to goes with the process, much faster than piece by piece.
    withExtendedLifetime((compilation, script)) { ExitStatus.good.endProcess() }
  }
}
