import Diagnostics

/// One event of the YAML serialization model (YAML 1.2 §3.1.1), as libyaml reports it.
struct YAMLEvent {
  /// What happened.
  enum Kind {
    /// The stream, or a document, starts or ends.
    case streamStart, streamEnd, documentStart, documentEnd
    /// An alias, with the anchor's name.
    case alias(String)
    /// A scalar and the style it is written in.
    case scalar(String, ScalarStyle)
    /// A collection starts.
    case sequenceStart(isFlow: Bool)
    case mappingStart(isFlow: Bool)
    /// The innermost collection ends.
    case collectionEnd
  }

  /// How a scalar is written, as far as its meaning and its range depend on it.
  enum ScalarStyle {
    case plain
    /// In single or double quotes.
    case quoted
    /// After `|` or `>`.
    case block
  }

  /// The properties written before a node; an object, because few nodes have any and events are copied often.
  final class Properties {
    let anchor: String?
    /// The tag, its handle resolved; nil where none is written, or only `!`.
    let tag: String?

    init(anchor: String?, tag: String?) {
      self.anchor = anchor
      self.tag = tag
    }
  }

  let kind: Kind
  let properties: Properties?
  /// Where the event's text starts, properties included.
  let start: SourcePosition
  let end: SourcePosition
}

/// Why libyaml stopped.
struct YAMLParserError: Error {
  /// Which part of libyaml gave up.
  enum Kind {
    /// The bytes aren't text; `offset` says where.
    case encoding
    /// The text isn't YAML; `position` says where.
    case syntax
    /// The machine has no memory left.
    case memory
  }

  let kind: Kind
  /// libyaml's words for what is wrong.
  let problem: String
  /// libyaml's words for what it was doing, and since where.
  let context: String?
  let position: SourcePosition
  let contextPosition: SourcePosition
  /// The index of the bad byte.
  let offset: Int
}
