import Diagnostics

/// The end of reading, because the file asks for more than a limit allows.
struct LimitExceeded: Error {
  let diagnostic: Diagnostic
}

/// Builds trees from events, on a stack of its own rather than by recursion.
struct TreeBuilder: ~Copyable {
  /// A collection that has started and not ended yet.
  struct Frame {
    let isMapping: Bool
    let isFlow: Bool
    /// Where the collection's start event starts, properties included.
    let start: SourcePosition
    let properties: YAMLEvent.Properties?
    /// The place of the first child and the end of the last.
    var firstChild: SourcePosition?
    var end: SourcePosition
    /// The nodes so far: this one, and those of a sequence.
    var size = 1
    /// The levels of nesting below this one.
    var height = 0
    /// A sequence's children.
    var items: [YAMLNode] = []
    /// A mapping's keys and values.
    var mapping = MappingBuilder()

    /// Whether a key comes next.
    var expectsKey: Bool { isMapping && mapping.expectsKey }

    /// How many children it has in the tree so far.
    var childCount: Int { isMapping ? mapping.entries.count : items.count }

    /// Makes room for a number of children.
    mutating func reserveCapacity(_ count: Int) {
      if isMapping { mapping.reserveCapacity(count) } else { items.reserveCapacity(count) }
    }

    /// Makes the collection reach over a child.
    mutating func extend(over child: SourceRange, height childHeight: Int) {
      if firstChild == nil { firstChild = child.start }
      end = child.end
      height = max(height, childHeight)
    }
  }

  /// What an anchor names.
  enum Anchor {
    /// A collection that hasn't ended: its index in the stack.
    case open(Int)
    /// A node, and the levels of nesting from it downwards.
    case closed(YAMLNode, height: Int)
  }

  let id: SourceID
  let limits: YAMLLimits
  let text: SourceText
  /// Made only for what libyaml's marks don't say: files without block scalars and anchors do without.
  private(set) lazy var lines = LineTable(text)
  private(set) var documents: [YAMLNode] = []
  /// The explicit tags that have come up.
  private(set) var tags: Set<String> = []
  var diagnostics: [Diagnostic] = []
  private var frames: [Frame] = []
  /// How many children the last collection of each depth had: the next has mostly as many, and an array of the right
  /// size needn't grow.
  private var childCounts: [Int] = []
  private var anchors: [String: Anchor] = [:]
  private var nodeCount = 0

  init(text: SourceText, id: SourceID, limits: YAMLLimits) {
    self.text = text
    self.id = id
    self.limits = limits
  }

  /// Takes the next event.
  mutating func take(_ event: YAMLEvent) throws(LimitExceeded) {
    if let tag = event.properties?.tag { tags.insert(tag) }
    switch event.kind {
    case .streamStart, .streamEnd, .documentEnd: break
    case .documentStart: anchors.removeAll()
    case .scalar(let text, let style):
      try count(1, at: event)
      takeScalar(text, style, event)
    case .alias(let name): try takeAlias(name, event)
    case .sequenceStart(let isFlow): try open(event, isMapping: false, isFlow: isFlow)
    case .mappingStart(let isFlow): try open(event, isMapping: true, isFlow: isFlow)
    case .collectionEnd: close(event)
    }
  }

  // MARK: Nodes

  private mutating func takeScalar(_ text: String, _ style: YAMLEvent.ScalarStyle, _ event: YAMLEvent) {
    var (start, end) = (event.start, event.end)
    if event.properties != nil { start = lines.contentStart(from: start, to: end) ?? start }
    if style == .block { end = lines.contentEnd(from: start, to: end) }
    let tag = event.properties?.tag
    let range = SourceRange(source: id, start: start, end: end)
    let scalar = YAMLScalar(text: text, isPlain: style == .plain)
    if tag == nil, let form = YAML11Form(scalar) {
      let key = frames.last?.mapping.pendingText
      if let finding = yaml11Finding(scalar, form, at: range, key: key) { diagnostics.append(finding) }
    }
    if event.properties == nil, let last = frames.indices.last, frames[last].expectsKey {
      frames[last].extend(over: range, height: 0)
      frames[last].mapping.takeKey(scalar, tag: nil, at: range, &diagnostics)
      return
    }
    if let anchor = event.properties?.anchor {
      anchors[anchor] = .closed(YAMLNode(content: .scalar(scalar), range: range, tag: tag), height: 0)
    }
    deliver(YAMLNode(content: .scalar(scalar), range: range, tag: tag), height: 0, at: range)
  }

  private mutating func takeAlias(_ name: String, _ event: YAMLEvent) throws(LimitExceeded) {
    let range = SourceRange(source: id, start: event.start, end: event.end)
    switch anchors[name] {
    case .closed(let node, let height):
      try count(node.size, at: event)
      if frames.count + height > limits.depth { throw tooDeep(event) }
      deliver(node, height: height, at: range)
    case .open(let index):
      let anchor = SourceRange(source: id, start: frames[index].start, end: frames[index].start)
      diagnostics.append(
        Diagnostic(
          YAMLCode.recursiveAlias, "`*\(name)` stands inside the node that `&\(name)` names", at: range,
          labels: [.init(anchor, "the node starts here")],
          help: "an alias can only repeat what is complete above it"))
      deliverNothing(at: range)
    case nil:
      let nearest = suggestion(for: name, among: anchors.keys.sorted()).map { "did you mean `*\($0)`?" }
      diagnostics.append(
        Diagnostic(
          YAMLCode.undefinedAlias, "no anchor `&\(name)` above this alias", at: range,
          help: nearest ?? "define `&\(name)` before its use, or put the value in quotes if `*` is part of it"))
      deliverNothing(at: range)
    }
  }

  private mutating func open(_ event: YAMLEvent, isMapping: Bool, isFlow: Bool) throws(LimitExceeded) {
    try count(1, at: event)
    if frames.count >= limits.depth { throw tooDeep(event) }
    if let anchor = event.properties?.anchor { anchors[anchor] = .open(frames.count) }
    let depth = frames.count
    frames.append(
      Frame(isMapping: isMapping, isFlow: isFlow, start: event.start, properties: event.properties, end: event.end))
    if depth < childCounts.count {
      frames[depth].reserveCapacity(min(childCounts[depth], Self.mostExpected))
    } else {
      childCounts.append(0)
    }
  }

  /// For no more children than this room is made in advance.
  private static let mostExpected = 16

  private mutating func close(_ event: YAMLEvent) {
    guard var frame = frames.popLast() else { return }
    let range = range(of: frame, endEvent: event)
    let content: YAMLNode.Content
    if frame.isMapping {
      content = .mapping(frame.mapping.finish())
      frame.size += frame.mapping.size
    } else {
      content = .sequence(frame.items)
    }
    childCounts[frames.count] = frame.childCount
    let node = YAMLNode(content: content, range: range, tag: frame.properties?.tag, size: frame.size)
    let height = frame.height + 1
    if let anchor = frame.properties?.anchor { close(anchor, as: node, height: height) }
    deliver(consume node, height: height, at: range)
  }

  /// Takes note of what an anchor names, unless it has been given to another node meanwhile.
  private mutating func close(_ anchor: String, as node: YAMLNode, height: Int) {
    guard case .open(let index) = anchors[anchor], index == frames.count else { return }
    anchors[anchor] = .closed(node, height: height)
  }

  /// The stretch of a collection: in flow style with its brackets, in block style from the first child (of a sequence,
  /// the dash before it) to the end of the last.
  private mutating func range(of frame: Frame, endEvent: YAMLEvent) -> SourceRange {
    var (start, end) = (frame.start, frame.end)
    // The end of a pair without braces in a flow sequence, `[a: b]`, has no text of its own.
    if frame.isFlow, endEvent.start != endEvent.end { end = endEvent.end }
    if frame.isMapping, !frame.isFlow {
      start = frame.firstChild ?? start
    } else if frame.properties != nil {
      start = lines.contentStart(from: start, to: frame.firstChild ?? end) ?? start
    }
    return SourceRange(source: id, start: start, end: end)
  }

  /// Puts a node into the collection that is open, or makes it a document.
  private mutating func deliver(_ node: consuming YAMLNode, height: Int, at place: SourceRange) {
    guard let last = frames.indices.last else {
      if !node.isEmptyScalar { documents.append(node) }
      return
    }
    frames[last].extend(over: place, height: height)
    if !frames[last].isMapping {
      frames[last].size += node.size
      frames[last].items.append(node)
    } else if !frames[last].mapping.expectsKey {
      frames[last].mapping.takeValue(node, at: place, &diagnostics)
    } else if case .scalar(let key) = node.content {
      frames[last].mapping.takeKey(key, tag: node.tag, at: place, &diagnostics)
    } else {
      frames[last].mapping.refuseKey(at: place, &diagnostics)
    }
  }

  /// Takes note of a node that could not be read.
  private mutating func deliverNothing(at place: SourceRange) {
    guard let last = frames.indices.last else { return }
    frames[last].extend(over: place, height: 0)
    if frames[last].isMapping { frames[last].mapping.takeNothing() }
  }

  // MARK: Limits

  private mutating func count(_ nodes: Int, at event: YAMLEvent) throws(LimitExceeded) {
    nodeCount += nodes
    guard nodeCount > limits.nodes else { return }
    throw LimitExceeded(
      diagnostic: Diagnostic(
        YAMLCode.tooManyNodes, "the file has more than \(limits.nodes) values once its aliases are expanded",
        at: SourceRange(source: id, start: event.start, end: event.end),
        caption: "reading stopped here"))
  }

  private func tooDeep(_ event: YAMLEvent) -> LimitExceeded {
    LimitExceeded(
      diagnostic: Diagnostic(
        YAMLCode.tooDeep, "lists and mappings are nested more than \(limits.depth) deep",
        at: SourceRange(source: id, start: event.start, end: event.end),
        caption: "reading stopped here"))
  }
}

extension YAMLNode {
  /// Whether it is what a document without text has as its root.
  fileprivate var isEmptyScalar: Bool {
    if case .scalar(let scalar) = content { scalar.isPlain && scalar.text.isEmpty && tag == nil } else { false }
  }
}
