import CLibYAML
import Diagnostics

/// A libyaml parser over one text: the only place that reads by libyaml, and touches its pointers for that.
///
/// libyaml keeps a pointer to the input and to itself, so both live at fixed addresses until `deinit`.
@safe
struct EventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  /// Creates a parser of UTF-8 text.
  init(_ bytes: [UInt8]) {
    unsafe parser = .allocate(capacity: 1)
    unsafe input = .allocate(capacity: max(1, bytes.count))
    guard unsafe yaml_parser_initialize(parser) == 1 else { preconditionFailure("no memory for a parser") }
    _ = unsafe input.initialize(from: bytes)
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_parser_delete(parser)
    unsafe parser.deallocate()
    unsafe input.deallocate()
  }

  /// The next event; not to be called again after an error or the stream's end.
  mutating func next() throws(YAMLParserError) -> YAMLEvent {
    var event = unsafe yaml_event_t()
    guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw error() }
    defer { unsafe yaml_event_delete(&event) }
    return unsafe YAMLEvent(event)
  }

  private func error() -> YAMLParserError {
    let kind: YAMLParserError.Kind =
      switch unsafe parser.pointee.error {
      case YAML_READER_ERROR: .encoding
      case YAML_MEMORY_ERROR: .memory
      default: .syntax
      }
    return YAMLParserError(
      kind: kind,
      problem: unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "",
      context: unsafe parser.pointee.context.map { unsafe String(cString: $0) },
      position: unsafe SourcePosition(parser.pointee.problem_mark),
      contextPosition: unsafe SourcePosition(parser.pointee.context_mark),
      offset: unsafe parser.pointee.problem_offset)
  }
}

extension YAMLEvent {
  /// Takes over what an event of libyaml says, copying its strings.
  fileprivate init(_ event: yaml_event_t) {
    var properties: Properties?
    switch unsafe event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = unsafe .alias(text(event.data.alias.anchor))
    case YAML_SCALAR_EVENT:
      let scalar = unsafe event.data.scalar
      let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = unsafe .scalar(String(decoding: bytes, as: UTF8.self), ScalarStyle(scalar.style))
      properties = unsafe Properties(scalar.anchor, scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.data.sequence_start
      kind = unsafe .sequenceStart(isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
      properties = unsafe Properties(start.anchor, start.tag)
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.data.mapping_start
      kind = unsafe .mappingStart(isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
      properties = unsafe Properties(start.anchor, start.tag)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
    default: kind = .streamEnd
    }
    self.properties = properties
    start = unsafe SourcePosition(event.start_mark)
    end = unsafe SourcePosition(event.end_mark)
  }
}

extension YAMLEvent.ScalarStyle {
  fileprivate init(_ style: yaml_scalar_style_t) {
    self =
      switch style {
      case YAML_PLAIN_SCALAR_STYLE: .plain
      case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
      default: .quoted
      }
  }
}

extension YAMLEvent.Properties {
  /// The properties of a node; nil if there are none.
  fileprivate convenience init?(_ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?)
  {
    if unsafe anchor == nil && tag == nil { return nil }
    unsafe self.init(anchor: anchor.map { unsafe text($0) }, tag: tag.map { unsafe text($0) })
  }
}

extension SourcePosition {
  /// The position of a mark, which counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int32(clamping: mark.line + 1), column: Int32(clamping: mark.column + 1))
  }
}

/// The text of a string that ends with a zero byte; empty for no string.
private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String {
  unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}
