import ArgumentParser
import Glibc
import Netwright

/// Runs the command line and ends the process with the exit status that `ExitStatus` documents.
public func netwrightMain() -> Never {
  do {
    var command = try namedCommand() ?? NetwrightCommand.parseAsRoot()
    try command.run()
    ExitStatus.good.endProcess()
  } catch let status as ExitStatus {
    status.endProcess()
  } catch let error as OutputError {
    end(error)
  } catch {
    finish(error)
  }
}

/// The command that the first argument names, where the others are such as it takes.
///
/// By itself a command is read in a third of a millisecond less. Everything else, help and mistakes among it, is for
/// the whole command line to answer.
private func namedCommand() -> (any ParsableCommand)? {
  let arguments = CommandLine.arguments.dropFirst()
  let named = NetwrightCommand.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
  return try? named?.parse(Array(arguments.dropFirst()))
}

/// Ends as an error of the argument parser asks: help on standard output with status 0, usage on standard error with 2.
private func finish(_ error: any Error) -> Never {
  let text = NetwrightCommand.fullMessage(for: error)
  if NetwrightCommand.exitCode(for: error).isSuccess {
    do throws(OutputError) { if !text.isEmpty { try StandardStream.print(text + "\n") } } catch { end(error) }
    ExitStatus.good.endProcess()
  }
  StandardStream.say(text + "\n")
  ExitStatus.usage.endProcess()
}

/// Ends because what there is to say can't be written.
private func end(_ error: OutputError) -> Never {
  StandardStream.say("netwright: \(error)\n")
  ExitStatus.systemRefused.endProcess()
}

extension ExitStatus: Error {
  /// Ends the process with the status.
  func endProcess() -> Never { exit(rawValue) }
}
