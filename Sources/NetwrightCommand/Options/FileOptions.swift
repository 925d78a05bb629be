import ArgumentParser
import Netwright

/// The options that say what is compiled.
struct FileOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("file")], parsing: .singleValue,
    help: ArgumentHelp(
      "A file to compile; - for standard input. Later files override earlier ones.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Option(
    name: [.customShort("p"), .customLong("project-name")],
    help: ArgumentHelp("The project's name, instead of the file's or the folder's.", valueName: "name"))
  var projectName: String?

  @Option(help: ArgumentHelp("A word put before every namespace and device name.", valueName: "word"))
  var prefix: String?

  @Option(
    help: ArgumentHelp(
      "The folder that relative paths start from and that names the project; the first file's without it.",
      valueName: "folder"),
    completion: .directory)
  var projectDirectory: String?

  @Option(
    name: .customLong("env-file"), parsing: .singleValue,
    help: ArgumentHelp("A file with variables, instead of .env; the last of several wins.", valueName: "file"),
    completion: .file())
  var environmentFiles: [String] = []

  @Option(
    name: .customLong("profile"), parsing: .singleValue,
    help: ArgumentHelp("A profile whose services are taken too; '*' for all.", valueName: "profile"))
  var profiles: [String] = []

  @Option(
    help: ArgumentHelp(
      "A machine's state (netwright snapshot): automatic subnets keep away from its networks, simulations start there.",
      valueName: "file"),
    completion: .file(extensions: ["json"]))
  var host: String?

  /// Reads and compiles the files.
  ///
  /// - Throws: `ExitStatus` after saying why.
  func compile() throws -> Compilation {
    var selection = InputSelection()
    selection.files = files
    selection.environmentFiles = environmentFiles
    selection.projectName = projectName
    selection.projectDirectory = projectDirectory
    selection.profiles = profiles
    do {
      var (inputs, options) = try InputFiles.project(selection, in: .current)
      options.prefix = prefix
      if let host { options.host = try HostSnapshot(try InputFiles.text(host), name: host) }
      Heap.makeRoom(for: inputs)
      return Netwright.compile(inputs, options: options)
    } catch InputError.invalidProjectName(let name) {
      StandardStream.say("netwright: \(InputError.invalidProjectName(name))\n")
      throw ExitStatus.usage
    } catch {
      StandardStream.say("netwright: \(error)\n")
      throw ExitStatus.failed
    }
  }

  /// Compiles the files and prints what was found to standard error.
  ///
  /// - Throws: `ExitStatus.failed` where there are errors.
  func compileOrFail() throws -> Compilation {
    let compilation = try compile()
    if compilation.hasFindings {
      let color = ProcessContext.current.wantsColor(on: .error)
      StandardStream.say(try compilation.findings(as: .text, color: color))
    }
    guard !compilation.hasErrors else { throw ExitStatus.failed }
    return compilation
  }

  /// The name that the files' network goes by while it is up.
  ///
  /// - Throws: `ExitStatus` after saying why.
  func instance() throws -> String {
    guard let instance = try compileOrFail().instance else { throw ExitStatus.failed }
    return instance
  }
}
