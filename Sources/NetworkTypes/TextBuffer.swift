import Glibc

/// A text in the making, as UTF-8 bytes: for texts of megabytes that are put together from words.
///
/// Appending a word to a `String` or an `Array` costs some two hundred instructions, which is most of the work of
/// writing a script; here it is a copy of a few bytes. That takes pointers, which stay in this file.
///
/// It is public because other modules inline no code that isn't.
@safe
public struct TextBuffer: Sendable {
  /// The bytes, and room for more.
  @usableFromInline
  var storage: [UInt8] = []
  /// The index after the text's last byte.
  @usableFromInline
  var end = 0

  /// How many bytes the text has.
  package var count: Int { end }

  /// Creates an empty text.
  package init() {}

  /// Whether there is nothing in it.
  package var isEmpty: Bool { count == 0 }

  /// The text's bytes.
  package var bytes: ArraySlice<UInt8> { storage[..<count] }

  /// Makes room for a text of a number of bytes.
  package mutating func reserveCapacity(_ capacity: Int) {
    guard capacity > storage.count else { return }
    let old = storage
    unsafe storage = [UInt8](unsafeUninitializedCapacity: capacity) { target, initialized in
      // All of it counts as initialised: what lies beyond the text is never looked at before it is written.
      unsafe old.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
      initialized = capacity
    }
  }

  /// Makes room for some more bytes.
  @inlinable @inline(__always)
  mutating func makeRoom(_ more: Int) {
    if end + more > storage.count { grow(for: more) }
  }

  /// Makes room for some more bytes where there isn't enough.
  @usableFromInline @inline(never)
  mutating func grow(for more: Int) { reserveCapacity(max(2 * storage.count, end + more, 64)) }

  /// Appends a byte.
  package mutating func append(_ byte: UInt8) {
    makeRoom(1)
    storage[end] = byte
    end += 1
  }

  /// Appends a string.
  package mutating func append(_ text: String) { appendInline(text) }

  /// Appends a string, inlined into who asks for it: for literals, of which no more is left then than a few moves.
  @inlinable @inline(__always)
  public mutating func appendInline(_ text: String) {
    let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe append(UnsafeRawBufferPointer($0)) }
    if isDone == nil { appendBytes(of: text) }
  }

  /// Appends a string that isn't in one piece, byte by byte.
  @usableFromInline @inline(never)
  mutating func appendBytes(of text: String) {
    for byte in text.utf8 { append(byte) }
  }

  /// Appends another text.
  package mutating func append(_ other: TextBuffer) { append(0..<other.count, of: other) }

  /// Appends part of another text, given by its bytes.
  package mutating func append(_ range: Range<Int>, of other: TextBuffer) {
    precondition(range.upperBound <= other.count)
    unsafe other.storage.withUnsafeBytes { unsafe append(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  /// Appends part of the text itself once more, given by its bytes.
  package mutating func repeatBytes(_ range: Range<Int>) {
    precondition(range.upperBound <= count)
    makeRoom(range.count)
    let place = end
    unsafe storage.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe (base + place).copyMemory(from: base + range.lowerBound, byteCount: range.count)
    }
    end += range.count
  }

  @inlinable @inline(__always)
  mutating func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress else { return }
    makeRoom(source.count)
    let place = end
    unsafe storage.withUnsafeMutableBytes { target in
      guard let base = target.baseAddress else { return }
      unsafe (base + place).copyMemory(from: start, byteCount: source.count)
    }
    end += source.count
  }

  /// Appends a text that is held in two words.
  mutating func append(_ short: ShortText) { append(short.high, short.low, count: short.count) }

  /// Appends the first bytes of two words, whose highest bytes come first.
  package mutating func append(_ high: UInt64, _ low: UInt64, count more: Int) {
    precondition(more <= 16)
    makeRoom(16)
    let place = end
    unsafe storage.withUnsafeMutableBytes { target in
      unsafe target.storeBytes(of: high.bigEndian, toByteOffset: place, as: UInt64.self)
      unsafe target.storeBytes(of: low.bigEndian, toByteOffset: place + 8, as: UInt64.self)
    }
    end += more
  }

  /// Takes bytes away, those from an index on, and keeps the room.
  package mutating func removeAll(from index: Int = 0) {
    precondition(index <= count)
    end = index
  }

  /// Appends the decimal digits of a number.
  package mutating func append(decimal number: UInt64) {
    var digits = 1
    var rest = number / 10
    while rest > 0 {
      digits += 1
      rest /= 10
    }
    makeRoom(digits)
    let start = end
    unsafe storage.withUnsafeMutableBytes { target in
      var rest = number
      for index in stride(from: start + digits - 1, through: start, by: -1) {
        unsafe target[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
    }
    end += digits
  }

  // MARK: Looking at it

  /// The index of the first byte at or after another that is a given one; the text's end if none is.
  package func index(of byte: UInt8, from start: Int) -> Int {
    unsafe storage.withUnsafeBytes { bytes in
      guard start < count, let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, Int32(byte), count - start)
      else { return count }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// The index of the first place at or after another where two bytes stand side by side, the second the rarer one; the
  /// text's end if there is none.
  package func index(of one: UInt8, _ other: UInt8, from start: Int) -> Int {
    var index = start
    while index + 1 < count {
      let found = self.index(of: other, from: index + 1)
      guard found < count else { break }
      if self[found - 1] == one { return found - 1 }
      index = found
    }
    return count
  }

  /// The byte at an index.
  package subscript(index: Int) -> UInt8 { storage[index] }

  /// Whether the text from an index on is printable ASCII.
  package func isPrintable(from start: Int) -> Bool {
    precondition(start <= count)
    return unsafe storage.withUnsafeBytes { bytes in
      let spaces: UInt64 = 0x2020_2020_2020_2020
      let deletes: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
      let (lowest, highest): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
      var index = start
      while index + 8 <= count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        // The highest bit of a byte is set where it isn't ASCII, where a space can't be taken from it, and where it is
        // DEL: none is if all are printable.
        let difference = word ^ deletes
        let unprintable = word | (word &- spaces) & ~word | (difference &- lowest) & ~difference
        if unprintable & highest != 0 { return false }
        index += 8
      }
      while index < count {
        guard (0x20..<0x7f).contains(unsafe bytes[index]) else { return false }
        index += 1
      }
      return true
    }
  }

  /// Mixes some of the text into a number, eight bytes at a time, by the steps of FNV-1a (64 bits).
  ///
  /// The number is the same on every machine and in every run.
  package func mix(_ range: Range<Int>, into hash: inout UInt64) {
    precondition(range.upperBound <= count)
    unsafe storage.withUnsafeBytes { bytes in
      var index = range.lowerBound
      while index + 8 <= range.upperBound {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        hash = (hash ^ UInt64(littleEndian: word)) &* 0x100_0000_01b3
        // The multiplication carries upwards alone.
        hash ^= hash >> 32
        index += 8
      }
      while index < range.upperBound {
        hash = (hash ^ UInt64(unsafe bytes[index])) &* 0x100_0000_01b3
        index += 1
      }
    }
  }
}

extension TextBuffer: Hashable {
  /// Whether both are the same text.
  public static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension String {
  /// The text of a buffer.
  package init(_ text: TextBuffer) { self.init(decoding: text.bytes, as: UTF8.self) }
}
