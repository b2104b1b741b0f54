import GraphQLSyntax

/// A door through which bytes come from outside, and the law of what comes through it.
///
/// The tests hold every law over the inputs that are kept in `Tests/Fuzz`; `./hearth fuzz` looks for others.
package enum FuzzTarget: String, CaseIterable, Sendable {
    // Documents and schemas.
    case lexer, parser, coordinate, value, schema, validator
    // What a data folder holds.
    case journal, record, folder, snapshot, manifest, index
    // Files that people and other programs write.
    case csv, imported, workbook, bag, keys, mapping, recipe, configuration, model, question
    // What requests say.
    case json, request, cursor, cel, target, wire, token

    /// Holds the law over one input.
    package func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        switch self {
        case .lexer: try overText(bytes, LexerLaws.check)
        case .parser: try overText(bytes, ParserLaws.check)
        case .coordinate: try overText(bytes, CoordinateLaws.check)
        case .value: try overText(bytes, ValueLaws.check)
        case .schema: try overText(bytes, SchemaLaws.check)
        case .validator: try overText(bytes, ValidatorLaws.check)
        case .journal: try JournalLaws.check(bytes)
        case .record: try RecordLaws.check(bytes)
        case .folder: try FolderLaws.check(bytes)
        case .snapshot: try SnapshotLaws.checkArrow(bytes)
        case .manifest: try SnapshotLaws.checkManifest(bytes)
        case .index: try SnapshotLaws.checkIndex(bytes)
        case .csv: try CSVLaws.check(bytes)
        case .imported: try ImportLaws.check(bytes)
        case .workbook: try WorkbookLaws.check(bytes)
        case .bag: try ArchiveLaws.check(bytes)
        case .keys: try KeyLaws.check(bytes)
        case .mapping: try SettingsLaws.checkMapping(bytes)
        case .recipe: try SettingsLaws.checkRecipe(bytes)
        case .configuration: try SettingsLaws.checkConfiguration(bytes)
        case .model: try ModelLaws.check(bytes)
        case .question: try QuestionLaws.check(bytes)
        case .json: try JSONLaws.check(bytes)
        case .request: try RequestLaws.check(bytes)
        case .cursor: try CursorLaws.check(bytes)
        case .cel: try CELLaws.check(bytes)
        case .target: try TargetLaws.check(bytes)
        case .wire: try WireLaws.check(bytes)
        case .token: try TokenLaws.check(bytes)
        }
    }

    /// Rooms behind `Source` never see what is not UTF-8.
    private func overText(_ bytes: [UInt8], _ check: (Source) throws(BrokenLaw) -> Void) throws(BrokenLaw) {
        guard let source = Source(validating: bytes) else { return }
        try check(source)
    }
}

/// Bounds of what is tried: enough for every production, and small, so that many are tried.
let fuzzLimits = ParserLimits(bytes: 16_384, tokens: 4_096, depth: 64)
