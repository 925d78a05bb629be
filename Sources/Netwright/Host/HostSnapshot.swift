import FoundationEssentials
import NetworkTypes
import Simulator
import Topology

/// A machine's network state as `netwright snapshot` wrote it down, by Schemas/host-v1.schema.json.
public struct HostSnapshot: Sendable {
  let document: HostDocument
  let state: HostState
  /// The networks that an external one of a file may be.
  let existingNetworks: [ExistingNetwork]

  /// Reads a snapshot.
  ///
  /// - Parameters:
  ///   - text: the document.
  ///   - name: what the document is called in messages.
  /// - Throws: `HostSnapshotError`.
  public init(_ text: String, name: String) throws {
    do {
      document = try JSONDecoder().decode(HostDocument.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw HostSnapshotError(description: "\(name): not a snapshot of a machine: \(error.place)")
    }
    guard document.version == 1 else {
      throw HostSnapshotError(description: "\(name): version \(document.version) of snapshots isn't known, only 1")
    }
    guard document.namespaces.first?.name == nil, !document.namespaces.isEmpty else {
      throw HostSnapshotError(description: "\(name): the first namespace has to be the machine's own, without a name")
    }
    if let reason = document.impossibility {
      throw HostSnapshotError(description: "\(name): no machine can be so: \(reason)")
    }
    state = document.state
    existingNetworks = document.existingNetworks
  }

  /// The networks that the machine has addresses in or routes to, of its own namespace.
  var networks: [IPPrefix] {
    guard let space = state.spaces.first else { return [] }
    let own = space.devices.filter { $0.name != .loopback }.flatMap(\.addresses)
      .filter { $0.scope == .global }.map(\.interface.prefix)
    let routes = space.routes.filter { $0.type == .unicast && $0.destination.length > 0 }.map(\.destination)
      .filter { !$0.network.isMulticast && !($0.family == .ipv6 && $0.network.isLinkLocal) }
    return own + routes
  }
}

/// Why a file is no snapshot.
public struct HostSnapshotError: Error, CustomStringConvertible, Sendable {
  /// The error in words.
  public let description: String
}

extension DecodingError {
  /// What is wrong and where.
  fileprivate var place: String {
    if case .keyNotFound(let key, let context) = self {
      return (context.codingPath + [key]).map(\.word).joined(separator: ".") + ": is missing"
    }
    let context =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default: Context(codingPath: [], debugDescription: "unreadable")
      }
    let path = context.codingPath.map(\.word).joined(separator: ".")
    return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
  }
}

extension CodingKey {
  /// The key, or the index, as it stands in a path.
  fileprivate var word: String { intValue.map(String.init) ?? stringValue }
}
