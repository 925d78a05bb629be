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

  /// Writes a text whole; a reader that has gone away is no error.
  ///
  /// - Parameter text: the text.
  public func write(_ text: String) {
    _ = try? file.writeAll(text.utf8)
  }

  /// Writes bytes whole; a reader that has gone away is no error.
  ///
  /// - Parameter bytes: the bytes.
  public func write(_ bytes: ArraySlice<UInt8>) {
    _ = try? file.writeAll(bytes)
  }

  /// Whether the stream is a terminal.
  public var isTerminal: Bool { isatty(file.rawValue) == 1 }
}
