import Diagnostics

/// The finding for what libyaml stopped at, in the user's words.
func diagnostic(of error: YAMLParserError, in text: SourceText, id: SourceID) -> Diagnostic {
  let lines = LineTable(text)
  switch error.kind {
  case .encoding:
    let place = lines.position(ofByte: error.offset)
    let what = error.offset < text.bytes.count ? " (byte \(hexadecimal(text.bytes[error.offset])))" : ""
    return Diagnostic(
      YAMLCode.badEncoding, "\(encodingProblem(error.problem))\(what)",
      at: SourceRange(source: id, start: place, end: place),
      help: "save the file as plain text in UTF-8")
  case .memory:
    return Diagnostic(YAMLCode.syntax, "there is not enough memory to read the file", at: nil)
  case .syntax:
    return SyntaxExplanation(error, lines).diagnostic(id)
  }
}

private func encodingProblem(_ problem: String) -> String {
  problem == "control characters are not allowed"
    ? "the file holds a control character, which YAML doesn't allow" : "the file is not text in UTF-8"
}

private func hexadecimal(_ byte: UInt8) -> String {
  (byte < 16 ? "0x0" : "0x") + String(byte, radix: 16)
}

/// What to tell people about a syntax error: libyaml names the rule that was broken, which is seldom what went wrong.
private struct SyntaxExplanation {
  var message: String
  /// Where it went wrong.
  var place: SourcePosition
  /// Where what is broken begins, if that is elsewhere, and what begins there.
  var opening: (place: SourcePosition, text: String)?
  var help: String?

  init(_ error: YAMLParserError, _ lines: LineTable) {
    message = error.problem
    place = error.position
    if let context = error.context, error.contextPosition < error.position {
      opening = (error.contextPosition, context)
    }
    if let marker = [error.contextPosition.line, error.position.line].first(where: lines.isConflictMarker) {
      place = SourcePosition(line: marker, column: 1)
      message = "a conflict between two versions of the file is left in it"
      opening = nil
      help = "keep what should stay of the two, and remove the lines of <<<<<<<, ======= and >>>>>>>"
    } else if error.mayComeFromTab, let tab = lines.indentingTab(atOrAbove: error.position.line) {
      message = "a tab indents this line; YAML takes only spaces"
      place = tab
      opening = nil
      help = "replace the tab by spaces"
    } else {
      explain(error, lines)
    }
  }

  private mutating func explain(_ error: YAMLParserError, _ lines: LineTable) {
    switch error.problem {
    case "mapping values are not allowed in this context": explainColon(lines)
    case "could not find expected ':'":
      message = "this line is neither a `key: value` nor a list item"
      place = error.contextPosition
      opening = nil
      help =
        lines.missingSpaceHelp(error.contextPosition.line)
        ?? "write `key: value`, or indent it as part of the value above"
    case "found unexpected end of stream", "found unexpected document indicator":
      message = "this quote is never closed"
      place = error.contextPosition
      opening = nil
      help = "add the closing quote; a quote inside double quotes is written \\\", inside single quotes ''"
    case "did not find expected ',' or ']'": explainFlow("list", closing: "]")
    case "did not find expected ',' or '}'": explainFlow("mapping", closing: "}")
    case "did not find expected key": explainBlock("mapping", lines)
    case "did not find expected '-' indicator": explainBlock("list", lines)
    case "block sequence entries are not allowed in this context":
      message = "a list item can't stand here"
      help = "put the first `- ` on a line of its own, below the key; text that starts with `-` goes in quotes"
    case "mapping keys are not allowed in this context": message = "a key can't stand here"
    case "found character that cannot start any token":
      message = "a value can't start with this character"
      help = "put the value in quotes"
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      message = "no such escape after the backslash"
      opening = nil
      help = "in double quotes a backslash is written \\\\; in single quotes it stands for itself"
    case "did not find expected alphabetic or numeric character":
      message = "an anchor or alias has no name"
      opening = nil
      help = "text that starts with `&` or `*` goes in quotes"
    case "did not find expected <document start>":
      message = "there is text after the end of the document"
      help = "check the indentation: everything of one document is below one first line; `---` starts another"
    case "did not find expected node content":
      message = "a value is missing here"
      help = "text that starts with one of , ] } goes in quotes"
    case "found undefined tag handle":
      message = "the file doesn't say what this tag's prefix stands for"
      opening = nil
      help = "a tag is written `!name`; text that starts with `!` goes in quotes"
    case "found incompatible YAML document": message = "the file is marked as neither YAML 1.1 nor YAML 1.2"
    default:
      opening = nil
      if error.context == "while scanning a block scalar" {
        message = "there is something else than the text's style after `|` or `>`"
        help = "start the text in the next line"
      } else if error.context == "while scanning a directive" {
        message = "a line that starts with `%` is a directive to YAML readers, and this one is unknown"
        help = "put text that starts with `%` in quotes"
      } else {
        message = "\(error.problem)\(error.context.map { " \($0)" } ?? "")"
      }
    }
  }

  /// A colon where no key can be: a second one in a line, or a line below a value and deeper than its key.
  private mutating func explainColon(_ lines: LineTable) {
    let before = lines.bytes(ofLine: place.line).map { Array($0) } ?? []
    let upToColon = String(decoding: before, as: UTF8.self).unicodeScalars.prefix(Int(place.column) - 1)
    if String(upToColon).contains(": ") {
      message = "a colon and a space inside a value without quotes"
      help = "put the value in quotes"
    } else {
      message = "this line is indented more than the lines it belongs to, or the line above is not finished"
      help =
        lines.missingSpaceHelp(place.line - 1) ?? lines.missingColonHelp(place.line - 1)
        ?? "keys of one mapping start in the same column"
    }
  }

  private mutating func explainFlow(_ kind: String, closing: String) {
    message = "expected `,` or `\(closing)` in the \(kind)"
    opening = opening.map { ($0.place, "the \(kind) starts here") }
    help = "close the \(kind) with `\(closing)`, or put a value that holds one of , : [ ] { } in quotes"
  }

  /// Something in a list or a mapping that is neither its next item or key nor its end.
  private mutating func explainBlock(_ kind: String, _ lines: LineTable) {
    let opened = opening?.place
    opening = opened.map { ($0, "the \(kind) starts here") }
    if !lines.isFirst(place) {
      message = "there is more text after the end of this value"
      opening = nil
      help = "put all of the value in quotes; a quote inside double quotes is written \\\", inside single quotes ''"
    } else if lines.text(from: place).hasPrefix(":") {
      message = "there is no key before this colon"
      opening = nil
    } else if place.column == opened?.column {
      message = kind == "list" ? "a key among the items of a list" : "a list item among the keys of a mapping"
      help = "write all of it as `- item`, or all of it as `key: value`"
    } else {
      message = "this is indented unlike the rest of the \(kind) it is in"
      help = "start all of a \(kind) in the same column"
    }
  }

  func diagnostic(_ id: SourceID) -> Diagnostic {
    Diagnostic(
      YAMLCode.syntax, message, at: SourceRange(source: id, start: place, end: place),
      labels: opening.map { [.init(SourceRange(source: id, start: $0.place, end: $0.place), $0.text)] } ?? [],
      help: help)
  }
}

extension YAMLParserError {
  /// Whether a tab in the indentation leads to this problem.
  fileprivate var mayComeFromTab: Bool {
    switch problem {
    case "found character that cannot start any token", "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected", "could not find expected ':'",
      "mapping values are not allowed in this context", "did not find expected key",
      "did not find expected '-' indicator":
      true
    default: false
    }
  }
}
