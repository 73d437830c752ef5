// swift-tools-version: 6.2

import PackageDescription

// What every target is compiled with: strictness is cheap on the first day, dear on the hundredth.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// For the rooms that own memory and lend it out as spans.
let spans: [SwiftSetting] = house + [.enableExperimentalFeature("Lifetimes")]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser",
  package: "swift-argument-parser"
)
let asyncHTTPClient = Target.Dependency.product(
  name: "AsyncHTTPClient",
  package: "async-http-client"
)
let configuration = Target.Dependency.product(
  name: "Configuration",
  package: "swift-configuration"
)
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(
  name: "HummingbirdTesting",
  package: "hummingbird"
)
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(
  name: "NIOHTTPTypesHTTP1",
  package: "swift-nio-extras"
)
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(
  name: "ServiceLifecycle",
  package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(
  name: "UnixSignals",
  package: "swift-service-lifecycle"
)
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// The graph: every target names only rows below its own (see the comments for the rows).
let targets: [Target] = [
  // 0: the C libraries, each behind the smallest door that works.
  .target(name: "CCrypto", linkerSettings: [.linkedLibrary("crypto")]),
  .systemLibrary(
    name: "CDeflate",
    pkgConfig: "libdeflate",
    providers: [.apt(["libdeflate-dev"])]
  ),
  .target(name: "CUring", linkerSettings: [.linkedLibrary("uring")]),
  .systemLibrary(
    name: "CXXHash",
    pkgConfig: "libxxhash",
    providers: [.apt(["libxxhash-dev"])]
  ),
  .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

  // 1
  .target(name: "Bytes", swiftSettings: spans),
  .target(name: "Ring", dependencies: ["CUring"], swiftSettings: spans),

  // 2
  .target(
    name: "Codec",
    dependencies: ["Bytes", "CCrypto", "CDeflate", "CXXHash", "CZstd", crypto],
    swiftSettings: spans
  ),
  .target(name: "Disk", dependencies: ["Bytes", "Ring"], swiftSettings: spans),

  // 3
  .target(name: "Access", dependencies: ["Bytes", crypto], swiftSettings: house),
  .target(
    name: "BlobEngine",
    dependencies: ["Bytes", "Codec", "Disk", coreMetrics, logging],
    swiftSettings: house
  ),
  .target(name: "Catalog", dependencies: ["Bytes", crypto, grdb], swiftSettings: house),
  .target(name: "FormatRules", dependencies: ["Bytes", "Codec"], swiftSettings: house),

  // 4
  .target(name: "Exchange", dependencies: ["Access", "Bytes", httpTypes], swiftSettings: house),
  .target(
    name: "Repository",
    dependencies: ["Access", "BlobEngine", "Bytes", "Catalog", "FormatRules", crypto],
    swiftSettings: house
  ),

  // 5
  .target(
    name: "Audit",
    dependencies: ["Access", "Bytes", "Codec", "Disk", "Exchange", "FormatRules"],
    swiftSettings: house
  ),
  .target(
    name: "CodeArtifactAPI",
    dependencies: [
      "Access", "Bytes", "Catalog", "Exchange", "FormatRules", "Repository", httpTypes,
    ],
    swiftSettings: house
  ),
  .target(
    name: "Events",
    dependencies: [
      "Access", "Bytes", "Catalog", "Disk", "FormatRules", "Repository", asyncHTTPClient, crypto,
      logging, nioCore, nioHTTP1, nioSSL,
    ],
    swiftSettings: house
  ),
  .target(
    name: "Formats",
    dependencies: [
      "Access", "Bytes", "Catalog", "Exchange", "FormatRules", "Repository", httpTypes,
    ],
    swiftSettings: house
  ),
  .target(
    name: "TokenService",
    dependencies: [
      "Access", "Bytes", "Catalog", "Exchange", "FormatRules", "Repository", crypto, cryptoExtras,
      httpTypes,
    ],
    swiftSettings: house
  ),
  .target(
    name: "Upstream",
    dependencies: [
      "Bytes", "Catalog", "Codec", "FormatRules", "Repository", asyncHTTPClient, logging, nioCore,
      nioHTTP1, nioPosix, nioSSL,
    ],
    swiftSettings: house
  ),

  // 6
  .target(
    name: "Login",
    dependencies: [
      "Access", "Bytes", "Disk", "Upstream", asyncHTTPClient, nioCore, nioHTTP1, nioSSL,
    ],
    swiftSettings: house
  ),
  .target(
    name: "Server",
    dependencies: [
      "Access", "Audit", "BlobEngine", "Bytes", "Catalog", "CodeArtifactAPI", "Codec", "Disk",
      "Events", "Exchange", "FormatRules", "Formats", "Repository", "TokenService", "Upstream",
      httpTypes, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioHTTP1, nioHTTPTypes,
      nioHTTPTypesHTTP1, nioPosix, nioSSL,
      serviceLifecycle, unixSignals,
    ],
    swiftSettings: house
  ),

  // 7
  .executableTarget(
    name: "larder",
    dependencies: [
      "Access", "Audit", "BlobEngine", "Bytes", "Disk", "FormatRules", "Login", "Server",
      "Simulation", argumentParser,
      configuration, system,
    ],
    swiftSettings: house
  ),

  .executableTarget(
    name: "enginebench",
    dependencies: ["BlobEngine", "Bytes", "Codec", argumentParser, grdb],
    path: "Benchmarks/enginebench",
    swiftSettings: house
  ),

  .executableTarget(
    name: "functionbench",
    dependencies: ["Access", "Bytes", "Codec", "FormatRules"],
    path: "Benchmarks/functionbench",
    exclude: ["functions.py", "thresholds.json"],
    swiftSettings: house
  ),

  .executableTarget(
    name: "housefill",
    dependencies: [
      "BlobEngine", "Bytes", "Catalog", "Disk", "Repository", "Upstream", argumentParser,
    ],
    path: "Benchmarks/housefill",
    swiftSettings: house
  ),

  // The example of the engine's documentation.
  .executableTarget(
    name: "BlobCache",
    dependencies: ["BlobEngine", "Bytes", httpTypes, hummingbird],
    path: "Tests/BlobCache",
    swiftSettings: house
  ),
  .testTarget(
    name: "BlobCacheTests",
    dependencies: [
      "BlobCache", "BlobEngine", "Bytes", httpTypes, hummingbird, hummingbirdTesting, nioCore,
    ],
    swiftSettings: house
  ),

  // Tests: `Simulation` is the disk that lies and the torture of the engine on it, a library so
  // that several suites share it, and `larder store torture`.
  .target(
    name: "Simulation",
    dependencies: ["BlobEngine", "Bytes", "Codec", "Disk"],
    path: "Tests/Simulation",
    swiftSettings: spans
  ),
  // Archives made by hand, honest and hostile ones, for several suites.
  .target(
    name: "ArchiveSamples",
    dependencies: ["FormatRules"],
    path: "Tests/ArchiveSamples",
    swiftSettings: house
  ),
  .testTarget(name: "BytesTests", dependencies: ["Bytes"], swiftSettings: spans),
  .testTarget(name: "CodecTests", dependencies: ["Bytes", "Codec", crypto], swiftSettings: spans),
  .testTarget(
    name: "DiskTests",
    dependencies: ["Bytes", "Disk", "Ring", "Simulation"],
    swiftSettings: spans
  ),
  .testTarget(
    name: "BlobEngineTests",
    dependencies: [
      "BlobEngine", "Bytes", "Codec", "Disk", "Simulation", coreMetrics, logging, metricsTestKit,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "CrashTests",
    dependencies: ["BlobEngine", "Bytes", "Disk", "larder"],
    swiftSettings: house
  ),
  .testTarget(
    name: "AuditTests",
    dependencies: ["Audit", "Codec", "Disk", "Exchange", "FormatRules"],
    swiftSettings: house
  ),
  .testTarget(
    name: "EventsTests",
    dependencies: [
      "BlobEngine", "Bytes", "Catalog", "Events", "FormatRules", "Repository", logging, nioCore,
      nioPosix, nioHTTP1, crypto,
    ],
    swiftSettings: house
  ),
  .testTarget(name: "AccessTests", dependencies: ["Access", "Bytes"], swiftSettings: house),
  .testTarget(name: "LoginTests", dependencies: ["Access", "Login"], swiftSettings: house),
  .testTarget(
    name: "CatalogTests",
    dependencies: ["Bytes", "Catalog", grdb],
    swiftSettings: house
  ),
  .testTarget(
    name: "ExchangeTests",
    dependencies: ["Bytes", "Exchange", httpTypes],
    swiftSettings: house
  ),
  .testTarget(
    name: "FormatRulesTests",
    dependencies: ["ArchiveSamples", "Bytes", "Codec", "FormatRules"],
    swiftSettings: house
  ),
  .testTarget(
    name: "RepositoryTests",
    dependencies: [
      "Access", "ArchiveSamples", "BlobEngine", "Bytes", "Catalog", "Codec", "Disk", "FormatRules",
      "Repository", "Simulation",
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "CodeArtifactAPITests",
    dependencies: [
      "Access", "BlobEngine", "Bytes", "Catalog", "CodeArtifactAPI", "Disk", "Exchange",
      "FormatRules", "Repository", httpTypes,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "TokenServiceTests",
    dependencies: [
      "Access", "BlobEngine", "Bytes", "Catalog", "Exchange", "FormatRules", "Repository",
      "TokenService", crypto, cryptoExtras, httpTypes,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "FormatsTests",
    dependencies: [
      "Access", "ArchiveSamples", "BlobEngine", "Bytes", "Catalog", "Disk", "Exchange",
      "FormatRules", "Formats", "Repository", httpTypes,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "UpstreamTests",
    dependencies: [
      "BlobEngine", "Bytes", "Catalog", "Codec", "FormatRules", "Formats", "Repository", "Upstream",
      logging, nioCore, nioPosix, nioSSL,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "ServerTests",
    dependencies: [
      "Audit", "BlobEngine", "Bytes", "Disk", "Exchange", "Repository", "Server", httpTypes,
      logging, nioCore, nioPosix, nioSSL, nioTLS, serviceLifecycle,
    ],
    swiftSettings: house
  ),
  .testTarget(
    name: "ClientTests",
    dependencies: ["Repository", "larder"],
    exclude: [
      "Support/fake_index.py", "Support/fake_npm.py", "Support/oidc_issuer.py",
      "Support/publish_crates.py", "Support/publish_npm_tree.js", "Support/repack_gems.rb",
      "Support/without_tuf.js",
    ],
    swiftSettings: house
  ),
  .testTarget(name: "TidyTests", dependencies: [], swiftSettings: house),
]

let package = Package(
  name: "larder",
  products: [.library(name: "BlobEngine", targets: ["BlobEngine", "Bytes"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
