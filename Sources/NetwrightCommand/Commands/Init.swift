import ArgumentParser
import Netwright

/// Writes a file to start from.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "init",
    abstract: "Write a small netwright.yaml to start from.",
    discussion: "Nothing is overwritten: where netwright.yaml is there already, this is an error.")

  @Argument(help: "The file to write.", completion: .file())
  var path = "netwright.yaml"

  func run() throws {
    do {
      try OutputFiles.create(starterFile, at: path)
    } catch {
      StandardStream.say("netwright: \(error)\n")
      throw ExitStatus.systemRefused
    }
    try StandardStream.print("wrote \(path); try: netwright plan -f \(path)\n")
  }
}
