import ArgumentParser
import Netwright

/// Refuses what can't be the name of a network that is up.
///
/// - Parameter name: the name; nil where none is given.
/// - Throws: `ValidationError`.
func validateInstance(_ name: String?) throws {
  guard let name, !RunningNetworks.isName(name) else { return }
  throw ValidationError("\(name): not the name of a network (lower-case letters, digits, - and _).")
}
