import GraphQLSyntax
import GraphQLTypes
import Testing

/// Builds a schema that has to be right.
func schema(
    _ sdl: String, scalars: [String: ScalarBehavior] = [:], location: Testing.SourceLocation = #_sourceLocation
) throws -> Schema {
    do {
        return try buildSchema([try parse(Source(sdl), limits: .schema)], scalars: scalars)
    } catch let error as SchemaErrors {
        Issue.record("\(error.diagnostics.map(\.message))", sourceLocation: location)
        throw error
    }
}

/// What is wrong with a schema; nothing where it can be built.
func problems(_ sdl: String) throws -> [SchemaDiagnostic] {
    let document = try parse(Source(sdl), limits: .schema)
    do throws(SchemaErrors) {
        _ = try buildSchema([document])
        return []
    } catch {
        return error.diagnostics
    }
}

/// Takes the marks out of a text: `«` before each place that is meant.
func unmarked(_ text: String) -> (text: String, places: [GraphQLSyntax.SourceLocation]) {
    var plain = ""
    var places: [GraphQLSyntax.SourceLocation] = []
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "«": places.append(.init(line: line, column: column))
        case "\n":
            plain.unicodeScalars.append(scalar)
            (line, column) = (line + 1, 1)
        default:
            plain.unicodeScalars.append(scalar)
            column += 1
        }
    }
    return (plain, places)
}

/// What building a schema of these documents reports, as lines of "rule: message".
///
/// The places of all reports together are those marked with `«`.
func check(
    _ sdl: String..., reports expected: [String], location: Testing.SourceLocation = #_sourceLocation
) throws {
    let parts = sdl.map(unmarked)
    var documents: [Document] = []
    for (index, part) in parts.enumerated() { documents.append(try parse(Source(part.text, name: "\(index)"), limits: .schema)) }
    var found: [SchemaDiagnostic] = []
    do throws(SchemaErrors) {
        _ = try buildSchema([documents[0]], extendedBy: Array(documents.dropFirst()))
    } catch {
        found = error.diagnostics
    }
    #expect(found.map { "\($0.rule): \($0.message)" } == expected, sourceLocation: location)
    let wanted = parts.enumerated().flatMap { index, part in part.places.map { "\(index) \($0.line):\($0.column)" } }
    let got = found.flatMap(\.places).map { "\($0.sourceName) \($0.location.line):\($0.location.column)" }
    #expect(Set(got) == Set(wanted), sourceLocation: location)
}

/// A reproducible source of chance.
struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    mutating func one(in chances: Int) -> Bool { below(chances) == 0 }
}
