import NetworkTypes
import Plan

/// What the head of a script says of it.
struct ScriptHeader {
  /// The network's name and mark.
  var instance: InstanceName
  /// What it consists of, in words.
  var summary: String
  /// The files that it was compiled from.
  var files: [String]
  /// The number that tells it from other plans.
  var digest: String
  /// The programs that its commands need beside `ip`.
  var tools: [String]
  /// What passes the host's forward hook, where other rules may drop it.
  var forwarding: HostForwarding
  /// How often nodes can be neighbors of each other on its bridges.
  var neighborCount: Int
  /// The subnets that its devices connect the host to, a line each.
  var subnets: ShellText

  /// How many neighbors of a family the kernel keeps for all namespaces together unless it is told otherwise
  /// (net.ipv4.neigh.default.gc_thresh3; arp_tbl, net/ipv4/arp.c).
  static let neighborRoom = 1024
}

/// Puts a whole script together.
///
/// All of it is one compound command, which a shell must read to its last byte before it can run the first.
///
/// - Returns: the script in pieces, to be written one after the other: the large ones are those that it is made of.
func assembleScript(_ header: ScriptHeader, manifest: ShellText, body: borrowing ScriptBody) -> [TextBuffer] {
  let name = header.instance.text
  let others = ["sysctl", "nft", "iptables-restore", "iptables-save", "ip6tables-restore", "ip6tables-save"]
  let tools = header.tools.filter { !others.contains($0) }
  let toolSearch = tools.reduce("") {
    $0 + "  \($1)_path=$(find_tool \($1)) || refuse \"'\($1)' of iproute2 is needed and isn't installed\"\n"
      + "  \($1) -V >/dev/null\n"
  }
  let toolWrappers = tools.reduce("") { $0 + "\n\($1)() {\n  run \"$\($1)_path\" \"$@\"\n}\n" }
  let programs = ["iproute2"] + header.tools.filter(others.contains)
  let files = header.files.map(ShellQuoting.oneLine).joined(separator: ", ")
  let mayCrowd = header.neighborCount > ScriptHeader.neighborRoom
  let neighborAssignment =
    mayCrowd
    ? "# How often its nodes can be each other's neighbors.\nneighbors=\(header.neighborCount)\n" : ""
  let head = """
    #!/bin/sh
    # \(name): \(header.summary)\(files.isEmpty ? "" : ", from \(files)"). Written by Netwright.
    #
    #   up      builds the network; this is what happens without an argument
    #   down    takes it away and puts back what was changed
    #   status  tells what of it there is
    #   help    tells this
    #
    # It works in the network namespace that it is run in and needs \(programs.joined(separator: ", ")).
    # Everything below is one { … } command, which a shell reads to its end before it runs any of it: of a truncated copy
    # nothing is run.
    {
    name=\(name)
    group=\(header.instance.deviceGroup)
    digest=\(header.digest)
    summary=\(ShellQuoting.word(header.summary))
    \(header.forwarding.assignments)\(neighborAssignment)
    need_tools() {
      need awk cat find grep ln ls mkdir mv rm rmdir sed tail xargs\(programs.dropFirst().reduce("") { $0 + " " + $1 })
      find_ip
    \(toolSearch)}
    \(toolWrappers)

    """
  var pieces: [ShellText] = []
  pieces.append(
    ShellText(head + "# What the network consists of in the host's namespace.\nmanifest() {\n\"$@\" <<'END'\n"))
  pieces.append(manifest)
  pieces.append("END\n}\n\n")
  let hasSubnets = !header.subnets.isEmpty
  if hasSubnets {
    pieces.append("# The subnets that it connects the host to.\nsubnets() {\n\"$@\" <<'END'\n")
    pieces.append(header.subnets)
    pieces.append("END\n}\n\n")
  }
  if !body.blocks.isEmpty {
    pieces.append("# What the commands of `apply`, below, are fed with.\n")
    pieces.append(body.blocks)
    pieces.append("\n")
  }
  pieces.append("# Builds the network, in this order.\napply() {\n")
  pieces += body.fileLane.isEmpty && body.apply.isEmpty ? [":\n"] : [body.fileLane, body.apply]
  var rest: ShellText = "}\n\n"
  let looks = !header.forwarding.isEmpty
  append(
    [
      RuntimeText.common, RuntimeText.locking,
      RuntimeText.building(looksAtFirewalls: looks, looksAtNeighbors: mayCrowd, looksAtSubnets: hasSubnets),
    ], to: &rest)
  if hasSubnets { append([RuntimeText.subnets], to: &rest) }
  if looks { append([RuntimeText.firewalls], to: &rest) }
  if mayCrowd { append([RuntimeText.neighbors], to: &rest) }
  append(RuntimePart.allCases.filter(body.parts.contains).map(\.text), to: &rest)
  append([RuntimeText.undoing, RuntimeText.ending, RuntimeText.inspecting], to: &rest)
  rest.append(RuntimeText.main(verbs: ["up", "down", "status"], standard: "up"))
  pieces.append(rest)
  return pieces.map(\.buffer)
}

/// Puts together a script for a network that may be up, without its plan.
func assembleInstanceScript(_ instance: InstanceName, verb: String) -> String {
  var script: ShellText = """
    #!/bin/sh
    # \(instance): takes the network away (`down`) or tells what of it there is (`status`). Written by Netwright.
    {
    name=\(instance)
    group=\(instance.deviceGroup)


    """
  append(
    [RuntimeText.common, RuntimeText.locking, RuntimeText.undoing, RuntimeText.ending, RuntimeText.inspecting],
    to: &script)
  script.append(RuntimeText.main(verbs: ["down", "status"], standard: verb))
  return String(script)
}

private func append(_ parts: [String], to script: inout ShellText) {
  for part in parts {
    script.append(part)
    script += "\n\n"
  }
}
