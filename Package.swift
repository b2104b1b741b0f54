// swift-tools-version: 6.2
import PackageDescription

/// What every room is compiled with: Swift 6 without escape hatches, and no warning left standing.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room: one target of ours, the rooms it may see, and what it imports from outside.
func room(_ name: String, sees rooms: [String] = [], outside: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: rooms.map { .byName(name: $0) } + outside, swiftSettings: strict)
}

/// A command: like a room, but it runs.
func command(
    _ name: String, sees rooms: [String], outside: [Target.Dependency] = [], besides files: [String] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: rooms.map { .byName(name: $0) } + outside, exclude: files, swiftSettings: strict)
}

/// The tests of a room. They see what the next room sees, and read their own files from beside them.
func tests(
    of name: String, sees rooms: [String] = [], outside: [Target.Dependency] = [], besides files: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: ([name] + rooms).map { .byName(name: $0) } + outside, exclude: files,
        swiftSettings: strict)
}

let package = Package(
    name: "hearth",
    products: [.executable(name: "hearth", targets: ["hearth"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CXlsxwriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(name: "CChecksums"),
        .target(name: "CLostPages"),
        .target(name: "CMemoryHints"),
        .target(name: "CWriteBehind"),
        room(
            "Bytes", sees: ["CChecksums", "CLostPages", "CMemoryHints", "CWriteBehind"],
            outside: [.product(name: "Crypto", package: "swift-crypto")]),
        room("JSONText", sees: ["Bytes"]),
        room("Patterns", sees: ["CPCRE2"]),
        room("Compression", sees: ["CZlib"]),
        room("Executors"),
        room("OfficeFiles", sees: ["CXlsxwriter", "CZip", "CExpat"]),
        room("GraphQLSyntax"),
        room("GraphQLTypes", sees: ["GraphQLSyntax"]),
        room("GraphQLValidation", sees: ["GraphQLTypes", "GraphQLSyntax"]),
        room("StoreColumns", sees: ["Bytes"]),
        room("StoreJournal", sees: ["Bytes"]),
        room("StoreSnapshot", sees: ["StoreColumns", "Bytes", "JSONText"]),
        room("Store", sees: ["StoreColumns", "StoreJournal", "StoreSnapshot", "Bytes"]),
        room("Expressions", sees: ["StoreColumns", "Patterns"]),
        room("Model", sees: ["GraphQLTypes", "GraphQLSyntax", "Expressions", "StoreColumns", "Settings"]),
        room(
            "QueryPlanning",
            sees: ["GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "Model", "Expressions", "StoreColumns", "Bytes"]),
        room(
            "QueryExecution",
            sees: [
                "QueryPlanning", "GraphQLTypes", "GraphQLSyntax", "Model", "Expressions", "StoreColumns", "JSONText", "Bytes",
            ]),
        room(
            "Query",
            sees: [
                "QueryPlanning", "QueryExecution", "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "Model",
                "Expressions", "StoreColumns", "JSONText", "Bytes",
            ]),
        room("Settings", outside: [.product(name: "Yams", package: "Yams")]),
        room(
            "Access", sees: ["Settings", "StoreColumns", "JSONText", "Bytes"],
            outside: [.product(name: "JWTKit", package: "jwt-kit")]),
        room("Generation", sees: ["Settings", "StoreColumns"]),
        room(
            "Exchange", sees: ["Model", "Expressions", "StoreColumns", "JSONText", "Bytes", "Settings", "OfficeFiles"]),
        room(
            "HTTPService",
            sees: [
                "Query", "Model", "Expressions", "Store", "StoreColumns", "StoreSnapshot", "Exchange", "JSONText", "Bytes",
                "Settings", "Access", "Compression", "Executors", "OfficeFiles",
            ],
            outside: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        command(
            "Conformance",
            sees: [
                "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "QueryPlanning", "QueryExecution", "JSONText",
            ], besides: ["Departures.md"]),
        room(
            "FuzzLaws",
            sees: [
                "Access", "Bytes", "Exchange", "Executors", "Expressions", "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation",
                "HTTPService", "JSONText", "Model", "OfficeFiles", "Query", "QueryPlanning", "Settings", "Store", "StoreColumns",
                "StoreJournal", "StoreSnapshot",
            ]),
        .target(name: "CAllocations"),
        command(
            "Bench",
            sees: [
                "CAllocations", "Bytes", "JSONText", "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "StoreColumns",
                "Store", "StoreSnapshot",
                "Expressions", "Model", "QueryPlanning", "QueryExecution", "Query", "Settings", "Exchange", "HTTPService",
            ],
            outside: [
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ], besides: ["Runs", "Documents", "Peers", "Reference", "Questions.txt"]),
        command(
            "hearth",
            sees: [
                "Bytes", "JSONText", "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "StoreColumns", "StoreJournal",
                "Store", "Expressions", "Model", "Query", "Settings", "Generation", "Exchange", "HTTPService", "Access",
            ],
            outside: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
        tests(of: "Bytes"),
        tests(of: "JSONText", sees: ["Bytes"]),
        tests(of: "Patterns"),
        tests(of: "Compression"),
        tests(of: "OfficeFiles"),
        tests(of: "GraphQLSyntax"),
        tests(of: "GraphQLTypes", sees: ["GraphQLSyntax"]),
        tests(of: "GraphQLValidation", sees: ["GraphQLSyntax", "GraphQLTypes"]),
        tests(of: "StoreColumns", sees: ["Bytes"]),
        tests(of: "StoreJournal", sees: ["Bytes"]),
        tests(of: "StoreSnapshot", sees: ["StoreColumns", "Bytes", "JSONText"], besides: ["Format1", "Format2", "Format3"]),
        tests(of: "Store", sees: ["StoreColumns", "StoreJournal", "StoreSnapshot", "Bytes", "Model"]),
        tests(of: "Expressions", sees: ["StoreColumns", "Patterns"]),
        tests(
            of: "Model", sees: ["GraphQLSyntax", "GraphQLTypes", "StoreColumns", "Expressions", "Settings"],
            besides: ["Library"]),
        tests(
            of: "Query",
            sees: [
                "GraphQLSyntax", "GraphQLTypes", "GraphQLValidation", "QueryPlanning", "QueryExecution", "Model",
                "Expressions", "StoreColumns", "Store", "JSONText", "Settings", "Exchange", "Bytes",
            ], besides: ["Cases", "Music", "Access"]),
        tests(of: "Settings"),
        tests(of: "Access", sees: ["FuzzLaws", "Settings", "StoreColumns", "JSONText", "Bytes"]),
        tests(of: "Generation", sees: ["Settings", "StoreColumns", "Exchange", "Model", "Bytes"]),
        tests(
            of: "Exchange",
            sees: ["Model", "Expressions", "StoreColumns", "Bytes", "Settings", "OfficeFiles", "Compression"],
            besides: ["Fixtures"]),
        tests(
            of: "HTTPService",
            sees: [
                "Query", "Model", "Expressions", "Store", "StoreColumns", "Exchange", "JSONText", "Bytes", "Settings", "Access",
            ],
            outside: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        tests(of: "FuzzLaws"),
        .testTarget(name: "RoomsTests", dependencies: [], swiftSettings: strict),
    ]
)

// With HEARTH_FUZZ in the environment, naming sanitizers, there is the fuzzer too, and our rooms are instrumented for it.
// `./hearth fuzz` asks for it.
if let sanitizers = Context.environment["HEARTH_FUZZ"] {
    for target in package.targets where target.type == .regular && target.swiftSettings != nil {
        target.swiftSettings = strict + [.unsafeFlags(["-sanitize=\(sanitizers)"])]
    }
    let fuzz = command("Fuzz", sees: ["FuzzLaws"])
    fuzz.swiftSettings = strict + [.unsafeFlags(["-sanitize=\(sanitizers)"])]
    fuzz.linkerSettings = [.unsafeFlags(["-sanitize=\(sanitizers)", "-use-ld=lld"])]
    package.targets.append(fuzz)
    package.products.append(.executable(name: "Fuzz", targets: ["Fuzz"]))
}
