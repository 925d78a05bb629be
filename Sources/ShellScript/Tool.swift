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

/// One line for a tool, its text apart.
struct ToolLine {
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
  /// The command that carries out the lines of its standard input.
  func blockCommand(in place: Place) -> ShellText {
    switch (self, place) {
    case (.ip, .host): "ip -batch -"
    case (.ip6, .host): "ip -6 -batch -"
    case (.bridge, .host): "bridge -batch -"
    case (.tc, .host): "tc -batch -"
    case (.sysctl, .host): "write_sysctls"
    case (.ip, .namespace(let name)): "ip -n \(name) -batch -"
    case (.ip6, .namespace(let name)): "ip -6 -n \(name) -batch -"
    case (.bridge, .namespace(let name)): "bridge -n \(name) -batch -"
    case (.tc, .namespace(let name)): "tc -n \(name) -batch -"
    case (.sysctl, .namespace(let name)): "ip netns exec \(name) sh -e"
    }
  }

  /// Whether the command for a block is a function of the script's own, which the block calls itself.
  func isRuntimeFunction(in place: Place) -> Bool { self == .sysctl && place == .host }

  /// What stands before a line to make it a command by itself.
  func prefix(in place: Place) -> ShellText {
    switch (self, place) {
    case (.ip, .host): "ip "
    case (.ip6, .host): "ip -6 "
    case (.bridge, .host): "bridge "
    case (.tc, .host): "tc "
    case (.sysctl, .host): ""
    case (.ip, .namespace(let name)): "ip -n \(name) "
    case (.ip6, .namespace(let name)): "ip -6 -n \(name) "
    case (.bridge, .namespace(let name)): "bridge -n \(name) "
    case (.tc, .namespace(let name)): "tc -n \(name) "
    case (.sysctl, .namespace(let name)): "ip netns exec \(name) "
    }
  }
}
