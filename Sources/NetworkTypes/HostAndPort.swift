/// A name or address with a port behind it, as in URLs (RFC 3986 §3.2), taken apart: `db`, `db:80`, `10.0.0.1:80`,
/// `fd00::1`, `[fd00::1]:80`.
package struct HostAndPort: Hashable, Sendable {
  /// The name or address as it was written, without brackets; may be empty.
  package let host: String
  /// What stands behind the colon, whatever it is; nil where there is none.
  package let port: String?

  /// Takes a text apart; an IPv6 address without brackets is an address, and has no port.
  package init(_ text: String) {
    var host = text[...]
    var port: String?
    if text.last != "]", IPAddress(text) == nil, let colon = text.lastIndex(of: ":") {
      port = String(text[text.index(after: colon)...])
      host = text[..<colon]
    }
    if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
    self.host = String(host)
    self.port = port
  }
}
