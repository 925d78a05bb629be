import NetworkTypes
import Plan

/// The programs that are given lines to carry out.
enum Tool: Hashable {
  /// `ip`, the family told by the addresses.
  case ip
  /// `ip -6`, where no address tells the family.
  case ip6
  /// `bridge`.
  case bridge
  /// `tc`.
  case tc
  /// A shell, which writes kernel parameters.
  case sysctl

  /// The name of the journal's lines that undo its work.
  var journalWord: String {
    switch self {
    case .ip: "ip"
    case .ip6: "ip6"
    case .bridge: "bridge"
    case .tc: "tc"
    case .sysctl: "sysctl"
    }
  }

  /// What must be installed for it beside a shell and `ip`.
  var program: String? {
    switch self {
    case .ip, .ip6, .sysctl: nil
    case .bridge: "bridge"
    case .tc: "tc"
    }
  }
}

/// One line for a tool, its text apart; it is handed on, never copied.
struct ToolLine: ~Copyable {
  /// What a line can make that the lines around it must know of.
  enum Product: Equatable {
    /// A namespace.
    case namespace
    /// Devices in one or two places, which may be others than the line's.
    case links(Place, Place)
  }

  /// The tool.
  var tool: Tool
  /// Where it works.
  var place: Place
  /// The line for the same tool that undoes it, where taking the network's own devices and namespaces away doesn't.
  var undo: ShellText?
  /// What it makes.
  var product: Product?

  /// Creates a line.
  init(_ tool: Tool, in place: Place, undo: ShellText? = nil, makes product: Product? = nil) {
    self.tool = tool
    self.place = place
    self.undo = undo
    self.product = product
  }

  /// The command that notes in the journal how to undo it.
  var record: ShellText? { undo.map { "record \(tool.journalWord) \($0)" } }
}

extension Tool {
  /// The program, and what makes it work on one family.
  private var words: String {
    switch self {
    case .ip: "ip"
    case .ip6: "ip -6"
    case .bridge: "bridge"
    case .tc: "tc"
    case .sysctl: "sysctl"
    }
  }

  /// The command that carries out the lines of its standard input.
  func blockCommand(in place: Place) -> BlockCommand { BlockCommand(tool: self, place: place) }

  /// What stands before a line to make it a command by itself.
  func prefix(in place: Place) -> ShellText {
    switch (self, place) {
    case (.sysctl, .host): ""
    case (.sysctl, .namespace(let name)): "ip netns exec \(name) "
    case (.ip, .host), (.ip6, .host), (.bridge, .host), (.tc, .host): "\(words) "
    case (.ip, .namespace(let name)), (.ip6, .namespace(let name)), (.bridge, .namespace(let name)),
      (.tc, .namespace(let name)):
      "\(words) -n \(name) "
    }
  }

  /// The command that carries out the lines of a tool in a place.
  struct BlockCommand: ShellWord {
    let tool: Tool
    let place: Place

    /// Whether it is a function of the script's own, which the block calls itself.
    var isRuntimeFunction: Bool {
      switch (tool, place) {
      case (.sysctl, .host): true
      case (.sysctl, .namespace), (.ip, _), (.ip6, _), (.bridge, _), (.tc, _): false
      }
    }

    func write(to text: inout TextBuffer) {
      switch (tool, place) {
      case (.sysctl, .host): text.append("write_sysctls")
      case (.sysctl, .namespace(let name)):
        text.append("ip netns exec ")
        name.write(to: &text)
        text.append(" sh -e")
      case (.ip, _), (.ip6, _), (.bridge, _), (.tc, _):
        text.append(tool.words)
        if case .namespace(let name) = place {
          text.append(" -n ")
          name.write(to: &text)
        }
        text.append(" -batch -")
      }
    }
  }
}
