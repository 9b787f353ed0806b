/// Saturating arithmetic for numbers from peers or from disk: an overflow gives the type's bound
/// instead of stopping the process.
extension FixedWidthInteger {
  public func saturatingAdding(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }
}
