/// How much a finding matters.
package enum Severity: String, Hashable, Comparable, CaseIterable, Codable, Sendable {
  /// The file can't be compiled.
  case error
  /// The file can be compiled, and is probably not what was meant.
  case warning
  /// Something worth knowing.
  case note

  /// Orders the gravest first.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .error: 0
    case .warning: 1
    case .note: 2
    }
  }
}

/// The stable identity of a kind of finding: a number that never changes its meaning, and a name.
///
/// Each module that reports has a closed enum of its own that conforms; the raw value is the number, `NW0301`.
package protocol DiagnosticCode: RawRepresentable<String>, CaseIterable, Sendable {
  /// The kebab-case name: a noun phrase for what is wrong, `address-outside-subnet`.
  var name: String { get }
  /// The severity its findings have.
  var severity: Severity { get }
  /// One sentence for the catalogue: what the finding says.
  var summary: String { get }
}

/// A code with its type erased, as diagnostics carry it.
package struct CodeIdentity: Hashable, Sendable {
  /// `NW0301`.
  package let number: String
  /// `address-outside-subnet`.
  package let name: String

  /// The identity of a code.
  package init(_ code: some DiagnosticCode) {
    number = code.rawValue
    name = code.name
  }
}

/// A finding about the input: what is wrong, where, and what to do.
package struct Diagnostic: Hashable, Sendable {
  /// A second place that matters, and why.
  package struct Label: Hashable, Sendable {
    /// Where.
    package let range: SourceRange
    /// Why, in a few words: `first used here`.
    package let text: String

    /// Creates a label.
    package init(_ range: SourceRange, _ text: String) {
      self.range = range
      self.text = text
    }
  }

  /// The kind of finding.
  package let code: CodeIdentity
  /// How much it matters.
  package let severity: Severity
  /// What is wrong, one line, in the user's words, no full stop.
  package let message: String
  /// Where; nil for what concerns a file as a whole or no file at all.
  package let range: SourceRange?
  /// A few words under the marked text.
  package var caption: String?
  /// Other places that matter.
  package var labels: [Label] = []
  /// Facts that explain.
  package var notes: [String] = []
  /// What to do about it.
  package var help: String?

  /// Creates a finding with the severity of its code.
  package init(
    _ code: some DiagnosticCode, _ message: String, at range: SourceRange?, caption: String? = nil,
    labels: [Label] = [], notes: [String] = [], help: String? = nil
  ) {
    self.code = CodeIdentity(code)
    severity = code.severity
    self.message = message
    self.range = range
    self.caption = caption
    self.labels = labels
    self.notes = notes
    self.help = help
  }
}

extension Diagnostic: Comparable {
  /// Orders by place, then by code, then by wording; what has no place comes first.
  package static func < (left: Self, right: Self) -> Bool {
    switch (left.range, right.range) {
    case (nil, .some): true
    case (.some, nil): false
    case (let l?, let r?) where l != r: l < r
    default:
      left.code.number == right.code.number ? left.message < right.message : left.code.number < right.code.number
    }
  }
}
