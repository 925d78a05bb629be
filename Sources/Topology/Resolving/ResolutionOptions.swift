package import NetworkTypes

/// What the resolver takes from beside the file.
package struct ResolutionOptions: Sendable {
  /// The project's name where the file gives none: compose's rule makes it of the folder's name.
  package var defaultProjectName: String
  /// The word before every namespace and device name, instead of the file's.
  package var prefix: String?
  /// Blocks that automatic subnets keep away from: the networks of the machine that it is for.
  package var occupied: [IPPrefix] = []
  /// The networks of the machine that an external one may be; the first of a name is meant.
  package var existing: [ExistingNetwork] = []

  /// Creates options.
  package init(defaultProjectName: String, prefix: String? = nil) {
    self.defaultProjectName = defaultProjectName
    self.prefix = prefix
  }
}
