/// Where the fields of LMDB's pages stand (0.9.x on 64-bit machines, numbers in the machine's order):
/// `MDB_page`, `MDB_node`, `MDB_db` and `MDB_meta` of mdb.c.
///
/// ```
/// page   0 page number u64 | 8 pad u16 | 10 flags u16 | 12 lower u16, upper u16
///                                                     | 12 page count u32, of a long value
/// ```
enum PageLayout {
  static let headerLength = 16
  static let pageCountOffset = 12
}
