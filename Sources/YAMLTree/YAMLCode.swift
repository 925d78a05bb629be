package import Diagnostics

/// The findings about a file as YAML.
package enum YAMLCode: String, DiagnosticCode {
  /// The text isn't YAML.
  case syntax = "NW0001"
  /// A mapping has a key twice.
  case duplicateKey = "NW0002"
  /// An alias names an anchor that isn't above it.
  case undefinedAlias = "NW0003"
  /// An alias stands inside the node that it names.
  case recursiveAlias = "NW0004"
  /// There are more nodes than the limit.
  case tooManyNodes = "NW0005"
  /// The nesting is deeper than the limit.
  case tooDeep = "NW0006"
  /// The file is larger than the limit.
  case tooLarge = "NW0007"
  /// The bytes aren't text.
  case badEncoding = "NW0008"
  /// A merge key has something else than mappings to merge.
  case badMergeKey = "NW0009"
  /// A key is a sequence or a mapping.
  case nonScalarKey = "NW0010"
  /// A plain scalar that YAML 1.1 readers take for something else.
  case yaml11Scalar = "NW0011"

  /// The kebab-case name.
  package var name: String {
    switch self {
    case .syntax: "yaml-syntax"
    case .duplicateKey: "duplicate-key"
    case .undefinedAlias: "undefined-alias"
    case .recursiveAlias: "recursive-alias"
    case .tooManyNodes: "too-many-nodes"
    case .tooDeep: "too-deep"
    case .tooLarge: "too-large"
    case .badEncoding: "bad-encoding"
    case .badMergeKey: "bad-merge-key"
    case .nonScalarKey: "non-scalar-key"
    case .yaml11Scalar: "yaml-1-1-scalar"
    }
  }

  /// The severity: only what other readers would see is a warning.
  package var severity: Severity { self == .yaml11Scalar ? .warning : .error }

  /// What the finding says.
  package var summary: String {
    switch self {
    case .syntax: "The text breaks a rule of YAML, so that nothing after this place can be read."
    case .duplicateKey: "A mapping has the same key twice, so that one of the two values would be lost."
    case .undefinedAlias: "An alias (`*name`) names an anchor (`&name`) that the document doesn't define above it."
    case .recursiveAlias: "An alias stands inside the very node that its anchor names."
    case .tooManyNodes: "The file has too many nodes once its aliases are expanded."
    case .tooDeep: "Sequences and mappings are nested too deeply."
    case .tooLarge: "The file has too many bytes."
    case .badEncoding: "The file isn't text in UTF-8 or UTF-16, or holds control characters."
    case .badMergeKey: "A merge key (`<<`) has something else than a mapping or a list of mappings."
    case .nonScalarKey: "A mapping's key is a list or a mapping instead of a single value."
    case .yaml11Scalar: "A value without quotes is something else to readers of YAML 1.1 than under YAML 1.2."
    }
  }
}
