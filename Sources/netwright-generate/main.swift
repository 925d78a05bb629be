import Glibc
import Netwright

// Writes the files that are made from the code, from the repository's root; with --check, only says which differ.
let arguments = CommandLine.arguments.dropFirst()
guard arguments.isEmpty || Array(arguments) == ["--check"] else {
  StandardStream.say("usage: netwright-generate [--check]\n")
  exit(ExitStatus.usage.rawValue)
}
let isCheck = !arguments.isEmpty
var stale: [String] = []
for (path, text) in try generatedFiles() {
  if isCheck {
    if (try? OutputFiles.read(path)) != text { stale.append(path) }
  } else {
    try OutputFiles.write(text, to: path)
  }
}
if !stale.isEmpty {
  StandardStream.say("not what the code says: \(stale.joined(separator: ", ")); run `make generate`\n")
  exit(1)
}
