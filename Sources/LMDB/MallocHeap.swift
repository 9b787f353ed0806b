import CLMDB

/// The heap of the C allocator.
public enum MallocHeap {
  /// Returns freed memory to the system (malloc_trim): the allocator by itself returns only the
  /// tops of its heaps. It takes milliseconds, during which allocations may block.
  public static func trim() { malloc_trim(0) }
}
