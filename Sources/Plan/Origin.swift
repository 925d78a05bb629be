/// The part of the file that an operation comes from.
///
/// Many steps come from the same place: what they say of it is kept once, and each step has a reference to it.
package struct Origin: Sendable {
  private final class Content: Sendable {
    let subject: String
    let file: String
    let line: Int
    let column: Int

    init(subject: String, file: String, line: Int, column: Int) {
      self.subject = subject
      self.file = file
      self.line = line
      self.column = column
    }
  }

  private let content: Content

  /// The subject in words: `service web`, `network front`, `link edge:uplink to core:eth0`.
  package var subject: String { content.subject }
  /// The file's name as the user gave it.
  package var file: String { content.file }
  /// The line, from 1.
  package var line: Int { content.line }
  /// The column, from 1.
  package var column: Int { content.column }

  /// Creates an origin.
  package init(subject: String, file: String, line: Int, column: Int) {
    content = Content(subject: subject, file: file, line: line, column: column)
  }
}

extension Origin: Hashable {
  /// Whether both are the same place and subject.
  package static func == (left: Self, right: Self) -> Bool {
    left.content === right.content
      || left.line == right.line && left.column == right.column && left.subject == right.subject
        && left.file == right.file
  }

  /// Hashes the place and the subject.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(subject)
    hasher.combine(file)
    hasher.combine(line)
    hasher.combine(column)
  }
}

extension Origin: Codable {
  private enum Key: String, CodingKey { case subject, file, line, column }

  /// Decodes an origin.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(
      subject: try container.decode(String.self, forKey: .subject),
      file: try container.decode(String.self, forKey: .file), line: try container.decode(Int.self, forKey: .line),
      column: try container.decode(Int.self, forKey: .column))
  }

  /// Encodes the origin.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(subject, forKey: .subject)
    try container.encode(file, forKey: .file)
    try container.encode(line, forKey: .line)
    try container.encode(column, forKey: .column)
  }
}
