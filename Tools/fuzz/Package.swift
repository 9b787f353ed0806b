// swift-tools-version: 6.2
import PackageDescription

// Apart from the root package, so that its build needs no fuzzer: `run` builds this one.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "ujuzi", path: "../..")],
  targets: [
    .executableTarget(
      name: "fuzz", dependencies: [.product(name: "Fuzzing", package: "ujuzi")], path: ".",
      exclude: ["run"], sources: ["Fuzz.swift"], swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
