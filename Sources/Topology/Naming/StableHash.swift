import NetworkTypes

/// The 64-bit FNV-1a hash of a text: the same on every machine and in every run, unlike `Hasher`.
package func stableHash(_ text: String) -> UInt64 { stableHash(of: text.utf8Span.span) }

/// The same of a text in the making.
func stableHash(_ text: TextBuffer) -> UInt64 { stableHash(of: text.bytes.span) }

private func stableHash(of bytes: Span<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
  return hash
}
