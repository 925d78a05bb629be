extension Walk {
  /// The walk as a sequence diagram in Mermaid's language: a column for each machine and bridge, an arrow for each hop
  /// of a frame, a note for what is decided or learned.
  package var mermaid: String {
    var names: [String] = []
    func number(of name: String) -> Int {
      if let index = names.firstIndex(of: name) { return index }
      names.append(name)
      return names.count - 1
    }
    var lines: [String] = []
    for stage in stages {
      var isFirst = true
      for step in stage.steps where step.hop != nil || step.isNote {
        let place = number(of: step.place)
        if isFirst { lines.append("  Note over n\(place): \(escaped(stage.title))") }
        isFirst = false
        if let hop = step.hop {
          let (from, to) = (number(of: hop.from), number(of: hop.to))
          lines.append("  n\(from)->>n\(to): \(escaped(step.frame?.summary ?? step.text))")
        } else {
          lines.append("  Note right of n\(place): \(escaped(step.text))")
        }
      }
    }
    let columns = names.enumerated().map { "  participant n\($0) as \(escaped($1))" }
    return (["sequenceDiagram"] + columns + lines).joined(separator: "\n") + "\n"
  }
}

extension Walk.Step {
  /// Whether a picture says it: what is decided, learned or dropped; who hears a question in vain is seen by the
  /// arrows.
  fileprivate var isNote: Bool {
    switch kind {
    case .filter, .route, .giveUp, .learnNeighbor, .learnPort, .encapsulate, .decapsulate, .tag, .fragment, .drop,
      .deliver:
      true
    case .ask, .send, .ignore, .switch, .flood: false
    }
  }
}

/// A text in which nothing ends a statement or begins an entity of Mermaid's.
private func escaped(_ text: String) -> String {
  String(
    text.flatMap { character -> String in
      switch character {
      case "#": "#35;"
      case ";": "#59;"
      case "\n": " "
      default: String(character)
      }
    })
}
