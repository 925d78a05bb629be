import NetworkTypes

extension Walk {
  /// The walk for people: numbered stages, each with its layer, and a line a step: when, where, what.
  package var text: String {
    guard !stages.isEmpty else { return "nothing was sent\n" }
    let width = stages.flatMap(\.steps).map(\.place.count).max() ?? 0
    return stages.enumerated().map { number, stage in
      var text = "\(number + 1). \(stage.title)  [\(stage.layer.words)]\n"
      for step in stage.toldSteps {
        let time = milliseconds(TimeSpan(nanoseconds: step.time))
        text += "   \(right(time, 9)) ms  \(pad(step.place, width))  \(step.text)\n"
      }
      return text + "\n"
    }.joined()
  }
}

extension Walk.Stage {
  /// The steps that are told to people: of more than four machines that hear one question in vain, the first two, and
  /// how many others there are.
  fileprivate var toldSteps: [Walk.Step] {
    var told: [Walk.Step] = []
    var rest = steps.filter { !$0.isDetail }[...]
    while let step = rest.first {
      let silent = rest.prefix { $0.kind == .ignore }
      if silent.count > 4 {
        told += silent.prefix(2)
        var others = silent[silent.startIndex + 2]
        others.place = ""
        others.text = "\(silent.count - 2) others hear it too: silence"
        told.append(others)
        rest = rest.dropFirst(silent.count)
      } else {
        told.append(step)
        rest = rest.dropFirst()
      }
    }
    return told
  }
}

extension Walk.Layer {
  /// The layer in words.
  fileprivate var words: String {
    switch self {
    case .link: "layer 2"
    case .neighbors: "between layers 2 and 3"
    case .network: "layer 3"
    case .tunnel: "layer 2 within layer 3"
    }
  }
}
