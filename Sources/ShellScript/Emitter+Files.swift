import NetworkTypes
import Plan

extension Emitter {
  /// A file under /etc/netns for each of some namespaces, written by the shell itself.
  mutating func emit(_ operation: WriteNamespaceFile) {
    if !hasMadeDirectories {
      hasMadeDirectories = true
      body.use(.makeDirectories)
      body.addFileCall("make_directories")
    }
    let file = operation.file.rawValue
    let lines = operation.lines.map(ShellQuoting.fileLine)
    switch body.style {
    case .fast:
      body.use(context.sharesFiles ? .shareFile : .writeFiles)
      let function = context.sharesFiles ? "share_file" : "write_files"
      let names = operation.namespaces.reduce(into: ShellText()) { $0.append(" ", $1) }
      body.addText(lines, to: "\(function) \(file)\(names)", summary: "\(function) \(file)", in: nil)
    case .plain:
      for name in operation.namespaces {
        let path: ShellText = "/etc/netns/\(name)/\(file)"
        body.addText(lines, to: "cat >\(path)", summary: path, in: nil)
      }
    }
  }
}
