import LMDB
import RegistryStorage

/// For whoever noticed that much memory was in use and little is now.
package enum FreedMemory {
  package static func giveBack() { Heap.trim() }
}
