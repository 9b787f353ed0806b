import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A preview is the difference afterwards, and leaves nobody out.
struct PreviewPropertyTests {
  @Test(arguments: 0..<4 as Range<UInt64>)
  func `A preview equals the difference afterwards, of everybody, whatever the history`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed &+ 77)
    let registry = try TestRegistry()
    let previewing = Previewing(registry: registry)
    for proposal in History.ground { try registry.given(proposal) }
    var recorded: [Proposal] = []
    var (told, silent) = (0, 0)
    for step in 0..<150 {
      let proposal = History.next(&random, recorded)
      let reply = try previewing.preview(proposal)
      let size = try registry.size
      guard case .recorded(let at) = try registry.record([proposal])[0], !at.already else {
        #expect(reply.changes.isEmpty, "step \(step), seed \(seed)")
        continue
      }
      recorded.append(proposal)
      let previewed = Previewing.lines(reply)
      let what = "\(proposal.body.eventName) in step \(step), seed \(seed)"
      #expect(
        Set(try previewing.difference(from: size, on: reply.on)) == Set(previewed), "\(what)")
      #expect(
        Set(try previewing.wholeDifference(from: size, on: reply.on!)) == Set(previewed),
        "whole of \(what)")
      if previewed.isEmpty { silent += 1 } else { told += 1 }
    }
    #expect(told > 40, "\(told) told, \(silent) silent, seed \(seed)")
    try registry.end()
  }

  @Test func `Of every kind of event a preview equals the difference afterwards`() throws {
    let source = try TestRegistry()
    var every = EveryEvent(source, seed: 3)
    try every.record()
    try source.end()
    let registry = try TestRegistry()
    let previewing = Previewing(registry: registry)
    var seen: [String: Int] = [:]
    var told: Set<String> = []
    for proposal in every.recorded + OtherEvents.all {
      let name = proposal.body.eventName + (proposal.corrects == nil ? "" : ", corrected")
      seen[name, default: 0] += 1
      guard seen[name, default: 0] <= 3 || OtherEvents.all.contains(proposal) else {
        _ = try registry.record([proposal])
        continue
      }
      let reply = try previewing.preview(proposal)
      let size = try registry.size
      guard case .recorded(let at) = try registry.record([proposal])[0], !at.already else {
        if OtherEvents.all.contains(proposal) { Issue.record("\(name): \(reply.outcomes)") }
        continue
      }
      let unequal = Set(try previewing.difference(from: size, on: reply.on))
        .symmetricDifference(Previewing.lines(reply))
      #expect(unequal.isEmpty, "\(name), \(proposal.stream.text)")
      // Whatever takes effect changes a field of its stream at least, but for what a later event
      // says otherwise.
      if proposal.corrects == nil, !reply.changes.isEmpty { told.insert(name) }
    }
    let silent = seen.keys.filter { !$0.hasSuffix(", corrected") && !told.contains($0) }
    #expect(silent.isEmpty, "\(silent.sorted())")
    let unseen = EveryEvent.names.subtracting(seen.keys)
    #expect(unseen.isEmpty, "\(unseen.sorted())")
    try registry.end()
  }
}
