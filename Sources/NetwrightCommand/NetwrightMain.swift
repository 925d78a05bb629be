import ArgumentParser
import Glibc
import Netwright

/// Runs the command line and ends the process with the exit status that `ExitStatus` documents.
public func netwrightMain() -> Never {
  do {
    var command = try NetwrightCommand.parseAsRoot()
    try command.run()
    ExitStatus.good.endProcess()
  } catch let status as ExitStatus {
    status.endProcess()
  } catch {
    finish(error)
  }
}

/// Ends as an error of the argument parser asks: help on standard output with status 0, usage on standard error with 2.
private func finish(_ error: any Error) -> Never {
  let text = NetwrightCommand.fullMessage(for: error)
  if NetwrightCommand.exitCode(for: error).isSuccess {
    if !text.isEmpty { StandardStream.output.write(text + "\n") }
    ExitStatus.good.endProcess()
  }
  StandardStream.error.write(text + "\n")
  ExitStatus.usage.endProcess()
}

extension ExitStatus: Error {
  /// Ends the process with the status.
  func endProcess() -> Never { exit(rawValue) }
}
