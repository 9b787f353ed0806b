import LMDB
import RegistryStorage

/// Returns freed memory to the system after a peak.
package enum MemoryRelease {
  package static func giveBack() { MallocHeap.trim() }
}
