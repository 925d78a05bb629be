import Diagnostics

/// What can be wrong with a run as a whole.
enum InputCode: String, DiagnosticCode {
  case unreadableInput = "NW0091"
  case ignoredInput = "NW0092"

  var name: String {
    switch self {
    case .unreadableInput: "unreadable-input"
    case .ignoredInput: "ignored-input"
    }
  }

  var severity: Severity {
    switch self {
    case .unreadableInput: .error
    case .ignoredInput: .warning
    }
  }

  var summary: String {
    switch self {
    case .unreadableInput: "An input file is missing, or can't be read."
    case .ignoredInput: "A second file has one of the default names, and isn't read."
    }
  }
}
