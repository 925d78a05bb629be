import NetworkTypes

/// The 64-bit FNV-1a hash of a text: the same on every machine and in every run, unlike `Hasher`.
package func stableHash(_ text: String) -> UInt64 { stableHash(of: text.utf8) }

/// The same of a text in the making.
func stableHash(_ text: TextBuffer) -> UInt64 { stableHash(of: text.bytes) }

private func stableHash(of bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
