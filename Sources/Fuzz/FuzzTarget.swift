import GraphQLSyntax

/// A room's door, and the law of what comes through it. A broken law ends the process, which is what a fuzzer looks for.
enum FuzzTarget: String, CaseIterable {
    case lexer, parser, coordinate, value, schema, validator

    /// The one that `--target=NAME` names; libFuzzer passes over options with two hyphens.
    static let chosen: FuzzTarget = {
        let name = CommandLine.arguments.first { $0.hasPrefix("--target=") }?.dropFirst("--target=".count)
        guard let target = name.flatMap({ FuzzTarget(rawValue: String($0)) }) else {
            preconditionFailure("--target is one of \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return target
    }()

    func check(_ bytes: [UInt8]) {
        guard let source = Source(validating: bytes) else { return }
        switch self {
        case .lexer: LexerLaws.check(source)
        case .parser: ParserLaws.check(source)
        case .coordinate: CoordinateLaws.check(source)
        case .value: ValueLaws.check(source)
        case .schema: SchemaLaws.check(source)
        case .validator: ValidatorLaws.check(source)
        }
    }
}

/// Bounds of what is tried: enough for every production, and small, so that many are tried.
let fuzzLimits = ParserLimits(bytes: 16_384, tokens: 4_096, depth: 64)
