import Foundation

extension DispatchTime {
  package var nsUntilNow: Int { Int(DispatchTime.now().uptimeNanoseconds - uptimeNanoseconds) }
}
