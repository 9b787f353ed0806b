import CLMDB

/// The allocator's memory.
public enum Heap {
  /// Gives what lies freed in it back to the system: by itself it gives back only the ends of its
  /// heaps. It takes milliseconds, in which whoever allocates may wait.
  public static func trim() { malloc_trim(0) }
}
