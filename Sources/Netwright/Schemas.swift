/// The JSON Schemas that the command prints.
public enum SchemaSubject: String, CaseIterable, Sendable {
  /// The file.
  case file
  /// What `plan --format json` prints.
  case plan
  /// What `validate --format json` prints.
  case diagnostics
  /// What `trace --format json` prints.
  case trace
  /// What `snapshot` writes and `--host` reads.
  case host

  /// The schema as JSON (2020-12).
  ///
  /// - Throws: `EncodingError`; no table of the file's leads to one.
  public func text() throws -> String {
    switch self {
    case .file: try fileSchema()
    case .plan: String(decoding: PackageResources.plan_v1_schema_json, as: UTF8.self)
    case .diagnostics: String(decoding: PackageResources.diagnostics_v1_schema_json, as: UTF8.self)
    case .trace: String(decoding: PackageResources.trace_v1_schema_json, as: UTF8.self)
    case .host: String(decoding: PackageResources.host_v1_schema_json, as: UTF8.self)
    }
  }
}
