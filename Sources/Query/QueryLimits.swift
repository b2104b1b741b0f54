import Expressions
import GraphQLSyntax
import QueryPlanning

/// What a request may be and may cost: every bound has a default, a hard cap and a name under which it is configured and
/// reported. `reliability.md` §4
///
/// Bytes of the body and of headers, and the deadline, are kept where the bytes and the clock are.
package struct QueryLimits: Sendable, Hashable {
    /// Characters of the document, as Unicode scalar values.
    package var documentCharacters: Int
    /// Tokens, comments aside.
    package var tokens: Int
    /// Braces, brackets and parentheses that are open at once.
    package var syntaxDepth: Int
    /// Fields inside fields, fragments opened up.
    package var selectionDepth: Int
    /// Aliases, fragments opened up as often as they are spread.
    package var aliases: Int
    /// Directives of the document, and at one place of it.
    package var directives: Int
    package var directivesPerLocation: Int
    /// Response names at the root of an operation.
    package var rootFields: Int
    /// Operations of the document, and variables that all of them define.
    package var operations: Int
    package var variables: Int
    /// Comparisons that finding out whether fields can be merged may take.
    package var mergingSteps: Int
    /// Objects and arrays of the body that are open at once, and members of its objects.
    package var variableDepth: Int
    package var variableMembers: Int
    /// Rows of a page where `first` says nothing, and at most.
    package var defaultPageSize: Int
    package var pageSize: Int
    /// Groups of one grouping, before any is left out.
    package var groups: Int
    /// Rows written, on all pages of the answer.
    package var rowsReturned: Int
    package var answerBytes: Int
    /// Rows looked at to find them.
    package var rowsVisited: Int
    /// Bytes held beside the answer while it is worked out.
    package var queryMemoryBytes: Int
    /// Characters of the text of a search.
    package var searchCharacters: Int
    /// Filters inside filters, and fields that a sort or a key of groups follows.
    package var filterDepth: Int
    /// Conditions of all filters of an operation.
    package var filterConditions: Int
    /// Keys of one grouping, and bounds of the intervals of one key.
    package var groupKeys: Int
    package var groupBounds: Int
    /// Bytes of a pattern, parentheses inside parentheses, and what one match may take: steps, backtracking, bytes.
    package var patternBytes: Int
    package var patternNesting: Int
    package var patternSteps: Int
    package var patternDepth: Int
    package var patternMemoryBytes: Int
    /// Bytes of a text to look for, or of a `like` pattern.
    package var literalBytes: Int
    /// Conditions of a rule that is explained, and rows shown as the evidence of one of them.
    package var explainedConditions: Int
    package var evidenceRows: Int
    /// Errors of one answer.
    package var errors: Int
    /// Operations whose plans are kept.
    package var plans: Int
    /// Documents that clients may name by their digest, and the bytes these may take. Without any, digests are not answered.
    package var persistedQueries: Int
    package var persistedBytes: Int
    /// The bytes of derived columns that are kept between requests, over all versions and dates; what does not fit is computed anew.
    package var derivedBytes: Int
    /// The bytes of verdicts of conditions over whole types that are kept so; those not asked for the longest are forgotten first.
    package var verdictBytes: Int
    /// Versions as somebody sees them that are kept, by role and claims, and the bytes they take beside the whole ones.
    package var seenVersions: Int
    package var seenVersionBytes: Int

    package init() {
        documentCharacters = 100_000
        tokens = 10_000
        syntaxDepth = 64
        selectionDepth = 15
        aliases = 100
        directives = 50
        directivesPerLocation = 5
        rootFields = 20
        operations = 100
        variables = 250
        mergingSteps = 200_000
        variableDepth = 64
        variableMembers = 10_000
        defaultPageSize = 50
        pageSize = 1_000
        groups = 1_000_000
        rowsReturned = 50_000
        answerBytes = 32 << 20
        rowsVisited = 50_000_000
        queryMemoryBytes = 1 << 30
        searchCharacters = 200
        filterDepth = FilterBounds().depth
        filterConditions = FilterBounds().conditions
        groupKeys = FilterBounds().groupKeys
        groupBounds = FilterBounds().groupBounds
        patternBytes = TextBounds()[.patternBytes]
        patternNesting = TextBounds()[.patternNesting]
        patternSteps = TextBounds()[.patternSteps]
        patternDepth = TextBounds()[.patternDepth]
        patternMemoryBytes = TextBounds()[.patternMemoryBytes]
        literalBytes = TextBounds()[.literalBytes]
        explainedConditions = 500
        evidenceRows = 50
        errors = 50
        plans = 1_000
        persistedQueries = 1_000
        derivedBytes = 1 << 30
        verdictBytes = VerdictAllowance.standardByteLimit
        persistedBytes = 8 << 20
        seenVersions = 64
        seenVersionBytes = 256 << 20
    }

    /// No configuration goes beyond these.
    package static let hardCaps: QueryLimits = {
        var caps = QueryLimits()
        caps.documentCharacters = 1_000_000
        caps.tokens = 50_000
        caps.selectionDepth = 32
        caps.aliases = 1_000
        caps.directives = 1_000
        caps.directivesPerLocation = 100
        caps.rootFields = 200
        caps.operations = 1_000
        caps.variables = 5_000
        caps.mergingSteps = 10_000_000
        caps.variableMembers = 100_000
        caps.defaultPageSize = 10_000
        caps.pageSize = 10_000
        caps.groups = 100_000_000
        caps.rowsReturned = 1_000_000
        caps.answerBytes = 256 << 20
        caps.rowsVisited = 1_000_000_000
        caps.queryMemoryBytes = 1 << 36
        // A test of texts takes four times as many bytes.
        caps.searchCharacters = 256
        // Each level becomes a few of the expression.
        caps.filterDepth = 32
        caps.filterConditions = 100_000
        // A bit each.
        caps.groupKeys = 32
        caps.groupBounds = 100_000
        caps.patternBytes = 4_096
        caps.patternNesting = 100
        // A tenth of a second a text.
        caps.patternSteps = 20_000_000
        caps.patternDepth = 100_000
        caps.patternMemoryBytes = 64 << 20
        caps.literalBytes = 64 << 10
        caps.explainedConditions = 5_000
        caps.evidenceRows = 1_000
        caps.plans = 100_000
        caps.persistedQueries = 100_000
        caps.persistedBytes = 256 << 20
        caps.derivedBytes = 1 << 40
        caps.verdictBytes = 1 << 40
        caps.seenVersions = 10_000
        caps.seenVersionBytes = 1 << 40
        return caps
    }()

    /// What no configuration goes below: one, but for what can be switched off.
    package static func minimum(of name: QueryLimitName) -> Int { name == .persistedQueries ? 0 : 1 }

    /// The same, nothing beyond its hard cap or below its minimum.
    package var capped: QueryLimits {
        var limits = self
        for (name, path) in Self.named {
            limits[keyPath: path] = max(Self.minimum(of: name), min(self[keyPath: path], Self.hardCaps[keyPath: path]))
        }
        limits.defaultPageSize = min(limits.defaultPageSize, limits.pageSize)
        return limits
    }

    /// The limits by the names of their flags.
    package static var named: [(QueryLimitName, WritableKeyPath<QueryLimits, Int>)] {
        [
            (.documentCharacters, \.documentCharacters), (.tokens, \.tokens), (.syntaxDepth, \.syntaxDepth),
            (.selectionDepth, \.selectionDepth), (.aliases, \.aliases), (.directives, \.directives),
            (.directivesPerLocation, \.directivesPerLocation), (.rootFields, \.rootFields),
            (.operations, \.operations), (.variables, \.variables), (.mergingSteps, \.mergingSteps),
            (.variableDepth, \.variableDepth), (.variableMembers, \.variableMembers),
            (.defaultPageSize, \.defaultPageSize), (.pageSize, \.pageSize), (.groups, \.groups), (.rowsReturned, \.rowsReturned),
            (.answerBytes, \.answerBytes), (.rowsVisited, \.rowsVisited),
            (.queryMemoryBytes, \.queryMemoryBytes), (.searchCharacters, \.searchCharacters),
            (.filterDepth, \.filterDepth), (.filterConditions, \.filterConditions), (.groupKeys, \.groupKeys),
            (.groupBounds, \.groupBounds), (.patternBytes, \.patternBytes), (.patternNesting, \.patternNesting),
            (.patternSteps, \.patternSteps), (.patternDepth, \.patternDepth), (.patternMemoryBytes, \.patternMemoryBytes),
            (.literalBytes, \.literalBytes),
            (.explainedConditions, \.explainedConditions), (.evidenceRows, \.evidenceRows), (.errors, \.errors),
            (.plans, \.plans),
            (.persistedQueries, \.persistedQueries), (.persistedBytes, \.persistedBytes),
            (.derivedBytes, \.derivedBytes), (.verdictBytes, \.verdictBytes),
            (.seenVersions, \.seenVersions), (.seenVersionBytes, \.seenVersionBytes),
        ]
    }

    /// Of filters, sorts and keys of groups.
    package var filterBounds: FilterBounds {
        FilterBounds(depth: filterDepth, conditions: filterConditions, groupKeys: groupKeys, groupBounds: groupBounds)
    }

    /// Of patterns and texts.
    package var textBounds: TextBounds {
        var bounds = TextBounds()
        bounds[.patternBytes] = patternBytes
        bounds[.patternNesting] = patternNesting
        bounds[.patternSteps] = patternSteps
        bounds[.patternDepth] = patternDepth
        bounds[.patternMemoryBytes] = patternMemoryBytes
        bounds[.literalBytes] = literalBytes
        return bounds
    }

    /// No character takes more than four bytes; which of them are too many is seen once they are counted.
    var parserLimits: ParserLimits { ParserLimits(bytes: documentCharacters * 4, tokens: tokens, depth: syntaxDepth) }
}

/// The name of a limit: its flag without the dashes, its key in a configuration file, and what errors call it.
package enum QueryLimitName: String, Sendable, CaseIterable {
    case documentCharacters = "max-document-characters"
    case tokens = "max-tokens"
    case syntaxDepth = "max-syntax-depth"
    case selectionDepth = "max-selection-depth"
    case aliases = "max-aliases"
    case directives = "max-directives"
    case directivesPerLocation = "max-directives-per-location"
    case rootFields = "max-root-fields"
    case operations = "max-operations"
    case variables = "max-variables"
    case mergingSteps = "max-merging-steps"
    case variableDepth = "max-variable-depth"
    case variableMembers = "max-variable-members"
    case defaultPageSize = "default-page-size"
    case pageSize = "max-page-size"
    case groups = "max-groups"
    case rowsReturned = "max-rows-returned"
    case answerBytes = "max-answer-bytes"
    case rowsVisited = "max-rows-visited"
    case queryMemoryBytes = "max-query-memory-bytes"
    case searchCharacters = "max-search-characters"
    case filterDepth = "max-filter-depth"
    case filterConditions = "max-filter-conditions"
    case groupKeys = "max-group-keys"
    case groupBounds = "max-group-bounds"
    case patternBytes = "max-pattern-bytes"
    case patternNesting = "max-pattern-nesting"
    case patternSteps = "max-pattern-steps"
    case patternDepth = "max-pattern-depth"
    case patternMemoryBytes = "max-pattern-memory-bytes"
    case literalBytes = "max-literal-bytes"
    case explainedConditions = "max-explained-conditions"
    case evidenceRows = "max-evidence-rows"
    case errors = "max-errors"
    case plans = "max-plans"
    case persistedQueries = "max-persisted-queries"
    case persistedBytes = "max-persisted-bytes"
    case derivedBytes = "max-derived-bytes"
    case verdictBytes = "max-verdict-bytes"
    case seenVersions = "max-seen-versions"
    case seenVersionBytes = "max-seen-version-bytes"
}
