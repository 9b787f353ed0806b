import LMDB
import RegistryStorage

/// For whoever noticed that much memory was in use and little is now.
public enum FreedMemory {
  public static func giveBack() { Heap.trim() }
}
