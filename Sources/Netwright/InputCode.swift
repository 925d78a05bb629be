import Diagnostics

/// What can be wrong with a run as a whole.
enum InputCode: String, DiagnosticCode {
  case ignoredInput = "NW0092"
  case invalidPrefix = "NW0093"

  var name: String {
    switch self {
    case .ignoredInput: "ignored-input"
    case .invalidPrefix: "invalid-prefix"
    }
  }

  var severity: Severity {
    switch self {
    case .ignoredInput: .warning
    case .invalidPrefix: .error
    }
  }

  var summary: String {
    switch self {
    case .ignoredInput: "A second file has one of the default names, and isn't read."
    case .invalidPrefix: "The word that is asked for before all names can't stand there."
    }
  }
}
