import Diagnostics
import ProjectFile
import Rules
import YAMLTree

/// The documents that are made from the code: their paths in the repository and their texts.
///
/// - Throws: `EncodingError`; no table leads to one.
public func generatedFiles() throws -> [(path: String, text: String)] {
  [
    ("Schemas/netwright.schema.json", try SchemaSubject.file.text()),
    ("docs/reference/file.md", fileReference()),
    ("docs/reference/findings.md", findingReference()),
  ]
}

/// The reference of the file's keys, a table for each mapping.
private func fileReference() -> String {
  var text = """
    # The file, key by key

    Made from the tables that read the file by `make generate`. Keys of compose that have nothing to do with networks are
    accepted and not looked at; they are left out here. Where a mapping takes keys that start with `x-`, Netwright's own
    keys may also stand under `x-netwright`, so that other compose tools load the file.

    """
  for table in TableDescription.all {
    text += "\n## \(table.name)\n\n\(table.summary)\n\n| key | value | |\n| --- | --- | --- |\n"
    for key in table.keys {
      switch key.standing {
      case .ignored, .misplaced: continue
      case .compose, .netwright:
        let own = key.standing == .netwright ? " (Netwright)" : ""
        text +=
          "| `\(key.name)` | \(words(for: key.shape)) | \(key.summary)\(key.isRequired ? " Required." : "")\(own) |\n"
      }
    }
  }
  return text
}

private func words(for shape: ValueShape) -> String {
  switch shape {
  case .text(let noun, _), .quantity(let noun, _): noun
  case .integer(let bounds):
    bounds.upperBound > 1 << 40 ? "whole number" : "\(bounds.lowerBound) to \(bounds.upperBound)"
  case .boolean: "true or false"
  case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
  case .list(let item): "list of: \(words(for: item))"
  case .map(let value): "mapping to: \(words(for: value))"
  case .mapping(let name) where !TableDescription.all.contains { $0.name == name }: "mapping"
  case .mapping(let name): "[\(name)](#\(name.replacing(" ", with: "-").replacing("'", with: "")))"
  case .either(let shapes): shapes.map(words(for:)).joined(separator: "; or ")
  case .null: "nothing"
  case .anything: "anything"
  }
}

/// The catalogue of findings: each code with what it says, and the rules with their reasons and examples.
private func findingReference() -> String {
  var text = """
    # Findings

    Made from the rules themselves by `make generate`. A code never changes its meaning and is never used again; NW0091 and NW0114 are retired.

    ## The file as YAML and as a project

    | code | name | severity | |
    | --- | --- | --- | --- |

    """
  text += rows(YAMLCode.allCases) + rows(FileCode.allCases) + rows(InputCode.allCases)
  text += "\n## Addressing and structure\n"
  for code in RuleCode.allCases {
    let rule = code.rule
    text += """

      ### \(code.rawValue) \(code.name) (\(code.severity.rawValue))

      \(rule.summary) \(rule.rationale)

      ```yaml
      \(rule.failing)
      ```

      Without the finding:

      ```yaml
      \(rule.passing)
      ```

      """
  }
  return text
}

private func rows(_ codes: some Collection<some DiagnosticCode>) -> String {
  codes.map { "| \($0.rawValue) | \($0.name) | \($0.severity.rawValue) | \($0.summary) |\n" }.joined()
}
