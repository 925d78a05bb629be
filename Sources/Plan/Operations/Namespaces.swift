package import NetworkTypes

/// Creates a named network namespace (`ip netns add`); its loopback device is down until set up.
package struct AddNamespace: Hashable, Codable, Sendable {
  /// The name under /run/netns.
  package var name: NamespaceName

  /// Creates the operation.
  package init(name: NamespaceName) { self.name = name }
}

/// Writes one text as the same file of several namespaces: `/etc/netns/NAME/FILE`, which `ip netns exec` binds over
/// /etc/FILE (ip-netns(8)).
package struct WriteNamespaceFile: Hashable, Codable, Sendable {
  /// The files that a namespace has of its own.
  package enum File: String, Hashable, Codable, CaseIterable, Sendable {
    /// hosts(5).
    case hosts
    /// resolv.conf(5).
    case resolvConf = "resolv.conf"
  }

  /// The namespaces that get it, at least one.
  package var namespaces: [NamespaceName]
  /// Which file.
  package var file: File
  /// The text's lines: printable ASCII and tabs, no line ends.
  package var lines: [String]

  /// Creates the operation.
  package init(namespaces: [NamespaceName], file: File, lines: [String]) {
    self.namespaces = namespaces
    self.file = file
    self.lines = lines
  }
}

/// Writes a kernel parameter (sysctl(8)).
package struct SetSysctl: Hashable, Codable, Sendable {
  /// Where.
  package var place: Place
  /// Which, below `net.`.
  package var key: SysctlKey
  /// The value: printable ASCII, no line ends.
  package var value: String

  /// Creates the operation.
  package init(place: Place, key: SysctlKey, value: String) {
    self.place = place
    self.key = key
    self.value = value
  }
}
