import CLibYAML

/// A document of a value, in block style with two spaces, as libyaml writes it; it ends with a line end.
package func writeYAML(_ value: YAMLValue) -> String {
  var emitter = EventEmitter()
  emitter.emit(value)
  return emitter.finish()
}

/// A libyaml emitter that collects what it writes.
///
/// libyaml keeps a pointer to itself and to where its output goes, so both live at fixed addresses until `deinit`.
@safe
private struct EventEmitter: ~Copyable {
  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output: UnsafeMutablePointer<[UInt8]>

  init() {
    unsafe emitter = .allocate(capacity: 1)
    unsafe output = .allocate(capacity: 1)
    unsafe output.initialize(to: [])
    guard unsafe yaml_emitter_initialize(emitter) == 1 else { preconditionFailure("no memory for an emitter") }
    unsafe yaml_emitter_set_output(
      emitter,
      { context, buffer, size in
        guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
        let bytes = unsafe UnsafeBufferPointer(start: buffer, count: size)
        unsafe context.assumingMemoryBound(to: [UInt8].self).pointee.append(contentsOf: bytes)
        return 1
      }, output)
    unsafe yaml_emitter_set_unicode(emitter, 1)
    unsafe yaml_emitter_set_width(emitter, 100)
    unsafe emit { event in unsafe yaml_stream_start_event_initialize(event, YAML_UTF8_ENCODING) }
    unsafe emit { event in unsafe yaml_document_start_event_initialize(event, nil, nil, nil, 1) }
  }

  deinit {
    unsafe yaml_emitter_delete(emitter)
    unsafe emitter.deallocate()
    unsafe output.deinitialize(count: 1)
    unsafe output.deallocate()
  }

  /// Writes a value.
  mutating func emit(_ value: YAMLValue) {
    switch value {
    case .plain(let text): emit(text, YAML_PLAIN_SCALAR_STYLE)
    case .text(let text):
      emit(text, YAMLValue.isSafePlain(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    case .list(let items, let isFlow):
      let style = isFlow || items.isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
      unsafe emit { event in unsafe yaml_sequence_start_event_initialize(event, nil, nil, 1, style) }
      for item in items { emit(item) }
      unsafe emit { event in unsafe yaml_sequence_end_event_initialize(event) }
    case .map(let entries, let isFlow):
      let style = isFlow || entries.isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
      unsafe emit { event in unsafe yaml_mapping_start_event_initialize(event, nil, nil, 1, style) }
      for entry in entries {
        emit(.text(entry.key))
        emit(entry.value)
      }
      unsafe emit { event in unsafe yaml_mapping_end_event_initialize(event) }
    }
  }

  /// Ends the document and returns all that was written.
  mutating func finish() -> String {
    unsafe emit { event in unsafe yaml_document_end_event_initialize(event, 1) }
    unsafe emit { event in unsafe yaml_stream_end_event_initialize(event) }
    _ = unsafe yaml_emitter_flush(emitter)
    return unsafe String(decoding: output.pointee, as: UTF8.self)
  }

  private mutating func emit(_ text: String, _ style: yaml_scalar_style_t) {
    var bytes = Array(text.utf8)
    let count = Int32(bytes.count)
    unsafe emit { event in
      unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        // An empty text has no buffer; libyaml takes any pointer with a length of zero.
        var none: yaml_char_t = 0
        return unsafe buffer.baseAddress.map {
          unsafe yaml_scalar_event_initialize(event, nil, nil, $0, count, 1, 1, style)
        } ?? yaml_scalar_event_initialize(event, nil, nil, &none, 0, 1, 1, style)
      }
    }
  }

  /// Makes an event and hands it over; libyaml refuses an event only for want of memory or out of order.
  private func emit(_ make: (UnsafeMutablePointer<yaml_event_t>) -> Int32) {
    var event = unsafe yaml_event_t()
    guard unsafe make(&event) == 1, unsafe yaml_emitter_emit(emitter, &event) == 1 else {
      preconditionFailure("events are made whole and in order")
    }
  }
}
