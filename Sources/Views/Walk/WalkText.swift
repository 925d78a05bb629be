import NetworkTypes

extension Walk {
  /// The walk for people: numbered stages, each with its layer, and a line a step: when, where, what.
  package var text: String {
    guard !stages.isEmpty else { return "nothing was sent\n" }
    let width = stages.flatMap(\.steps).map(\.place.count).max() ?? 0
    return stages.enumerated().map { number, stage in
      var text = "\(number + 1). \(stage.title)  [\(stage.layer.words)]\n"
      for step in stage.steps where !step.isDetail {
        let time = milliseconds(TimeSpan(nanoseconds: step.time))
        text += "   \(right(time, 9)) ms  \(pad(step.place, width))  \(step.text)\n"
      }
      return text + "\n"
    }.joined()
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
