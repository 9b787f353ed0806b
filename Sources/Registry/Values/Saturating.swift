/// Arithmetic for numbers that come from outside or from a disk: where it would leave its type, it
/// stops at the end instead of the process.
extension FixedWidthInteger {
  public func saturatingAdding(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }
}
