import NetworkTypes
import Plan

/// Turns operations into commands, one after the other, in the plan's order.
struct Emitter: ~Copyable {
  /// What is to be known of the whole plan.
  let context: PlanContext
  /// What has been written so far.
  var body: ScriptBody

  /// Whether the directories under /etc/netns have been made.
  var hasMadeDirectories = false

  /// Whether the rule that comes with a VRF has been looked for.
  var hasNotedVRFRule = false

  /// How many devices are made under a name that isn't theirs.
  var passingCount = 0
  /// What gives those their names, by namespace, as far as it hasn't been written.
  var renames: [Place: [ShellText]] = [:]

  /// Creates an emitter that writes to a body.
  init(context: PlanContext, body: consuming ScriptBody) {
    self.context = context
    self.body = body
  }

  /// Writes the commands of all steps.
  mutating func emit(_ steps: [Step]) {
    var next = steps.startIndex
    while next < steps.endIndex {
      body.setOrigin(steps[next].origin)
      body.setProgress(next - steps.startIndex, of: steps.count)
      next += 1
      switch steps[next - 1].operation {
      case .addNamespace(let operation):
        add(.ip, in: .host, makes: .namespace) { $0.append("netns add ", operation.name) }
      case .addLink(let operation): emit(operation, absorbing: steps, at: &next)
      case .addVethPair(let operation): emit(operation, absorbing: steps, at: &next)
      case .setMaster(let operation): emit(operation)
      case .addBridgeVLAN(let operation): emit(operation)
      case .setHairpin(let operation): emit(operation)
      case .setAddressGeneration(let operation): emit(operation)
      case .setLinkUp(let operation): emit(operation)
      case .addAddress(let operation): emit(operation)
      case .addRoute(let operation): emit(operation)
      case .addRule(let operation): emit(operation)
      case .setSysctl(let operation): emit(operation)
      case .loadRuleset(let operation): emit(operation)
      case .addQdisc(let operation): emit(operation)
      case .writeNamespaceFile(let operation): emit(operation)
      }
    }
  }

  /// Ends the body and hands it over.
  consuming func finish() -> ScriptBody {
    for place in renames.keys.sorted() { rename(in: place) }
    body.finish()
    return body
  }

  /// Adds a line for a tool.
  mutating func add(_ tool: Tool, in place: Place, _ text: ShellText, undo: ShellText? = nil) {
    rename(in: place)
    body.add(ToolLine(tool, in: place, undo: undo)) { $0 += text }
  }

  /// Adds a line for a tool, as it is written by a function: for those that there are thousands of.
  mutating func add(
    _ tool: Tool, in place: Place, undo: ShellText? = nil, makes product: ToolLine.Product? = nil,
    _ write: (inout ShellText) -> Void
  ) {
    rename(in: place)
    body.add(ToolLine(tool, in: place, undo: undo, makes: product), write)
  }

  /// Gives the devices of a namespace their names.
  mutating func rename(in place: Place) {
    if renames.isEmpty { return }
    for text in renames.removeValue(forKey: place) ?? [] { body.add(ToolLine(.ip, in: place)) { $0 += text } }
  }

  /// Whether a device was there before the network and stays when it goes.
  func isForeign(_ link: LinkReference) -> Bool { link.place.isHost && !context.hostDevices.contains(link.name) }
}
