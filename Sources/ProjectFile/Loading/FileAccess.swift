/// How the files are had that a file names: those of `include` and `extends`, and environment files.
///
/// The loader itself opens nothing, so that it can be given texts that are in no file.
package struct FileAccess: Sendable {
  /// Why a file can't be had.
  package enum Failure: Error, Hashable, Sendable {
    /// There is no such file.
    case missing
    /// There is, and it can't be read: why, in a few words.
    case unreadable(String)
  }

  /// Reads a file whole, by its path as findings show it.
  package let read: @Sendable (_ path: String) throws(Failure) -> [UInt8]

  /// Creates an access.
  package init(read: @escaping @Sendable (_ path: String) throws(Failure) -> [UInt8]) { self.read = read }

  /// An access to no file at all.
  package static let none = FileAccess { path throws(Failure) in throw .missing }
}

/// The folder of a file: what stands before the last slash; empty for a plain name.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A path that starts from a folder, without `.` and, as far as the text alone tells, without `..`; an absolute one
/// stays where it is.
func path(_ path: String, from folder: String) -> String {
  let isAbsolute = path.hasPrefix("/") || folder.hasPrefix("/")
  var parts: [Substring] = []
  for part in (path.hasPrefix("/") ? path : "\(folder)/\(path)").split(separator: "/") where part != "." {
    if part == "..", let last = parts.last, last != ".." {
      parts.removeLast()
    } else if part != ".." || !isAbsolute {
      parts.append(part)
    }
  }
  return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
}
