import Diagnostics

/// What can be wrong with a run as a whole.
enum InputCode: String, DiagnosticCode {
  case unreadableInput = "NW0091"

  var name: String {
    switch self {
    case .unreadableInput: "unreadable-input"
    }
  }

  var severity: Severity { .error }

  var summary: String {
    switch self {
    case .unreadableInput: "An input file is missing, or can't be read."
    }
  }
}
