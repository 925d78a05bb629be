import CLinux
import Glibc

/// The memory that the process takes its objects from.
public enum Heap {
  /// Has the heap grow at once, and in large pages, by what the compilation of large files will take of it.
  ///
  /// The kernel hands memory out in pages of 4 KiB, each at its first use, and that is a seventh of the time that a
  /// file of ten thousand services takes. Pages of 2 MiB come almost for nothing (madvise(2), MADV_HUGEPAGE); where the
  /// machine has none, all stays as it was. For small files one large page would cost as much as it spares.
  ///
  /// - Parameter inputs: what is compiled.
  public static func makeRoom(for inputs: [Input]) {
    let bytes = inputs.reduce(0) { $0 + $1.bytes.count }
    guard bytes >= worthwhile else { return }
    // Blocks of any size come from the heap, and it never shrinks (mallopt(3)).
    mallopt(M_MMAP_MAX, 0)
    mallopt(M_TRIM_THRESHOLD, -1)
    let size = min(bytes * perByte, most)
    var block: UnsafeMutableRawPointer?
    guard unsafe posix_memalign(&block, pageSize, size) == 0, let block = unsafe block else { return }
    unsafe madvise(block, size, MADV_HUGEPAGE)
    // What is free at the end of the heap is what the next blocks are taken from.
    unsafe free(block)
  }

  /// A large page, in bytes.
  private static let pageSize = 2 << 20
  /// The bytes of input from which on it is worth it.
  private static let worthwhile = 64 << 10
  /// How many bytes the compilation takes for one of input: 58 of a file of services.
  private static let perByte = 64
  /// The most bytes to ask for; what isn't used of them is address space alone.
  private static let most = 256 << 20
}
