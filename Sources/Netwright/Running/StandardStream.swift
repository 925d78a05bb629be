import Glibc
import SystemPackage

/// A standard stream that text goes to.
public enum StandardStream: Sendable {
  /// Standard output: data.
  case output
  /// Standard error: what is said about it.
  case error

  private var file: FileDescriptor {
    switch self {
    case .output: .standardOutput
    case .error: .standardError
    }
  }

  /// Writes a text whole to standard output; a reader that has gone away is no error.
  ///
  /// - Parameter text: the text.
  /// - Throws: `OutputError` where it can't be written, because a disk is full for instance.
  public static func print(_ text: String) throws(OutputError) { try printBytes(text.utf8) }

  /// Writes bytes whole to standard output; a reader that has gone away is no error.
  ///
  /// - Parameter bytes: the bytes.
  /// - Throws: `OutputError` where they can't be written.
  public static func print(_ bytes: ArraySlice<UInt8>) throws(OutputError) { try printBytes(bytes) }

  /// Writes a text to standard error, as far as that takes it.
  ///
  /// - Parameter text: the text.
  public static func say(_ text: String) { _ = try? StandardStream.error.file.writeAll(text.utf8) }

  /// Whether the stream is a terminal.
  public var isTerminal: Bool { isatty(file.rawValue) == 1 }

  private static func printBytes(_ bytes: some Sequence<UInt8>) throws(OutputError) {
    do {
      _ = try StandardStream.output.file.writeAll(bytes)
    } catch {
      guard error as? Errno != .brokenPipe else { return }
      throw OutputError(description: "standard output: \(error)")
    }
  }
}
