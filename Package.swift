// swift-tools-version: 6.2
import PackageDescription

// An import only points down: see the layers in
// Sources/ujuzi/ujuzi.docc/Design.md. `TidyTests` holds the same table.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .treatAllWarnings(as: .error), .strictMemorySafety(),
]
// The two targets where pointers are allowed.
let bridging: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let ssl: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let certificates: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let algorithms: Target.Dependency = .product(name: "Algorithms", package: "swift-algorithms")
let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let ordered: Target.Dependency = .product(
  name: "OrderedCollections", package: "swift-collections")
let hashTrees: Target.Dependency = .product(
  name: "HashTreeCollections", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let serviceLifecycle: Target.Dependency = .product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let inMemoryTracing: Target.Dependency = .product(
  name: "InMemoryTracing", package: "swift-distributed-tracing")

let package = Package(
  name: "ujuzi",
  products: [
    .executable(name: "ujuzi", targets: ["ujuzi"]),
    // With what its calls are made of and answer: the messages, their values, the statuses.
    .library(name: "UjuziClient", targets: ["UjuziClient", "Messages", "Registry", "Wire"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // 0: C
    .systemLibrary(name: "CLMDB", providers: [.apt(["liblmdb-dev"])]),
    .target(name: "CMessages", linkerSettings: [.linkedLibrary("protobuf-c")]),
    // 0: locks, which a sanitizer's build takes from elsewhere
    .target(name: "Locking", swiftSettings: strict),
    // 0: what every error says
    .target(name: "Failures", swiftSettings: strict),
    // 1: pure, but for LMDB
    .target(
      name: "Registry", dependencies: ["Failures", hashTrees, algorithms], swiftSettings: strict),
    .target(name: "LMDB", dependencies: ["CLMDB", "Failures", "Locking"], swiftSettings: bridging),
    .target(name: "Wire", dependencies: ["Failures"], swiftSettings: strict),
    .target(name: "JSON", dependencies: ["Failures"], swiftSettings: strict),
    .target(name: "Files", dependencies: ["Failures", "Locking"], swiftSettings: strict),
    // 2: kept, spelled, sealed, and who may
    .target(name: "Access", dependencies: ["Failures", "JSON"], swiftSettings: strict),
    .target(
      name: "EventLog", dependencies: ["Failures", "Files", "JSON", "LMDB", "Registry", crypto],
      swiftSettings: strict),
    .target(
      name: "Messages", dependencies: ["CMessages", "Failures", "JSON", "Registry"],
      swiftSettings: bridging),
    .target(
      name: "Vault",
      dependencies: ["Failures", "Files", "Locking", "Registry", crypto, algorithms],
      swiftSettings: strict),
    // 3: computed, and proposed from files
    .target(
      name: "Projections",
      dependencies: [
        "EventLog", "Failures", "Files", "JSON", "LMDB", "Locking", "Messages", "Registry", crypto,
        cryptoExtras,
        hashTrees, algorithms, ordered,
      ],
      swiftSettings: strict),
    .target(
      name: "Imports",
      dependencies: ["Failures", "JSON", "Messages", "Registry", crypto, algorithms],
      swiftSettings: strict),
    // 4: what the writer and the readers share
    .target(
      name: "RegistryStorage",
      dependencies: [
        "EventLog", "Failures", "Files", "LMDB", "Locking", "Messages", "Projections", "Registry",
        "Vault", logging, collections, ordered,
      ],
      swiftSettings: strict),
    // 5: the one writer with the opening of its folder, and the readers: neither knows the other
    .target(
      name: "Recording",
      dependencies: [
        "EventLog", "Failures", "Files", "LMDB", "Locking", "Messages", "Projections", "Registry",
        "RegistryStorage", "Vault", logging,
      ],
      swiftSettings: strict),
    .target(
      name: "Queries",
      dependencies: [
        "EventLog", "Failures", "LMDB", "Locking", "Messages", "Projections", "Registry",
        "RegistryStorage", "Vault", algorithms, logging,
      ],
      swiftSettings: strict),
    // 6: sockets and life cycle, and what an agency links
    .target(
      name: "Server",
      dependencies: [
        "Access", "Failures", "Files", "JSON", "Locking", "Messages", "Queries", "Recording",
        "RegistryStorage",
        "Registry", "Wire", nio, nioPosix,
        nioTLS,
        ssl, certificates, collections, heap, logging, tracing,
      ],
      swiftSettings: strict),
    .target(
      name: "UjuziClient",
      dependencies: [
        "Failures", "Locking", "Messages", "Registry", "Wire", nio, nioPosix, nioTLS, ssl,
        collections, tracing,
      ],
      swiftSettings: strict),
    // 7: the program
    .executableTarget(
      name: "ujuzi",
      dependencies: [
        "Access", "EventLog", "Failures", "Files", "Imports", "JSON", "LMDB", "Locking", "Messages",
        "Projections",
        "Queries", "Recording", "RegistryStorage",
        "Registry", "Server", "UjuziClient", "Vault", "Wire", arguments, certificates, crypto,
        logging, nioPosix, serviceLifecycle, ssl, tracing, algorithms, collections,
      ],
      swiftSettings: strict),

    // What `Tools/bench` fills and loads registries with: no product.
    .executableTarget(
      name: "Bench",
      dependencies: [
        "Failures", "Fuzzing", "Imports", "JSON", "Locking", "Messages", "Queries", "Recording",
        "RegistryStorage",
        "Registry", "UjuziClient",
        "Vault", arguments, logging, nioPosix,
      ],
      path: "Tools/benchmarks/Bench", swiftSettings: strict),

    // What the fuzzers feed: for the tests, and for `Tools/fuzz`.
    .target(
      name: "Fuzzing",
      dependencies: [
        "EventLog", "Imports", "JSON", "LMDB", "Locking", "Messages", "Projections", "Queries",
        "Recording",
        "RegistryStorage",
        "Registry", "Server", "Vault", "Wire", logging,
      ],
      path: "Tests/Fuzzing", swiftSettings: strict),
    .testTarget(
      name: "FuzzTests", dependencies: ["Fuzzing"], exclude: ["Corpus"],
      swiftSettings: strict),

    // An example of each event, and the tables of the life cycles that are computed from them.
    .target(
      name: "EventSamples", dependencies: ["Registry"], path: "Tests/EventSamples",
      swiftSettings: strict),

    // What the golden history gave, by revision: for the tests that hold it.
    .target(
      name: "GoldenDigests", dependencies: [crypto], path: "Tests/GoldenDigests",
      swiftSettings: strict),

    .testTarget(name: "LockingTests", dependencies: ["Locking"], swiftSettings: strict),
    .testTarget(name: "FailuresTests", dependencies: ["Failures"], swiftSettings: strict),
    .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
    .testTarget(name: "FilesTests", dependencies: ["Failures", "Files"], swiftSettings: strict),
    .testTarget(name: "AccessTests", dependencies: ["Access"], swiftSettings: strict),
    .testTarget(
      name: "RegistryTests", dependencies: ["EventSamples", "GoldenDigests", "Registry"],
      swiftSettings: strict),
    .testTarget(name: "LMDBTests", dependencies: ["Failures", "LMDB"], swiftSettings: bridging),
    .testTarget(
      name: "EventLogTests", dependencies: ["EventLog", "Files", "LMDB"], swiftSettings: bridging),
    .testTarget(
      name: "VaultTests", dependencies: ["Files", "Locking", "Vault", "Registry"],
      swiftSettings: strict),
    .testTarget(
      name: "ImportsTests", dependencies: ["Imports", "JSON", "Messages", "Registry"],
      swiftSettings: strict),
    .testTarget(
      name: "MessagesTests",
      dependencies: ["CMessages", "Fuzzing", "JSON", "Messages", "Registry"],
      resources: [.copy("Corpus")], swiftSettings: bridging),
    .testTarget(
      name: "WireTests", dependencies: ["Failures", "Wire"], swiftSettings: strict),
    .testTarget(
      name: "RegistrarTests",
      dependencies: [
        "EventLog", "EventSamples", "Failures", "Files", "GoldenDigests", "LMDB", "Locking",
        "Messages", "Projections", "Queries", "Recording", "RegistryStorage", "Registry", "Server",
        "Vault", "Wire",
        crypto,
        logging,
      ], swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Access", "Failures", "LMDB", "Locking", "Messages", "Queries", "Recording",
        "RegistryStorage", "Registry", "Server", "UjuziClient",
        "Vault", "Wire", nio, nioEmbedded, nioPosix, nioTLS, ssl, certificates, crypto, logging,
        inMemoryTracing,
      ], swiftSettings: strict),
    .testTarget(
      name: "ProgramTests",
      dependencies: [
        "Files", "JSON", "Locking", "Messages", "Queries", "Recording", "RegistryStorage",
        "Registry", "UjuziClient", "Vault", "Wire", "ujuzi",
        logging,
        nioPosix,
      ],
      swiftSettings: strict),
    // The domain read literally, and every answer held against it.
    .testTarget(
      name: "OracleTests",
      dependencies: [
        "Locking", "Messages", "Queries", "Recording", "RegistryStorage", "Registry", "Server",
        "Vault", "Wire", logging,
      ], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)
