/// When what is done with a network, in seconds after the first probe is due.
///
/// The prober tells when it did each thing, and the simulator does it at the same moment: on a busy machine that is
/// later than planned, and what is allowed of errors, for instance, hangs on it.
struct Timetable: Sendable {
  /// When the network is looked at first, in seconds after the last change.
  var begin: Double
  /// When the first probe is due, in seconds after the last change.
  var start: Double
  /// When each probe is sent.
  var probes: [Double]
  /// When what came of them is over, and counters are read.
  var counted: Double
  /// When each namespace is looked at.
  var looked: [String: Double] = [:]

  /// When a namespace is looked at.
  func looked(at space: String) -> Double { looked[space] ?? counted }
}

extension Exercise {
  /// When everything is planned to be done.
  var timetable: Timetable {
    Timetable(begin: begin, start: begin, probes: probes.map { Double($0.at) / 1000 }, counted: duration)
  }
}
