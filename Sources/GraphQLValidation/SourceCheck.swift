import GraphQLSyntax
import GraphQLTypes

/// One thing that is wrong with a file: what a tool shows beside the line.
package struct SourceProblem: Hashable, Sendable {
    /// A place in a file.
    package struct Place: Hashable, Sendable {
        package var sourceName: String
        package var location: SourceLocation
    }

    /// The file it is told of: that of the first place, or the one that was being read.
    package var sourceName: String
    package var message: String
    /// What the message is about, the first to be looked at first; empty where something is missing altogether. Two
    /// definitions of one name can stand in two files.
    package var places: [Place]
}

/// Checks the files of a schema, then each executable document against it. For tools that look at files and run nothing.
///
/// Documents do not see each other's fragments. They are not looked at while the schema has problems, which would be told
/// again for each of them.
package struct SourceCheck {
    /// A file: its name and its bytes.
    package typealias File = (name: String, bytes: [UInt8])

    private let edition: Edition
    package private(set) var problems: [SourceProblem] = []

    package init(edition: Edition = .september2026) { self.edition = edition }

    /// Told of one document at most.
    private static let diagnosticLimit = 1_000

    /// Reads the files as one schema: what one defines another may extend or refer to.
    /// - Returns: nil where that cannot be; then there are problems.
    package mutating func schema(of files: [File]) -> Schema? {
        let documents = files.compactMap { parsed($0) }
        guard documents.count == files.count else { return nil }
        do throws(SchemaErrors) {
            return try buildSchema(documents, limits: SchemaLimits(diagnostics: Self.diagnosticLimit))
        } catch {
            problems += error.diagnostics.map { diagnostic in
                let places = diagnostic.places.map { SourceProblem.Place(sourceName: $0.sourceName, location: $0.location) }
                return SourceProblem(
                    sourceName: places.first?.sourceName ?? files.first?.name ?? "", message: diagnostic.message, places: places)
            }
            return nil
        }
    }

    /// Checks one executable document. GraphQL §5
    package mutating func check(_ file: File, against schema: Schema) {
        guard let document = parsed(file) else { return }
        let options = ValidationOptions(
            diagnostics: Self.diagnosticLimit, selectionDepth: ParserLimits.deepest, mergingSteps: 10_000_000)
        do throws(ValidationErrors) {
            _ = try validate(document, against: schema, options: options)
        } catch {
            problems += error.diagnostics.map { diagnostic in
                SourceProblem(
                    sourceName: file.name, message: diagnostic.message,
                    places: diagnostic.locations.map { .init(sourceName: file.name, location: $0) })
            }
        }
    }

    private mutating func parsed(_ file: File) -> Document? {
        do throws(SyntaxError) {
            return try parse(Source(reading: file.bytes, name: file.name), edition: edition, limits: .schema)
        } catch {
            problems.append(
                SourceProblem(
                    sourceName: file.name, message: error.message,
                    places: [.init(sourceName: file.name, location: error.location)]))
            return nil
        }
    }
}
