import ArgumentParser
import Glibc
import Netwright

/// Runs the command line and ends the process with the exit status that `ExitStatus` documents.
public func netwrightMain() -> Never {
  do {
    var command = try NetwrightCommand.parseAsRoot()
    try command.run()
    exit(ExitStatus.good.rawValue)
  } catch let status as ExitStatus {
    exit(status.rawValue)
  } catch {
    finish(error)
  }
}

/// Ends as an error of the argument parser asks: help on standard output with status 0, usage on standard error with 2.
private func finish(_ error: any Error) -> Never {
  let text = NetwrightCommand.fullMessage(for: error)
  if NetwrightCommand.exitCode(for: error).isSuccess {
    if !text.isEmpty { StandardStream.output.write(text + "\n") }
    exit(ExitStatus.good.rawValue)
  }
  StandardStream.error.write(text + "\n")
  exit(ExitStatus.usage.rawValue)
}

extension ExitStatus: Error {}
